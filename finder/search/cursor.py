"""Where a reader stands in a list, as text for an address; it carries its own now."""

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime

from finder.search.values import KEYS, Cursor

MAX_LENGTH = 500
# A cursor is for the next page, not for a journey through time.
_EARLIEST, _LATEST = 1_700_000_000, 4_000_000_000


class CursorError(ValueError):
    """Text that no list of ours has given out."""


def fingerprint(values: dict) -> str:
    """Return a short name of the search a cursor belongs to."""
    said = sorted((name, repr(value)) for name, value in values.items())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def encode(cursor: Cursor, *, now: datetime, belongs_to: str) -> str:
    """Write a cursor as text safe in an address."""
    seconds = now.timestamp()
    parts = [seconds, belongs_to, cursor.is_backward, cursor.meeting_id, list(cursor.keys)]
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str, *, belongs_to: str, sort: str) -> tuple[datetime, Cursor]:
    """Read a cursor and its now; raises CursorError for anything we did not write."""
    if len(text) > MAX_LENGTH:
        raise CursorError
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        seconds, owner, is_backward, meeting_id, keys = json.loads(raw)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise CursorError from None
    if owner != belongs_to or not _is_number(seconds) or not isinstance(is_backward, bool):
        raise CursorError
    if not _EARLIEST <= seconds <= _LATEST or not _is_id(meeting_id) or not _are_keys(keys, sort):
        raise CursorError
    cursor = Cursor(tuple(keys), meeting_id, is_backward)
    return datetime.fromtimestamp(seconds, UTC), cursor


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def _is_id(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def _are_keys(keys, sort: str) -> bool:
    kinds = KEYS[sort]
    if not isinstance(keys, list) or len(keys) != len(kinds):
        return False
    return all(
        _is_word(k) if kind is str else _is_number(k) for k, kind in zip(keys, kinds, strict=True)
    )


def _is_word(value) -> bool:
    # Half a surrogate pair, which JSON can spell, cannot be sent to the database.
    return isinstance(value, str) and "\x00" not in value and value.isprintable()
