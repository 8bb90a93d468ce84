"""A curator's correction of a listing: saved, locked against imports, and searchable at once."""

from collections.abc import Iterable
from datetime import date

import pghistory
from django.db import transaction

from finder.curation.reassessing import reassess
from finder.models import FieldLock, Group, Meeting, Place, Program, User
from finder.search import index

_LOCKED_AS = {Group: "group", Meeting: "meeting", Place: "place"}
# How a meeting is reached from what was corrected.
_PATHS = {Program: "group__program", Group: "group", Place: "place", Meeting: "pk"}


@transaction.atomic
def correct(
    row: Program | Group | Meeting | Place,
    *,
    fields: Iterable[str],
    by: User,
    today: date,
    reason: str = "",
) -> None:
    """Save a row whose ``fields`` a curator changed; a row from a feed keeps them for good."""
    is_new = row.pk is None
    with pghistory.context(user=by.pk, view="curation.correct"):
        row.save()
    if not is_new and getattr(row, "source_id", None) is not None:
        _lock(row, fields, by=by, reason=reason)
    if isinstance(row, Group):
        reassess([row], today=today)
    if isinstance(row, Program):
        reassess(row.groups.all(), today=today)
    meetings = Meeting.objects.filter(**{_PATHS[type(row)]: row.pk})
    index.refresh(list(meetings.values_list("pk", flat=True)))


def _lock(row: Group | Meeting | Place, fields: Iterable[str], *, by: User, reason: str) -> None:
    for field in fields:
        FieldLock.objects.update_or_create(
            model=_LOCKED_AS[type(row)],
            object_id=row.pk,
            field=field,
            defaults={"locked_by": by, "reason": reason},
        )
