"""A curator's yes or no to a suggestion; a yes is applied through curation."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from finder import curation, lane
from finder.acceptance import Answers
from finder.models import Evidence, Suggestion, SuggestionKind, SuggestionState, User
from finder.suggestions.changes import add_meeting, change_group, change_meeting
from finder.suggestions.threads import announce
from finder.vocab import EvidenceKind, PressureFrom, Status


class AlreadyDecided(Exception):
    """Another curator was quicker."""


@transaction.atomic
def accept(
    suggestion: Suggestion,
    *,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    reason: str = "",
    site: str = "",
) -> Suggestion:
    """Apply what a curator ticked and end the suggestion.

    ``values`` holds the accepted fields of the listing; ``standing`` among them says what
    becomes of it ("retire" or "pause"). ``site`` is scheme and host, for links that are mailed.
    """
    row = _locked(suggestion)
    note = f"Suggestion {row.pk}"
    today = now.date()
    match row.kind:
        case SuggestionKind.NEW:
            row.meeting = add_meeting(
                values, program=row.program, group=row.group, by=by, today=today
            )
            row.group = row.meeting.group
        case SuggestionKind.BODY:
            row.body = lane.welcome(row, entity=values["entity"], by=by, now=now, site=site)
        case SuggestionKind.VISIT if values.get("was_there"):
            curation.confirm(row.about, said_by="a visitor", by=by, today=today)
        case SuggestionKind.CHANGE if row.meeting:
            change_meeting(row.meeting, values, by=by, today=today, reason=note)
        case SuggestionKind.CHANGE:
            change_group(row.group, values, by=by, today=today, reason=note)
    _set_standing(row, values.get("standing", ""), by=by, today=today)
    return _decide(row, SuggestionState.ACCEPTED, by=by, now=now, reason=reason)


@transaction.atomic
def decline(suggestion: Suggestion, *, by: User, now: datetime, reason: str) -> Suggestion:
    """Say no, and why; the visitor reads the reason in the thread."""
    row = _locked(suggestion)
    return _decide(row, SuggestionState.DECLINED, by=by, now=now, reason=reason)


@transaction.atomic
def pause_listing(suggestion: Suggestion, *, by: User, now: datetime) -> None:
    """Pause what a suggestion speaks of while it is looked into, with a neutral notice."""
    if suggestion.about:
        note = f"Suggestion {suggestion.pk}"
        curation.pause(suggestion.about, by=by, today=now.date(), reason=note)


@transaction.atomic
def resume_listing(suggestion: Suggestion, *, by: User, now: datetime) -> None:
    """Put back what was paused."""
    if suggestion.about and suggestion.about.status == Status.PAUSED:
        note = f"Suggestion {suggestion.pk}"
        curation.resume(suggestion.about, by=by, today=now.date(), reason=note)


def record_hearsay(
    suggestion: Suggestion,
    *,
    target: str,
    answers: Answers,
    pressure_from: str = PressureFrom.NOBODY,
    on: date,
    by: User,
    now: datetime,
) -> Evidence:
    """Record what a visitor said of medication as second-hand, once a curator has read it."""
    group = suggestion.group or suggestion.meeting.group
    return curation.record_evidence(
        group=group,
        kind=EvidenceKind.HEARSAY,
        target=target,
        on=on,
        answers=answers,
        pressure_from=pressure_from,
        source_note=f"Sent in through the site (suggestion {suggestion.pk})",
        by=by,
        now=now,
        is_reviewed=True,
    )


def _locked(suggestion: Suggestion) -> Suggestion:
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if not row.is_waiting:
        raise AlreadyDecided
    return row


def _set_standing(row: Suggestion, standing: str, *, by: User, today: date) -> None:
    if standing in ("retire", "pause"):
        act = curation.retire if standing == "retire" else curation.pause
        act(row.about, by=by, today=today, reason=f"Suggestion {row.pk}")


def _decide(row: Suggestion, state: str, *, by: User, now: datetime, reason: str) -> Suggestion:
    announce(row, now=now)
    # The address was for this one answer.
    row.contact = None
    row.state, row.decided_by, row.decided_at, row.reason = state, by, now, reason.strip()[:500]
    row.save()
    return row
