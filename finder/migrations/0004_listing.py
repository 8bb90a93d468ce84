"""Draw the listing anew: it holds nothing that cannot be recomputed."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('finder', '0003_cache'),
    ]

    operations = [
        migrations.DeleteModel('Listing'),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='listing', serialize=False, to='finder.meeting')),
                ('group_id', models.BigIntegerField(db_index=True)),
                ('program', models.CharField(max_length=40)),
                ('model', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=12)),
                ('weekday', models.SmallIntegerField(null=True)),
                ('start', models.TimeField(null=True)),
                ('week_minute', models.SmallIntegerField(null=True)),
                ('duration_minutes', models.SmallIntegerField(null=True)),
                ('timezone', models.CharField(max_length=40)),
                ('rrule', models.CharField(blank=True, max_length=120)),
                ('first_on', models.DateField(null=True)),
                ('exceptions', models.JSONField(default=list)),
                ('closures', models.JSONField(default=list)),
                ('format', models.CharField(max_length=10)),
                ('has_link', models.BooleanField(default=False)),
                ('has_phone', models.BooleanField(default=False)),
                ('lat', models.FloatField(null=True)),
                ('lng', models.FloatField(null=True)),
                ('focus', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('focus_no', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('access', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('access_no', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('languages_no', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('methadone_tier', models.SmallIntegerField(null=True)),
                ('methadone_lower', models.FloatField(null=True)),
                ('buprenorphine_tier', models.SmallIntegerField(null=True)),
                ('buprenorphine_lower', models.FloatField(null=True)),
                ('naltrexone_tier', models.SmallIntegerField(null=True)),
                ('naltrexone_lower', models.FloatField(null=True)),
                ('verified_on', models.DateField(null=True)),
                ('sort_name', models.CharField(db_collation='C', max_length=255)),
                ('title_words', models.TextField(blank=True)),
                ('tag_words', models.TextField(blank=True)),
                ('place_words', models.TextField(blank=True)),
                ('note_words', models.TextField(blank=True)),
                ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title_words', config='mhg', weight='A'), '||', django.contrib.postgres.search.SearchVector('tag_words', config='mhg', weight='B'), django.contrib.postgres.search.SearchConfig('mhg')), '||', django.contrib.postgres.search.SearchVector('place_words', config='mhg', weight='C'), django.contrib.postgres.search.SearchConfig('mhg')), '||', django.contrib.postgres.search.SearchVector('note_words', config='mhg', weight='D'), django.contrib.postgres.search.SearchConfig('mhg')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('document', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GistIndex(models.Func(models.F('lng'), models.F('lat'), function='point'), name='finder_listing_point'), django.contrib.postgres.indexes.GinIndex(models.F('words'), name='finder_listing_words'), models.Index(fields=['timezone', 'week_minute'], name='finder_listing_week')],
            },
        ),
    ]
