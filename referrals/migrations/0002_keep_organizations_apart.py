"""Row-level security on every table that names an organization's patients, and on the record."""

from django.db import migrations

from referrals.tenancy import append_only, keep_apart, kept_from_deletion, same_organization

PATIENT_TABLES = [
    "referrals_patient",
    "referrals_assignment",
    "referrals_needsdraft",
    "referrals_plan",
    "referrals_referral",
    "referrals_referralevent",
]
# Child, column, parent: both belong to one organization.
TIES = [
    ("referrals_assignment", "patient_id", "referrals_patient"),
    ("referrals_assignment", "member_id", "referrals_membership"),
    ("referrals_needsdraft", "patient_id", "referrals_patient"),
    ("referrals_plan", "patient_id", "referrals_patient"),
    ("referrals_referral", "patient_id", "referrals_patient"),
    ("referrals_referral", "plan_id", "referrals_plan"),
    ("referrals_referralevent", "referral_id", "referrals_referral"),
]


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the tables."""

    dependencies = [("referrals", "0001_patients")]
    operations = [
        *(keep_apart(table) for table in PATIENT_TABLES),
        keep_apart("referrals_auditevent", allow_none=True),
        *(same_organization(*tie) for tie in TIES),
        append_only("referrals_referralevent"),
        append_only("referrals_auditevent"),
        *(
            kept_from_deletion(table)
            for table in (
                "referrals_patient",
                "referrals_assignment",
                "referrals_plan",
                "referrals_referral",
            )
        ),
    ]
