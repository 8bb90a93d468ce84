"""Row-level security on consents and the accounting, and rows of both that nobody can rewrite."""

from django.db import migrations

from referrals.tenancy import append_only, keep_apart, kept_from_deletion, same_organization

TABLES = [
    "referrals_consent",
    "referrals_revocation",
    "referrals_reader",
    "referrals_disclosure",
    "referrals_restriction",
]
# Child, column, parent: both belong to one organization.
TIES = [
    ("referrals_consent", "patient_id", "referrals_patient"),
    ("referrals_revocation", "consent_id", "referrals_consent"),
    ("referrals_sharedreferral", "consent_id", "referrals_consent"),
    ("referrals_sharedreferral", "referral_id", "referrals_referral"),
    ("referrals_disclosure", "patient_id", "referrals_patient"),
    ("referrals_disclosure", "referral_id", "referrals_referral"),
    ("referrals_disclosure", "consent_id", "referrals_consent"),
    ("referrals_restriction", "patient_id", "referrals_patient"),
    ("referrals_reader", "member_id", "referrals_membership"),
]


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the tables."""

    dependencies = [("referrals", "0016_consents")]
    operations = [
        *(keep_apart(table) for table in TABLES),
        # The organization named in a consent sees that it was given something, and what to open.
        keep_apart("referrals_sharedreferral", also_shown_to="recipient_id"),
        *(same_organization(*tie) for tie in TIES),
        same_organization(
            "referrals_reader", "shared_id", "referrals_sharedreferral", "recipient_id"
        ),
        append_only("referrals_consent"),
        append_only("referrals_revocation"),
        append_only("referrals_disclosure"),
        kept_from_deletion("referrals_sharedreferral"),
        kept_from_deletion("referrals_reader"),
        kept_from_deletion("referrals_restriction"),
    ]
