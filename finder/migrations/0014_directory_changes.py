"""Note each statement that changes what the directory says, by triggers of the database."""

from django.db import migrations, models
from django.db.models.functions import Now

# What pages and answers are made of.
TABLES = (
    "finder_assessment",
    "finder_evidence",
    "finder_group",
    "finder_groupreply",
    "finder_groupstatement",
    "finder_listing",
    "finder_listingtext",
    "finder_locality",
    "finder_meeting",
    "finder_meetingexception",
    "finder_place",
    "finder_program",
    "finder_servicebody",
)
FUNCTION = """
CREATE FUNCTION finder_note_change() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO finder_directorychange DEFAULT VALUES;
  RETURN NULL;
END $$;
"""
NOTE = """
CREATE TRIGGER finder_note_change AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION finder_note_change();
"""
# A source that was merely pulled again changes nothing that anybody is shown.
NOTE_SOURCE = """
CREATE TRIGGER finder_note_change
AFTER INSERT OR DELETE OR UPDATE OF slug, name, program_id, url, terms, is_active ON finder_source
FOR EACH STATEMENT EXECUTE FUNCTION finder_note_change();
"""
UNNOTE = "DROP TRIGGER finder_note_change ON {table};"


class Migration(migrations.Migration):
    """One row for each statement, however many rows it wrote."""

    dependencies = [("finder", "0013_ask_service_bodies_again")]

    operations = [
        migrations.CreateModel(
            name="DirectoryChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION finder_note_change();"),
        *(
            migrations.RunSQL(NOTE.format(table=table), UNNOTE.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(NOTE_SOURCE, UNNOTE.format(table="finder_source")),
    ]
