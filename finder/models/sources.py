"""Where each row came from, what each import did, and what went wrong; no raw payload."""

from datetime import datetime

import pghistory
from django.db import models
from django.db.models import Q

from finder.models.constraints import between, one_of, paired

# What a pull writes each time; a change of these is no change of the source.
PULL_STATE = [
    "etag",
    "last_modified",
    "validated_hash",
    "next_pull_at",
    "last_pulled_at",
    "last_success_at",
    "failures",
    "health",
]


class SourceQuerySet(models.QuerySet):
    """Which sources."""

    def pulled(self) -> "SourceQuerySet":
        """Sources that are read from an address by themselves."""
        return self.filter(is_active=True, interval_hours__gt=0).exclude(url="")

    def due(self, now: datetime) -> "SourceQuerySet":
        """Pulled sources whose next pull has come."""
        return self.pulled().filter(Q(next_pull_at=None) | Q(next_pull_at__lte=now))


@pghistory.track(append_only=True, exclude=["last_seen_at", "last_hash", *PULL_STATE])
class Source(models.Model):
    """A feed or a person that listings come from."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    program = models.ForeignKey("finder.Program", on_delete=models.PROTECT, related_name="sources")
    format = models.CharField(max_length=20, blank=True)
    url = models.URLField(max_length=500, blank=True)
    timezone = models.CharField(max_length=40, blank=True)
    terms = models.TextField(blank=True)
    consent_note = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_hash = models.CharField(max_length=64, blank=True)
    # 0: never by itself.
    interval_hours = models.PositiveSmallIntegerField(default=0)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    # The content that these two stand for; they mean nothing once last_hash is another.
    validated_hash = models.CharField(max_length=64, blank=True)
    next_pull_at = models.DateTimeField(null=True, blank=True)
    last_pulled_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    # What was wrong with the last pull, as a sentence; empty when it went well.
    health = models.CharField(max_length=400, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [between("finder_source_interval", "interval_hours", 0, 24 * 365)]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pulled(self) -> bool:
        """Whether it is read from its address by itself."""
        return bool(self.is_active and self.url and self.interval_hours)

    def start_over(self) -> None:
        """Forget how reading went so far: it is read from another address, or at other times."""
        self.etag = self.last_modified = self.validated_hash = self.health = ""
        self.failures, self.next_pull_at = 0, None


class ImportStatus(models.TextChoices):
    """How a run ended."""

    APPLIED = "applied", "applied"
    PARKED = "parked", "parked for a curator"
    REFUSED = "refused", "refused"
    # A parked run that a curator threw away, or that a later feed of the source replaced.
    DISMISSED = "dismissed", "thrown away by a curator"
    REPLACED = "replaced", "replaced by a later feed"


class ImportRun(models.Model):
    """One reading of one feed: its counts and its end."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=ImportStatus)
    reason = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    read = models.PositiveIntegerField(default=0)
    meetings = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    retired = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    # Who applied a parked run or threw it away.
    decided_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    rolled_back_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rolled_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("finder_importrun_status", "status", ImportStatus.values),
            paired("finder_importrun_decided", "decided_by", "decided_at"),
            paired("finder_importrun_rolled_back", "rolled_back_by", "rolled_back_at"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class ImportProblem(models.Model):
    """One thing that was wrong with one row, in plain words and without personal data."""

    # CASCADE: a problem is a line of its run.
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}"


class Record(models.Model):
    """What a source last said of one meeting, cleaned; the raw row is never kept."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    key = models.CharField(max_length=300)
    # CASCADE: a record only explains its meeting.
    meeting = models.ForeignKey("finder.Meeting", on_delete=models.CASCADE, related_name="records")
    content_hash = models.CharField(max_length=64)
    cleaned = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="finder_record_key")]

    def __str__(self) -> str:
        return self.key


class Tombstone(models.Model):
    """A group that asked to be taken out; no import brings it back."""

    program = models.ForeignKey("finder.Program", on_delete=models.PROTECT)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True)
    source_key = models.CharField(max_length=300, blank=True)
    name_key = models.CharField(max_length=255, blank=True)
    asked_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey("finder.User", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_key="") | ~Q(name_key=""), name="finder_tombstone_names_a_group"
            )
        ]

    def __str__(self) -> str:
        return self.name_key or self.source_key


class FieldLock(models.Model):
    """A curator's word on one field of one row; it outlives the next import."""

    model = models.CharField(max_length=10, choices=[(m, m) for m in ("group", "meeting", "place")])
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=300, blank=True)
    locked_by = models.ForeignKey("finder.User", on_delete=models.PROTECT)
    locked_at = models.DateTimeField(auto_now_add=True)
    # What the feed says instead, while it does; credentials are not repeated here.
    feed_value = models.JSONField(null=True, blank=True)
    # Since when a curator has not answered that; empty: no conflict waits.
    conflict_since = models.DateTimeField(null=True, blank=True)
    # What the feed said when a curator kept the locked value: said again, it is no news.
    settled_value = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("finder_fieldlock_model", "model", ["group", "meeting", "place"]),
            models.UniqueConstraint(
                fields=["model", "object_id", "field"], name="finder_fieldlock_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}: {self.field}"
