"""Row-level security on emergency openings, whose reason may name a patient."""

from django.db import migrations

from referrals.tenancy import keep_apart, kept_from_deletion


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the tables."""

    dependencies = [("referrals", "0007_tokens_and_emergency_openings")]
    operations = [
        keep_apart("referrals_breakglass"),
        kept_from_deletion("referrals_breakglass"),
        # A token tells an organization and no patient, and is looked up before any is known.
        kept_from_deletion("referrals_apitoken"),
    ]
