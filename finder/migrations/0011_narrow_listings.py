"""Part what a search compares of a listing from what it shows: two tables in place of one."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.search import SearchConfig, SearchVector
from django.db import migrations, models


COPY = """
INSERT INTO finder_listingtext
  (listing_id, title_words, tag_words, place_words, note_words, document)
SELECT meeting_id, title_words, tag_words, place_words, note_words, document::text
FROM finder_listing;
"""
MARK = """
UPDATE finder_listing AS l SET is_approximate = true
FROM finder_meeting AS m JOIN finder_place AS p ON p.id = m.place_id
WHERE m.id = l.meeting_id AND p.is_approximate AND l.lat IS NOT NULL;
"""
# A column that is dropped stays in every row until the table is written anew.
REWRITE = "CLUSTER finder_listing USING finder_listing_pkey;"


def joined(*vectors):
    first, *others = vectors
    for vector in others:
        first = django.contrib.postgres.search.CombinedSearchVector(
            first, "||", vector, SearchConfig("mhg")
        )
    return first


class Migration(migrations.Migration):
    """Texts are copied as they are; ``reindex`` spells documents anew."""

    dependencies = [("finder", "0010_listed_words")]

    operations = [
        migrations.CreateModel(
            name="ListingText",
            fields=[
                (
                    "listing",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="finder.listing",
                    ),
                ),
                ("title_words", models.TextField(blank=True)),
                ("tag_words", models.TextField(blank=True)),
                ("place_words", models.TextField(blank=True)),
                ("note_words", models.TextField(blank=True)),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=joined(
                            SearchVector("title_words", config="mhg", weight="A"),
                            SearchVector("tag_words", config="mhg", weight="B"),
                            SearchVector("place_words", config="mhg", weight="C"),
                            SearchVector("note_words", config="mhg", weight="D"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("document", models.TextField()),
            ],
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="listing", name="finder_listing_words"),
        # The vector first: it is made of the others.
        migrations.RemoveField(model_name="listing", name="words"),
        migrations.RemoveField(model_name="listing", name="title_words"),
        migrations.RemoveField(model_name="listing", name="tag_words"),
        migrations.RemoveField(model_name="listing", name="place_words"),
        migrations.RemoveField(model_name="listing", name="note_words"),
        migrations.RemoveField(model_name="listing", name="document"),
        migrations.AddField(
            model_name="listing",
            name="is_approximate",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.RunSQL(REWRITE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="listingtext",
            index=django.contrib.postgres.indexes.GinIndex("words", name="finder_listing_words"),
        ),
    ]
