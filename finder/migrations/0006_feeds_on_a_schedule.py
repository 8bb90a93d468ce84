"""What a source needs to be read by itself, and how that went."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('finder', '0005_outbox'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='source',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='source',
            name='update_update',
        ),
        migrations.AddField(
            model_name='source',
            name='etag',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='source',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='source',
            name='health',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='source',
            name='interval_hours',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='source',
            name='last_modified',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='source',
            name='last_pulled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='last_success_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='validated_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='source',
            name='next_pull_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sourceevent',
            name='interval_hours',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "finder_sourceevent" ("consent_note", "format", "id", "interval_hours", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "slug", "terms", "timezone", "url") VALUES (NEW."consent_note", NEW."format", NEW."id", NEW."interval_hours", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."program_id", NEW."slug", NEW."terms", NEW."timezone", NEW."url"); RETURN NULL;', hash='a720524d898affc5bb61e75057ff9622c8c6e1ef', operation='INSERT', pgid='pgtrigger_insert_insert_f62f1', table='finder_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."consent_note" IS DISTINCT FROM (NEW."consent_note") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interval_hours" IS DISTINCT FROM (NEW."interval_hours") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."program_id" IS DISTINCT FROM (NEW."program_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."terms" IS DISTINCT FROM (NEW."terms") OR OLD."timezone" IS DISTINCT FROM (NEW."timezone") OR OLD."url" IS DISTINCT FROM (NEW."url"))', func='INSERT INTO "finder_sourceevent" ("consent_note", "format", "id", "interval_hours", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "slug", "terms", "timezone", "url") VALUES (NEW."consent_note", NEW."format", NEW."id", NEW."interval_hours", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."slug", NEW."terms", NEW."timezone", NEW."url"); RETURN NULL;', hash='2609dee925471767695c24708d896c2a0c52da47', operation='UPDATE', pgid='pgtrigger_update_update_a19b0', table='finder_source', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('interval_hours__gte', 0), ('interval_hours__lte', 8760)), ('interval_hours__isnull', True), _connector='OR'), name='finder_source_interval'),
        ),
    ]
