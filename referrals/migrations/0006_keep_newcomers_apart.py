"""Row-level security on people who meet newcomers, who trusted one clinic."""

from django.db import migrations

from referrals.tenancy import append_only, keep_apart, kept_from_deletion, same_organization


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the tables."""

    dependencies = [("referrals", "0005_people_who_meet_newcomers")]
    operations = [
        keep_apart("referrals_newcomercontact"),
        keep_apart("referrals_introduction"),
        same_organization(
            "referrals_introduction", "contact_id", "referrals_newcomercontact"
        ),
        same_organization("referrals_introduction", "plan_id", "referrals_plan"),
        append_only("referrals_introduction"),
        kept_from_deletion("referrals_newcomercontact"),
    ]
