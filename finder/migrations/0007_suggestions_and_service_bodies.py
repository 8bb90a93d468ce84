"""What visitors suggest, what service bodies say, and letters on their way."""


import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('finder', '0006_feeds_on_a_schedule'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Salt',
            fields=[
                ('on', models.DateField(primary_key=True, serialize=False)),
                ('value', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('gone_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='GroupReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=600)),
                ('said_on', models.DateField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='finder.group')),
            ],
            options={
                'verbose_name_plural': 'group replies',
            },
        ),
        migrations.CreateModel(
            name='GroupStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(help_text='The day of the vote or the text.')),
                ('form', models.CharField(choices=[('vote', 'The group voted'), ('text', 'The group wrote it down')], max_length=4)),
                ('has_position', models.BooleanField()),
                ('text', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
                ('is_accepted', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.evidence')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='finder.group')),
            ],
        ),
        migrations.CreateModel(
            name='ServiceBody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity', models.CharField(help_text="The name of the service body, as its groups' listings say it.", max_length=200)),
                ('contact', models.BinaryField(blank=True, null=True)),
                ('permission_note', models.CharField(blank=True, help_text='How we know that this is the service body.', max_length=300)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.program')),
            ],
            options={
                'verbose_name_plural': 'service bodies',
            },
        ),
        migrations.CreateModel(
            name='GroupStatementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('on', models.DateField(help_text='The day of the vote or the text.')),
                ('form', models.CharField(choices=[('vote', 'The group voted'), ('text', 'The group wrote it down')], max_length=4)),
                ('has_position', models.BooleanField()),
                ('text', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
                ('is_accepted', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='finder.evidence')),
                ('group', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='finder.group')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='finder.groupstatement')),
                ('body', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='finder.servicebody')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='groupstatement',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.servicebody'),
        ),
        migrations.CreateModel(
            name='GroupReplyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.CharField(max_length=600)),
                ('said_on', models.DateField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300)),
                ('group', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='finder.group')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='finder.groupreply')),
                ('body', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='finder.servicebody')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='groupreply',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.servicebody'),
        ),
        migrations.CreateModel(
            name='BodyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_on', models.DateField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='finder.servicebody')),
            ],
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('new', 'A meeting that is not listed'), ('change', 'Something has changed'), ('close', 'It no longer meets'), ('visit', 'Was it there?'), ('safety', 'Something was not safe'), ('body', 'A service body asks for its link')], max_length=10)),
                ('proposed', models.JSONField(blank=True, default=dict)),
                ('words', models.TextField(blank=True)),
                ('contact', models.BinaryField(blank=True, null=True)),
                ('token_hash', models.CharField(blank=True, max_length=64)),
                ('is_urgent', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('declined', 'Declined')], default='waiting', max_length=10)),
                ('received_at', models.DateTimeField()),
                ('active_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.servicebody')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='finder.group')),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.meeting')),
                ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='finder.program')),
            ],
        ),
        migrations.CreateModel(
            name='SuggestionMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('sent_at', models.DateTimeField(help_text='The hour.')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='finder.suggestion')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='servicebody',
            constraint=models.UniqueConstraint(fields=('program', 'entity'), name='finder_body_once'),
        ),
        migrations.AddConstraint(
            model_name='servicebody',
            constraint=models.CheckConstraint(condition=models.Q(('entity', ''), _negated=True), name='finder_body_has_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupstatementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7f6597ca947fb5a315bce0ace439e17842905c4d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0b97f', table='finder_groupstatementevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='groupstatement',
            constraint=models.CheckConstraint(condition=models.Q(('form__in', ['vote', 'text'])), name='finder_statement_form'),
        ),
        migrations.AddConstraint(
            model_name='groupstatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_at__isnull', True), ('is_accepted__isnull', True)), models.Q(models.Q(('decided_by__isnull', True), _negated=True), models.Q(('decided_at__isnull', True), _negated=True), models.Q(('is_accepted__isnull', True), _negated=True)), _connector='OR'), name='finder_statement_decided'),
        ),
        migrations.AddConstraint(
            model_name='groupstatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', False), ('has_position', True)), models.Q(('evidence__isnull', True), ('has_position', False)), _connector='OR'), name='finder_statement_position_is_evidence'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupstatement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "finder_groupstatementevent" ("body_id", "decided_at", "decided_by_id", "evidence_id", "form", "group_id", "has_position", "id", "is_accepted", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "text") VALUES (NEW."body_id", NEW."decided_at", NEW."decided_by_id", NEW."evidence_id", NEW."form", NEW."group_id", NEW."has_position", NEW."id", NEW."is_accepted", NEW."on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_at", NEW."text"); RETURN NULL;', hash='3cb3c66e5a6bd5711852080478eec6b6723dd0a3', operation='INSERT', pgid='pgtrigger_insert_insert_746b8', table='finder_groupstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupstatement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "finder_groupstatementevent" ("body_id", "decided_at", "decided_by_id", "evidence_id", "form", "group_id", "has_position", "id", "is_accepted", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "text") VALUES (NEW."body_id", NEW."decided_at", NEW."decided_by_id", NEW."evidence_id", NEW."form", NEW."group_id", NEW."has_position", NEW."id", NEW."is_accepted", NEW."on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_at", NEW."text"); RETURN NULL;', hash='b4d830878da8d7532126b8b2bf7427362d96f474', operation='UPDATE', pgid='pgtrigger_update_update_8cb06', table='finder_groupstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupreplyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='47c07c733a6bc4ed4dea1601d0075d4b85f615d4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_77e90', table='finder_groupreplyevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='groupreply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_reason', '')), models.Q(models.Q(('withdrawn_at__isnull', True), _negated=True), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='finder_groupreply_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='groupreply',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='finder_groupreply_says_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupreply',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "finder_groupreplyevent" ("body_id", "group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "text", "withdrawn_at", "withdrawn_reason") VALUES (NEW."body_id", NEW."group_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."said_on", NEW."text", NEW."withdrawn_at", NEW."withdrawn_reason"); RETURN NULL;', hash='79f1380e81c5206fc880f22d7c0e29f496e08578', operation='INSERT', pgid='pgtrigger_insert_insert_af4ee', table='finder_groupreply', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupreply',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "finder_groupreplyevent" ("body_id", "group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "text", "withdrawn_at", "withdrawn_reason") VALUES (NEW."body_id", NEW."group_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."said_on", NEW."text", NEW."withdrawn_at", NEW."withdrawn_reason"); RETURN NULL;', hash='70f04539ae2f006bf8b5c6e56e336db6464e3b62', operation='UPDATE', pgid='pgtrigger_update_update_850a1', table='finder_groupreply', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['received_at'], name='finder_suggestion_waiting'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['new', 'change', 'close', 'visit', 'safety', 'body'])), name='finder_suggestion_kind'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'accepted', 'declined'])), name='finder_suggestion_state'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_at__isnull', True)), models.Q(models.Q(('decided_by__isnull', True), _negated=True), models.Q(('decided_at__isnull', True), _negated=True)), _connector='OR'), name='finder_suggestion_decided'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='finder_suggestion_decided_at'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(condition=models.Q(('token_hash', ''), _negated=True), fields=('token_hash',), name='finder_suggestion_token'),
        ),
    ]
