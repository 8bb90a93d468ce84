"""Codes on paper cards: easy to read and to type, kept only as a keyed hash."""

import hmac
import secrets

from django.conf import settings

# Without I, L, O and U, which are read as others (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code() -> str:
    """Make a code of 60 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spelled(code: str) -> str:
    """Write a code in groups of four, as it stands on the card.

    >>> spelled("0123456789AB")
    '0123-4567-89AB'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(text: str) -> str:
    """Read a code as typed, forgiving case, spaces, dashes and look-alikes; empty if it is none.

    >>> read(" o123 4567-89ab "), read("12")
    ('0123456789AB', '')
    """
    code = "".join(c for c in text.upper() if c.isalnum()).translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def hashes(code: str) -> list[str]:
    """Return what the database may know a code by: one for each key that is still in use.

    Keyed, since short codes could be tried out against a plain hash.
    """
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(key.encode(), f"card:{code}".encode(), "sha256").hex() for key in keys]


def reporter_of(code: str) -> str:
    """Return what tells the reporter of this card from others; only the card itself leads to it."""
    told = f"card reporter:{code}"
    return hmac.digest(settings.SECRET_KEY.encode(), told.encode(), "sha256").hex()[:32]
