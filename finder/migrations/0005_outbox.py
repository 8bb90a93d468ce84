"""The table of background jobs, and the workers at them."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('finder', '0004_listing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('args', models.JSONField(blank=True, default=dict)),
                ('dedupe', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('run_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_by', models.CharField(blank=True, max_length=120)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('name', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('failed_at', None), ('finished_at', None)), fields=['run_at', 'id'], name='finder_job_live'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['dedupe'], name='finder_job_dedupe'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('failed_at', None), ('finished_at', None), models.Q(('dedupe', ''), _negated=True)), fields=('dedupe',), name='finder_job_once_while_live'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('leased_by', ''), ('lease_until__isnull', True)), models.Q(models.Q(('leased_by', ''), _negated=True), models.Q(('lease_until__isnull', True), _negated=True)), _connector='OR'), name='finder_job_lease_holder'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('finished_at', None), ('failed_at', None), _connector='OR'), name='finder_job_ends_once'),
        ),
    ]
