"""A curator's correction of a listing: saved, locked against imports, and searchable at once."""

from collections.abc import Iterable
from datetime import date

import pghistory
from django.db import transaction

from finder.curation.reassessing import reassess
from finder.models import FieldLock, Group, Meeting, Place, User
from finder.search import index

_LOCKED_AS = {Group: "group", Meeting: "meeting", Place: "place"}


@transaction.atomic
def correct(
    row: Group | Meeting | Place, *, fields: Iterable[str], by: User, today: date, reason: str = ""
) -> None:
    """Save a row whose ``fields`` a curator changed; a row from a feed keeps them for good."""
    is_new = row.pk is None
    with pghistory.context(user=by.pk, view="curation.correct"):
        row.save()
    if row.source_id is not None and not is_new:
        for field in fields:
            FieldLock.objects.update_or_create(
                model=_LOCKED_AS[type(row)],
                object_id=row.pk,
                field=field,
                defaults={"locked_by": by, "reason": reason},
            )
    if isinstance(row, Group):
        reassess([row], today=today)
    index.refresh(_meetings_of(row))


def _meetings_of(row: Group | Meeting | Place) -> list[int]:
    if isinstance(row, Meeting):
        return [row.pk]
    field = "group" if isinstance(row, Group) else "place"
    return list(Meeting.objects.filter(**{field: row}).values_list("pk", flat=True))
