"""From here on no line without its place; an organization's chains are its own, and stay."""

from django.db import migrations, models

from referrals.tenancy import keep_apart, kept_from_deletion


class Migration(migrations.Migration):
    """Stands behind the chaining of what was there."""

    dependencies = [("referrals", "0010_chain_what_is_there")]
    operations = [
        migrations.AlterField("auditevent", "chain", models.UUIDField()),
        migrations.AlterField("auditevent", "number", models.PositiveBigIntegerField()),
        migrations.AlterField("auditevent", "mac", models.BinaryField(max_length=32)),
        migrations.AddConstraint(
            "auditevent",
            models.UniqueConstraint(
                fields=["chain", "number"], name="referrals_auditevent_one_place"
            ),
        ),
        keep_apart("referrals_auditchain", allow_none=True),
        kept_from_deletion("referrals_auditchain"),
    ]
