"""Field locks: a curator's word on one field, and what to do where a feed says otherwise."""

from collections.abc import Iterable
from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction

from finder.curation.corrections import correct
from finder.models import CREDENTIALS, FieldLock, Group, Meeting, Place, User

LOCKABLE = {"group": Group, "meeting": Meeting, "place": Place}
_NEVER = frozenset(
    {"id", "source", "source_key", "created_at", "merged_into", "retired_on", "verified_on"}
) | {"verified_by", "source_codes", "unknown_codes"}


def lockable_fields(model: type[models.Model]) -> list[str]:
    """Return the fields that an import writes and a curator may lock."""
    return [f.name for f in model._meta.concrete_fields if f.name not in _NEVER]


def locks_of(row: Group | Meeting | Place) -> models.QuerySet[FieldLock]:
    """Return the locks on a row, by field."""
    locks = FieldLock.objects.filter(model=row._meta.model_name, object_id=row.pk)
    return locks.select_related("locked_by").order_by("field")


def lock(
    row: Group | Meeting | Place, fields: Iterable[str], *, by: User, today: date, reason: str = ""
) -> None:
    """Keep fields as they are, whatever feeds say."""
    known = set(lockable_fields(type(row)))
    correct(row, fields=[f for f in fields if f in known], by=by, today=today, reason=reason)


def unlock(locks: Iterable[FieldLock]) -> int:
    """Let the next import write these fields again; returns how many were let go."""
    count, _each = FieldLock.objects.filter(pk__in=[each.pk for each in locks]).delete()
    return count


def row_of(lock: FieldLock) -> Group | Meeting | Place | None:
    """Return the row that a lock is on."""
    return LOCKABLE[lock.model].objects.filter(pk=lock.object_id).first()


def keep_ours(locks: Iterable[FieldLock]) -> int:
    """Settle conflicts for the locked value; the same word of the feed is no news again."""
    count = 0
    for each in locks:
        if each.conflict_since is not None:
            each.settled_value, each.conflict_since = each.feed_value, None
            each.save(update_fields=["settled_value", "conflict_since"])
            count += 1
    return count


@transaction.atomic
def take_theirs(lock: FieldLock, *, by: User, today: date) -> bool:
    """Settle a conflict for the feed: its value now if it is known here, else with the next import.

    Returns whether the value stands already.
    """
    row, said = row_of(lock), lock.feed_value
    is_told = lock.field not in CREDENTIALS and not isinstance(said, dict)
    is_set = row is not None and is_told and _set(row, lock.field, said, by=by, today=today)
    unlock([lock])
    return is_set


def _set(row: Group | Meeting | Place, name: str, said: object, *, by: User, today: date) -> bool:
    field = row._meta.get_field(name)
    try:
        value = None if said == "" and field.null else field.to_python(said)
        setattr(row, name, value)
        # A schedule makes sense only whole: then the next import writes all of it.
        row.full_clean()
    except ValidationError:
        return False
    with pghistory.context(user=by.pk, view="curation.take_theirs"):
        correct(row, fields=(), by=by, today=today)
    return True
