"""Copies of the database, encrypted, and restoring one without bringing back what was ended."""

from referrals.backup.copying import Header, NotWhole, load, read_header, write
from referrals.backup.repeating import repeat
from referrals.backup.sealed_files import Broken, opened, sealed

__all__ = [
    "Broken",
    "Header",
    "NotWhole",
    "load",
    "opened",
    "read_header",
    "repeat",
    "sealed",
    "write",
]
