"""Which state of the directory an answer was made from; what may be kept is as old as that.

The database itself notes each statement that changes what anybody can see, so that no way of
writing can forget to. Notes are rows that are only added: writers never wait for each other.
"""

from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection

from finder.models import DirectoryChange

# Nobody asks what changed; a few notes are left so that the newest always stays.
KEPT = timedelta(days=1)
_CURRENT = "SELECT coalesce(max(id), 0), count(*) FROM finder_directorychange"


def current() -> str:
    """Return the version of the directory as this transaction sees it, in one query.

    Both numbers are needed: a writer that began earlier may end later. A request mostly begins
    here, so this is also how a kept connection shows whether it still works.
    """
    if connection.in_atomic_block or connection.health_check_done:
        return _read()
    connection.health_check_done = True
    try:
        return _read()
    except (InterfaceError, OperationalError):
        connection.close()
        return _read()


def _read() -> str:
    with connection.cursor() as db:
        db.execute(_CURRENT)
        newest, count = db.fetchone()
    return f"{newest}.{count}"


def forget(*, now: datetime) -> None:
    """Delete the notes of old changes; the version changes once more by it."""
    DirectoryChange.objects.create()
    DirectoryChange.objects.filter(at__lt=now - KEPT).delete()
