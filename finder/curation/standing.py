"""Whether a listing stands: confirmed, paused, no longer listed, or taken out because asked."""

from datetime import date

import pghistory
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from finder.curation.corrections import correct
from finder.models import Group, Meeting, Tombstone, User
from finder.search import index
from finder.vocab import Status

# Said of a listing while something is looked into; it says nothing of what.
NEUTRAL_NOTICE = _("We are checking this listing.")


@transaction.atomic
def confirm(row: Group | Meeting, *, said_by: str, by: User | None, today: date) -> None:
    """Note that somebody who knows says the listing is right; a group with all its meetings.

    ``by`` is None where the group's own service body says so through its link.
    """
    with pghistory.context(user=by.pk if by else None, view="curation.confirm"):
        rows = [row]
        if isinstance(row, Group):
            rows += row.meetings.listed()
        for each in rows:
            each.verified_on, each.verified_by = today, said_by[:120]
            each.save(update_fields=["verified_on", "verified_by"])
    index.refresh([each.pk for each in rows if isinstance(each, Meeting)])


def pause(row: Group | Meeting, *, by: User, today: date, reason: str = "") -> None:
    """Take a listing out of searches for now, under a neutral notice."""
    _set_status(row, Status.PAUSED, str(NEUTRAL_NOTICE), by=by, today=today, reason=reason)


def resume(row: Group | Meeting, *, by: User, today: date, reason: str = "") -> None:
    """Put a paused listing back."""
    _set_status(row, Status.ACTIVE, "", by=by, today=today, reason=reason)


@transaction.atomic
def retire(row: Group | Meeting, *, by: User, today: date, reason: str = "") -> None:
    """Stop listing a meeting, or a group with all its meetings; nothing is deleted."""
    meetings = row.meetings.exclude(status=Status.RETIRED) if isinstance(row, Group) else ()
    for each in (*meetings, row):
        _set_status(each, Status.RETIRED, "", by=by, today=today, reason=reason)


@transaction.atomic
def take_out(group: Group, *, by: User, today: date, note: str) -> None:
    """Retire a group that asked to be taken out, for good: no import of any source that listed it
    brings it back."""
    retire(group, by=by, today=today, reason=note)
    for each in (group, *_merged_into(group)):
        key = {"source_key": each.source_key} if each.source_key else {"name_key": each.name}
        Tombstone.objects.get_or_create(
            program=each.program,
            source=each.source,
            **key,
            defaults={"asked_on": today, "note": note[:300], "entered_by": by},
        )


def _merged_into(group: Group) -> list[Group]:
    """Return the groups that this one stands for."""
    found, front = [], [group.pk]
    while front:
        rows = list(Group.objects.filter(merged_into__in=front).select_related("program", "source"))
        found, front = [*found, *rows], [row.pk for row in rows]
    return found


def _set_status(
    row: Group | Meeting, status: Status, note: str, *, by: User, today: date, reason: str
) -> None:
    row.status, row.status_note = status, note
    row.retired_on = today if status == Status.RETIRED else None
    # A lock on the status covers its note and its date.
    correct(row, fields=["status"], by=by, today=today, reason=reason[:300])
