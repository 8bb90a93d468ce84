"""The arithmetic of the record's chains: what each line is signed over. No query.

Each line carries an HMAC over itself and the line before it, under a key that the database never
sees. The head of a chain is signed once more with its length, so that a chain cut short does not
fit its head and no other head can be written for it.
"""

import hmac
import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
# What the first line of a chain follows.
BEGINNING = b""


def keys() -> tuple[bytes, ...]:
    """Return the keys of AUDIT_KEY, newest first: the first signs, all of them are believed."""
    return _parsed(settings.AUDIT_KEY)


@cache
def _parsed(text: str) -> tuple[bytes, ...]:
    try:
        found = tuple(b64decode(part.strip(), validate=True) for part in text.split(","))
    except Base64Error as error:
        raise ImproperlyConfigured("AUDIT_KEY must be base64.") from error
    if not all(len(key) == KEY_BYTES for key in found):
        raise ImproperlyConfigured(f"AUDIT_KEY needs {KEY_BYTES} bytes, base64-encoded.")
    return found


def sign(what: str, values: Iterable, *, key: bytes | None = None) -> bytes:
    """Sign a list of plain values; ``what`` keeps signatures of two sorts apart."""
    told = json.dumps([what, *(_plain(value) for value in values)], separators=(",", ":"))
    return hmac.digest(keys()[0] if key is None else key, told.encode(), sha256)


def is_signed(signature: bytes, what: str, values: Iterable) -> bool:
    """Say whether a signature was made over these values with one of our keys."""
    values, given = list(values), bytes(signature)
    return any(hmac.compare_digest(sign(what, values, key=key), given) for key in keys())


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        # Microseconds always, so that a moment is written in one way alone.
        return value.isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value
