"""Work to be done later and the workers at it; what each kind of job does lives elsewhere."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from finder.models.constraints import paired

LIVE = Q(finished_at=None, failed_at=None)


class JobQuerySet(models.QuerySet):
    """Which jobs."""

    def live(self) -> "JobQuerySet":
        """Jobs neither done nor given up."""
        return self.filter(LIVE)

    def due(self, now: datetime) -> "JobQuerySet":
        """Live jobs whose time has come and that no worker holds."""
        is_free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.live().filter(is_free, run_at__lte=now)

    def given_up(self) -> "JobQuerySet":
        """Jobs that failed as often as they may."""
        return self.exclude(failed_at=None)


class Job(models.Model):
    """One piece of work to be done once; it names rows by id and holds no personal data."""

    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict, blank=True)
    # Of two jobs with one key only one may be live.
    dedupe = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_by = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe"], condition=LIVE & ~Q(dedupe=""), name="finder_job_once_while_live"
            ),
            paired(
                "finder_job_lease_holder", "leased_by", "lease_until", empty_text=("leased_by",)
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(failed_at=None), name="finder_job_ends_once"
            ),
        ]
        indexes = [
            models.Index(fields=["run_at", "id"], condition=LIVE, name="finder_job_live"),
            models.Index(fields=["dedupe"], name="finder_job_dedupe"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Worker(models.Model):
    """A worker at work; its row goes with it, or grows old when it was killed."""

    name = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
