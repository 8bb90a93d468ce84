"""A patient's link, for the tests of their own page."""

import pytest
from django.urls import reverse

from referrals import sharing
from referrals.lifecycle import Choice, save_plan
from referrals.tenancy import organization
from tests.referrals.conftest import REASON


@pytest.fixture
def made(clinic, patient, clinician, directory, now):
    """A patient with a plan of two groups, and a link to it."""
    with organization(clinic.pk):
        save_plan(
            patient,
            needs={"form": {}, "needs": {}},
            suggestions={},
            chosen=[
                Choice(directory["near"].group_id, (directory["near"].pk,), reason=REASON),
                Choice(directory["online"].group_id, (directory["online"].pk,)),
            ],
            medication="methadone",
            by=clinician,
            now=now,
        )
        return sharing.make(patient, by=clinician, now=now)


@pytest.fixture
def address(made):
    return reverse("referrals:share", args=[made.token])
