"""The daily batch that passes check-ins on as evidence, so that nothing leads back to a patient.

Model section 3: a truncated keyed hash of (patient, group, medication) under a key of its own
tells reporters apart, dates are months, and only what a patient allowed is passed on.
"""

import hmac
import random
from base64 import b64decode
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings

from finder.curation import record_evidence
from finder.models import Group
from finder.vocab import EvidenceKind, EvidenceTarget
from referrals import audit
from referrals.checkins.told import Told
from referrals.models import CheckIn, Contribution, Kind, Organization, Referral
from referrals.tenancy import organization

# Without a name, but with the wish for medication to be accepted, it speaks of any.
_TAKES = ("takes", "thinking")


def target_of(referral: Referral) -> str:
    """Return the medication that a report on this referral speaks of; '' where none is taken."""
    if referral.medication:
        return referral.medication
    taking = (referral.plan.needs.get("needs") or {}).get("taking", "")
    return EvidenceTarget.ANY if taking in _TAKES else ""


def carry(*, now: datetime) -> int:
    """Pass on what waits in every organization; return how many pieces of evidence were made.

    Organizations and check-ins are taken in random order, so that the order of the pieces says
    nothing. One transaction for each check-in: taken out and written down, or neither.
    """
    clinics = list(Organization.objects.filter(is_active=True))
    random.SystemRandom().shuffle(clinics)
    return sum(_carry_clinic(clinic, now=now) for clinic in clinics)


def _carry_clinic(clinic: Organization, *, now: datetime) -> int:
    with organization(clinic.pk):
        waiting = list(Contribution.objects.values_list("pk", flat=True))
    random.SystemRandom().shuffle(waiting)
    return sum(_carry_one(clinic, pk, now=now) for pk in waiting)


def _carry_one(clinic: Organization, pk: UUID, *, now: datetime) -> bool:
    with organization(clinic.pk):
        # Another worker may be at it; it takes the row out.
        rows = Contribution.objects.select_for_update(of=("self",), skip_locked=True)
        found = rows.filter(pk=pk).first()
        if found is None:
            return False
        _write(found.check_in, clinic, now=now)
        found.delete()
    return True


def _write(check_in: CheckIn, clinic: Organization, *, now: datetime) -> None:
    referral, told = check_in.referral, Told.from_document(check_in.answers)
    group, target = _standing(referral.group), target_of(referral)
    record_evidence(
        group=group,
        kind=EvidenceKind.PATIENT_REPORT,
        target=target,
        # The month alone: record_evidence keeps no day of a patient's report.
        on=check_in.at.date(),
        answers=told.answers(),
        disclosed=told.knew,
        pressure_from=told.pressure_from,
        medication_form=_form(referral),
        reporter=reporter_of(check_in.patient_id, group.pk, target),
        clinic=clinic.pk,
        by=None,
        now=now,
    )
    audit.record(Kind.CONTRIBUTED, target=("checkin", ""), by=None, organization=clinic)


def _standing(group: Group) -> Group:
    """Follow merges to the group that stayed."""
    while group.merged_into_id:
        group = group.merged_into
    return group


def _form(referral: Referral) -> str:
    needs = referral.plan.needs.get("needs") or {}
    return needs.get("medication_form", "") if referral.medication else ""


def reporter_of(patient_id: UUID, group_id: int, target: str) -> str:
    """Return what tells this reporter from others, for one group and one medication."""
    key = b64decode(settings.REPORTER_KEY)
    told = f"{patient_id}|{group_id}|{target}"
    return hmac.digest(key, told.encode(), sha256).hex()[:32]
