"""A consent as a form fills it in, whole unless changed."""

from datetime import timedelta
from uuid import uuid4

from referrals.consent import wording
from referrals.models import (
    Category,
    Consent,
    Expiry,
    Method,
    Purpose,
    RecipientKind,
    Signer,
)

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
