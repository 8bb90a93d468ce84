"""Row-level security on what was told in numbers, and no second telling."""

from django.db import migrations

from referrals.tenancy import append_only, keep_apart


class Migration(migrations.Migration):
    """Nothing is stored before this: it stands directly after the table."""

    dependencies = [("referrals", "0014_releases")]
    operations = [keep_apart("referrals_release"), append_only("referrals_release")]
