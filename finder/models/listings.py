"""Listing: the flat read model of a searchable meeting; search.index is its only writer."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func


class Listing(models.Model):
    """Everything a search or a card needs of one meeting, in one row; no credentials."""

    # CASCADE: derived from the meeting; recomputed at any time.
    meeting = models.OneToOneField(
        "finder.Meeting", on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    group_id = models.BigIntegerField(db_index=True)
    program = models.CharField(max_length=40)
    model = models.CharField(max_length=20)
    is_secular = models.BooleanField(null=True)
    kind = models.CharField(max_length=12)
    weekday = models.SmallIntegerField(null=True)
    start_minute = models.SmallIntegerField(null=True, help_text="Minutes after local midnight.")
    duration_minutes = models.SmallIntegerField(null=True)
    timezone = models.CharField(max_length=40)
    rrule = models.CharField(max_length=120, blank=True)
    first_on = models.DateField(null=True)
    exceptions = models.JSONField(default=list)
    format = models.CharField(max_length=10)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    focus = ArrayField(models.CharField(max_length=40), default=list)
    focus_no = ArrayField(models.CharField(max_length=40), default=list)
    access = ArrayField(models.CharField(max_length=40), default=list)
    access_no = ArrayField(models.CharField(max_length=40), default=list)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    languages_no = ArrayField(models.CharField(max_length=12), default=list)
    substances = ArrayField(models.CharField(max_length=20), default=list)
    # Tier (0 best .. 5) and lower bound of each medication, for filters and order.
    methadone_tier = models.SmallIntegerField(default=3)
    methadone_lower = models.FloatField(default=0)
    buprenorphine_tier = models.SmallIntegerField(default=3)
    buprenorphine_lower = models.FloatField(default=0)
    naltrexone_tier = models.SmallIntegerField(default=3)
    naltrexone_lower = models.FloatField(default=0)
    verified_on = models.DateField(null=True)
    sort_name = models.CharField(max_length=255, db_collation="C")
    words = SearchVectorField(null=True)
    document = models.JSONField(default=dict)

    class Meta:
        indexes = [
            GistIndex(Func(F("lng"), F("lat"), function="point"), name="finder_listing_point"),
            GinIndex("words", name="finder_listing_words"),
        ]

    def __str__(self) -> str:
        return f"listing {self.pk}"
