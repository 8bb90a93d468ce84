"""The read model of a searchable meeting, in two tables; search.index is its only writer.

A search looks at many listings and shows few, so what it looks at is one narrow row and what is
shown (with the words that text is found by) is another.
"""

import orjson
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Now

# The folding text search configuration of the first migration.
CONFIG = "mhg"
WEIGHTED_WORDS = (
    SearchVector("title_words", weight="A", config=CONFIG)
    + SearchVector("tag_words", weight="B", config=CONFIG)
    + SearchVector("place_words", weight="C", config=CONFIG)
    + SearchVector("note_words", weight="D", config=CONFIG)
)


def _codes(length: int = 40) -> ArrayField:
    return ArrayField(models.CharField(max_length=length), default=list)


class ListingQuerySet(models.QuerySet):
    """Reads of listings."""

    def with_document(self) -> "ListingQuerySet":
        """Bring what a card shows along, in one more query, and leave the words behind."""
        return self.prefetch_related(
            models.Prefetch("text", queryset=ListingText.objects.only("document"))
        )


class Listing(models.Model):
    """Everything a search compares of one meeting, in one narrow row; no credentials."""

    # CASCADE: derived from the meeting; recomputed at any time.
    meeting = models.OneToOneField(
        "finder.Meeting", on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    group_id = models.BigIntegerField(db_index=True)
    program = models.CharField(max_length=40)
    model = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    weekday = models.SmallIntegerField(null=True)
    start = models.TimeField(null=True)
    # Minutes after Monday's midnight in the listing's own zone; only where every week is alike,
    # so that SQL can resolve it. All others are resolved one by one.
    week_minute = models.SmallIntegerField(null=True)
    duration_minutes = models.SmallIntegerField(null=True)
    timezone = models.CharField(max_length=40)
    rrule = models.CharField(max_length=120, blank=True)
    first_on = models.DateField(null=True)
    # [date, start or null] and [from, until or null], as ISO text.
    exceptions = models.JSONField(default=list)
    closures = models.JSONField(default=list)
    format = models.CharField(max_length=10)
    has_link = models.BooleanField(default=False)
    has_phone = models.BooleanField(default=False)
    # Only where one can go: online and phone meetings have no point.
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    # The point stands for an area: near enough to find it, too far off for a pin.
    is_approximate = models.BooleanField(default=False)
    focus = _codes()
    focus_no = _codes()
    access = _codes()
    access_no = _codes()
    languages = _codes(12)
    languages_no = _codes(12)
    types = _codes()
    # Tier (0 best .. 5) and lower bound of each medication; null when nothing may be said.
    methadone_tier = models.SmallIntegerField(null=True)
    methadone_lower = models.FloatField(null=True)
    buprenorphine_tier = models.SmallIntegerField(null=True)
    buprenorphine_lower = models.FloatField(null=True)
    naltrexone_tier = models.SmallIntegerField(null=True)
    naltrexone_lower = models.FloatField(null=True)
    verified_on = models.DateField(null=True)
    sort_name = models.CharField(max_length=255, db_collation="C")

    objects = ListingQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(Func(F("lng"), F("lat"), function="point"), name="finder_listing_point"),
            # What starts soon, and how much there is of a format, is told by the index alone.
            models.Index(
                fields=["timezone", "week_minute"],
                include=["format", "meeting"],
                name="finder_listing_week",
            ),
            models.Index(fields=["format"], name="finder_listing_format"),
            *(
                models.Index(fields=[f"{m}_tier", "format"], name=f"finder_listing_{m}")
                for m in ("methadone", "buprenorphine", "naltrexone")
            ),
            GinIndex(
                fields=["focus", "languages", "access"],
                fastupdate=False,
                name="finder_listing_codes",
            ),
            # The few that SQL cannot resolve.
            models.Index(
                fields=["kind"],
                condition=models.Q(week_minute__isnull=True),
                name="finder_listing_other",
            ),
        ]

    def __str__(self) -> str:
        return f"listing {self.pk}"

    @property
    def document(self) -> dict:
        """The row of the API without what depends on who asks and when; reads the text."""
        return orjson.loads(self.text.document)


class ListingText(models.Model):
    """What a listing says and the words it is found by, read for the few that are shown."""

    # CASCADE, and no constraint: written and deleted with its listing, by the same hand.
    listing = models.OneToOneField(
        Listing,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="text",
        db_constraint=False,
    )
    title_words = models.TextField(blank=True)
    tag_words = models.TextField(blank=True)
    place_words = models.TextField(blank=True)
    note_words = models.TextField(blank=True)
    words = models.GeneratedField(
        expression=WEIGHTED_WORDS, output_field=SearchVectorField(), db_persist=True
    )
    # JSON as it is sent, so that an answer is made by joining texts.
    document = models.TextField()

    class Meta:
        indexes = [GinIndex("words", name="finder_listing_words")]

    def __str__(self) -> str:
        return f"text of listing {self.pk}"


class DirectoryChange(models.Model):
    """One statement that changed what the directory says; the database writes these itself."""

    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"change {self.pk}"
