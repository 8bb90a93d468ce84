"""Writing a check-in down and acting on it at once, for that patient alone."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from finder.models import User
from referrals import audit, sharing, steps, tasks
from referrals.checkins.carrying import target_of
from referrals.checkins.told import Told, Went
from referrals.lifecycle import MOVES, Outsider, account_of, move, role_of
from referrals.models import CheckIn, Contribution, Kind, Patient, Referral, TaskKind
from referrals.permissions import Permission, demand


@transaction.atomic
def record(
    referral: Referral, told: Told, *, by: User | Outsider, now: datetime, key: UUID
) -> CheckIn:
    """Write down how it went, move the referral, and where it went badly have someone call today.

    A group that went badly is closed as a poor fit, so it is never suggested to this person
    again. The same ``key`` again is the same check-in.
    """
    patient = _locked_patient(referral, by=by)
    if same := patient.check_ins.filter(key=key).first():
        return same
    account, role = account_of(by), role_of(by)
    row = CheckIn.objects.create(
        organization=referral.organization,
        patient=patient,
        plan=referral.plan,
        referral=referral,
        answers=told.document(),
        by=account,
        role=role,
        at=now,
        key=key,
    )
    audit.record(Kind.CHECK_IN_WRITTEN, target=row, by=account, organization=row.organization)
    journal = steps.STEPS[steps.JOURNAL]
    steps.append(row.plan, journal, details={"check_in": row.pk}, role=role, by=account, now=now)
    _move(referral, told, by=by, now=now)
    if told.is_bad:
        _have_someone_call(row, told, account=account, now=now)
    sharing.extend(patient, row.plan, now=now)
    if by == Outsider.PATIENT and told.may_help and told.was_there and target_of(referral):
        Contribution.objects.create(organization=row.organization, check_in=row)
    return row


def _locked_patient(referral: Referral, *, by: User | Outsider) -> Patient:
    """Lock the patient, so that two check-ins at once follow each other."""
    rows = Patient.objects.filter(pk=referral.patient_id).select_for_update(of=("self",))
    if not isinstance(by, Outsider):
        demand(by, Permission.TAKE_STEP, organization=referral.organization)
        if not Patient.objects.visible_to(by).filter(pk=referral.patient_id).exists():
            raise PermissionDenied
    return rows.get()


def _move(referral: Referral, told: Told, *, by: User | Outsider, now: datetime) -> None:
    """Make the moves that follow from what was told, as far as they follow."""
    names = {
        Went.WENT: ["attend"],
        Went.SENT_AWAY: ["attend"],
        Went.MISSED: ["miss"],
        Went.DECIDED_NOT: ["decline"],
    }.get(told.went, [])
    if told.is_bad:
        names.append("close_as_poor_fit")
    for name in names:
        referral.refresh_from_db(fields=["state"])
        if referral.state in MOVES[name].sources:
            move(referral, name, by=by, now=now, reason=told.why_bad or _("Told at a check-in."))


def _have_someone_call(row: CheckIn, told: Told, *, account: User | None, now: datetime) -> None:
    tasks.open_task(
        row.plan,
        TaskKind.BAD_EXPERIENCE,
        due=now,
        by=account,
        now=now,
        check_in=row,
        is_urgent=True,
        note=told.why_bad,
    )
