"""Row-level security on the shortlists of a clinic."""

from django.db import migrations

from referrals.tenancy import keep_apart, same_organization


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the tables."""

    dependencies = [("referrals", "0012_shortlists")]
    operations = [
        keep_apart("referrals_shortlist"),
        keep_apart("referrals_shortlistentry"),
        same_organization(
            "referrals_shortlistentry", "shortlist_id", "referrals_shortlist"
        ),
    ]
