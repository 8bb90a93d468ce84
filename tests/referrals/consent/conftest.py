"""A referral, a consent that names another clinic, and the member there who reads under it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from referrals.consent import give, wording
from referrals.consent.receiving import hand_to
from referrals.models import (
    Category,
    Consent,
    Expiry,
    Method,
    Purpose,
    RecipientKind,
    Role,
    SharedReferral,
    Signer,
)
from referrals.tenancy import organization
from tests.referrals.conftest import make_member

NAME = "ZQ7-name"


def filled(patient, other, now, **changes):
    """Fill in a consent of a patient for another organization, whole unless changed."""
    words = wording.current("en")
    told = {
        "patient": patient,
        "organization": patient.organization,
        "wording_version": words.version,
        "wording_language": words.language,
        "wording_hash": words.hash,
        "patient_name": NAME,
        "discloser": patient.organization.name,
        "categories": [Category.GROUPS, Category.MEDICATION],
        "recipient_kind": RecipientKind.ORGANIZATION,
        "recipient_organization": other,
        "recipient_name": "",
        "purpose": Purpose.COORDINATION,
        "tells_how_to_revoke": True,
        "expiry": Expiry.DATE,
        "expires_at": now + timedelta(days=90),
        "signer": Signer.PATIENT,
        "method": Method.TYPED,
        "signature": NAME,
        "signed_at": now,
        "key": uuid4(),
    }
    return Consent(**told | changes)


@pytest.fixture
def consent(clinic, other_clinic, referral, clinician, now):
    """C1: the patient lets the other clinic read group, state and medication."""
    with organization(clinic.pk):
        row = filled(referral.patient, other_clinic, now)
        return give(row, [referral], by=clinician, now=now)


@pytest.fixture
def receiver_head(other_clinic):
    return make_member(other_clinic, Role.LEAD, email="head@example.org").user


@pytest.fixture
def receiver(consent, stranger, other_clinic, receiver_head, now):
    """A clinician of the other clinic who was given the referral."""
    with organization(other_clinic.pk):
        hand_to(
            SharedReferral.objects.get(),
            stranger.memberships.get(),
            by=receiver_head,
            now=now,
        )
    return stranger
