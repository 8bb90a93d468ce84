"""Readers of environment variables that reject nonsense and name the variable."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_str(name: str, default: str = "") -> str:
    """Read a variable; an unset or empty one gives the default."""
    return os.environ.get(name, "") or default


def env_bool(name: str, default: bool = False) -> bool:
    """Read 1/0, true/false, yes/no, on/off; anything else is refused."""
    text = env_str(name).lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be one of true, false, yes, no, on, off, 1, 0.")


def env_int(name: str, default: int) -> int:
    """Read a whole number of zero or more."""
    text = env_str(name)
    if not text:
        return default
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, for example {default}.")
    return int(text)


def env_list(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list; blanks are dropped."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_secret(name: str) -> str:
    """Read a secret from ``NAME`` or from the file that ``NAME_FILE`` points at."""
    path = env_str(f"{name}_FILE")
    if not path:
        return env_str(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error


def database(url: str, *, name: str) -> dict:
    """Turn ``postgresql://user:password@host:port/name?option=value`` into Django's settings.

    A ``host`` option may name the folder of a Unix socket. Only PostgreSQL is accepted.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/database."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": {"connect_timeout": 5, **options},
    }


def origin_of(template: str, *, name: str) -> str:
    """Give the origin of an address with ``{z}``, ``{x}`` and ``{y}``, for the security policy.

    >>> origin_of("https://{s}.example.org/{z}/{x}/{y}.png", name="MAP_TILES_URL")
    'https://*.example.org'
    """
    parts = urlsplit(template)
    if parts.scheme != "https" or not parts.netloc or "{z}" not in template:
        raise ImproperlyConfigured(
            f"{name} must look like https://example.org/{{z}}/{{x}}/{{y}}.png."
        )
    return f"https://{parts.netloc.replace('{s}', '*')}"
