"""A clinic whose referrals lie far enough back to be told."""

from datetime import UTC, datetime, timedelta

import pytest

from finder.vocab import Model
from referrals.models import Plan, Referral, ReferralEvent, State
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting, make_program
from tests.referrals.conftest import make_patient

# In the quarter of April to June, which is whole at the frozen noon of November.
SPRING = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)


def make_referral(patient, group, *, by, at=SPRING, came=(), **fields):
    """Write a referral of its own plan as it stood then; ``came`` pairs states with days after."""
    plan = Plan.objects.create(
        organization=patient.organization,
        patient=patient,
        needs={},
        suggestions=fields.pop("suggestions", {}),
        created_by=by,
        created_at=at,
        closed_by=by,
        closed_at=at,
    )
    states = [(State.DRAFT, 0), *came]
    referral = Referral.objects.create(
        **{"medication": "", "reason": "", "meetings": []} | fields,
        organization=patient.organization,
        patient=patient,
        plan=plan,
        group=group,
        state=states[-1][0],
        state_at=at + timedelta(days=states[-1][1]),
        created_by=by,
        created_at=at,
    )
    for state, days in states:
        ReferralEvent.objects.create(
            organization=patient.organization,
            referral=referral,
            to_state=state,
            reason="",
            role="clinician",
            by=by,
            at=at + timedelta(days=days),
        )
    return referral


@pytest.fixture
def spring(clinic, clinician, now):
    """Forty people of the spring: 22 to a SMART group, of whom 15 went, and 18 to a 12-step group.

    Of the latter twelve take methadone and six buprenorphine, and nobody went.
    """
    smart = make_group(program=make_program(slug="smart", model=Model.SMART), focus=["women"])
    na = make_group(program=make_program(slug="na"))
    meeting = make_meeting(group=na)
    with organization(clinic.pk):
        for number in range(22):
            patient = make_patient(clinic, clinician, label=f"smart {number}")
            came = [(State.LINKED, 3), (State.ATTENDED, 9)] if number < 15 else []
            make_referral(patient, smart, by=clinician, came=came)
        for number in range(18):
            patient = make_patient(clinic, clinician, label=f"na {number}")
            medication = "methadone" if number < 12 else "buprenorphine"
            make_referral(patient, na, by=clinician, medication=medication, meetings=[meeting.pk])
    return clinic
