"""Writes down that a group was asked, with its answer as evidence; weighing it is curation's."""

from dataclasses import dataclass
from datetime import date, datetime

import pghistory
from django.db import transaction

from finder import curation
from finder.acceptance import Answers
from finder.models import (
    DrawnGroup,
    Evidence,
    Group,
    Inquiry,
    InquiryOutcome,
    InquiryRoute,
    User,
)
from finder.vocab import Disclosed, EvidenceKind, MedicationForm, PressureFrom


@dataclass(frozen=True)
class Told:
    """What a group answered."""

    target: str
    answers: Answers
    pressure_from: str = PressureFrom.NOBODY
    medication_form: str = MedicationForm.NOT_SAID
    disclosed: str = Disclosed.NOT_ASKED


@transaction.atomic
def record_inquiry(
    group: Group,
    *,
    asked_on: date,
    route: str,
    outcome: str,
    by: User,
    now: datetime,
    told: Told | None = None,
    note: str = "",
) -> Inquiry:
    """Note that a group was asked; an answer becomes evidence, reviewed by who asked.

    Raises EvidenceRefused for an answer that the method does not allow. An answer of a group
    that was drawn by chance is marked as such; nobody chooses that.
    """
    is_drawn = is_in_sample(group, today=now.date())
    evidence = None
    if told is not None:
        evidence = _evidence(group, asked_on, route, told, is_drawn=is_drawn, by=by, now=now)
    with pghistory.context(user=by.pk, view="asking.record_inquiry"):
        return Inquiry.objects.create(
            group=group,
            asked_on=asked_on,
            route=route,
            outcome=InquiryOutcome.ANSWERED if evidence else outcome,
            evidence=evidence,
            is_random_sample=is_drawn,
            note=note[:300],
            asked_by=by,
        )


def _evidence(
    group: Group,
    on: date,
    route: str,
    told: Told,
    *,
    is_drawn: bool,
    by: User,
    now: datetime,
) -> Evidence:
    # A peer worker's own group is a visit; an open meeting visited openly counts as a call.
    is_visit = route == InquiryRoute.CLINIC
    return curation.record_evidence(
        group=group,
        kind=EvidenceKind.PEER_VISIT if is_visit else EvidenceKind.CLINICIAN_CALL,
        target=told.target,
        on=on,
        answers=told.answers,
        pressure_from=told.pressure_from,
        medication_form=told.medication_form,
        disclosed=told.disclosed,
        is_random_sample=is_drawn,
        source_note=str(InquiryRoute(route).label),
        by=by,
        now=now,
        is_reviewed=True,
    )


def note_answer(evidence: Evidence, *, by: User) -> Inquiry:
    """Count a call that was entered straight as evidence among the groups asked."""
    with pghistory.context(user=by.pk, view="asking.note_answer"):
        return Inquiry.objects.create(
            group_id=evidence.group_id,
            asked_on=evidence.on,
            route=InquiryRoute.OTHER,
            outcome=InquiryOutcome.ANSWERED,
            evidence=evidence,
            is_random_sample=evidence.is_random_sample,
            asked_by=by,
        )


def is_in_sample(group: Group, *, today: date) -> bool:
    """Say whether a group was drawn by chance lately."""
    return DrawnGroup.objects.live(today).filter(group=group).exists()


def withdraw_consent(group: Group, *, by: User, today: date) -> None:
    """Take back that a community agreed to be judged: all that was shown is gone at once."""
    group.needs_community_consent = True
    group.consent_on, group.consent_by, group.consent_review_on = None, "", None
    fields = ("needs_community_consent", "consent_on", "consent_by")
    curation.correct(group, fields=fields, by=by, today=today, reason="Consent withdrawn")
