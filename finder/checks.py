"""System checks: settings that would break or leak, each with an id and a hint."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@register(Tags.security)
def demo_stays_on_this_machine(app_configs, **kwargs) -> list[Error]:
    """Refuse demonstration sign-ins wherever the site answers to other names."""
    strangers = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
    if not settings.DEMO or not strangers:
        return []
    return [
        Error(
            f"DEMO is on and the site answers to {', '.join(strangers)}.",
            hint="Demonstration passwords are public. Unset DEMO, or ALLOWED_HOSTS.",
            id="finder.E001",
        )
    ]


@register(Tags.security, deploy=True)
def production_has_its_own_keys(app_configs, **kwargs) -> list[Error]:
    """Refuse the keys that stand in while developing."""
    problems = []
    if settings.DEMO or settings.DEBUG:
        problems.append(
            Error("DEMO or DEBUG is on.", hint="Unset both in production.", id="finder.E002")
        )
    for name in ("PHI_KEYS", "PHI_INDEX_KEY", "REPORTER_KEY", "AUDIT_KEY", "BACKUP_KEY"):
        if not getattr(settings, name):
            problems.append(
                Error(
                    f"{name} is not set.",
                    hint="Patient fields are sealed with it; keep it apart from SECRET_KEY.",
                    id="finder.E003",
                )
            )
    return problems


@register(Tags.security)
def records_are_kept_long_enough(app_configs, **kwargs) -> list[Error]:
    """Refuse to delete records before the accounting in them may go (45 CFR 164.528)."""
    if settings.RECORD_YEARS >= 6:
        return []
    return [
        Error(
            f"RECORD_YEARS is {settings.RECORD_YEARS}.",
            hint="What was told of a patient is kept for six years; set 6 or more.",
            id="finder.E006",
        )
    ]


@register(Tags.database)
def the_owner_is_not_the_server_role(app_configs, **kwargs) -> list[Error]:
    """Refuse to serve as a superuser, who steps around row-level security."""
    user = settings.DATABASES["default"]["USER"]
    if settings.LOCAL or user not in {"postgres", "root"}:
        return []
    return [
        Error(
            f"The site would connect to PostgreSQL as {user}.",
            hint="Connect as mhg_app (DATABASE_URL); keep the owner for DATABASE_OWNER_URL.",
            id="finder.E004",
        )
    ]


@register(Tags.urls)
def feeds_and_links_use_https(app_configs, **kwargs) -> list[Error]:
    """Refuse trusted origins without https outside development."""
    plain = [
        origin for origin in settings.CSRF_TRUSTED_ORIGINS if urlsplit(origin).scheme != "https"
    ]
    if settings.LOCAL or not plain:
        return []
    return [
        Error(
            f"CSRF_TRUSTED_ORIGINS has {', '.join(plain)}.",
            hint="Write each with https://.",
            id="finder.E005",
        )
    ]
