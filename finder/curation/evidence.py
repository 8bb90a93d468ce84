"""Writing evidence down, reviewing it and taking it back; weighing it is acceptance's."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

import pghistory
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from finder.acceptance import Answers, Piece, level
from finder.curation.reassessing import reassess
from finder.models import Evidence, Group, User
from finder.vocab import (
    Disclosed,
    EvidenceKind,
    MedicationForm,
    PressureFrom,
)

_NEEDS_SOURCE = (EvidenceKind.GROUP_STATEMENT, EvidenceKind.LISTING_CLAIM)


class EvidenceRefused(Exception):
    """Evidence breaks a rule; ``field`` names what to mend, or '' when it is the whole."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def check_evidence(piece: Piece, *, today: date, source: str = "") -> None:
    """Raise EvidenceRefused for evidence that section 1 of the method does not allow."""
    answers = piece.answers
    if answers.is_empty:
        raise EvidenceRefused(_("Answer at least one question."))
    if piece.on > today:
        raise EvidenceRefused(_("This day is still to come."), "on")
    if piece.is_first_hand and piece.disclosed == Disclosed.NOT_ASKED:
        raise EvidenceRefused(
            _("Say whether anyone at the group knew of the medication."), "disclosed"
        )
    if not piece.is_first_hand and piece.disclosed != Disclosed.NOT_ASKED:
        raise EvidenceRefused(_("Only a visit or a report answers this."), "disclosed")
    if piece.is_pressure and piece.pressure_from == PressureFrom.NOBODY:
        raise EvidenceRefused(
            _("Say who pressed: one member, several, the chair, the group, or the room."),
            "pressure_from",
        )
    if not piece.is_pressure and piece.pressure_from != PressureFrom.NOBODY:
        raise EvidenceRefused(
            _("Someone pressed, so “nobody pressed them” must be answered no."), "no_pressure"
        )
    if piece.is_affirming and level(piece) != "A4":
        raise EvidenceRefused(
            _("A statement that affirms answers yes to going, speaking and no pressure."),
            "is_affirming_statement",
        )
    if piece.kind in _NEEDS_SOURCE and not source.strip():
        raise EvidenceRefused(_("Say where it can be read."), "source_note")


@transaction.atomic
def record_evidence(
    *,
    group: Group,
    kind: str,
    target: str,
    on: date,
    answers: Answers,
    by: User | None,
    now: datetime,
    disclosed: str = Disclosed.NOT_ASKED,
    pressure_from: str = PressureFrom.NOBODY,
    medication_form: str = MedicationForm.NOT_SAID,
    is_affirming_statement: bool = False,
    is_random_sample: bool = False,
    source_note: str = "",
    source_url: str = "",
    reporter: str = "",
    clinic: UUID | None = None,
    is_reviewed: bool = False,
) -> Evidence:
    """Write down one piece of evidence and read the group anew.

    ``by`` is None only for what a patient sent; ``reporter`` is the keyed hash that tells
    patients apart. A curator who enters a piece has reviewed it: ``is_reviewed``.
    """
    piece = _piece(
        kind=kind,
        target=target,
        on=on,
        answers=answers,
        disclosed=disclosed,
        pressure_from=pressure_from,
        is_affirming=is_affirming_statement,
    )
    check_evidence(piece, today=now.date(), source=source_note + source_url)
    if group.merged_into_id:
        raise EvidenceRefused(_("This group was merged: record it on the one that stayed."))
    is_from_patient = kind == EvidenceKind.PATIENT_REPORT
    reviewer = by if is_reviewed else None
    with pghistory.context(user=by.pk if by else None, view="curation.record_evidence"):
        row = Evidence.objects.create(
            group=group,
            kind=kind,
            target=target,
            # A patient's report keeps its month alone, and nobody's name.
            on=on.replace(day=1) if is_from_patient else on,
            entered_by=None if is_from_patient else by,
            disclosed=disclosed,
            pressure_from=pressure_from,
            medication_form=medication_form,
            is_affirming_statement=is_affirming_statement,
            is_random_sample=is_random_sample,
            source_note=source_note,
            source_url=source_url,
            reporter=reporter,
            clinic=clinic,
            reviewed_by=reviewer,
            reviewed_at=now if reviewer else None,
            **{name: str(answer) for name, answer in asdict(answers).items()},
        )
    reassess([group], today=now.date())
    return row


def _piece(**told) -> Piece:
    try:
        return Piece(**told)
    except ValueError as error:
        raise EvidenceRefused(str(error)) from error


@transaction.atomic
def review(evidence: Iterable[Evidence], *, by: User, now: datetime) -> int:
    """Review each piece, or review it a second time when someone else did before.

    Returns how many were reviewed; a piece that ``by`` has reviewed already is left alone.
    """
    count = 0
    with pghistory.context(user=by.pk, view="curation.review"):
        for row in _locked(evidence):
            if row.reviewed_by_id is None:
                row.reviewed_by, row.reviewed_at = by, now
            elif row.second_reviewed_by_id is None and row.reviewed_by_id != by.pk:
                row.second_reviewed_by, row.second_reviewed_at = by, now
            else:
                continue
            row.save()
            count += 1
    _reassess_groups_of(evidence, today=now.date())
    return count


@transaction.atomic
def ask_for_reply(evidence: Iterable[Evidence], *, by: User, now: datetime) -> int:
    """Note that the group was asked for its reply today; returns how many were new."""
    count = 0
    with pghistory.context(user=by.pk, view="curation.ask_for_reply"):
        for row in _locked(evidence):
            if row.reply_asked_on is None:
                row.reply_asked_on = now.date()
                row.save()
                count += 1
    _reassess_groups_of(evidence, today=now.date())
    return count


@transaction.atomic
def record_reply(evidence: Iterable[Evidence], *, text: str, by: User, now: datetime) -> int:
    """Keep a group's reply, which a curator was told, with what it answers and its sisters."""
    groups = {row.group_id for row in evidence}
    rows = Evidence.objects.filter(group__in=groups, withdrawn_at=None)
    count = 0
    with pghistory.context(user=by.pk, view="curation.record_reply"):
        for row in rows.select_for_update().order_by("pk"):
            if row.reply_asked_on is not None or row in evidence:
                row.reply = text.strip()
                row.reply_asked_on = row.reply_asked_on or now.date()
                row.save()
                count += 1
    _reassess_groups_of(evidence, today=now.date())
    return count


@transaction.atomic
def withdraw(evidence: Iterable[Evidence], *, reason: str, by: User, now: datetime) -> int:
    """Take pieces back for a stated reason; they are kept and count no more."""
    if not reason.strip():
        raise EvidenceRefused(_("Say why it is withdrawn."), "reason")
    count = 0
    with pghistory.context(user=by.pk, view="curation.withdraw"):
        for row in _locked(evidence):
            if row.withdrawn_at is None:
                row.withdrawn_at, row.withdrawn_reason = now, reason.strip()[:300]
                row.save()
                count += 1
    _reassess_groups_of(evidence, today=now.date())
    return count


def _locked(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    keys = [row.pk for row in evidence]
    return Evidence.objects.select_for_update().filter(pk__in=keys).order_by("pk")


def _reassess_groups_of(evidence: Iterable[Evidence], *, today: date) -> None:
    keys = {row.group_id for row in evidence}
    reassess(Group.objects.filter(pk__in=keys), today=today)
