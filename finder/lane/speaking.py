"""What a service body says of a group: it is right, this is our answer, take it out, our vote."""

from dataclasses import dataclass
from datetime import date, datetime

import pghistory
from django.db import transaction

from finder import curation
from finder.acceptance import Answers
from finder.models import BodyLink, Evidence, Group, GroupReply, GroupStatement, User
from finder.vocab import EvidenceKind, PressureFrom


@dataclass(frozen=True)
class Position:
    """A group's position as its form tells it."""

    target: str
    answers: Answers
    is_affirming: bool = False


def confirm(link: BodyLink, group: Group, *, now: datetime) -> None:
    """Note that the service body says a listing is right, with all the group's meetings."""
    curation.confirm(group, said_by=link.body.entity, by=None, today=now.date())


def take_out(link: BodyLink, group: Group, *, now: datetime) -> None:
    """Stop listing a group because its service body asked; entered by whoever made the link."""
    note = f"Asked by {link.body.entity} through its link"
    curation.take_out(group, by=link.made_by, today=now.date(), note=note)


@transaction.atomic
def reply(link: BodyLink, group: Group, text: str, *, now: datetime) -> GroupReply:
    """Show an answer beside what is said of the group, at once; the one before steps back.

    Evidence about which the group was asked carries the answer from now on.
    """
    with pghistory.context(user=None, view="lane.reply"):
        for old in GroupReply.objects.standing().filter(group=group):
            _withdraw(old, "A newer reply", now=now)
        row = GroupReply.objects.create(
            group=group, body=link.body, text=text.strip()[:600], said_on=now.date()
        )
        asked = Evidence.objects.filter(group=group, withdrawn_at=None)
        asked.exclude(reply_asked_on=None).update(reply=row.text)
    return row


@transaction.atomic
def withdraw_reply(row: GroupReply, *, reason: str, by: User, now: datetime) -> None:
    """Take a reply off the page for a stated reason: it named a person, say."""
    with pghistory.context(user=by.pk, view="lane.withdraw_reply"):
        if row.withdrawn_at is None:
            _withdraw(row, reason, now=now)
            Evidence.objects.filter(group=row.group_id, reply=row.text).update(reply="")


def _withdraw(row: GroupReply, reason: str, *, now: datetime) -> None:
    row.withdrawn_at, row.withdrawn_reason = now, reason.strip()[:300]
    row.save()


@transaction.atomic
def state(
    link: BodyLink,
    group: Group,
    *,
    on: date,
    form: str,
    text: str,
    position: Position | None,
    now: datetime,
) -> GroupStatement:
    """Enter a group's statement, or that it has no position; both wait for a curator.

    Raises EvidenceRefused for a position that the method does not allow.
    """
    evidence = _evidence(link, group, on, position, now=now) if position else None
    with pghistory.context(user=None, view="lane.state"):
        return GroupStatement.objects.create(
            group=group,
            body=link.body,
            on=on,
            form=form,
            has_position=position is not None,
            text=text.strip(),
            evidence=evidence,
            received_at=now,
        )


def _evidence(
    link: BodyLink, group: Group, on: date, position: Position, *, now: datetime
) -> Evidence:
    is_pressed = position.answers.no_pressure == "no"
    return curation.record_evidence(
        group=group,
        kind=EvidenceKind.GROUP_STATEMENT,
        target=position.target,
        on=on,
        answers=position.answers,
        pressure_from=PressureFrom.GROUP if is_pressed else PressureFrom.NOBODY,
        is_affirming_statement=position.is_affirming,
        source_note=f"Statement of the group through {link.body.entity}"[:300],
        by=None,
        now=now,
    )


@transaction.atomic
def decide_statement(row: GroupStatement, *, is_accepted: bool, by: User, now: datetime) -> bool:
    """Review a statement: accepted, its evidence counts; declined, it is withdrawn.

    Returns False when it was decided before.
    """
    row = GroupStatement.objects.select_for_update().get(pk=row.pk)
    if row.decided_at:
        return False
    with pghistory.context(user=by.pk, view="lane.decide_statement"):
        row.is_accepted, row.decided_by, row.decided_at = is_accepted, by, now
        row.save()
    if row.evidence and is_accepted:
        curation.review([row.evidence], by=by, now=now)
    elif row.evidence:
        curation.withdraw([row.evidence], reason="Statement declined", by=by, now=now)
    return True
