"""Writing a consent down as it was signed, ending it, and asking to hold something back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from finder.models import Group, Program, User
from referrals import audit, tasks
from referrals.consent.deciding import Element, folded
from referrals.consent.locks import hold_alone
from referrals.consent.reading import missing
from referrals.models import (
    Consent,
    Ending,
    Expiry,
    Kind,
    Patient,
    RecipientKind,
    Referral,
    Restriction,
    Revocation,
    SharedReferral,
    TaskKind,
)
from referrals.permissions import Permission, allows, demand, membership_of

PATIENT_ROLE = "patient"


class Incomplete(Exception):
    """A consent that lacks elements; it is not saved, and ``missing`` names them."""

    def __init__(self, lacking: frozenset[Element]) -> None:
        super().__init__(", ".join(sorted(lacking)))
        self.missing = lacking


class NoConsent(Exception):
    """A consent that cannot be given; its text is a sentence for the person who asked."""


@transaction.atomic
def give(consent: Consent, referrals: Sequence[Referral], *, by: User, now: datetime) -> Consent:
    """Save a consent as it was filled in, for these referrals; an earlier one for the same
    recipient ends. The same ``key`` again is the same consent.

    Raises Incomplete where an element is missing, NoConsent for what cannot be consented to.
    """
    patient = consent.patient
    demand(by, Permission.GIVE_CONSENT, organization=patient.organization)
    if not Patient.objects.visible_to(by).filter(pk=patient.pk).exists():
        raise PermissionDenied
    hold_alone(patient.pk)
    if same := patient.consents.filter(key=consent.key).first():
        return same
    _refuse_unfit(consent, referrals, now=now)
    consent.organization, consent.taken_by, consent.taken_at = patient.organization, by, now
    for earlier in _alike(consent):
        _end(earlier, Ending.SUPERSEDED, by=by, role=membership_of(by).role, now=now)
    consent.save(force_insert=True)
    _share(consent, referrals, now=now)
    audit.record(Kind.CONSENT_GIVEN, target=consent, by=by, organization=patient.organization)
    return consent


def _refuse_unfit(consent: Consent, referrals: Sequence[Referral], *, now: datetime) -> None:
    if lacking := missing(consent):
        raise Incomplete(lacking)
    if consent.signed_at > now:
        raise NoConsent(_("It cannot be signed on a day that has not come yet."))
    if consent.expires_at is not None and consent.expires_at <= now:
        raise NoConsent(_("Its last day is over already."))
    if not referrals or any(row.patient_id != consent.patient_id for row in referrals):
        raise NoConsent(_("Choose at least one referral that it is about."))
    if consent.recipient_kind == RecipientKind.NAMED and names_a_group(consent.recipient_name):
        raise NoConsent(_("Nothing is ever told to a group: the person goes there themselves."))


def names_a_group(name: str) -> bool:
    """Say whether a name is that of a group or of a program. Two queries."""
    wanted = " ".join(name.split())
    return (
        Group.objects.filter(name__iexact=wanted).exists()
        or Program.objects.filter(name__iexact=wanted).exists()
        or Program.objects.filter(short_name__iexact=wanted).exists()
    )


def _alike(consent: Consent) -> list[Consent]:
    """Return the earlier consents to the same recipient that were not ended."""
    rows = Consent.objects.filter(
        patient=consent.patient,
        recipient_kind=consent.recipient_kind,
        recipient_organization=consent.recipient_organization,
        revocation=None,
    )
    name = folded(consent.recipient_name)
    is_here = consent.recipient_kind == RecipientKind.ORGANIZATION
    return [row for row in rows if is_here or folded(row.recipient_name) == name]


def _share(consent: Consent, referrals: Sequence[Referral], *, now: datetime) -> None:
    SharedReferral.objects.bulk_create(
        SharedReferral(
            organization=consent.organization,
            consent=consent,
            referral=referral,
            recipient=consent.recipient_organization,
            at=now,
            expires_at=consent.expires_at,
        )
        for referral in referrals
    )


@transaction.atomic
def revoke(
    consent: Consent,
    *,
    by: User | None,
    now: datetime,
    ending: Ending = Ending.REVOKED,
    note: str = "",
) -> Revocation:
    """End a consent at once; ``by`` is None for the patient, behind their own link and code.

    Whoever reads under it at this moment is waited for; whoever comes after reads nothing.
    What was told in reliance on it stays in the accounting. Ending it twice changes nothing.
    """
    if by is not None:
        _demand_ending(consent, by=by)
    hold_alone(consent.patient_id)
    if same := Revocation.objects.filter(consent=consent).first():
        return same
    role = membership_of(by).role if by else PATIENT_ROLE
    ended = _end(consent, ending, by=by, role=role, now=now, note=note)
    if by is None:
        _tell_clinic(consent.patient, TaskKind.CONSENT_ENDED, now=now)
    return ended


def _end(
    consent: Consent, ending: Ending, *, by: User | None, role: str, now: datetime, note: str = ""
) -> Revocation:
    row = Revocation.objects.create(
        organization=consent.organization,
        consent=consent,
        ending=ending,
        note=note,
        role=role,
        by=by,
        at=now,
    )
    consent.shared.filter(ended_at=None).update(ended_at=now)
    audit.record(Kind.CONSENT_ENDED, target=consent, by=by, organization=consent.organization)
    return row


def _demand_ending(consent: Consent, *, by: User) -> None:
    """Allow it to a clinician who works with the patient, and to who runs the organization."""
    demand(by, Permission.END_CONSENT, organization=consent.organization)
    if allows(by, Permission.OVERSEE, organization=consent.organization):
        return
    if not Patient.objects.visible_to(by).filter(pk=consent.patient_id).exists():
        raise PermissionDenied


def note_end_of(referral: Referral, *, now: datetime) -> None:
    """Close what was shared of a referral that ended, where the consent ends with it."""
    shared = referral.shared.filter(consent__expiry=Expiry.EVENT, ended_at=None)
    shared.update(ended_at=now)


@transaction.atomic
def ask_to_hold_back(
    patient: Patient, words: str, *, by: User | None, now: datetime, key: UUID
) -> Restriction:
    """Write down what a patient wants held back; until it is answered nothing goes to others."""
    hold_alone(patient.pk)
    row, is_new = Restriction.objects.get_or_create(
        patient=patient,
        key=key,
        defaults={
            "organization": patient.organization,
            "words": words,
            "asked_by": by,
            "asked_at": now,
        },
    )
    if is_new:
        organization = patient.organization
        audit.record(Kind.RESTRICTION_ASKED, target=row, by=by, organization=organization)
        _tell_clinic(patient, TaskKind.HOLD_BACK, now=now)
    return row


@transaction.atomic
def answer_restriction(
    restriction: Restriction, answer: str, *, by: User, now: datetime
) -> Restriction:
    """Answer what was asked: the worker has looked at each consent in its light."""
    patient = restriction.patient
    demand(by, Permission.GIVE_CONSENT, organization=patient.organization)
    if not Patient.objects.visible_to(by).filter(pk=patient.pk).exists():
        raise PermissionDenied
    hold_alone(patient.pk)
    row = Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)
    if row.checked_at is None:
        row.answer, row.checked_by, row.checked_at = answer, by, now
        row.save(update_fields=["answer", "checked_by", "checked_at"])
        organization = patient.organization
        audit.record(Kind.RESTRICTION_CHECKED, target=row, by=by, organization=organization)
        for plan in patient.plans.live():
            tasks.close_check_in(plan, TaskKind.HOLD_BACK, by=by, now=now)
    return row


def _tell_clinic(patient: Patient, kind: TaskKind, *, now: datetime) -> None:
    if plan := patient.plans.live().select_related("organization", "patient").first():
        tasks.open_task(plan, kind, due=now, by=None, now=now, is_urgent=True)
