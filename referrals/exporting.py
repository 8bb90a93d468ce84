"""Taking the referrals of an organization out as a list: by quarter, accounted for, for a purpose.

The list holds what whoever runs the organization sees of a referral anyway: group, state and
dates. What is written of a patient is not in it.
"""

from datetime import datetime

from django.db import transaction

from finder.models import User
from referrals import audit, consent
from referrals.models import Kind, Organization, Patient, Referral
from referrals.permissions import Permission, demand
from referrals.reports import Quarter, begun_in


@transaction.atomic
def export(
    organization: Organization, quarter: Quarter, *, basis: str, by: User, now: datetime
) -> list[Referral]:
    """Return the referrals that began in a quarter, each patient's share accounted for.

    All or none: where one may not leave, NotReleased is raised and nothing was written.
    """
    demand(by, Permission.EXPORT_REFERRALS, organization=organization)
    rows = begun_in(Referral.objects.overseen_by(by).filter(organization=organization), quarter)
    found = list(rows.select_related("group__program").order_by("created_at", "pk"))
    patients = Patient.objects.filter(pk__in={row.patient_id for row in found})
    for patient in patients.select_related("organization").order_by("pk"):
        consent.release(patient, "export", by=by, now=now)
    audit.record(
        Kind.REFERRALS_EXPORTED,
        target=("quarter", f"{quarter.code} {basis}"),
        by=by,
        organization=organization,
    )
    return found
