"""Let indexes tell what starts soon, what carries a code or a tier, and what is irregular."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of weeks carries the format and the id along, so that rows need not be read."""

    dependencies = [("finder", "0014_directory_changes")]

    operations = [
        migrations.RemoveIndex(model_name="listing", name="finder_listing_week"),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["timezone", "week_minute"],
                include=("format", "meeting"),
                name="finder_listing_week",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["format"], name="finder_listing_format"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["methadone_tier", "format"], name="finder_listing_methadone"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["buprenorphine_tier", "format"], name="finder_listing_buprenorphine"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["naltrexone_tier", "format"], name="finder_listing_naltrexone"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False,
                fields=["focus", "languages", "access"],
                name="finder_listing_codes",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["kind"],
                condition=models.Q(week_minute__isnull=True),
                name="finder_listing_other",
            ),
        ),
    ]
