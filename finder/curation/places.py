"""Closes a place for a while, with all that meets there, and changes many listings at once."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from finder.curation.corrections import correct
from finder.curation.standing import confirm, retire
from finder.models import Group, Meeting, Place, User
from finder.vocab import Status

_TAGS = ("focus", "access", "languages")


@transaction.atomic
def close_place(
    place: Place, *, first: date, last: date | None, note: str, by: User, today: date
) -> int:
    """Shut a place for some days; returns how many meetings that concerns.

    Meetings in person pause by themselves on these days; hybrid ones go on online.
    """
    place.closed_from, place.closed_until, place.closed_note = first, last, note[:300]
    fields = ("closed_from", "closed_until", "closed_note")
    correct(place, fields=fields, by=by, today=today, reason=note[:300])
    return Meeting.objects.listed().filter(place=place).count()


@transaction.atomic
def open_place(place: Place, *, by: User, today: date) -> None:
    """Open a place again."""
    place.closed_from = place.closed_until = None
    place.closed_note = ""
    fields = ("closed_from", "closed_until", "closed_note")
    correct(place, fields=fields, by=by, today=today, reason="Open again")


@transaction.atomic
def change_many(
    rows: Iterable[Group | Meeting], changes: Mapping[str, object], *, by: User, today: date
) -> int:
    """Make one change to many listings; returns how many it changed.

    ``changes`` may hold ``status``, ``add_<tags>`` and ``remove_<tags>`` (focus, access,
    languages) and ``is_confirmed``, whose value says by whom.
    """
    return sum(_change(row, changes, by=by, today=today) for row in rows)


def _change(row: Group | Meeting, changes: Mapping, *, by: User, today: date) -> bool:
    changed = _retag(row, changes)
    status = changes.get("status")
    if status and status != Status.RETIRED and status != row.status:
        row.status, row.retired_on = status, None
        changed.append("status")
    if changed:
        correct(row, fields=changed, by=by, today=today, reason="Changed with others")
    if status == Status.RETIRED and row.status != Status.RETIRED:
        retire(row, by=by, today=today, reason="Changed with others")
        changed.append("status")
    if said_by := changes.get("is_confirmed"):
        confirm(row, said_by=said_by, by=by, today=today)
        changed.append("verified_on")
    return bool(changed)


def _retag(row: Group | Meeting, changes: Mapping) -> list[str]:
    changed = []
    for name in _TAGS:
        add, remove = set(changes.get(f"add_{name}", ())), set(changes.get(f"remove_{name}", ()))
        if not add | remove:
            continue
        for field, codes in (
            (name, (set(getattr(row, name)) | add) - remove),
            (f"{name}_no", set(getattr(row, f"{name}_no")) - add),
        ):
            if codes != set(getattr(row, field)):
                setattr(row, field, sorted(codes))
                changed.append(field)
    return changed
