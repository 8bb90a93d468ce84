"""A patient with a plan, and the referral that came of it."""

import pytest

from referrals.lifecycle import (
    Choice,
    save_plan,
)
from referrals.models import (
    Referral,
)
from tests.factories import make_group


def make_plan(patient, by, now, *groups, medication="methadone", **more):
    return save_plan(
        patient,
        needs={"medication": medication},
        suggestions={"shown": ["ZQ7-suggestion"]},
        chosen=[Choice(group_id=group.pk, meeting_ids=(1, 2), reason="near") for group in groups],
        medication=medication,
        by=by,
        now=now,
        **more,
    )


@pytest.fixture
def group(db):
    return make_group()


@pytest.fixture
def referral(in_clinic, patient, clinician, now, group):
    make_plan(patient, clinician, now, group)
    return Referral.objects.get()
