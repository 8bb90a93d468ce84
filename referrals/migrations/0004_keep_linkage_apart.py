"""Row-level security on what is done along a plan, and the one door through which a link opens."""

from django.db import migrations

from referrals.tenancy import (
    append_only,
    keep_apart,
    kept_from_deletion,
    opens_share_links,
    same_organization,
)

TABLES = [
    "referrals_step",
    "referrals_checkin",
    "referrals_contribution",
    "referrals_task",
    "referrals_sharelink",
]
# Child, column, parent: both belong to one organization.
TIES = [
    ("referrals_step", "plan_id", "referrals_plan"),
    ("referrals_checkin", "patient_id", "referrals_patient"),
    ("referrals_checkin", "plan_id", "referrals_plan"),
    ("referrals_checkin", "referral_id", "referrals_referral"),
    ("referrals_contribution", "check_in_id", "referrals_checkin"),
    ("referrals_task", "patient_id", "referrals_patient"),
    ("referrals_task", "plan_id", "referrals_plan"),
    ("referrals_task", "check_in_id", "referrals_checkin"),
    ("referrals_sharelink", "patient_id", "referrals_patient"),
    ("referrals_referral", "reopens_id", "referrals_referral"),
]


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the tables."""

    dependencies = [("referrals", "0003_linkage_and_sharing")]
    operations = [
        *(keep_apart(table) for table in TABLES),
        *(same_organization(*tie) for tie in TIES),
        append_only("referrals_step"),
        append_only("referrals_checkin"),
        kept_from_deletion("referrals_task"),
        kept_from_deletion("referrals_sharelink"),
        opens_share_links("referrals_sharelink"),
    ]
