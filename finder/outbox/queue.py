"""Puts jobs into the table and says how the queue stands; doing them lives in work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from finder.models import Job, Worker
from finder.models.outbox import JobQuerySet

CHANNEL = "finder_outbox"
# One worker at a time looks for recurring jobs to make; the number only has to be ours.
RECURRING_LOCK = 7_203_114_001
KEEP_FINISHED = timedelta(days=14)
KEEP_GIVEN_UP = timedelta(days=180)
# A worker writes its beat three times a minute.
SILENT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that comes around by itself: every ``every`` from midnight UTC plus ``offset``."""

    kind: str
    every: timedelta
    offset: timedelta = timedelta(0)
    args: Mapping = field(default_factory=dict)

    def slot(self, now: datetime) -> datetime:
        """Return the start of the stretch that ``now`` lies in."""
        start = datetime(2000, 1, 1, tzinfo=UTC) + self.offset
        return start + (now - start) // self.every * self.every

    def key(self, now: datetime) -> str:
        """Name this job in this stretch of time."""
        return f"{self.kind}@{self.slot(now):%Y-%m-%dT%H:%M:%S}"


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the queue stands: workers alive, jobs due, seconds the oldest has waited, given up."""

    workers: int
    due: int
    oldest_seconds: int
    given_up: int


def clock() -> datetime:
    """Ask the database for the time, since workers on several machines share only its clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def enqueue(
    kind: str,
    args: Mapping | None = None,
    *,
    run_at: datetime | None = None,
    dedupe: str = "",
) -> Job:
    """Add a job to the current transaction and wake a worker when it commits.

    Where a live job has the same ``dedupe`` key, that one is returned: brought forward when
    it waits for later, left alone when a worker is at it.
    """
    job = Job(kind=kind, args=dict(args or {}), run_at=run_at or clock(), dedupe=dedupe)
    with transaction.atomic():
        kept = _add_once(job) if dedupe else _add(job)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return kept


def _add(job: Job) -> Job:
    job.save(force_insert=True)
    return job


def _add_once(job: Job) -> Job:
    # A job may end between the two statements; then there is room for the new one.
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        same = Job.objects.live().filter(dedupe=job.dedupe)
        same.filter(lease_until=None, run_at__gt=job.run_at).update(run_at=job.run_at)
        if kept := same.first():
            return kept


def enqueue_recurring(recurring: Sequence[Recurring], *, now: datetime) -> int:
    """Make each recurring job once for the stretch of time we are in; return how many were new.

    Stretches that passed while no worker ran are not made up for.
    """
    if not _missing(recurring, now):
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RECURRING_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        missing = _missing(recurring, now)
        for job in missing:
            enqueue(job.kind, job.args, run_at=now, dedupe=job.key(now))
    return len(missing)


def _missing(recurring: Sequence[Recurring], now: datetime) -> list[Recurring]:
    keys = [job.key(now) for job in recurring]
    made = set(Job.objects.filter(dedupe__in=keys).values_list("dedupe", flat=True))
    return [job for job in recurring if job.key(now) not in made]


def try_again(jobs: JobQuerySet, *, now: datetime) -> int:
    """Make a new job for each of these that was given up; the old one stays to be seen."""
    given_up = jobs.given_up()
    return len([enqueue(job.kind, job.args, run_at=now, dedupe=job.dedupe) for job in given_up])


def forget(*, now: datetime) -> int:
    """Delete jobs that ended long ago and the rows of workers that were killed."""
    done, _ = Job.objects.filter(finished_at__lt=now - KEEP_FINISHED).delete()
    given_up, _ = Job.objects.filter(failed_at__lt=now - KEEP_GIVEN_UP).delete()
    Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    return done + given_up


def state(*, now: datetime) -> QueueState:
    """Count workers and jobs, for the health page and the curators' desk; four queries."""
    due = Job.objects.due(now)
    oldest = due.aggregate(oldest=Min("run_at"))["oldest"]
    return QueueState(
        workers=Worker.objects.filter(seen_at__gt=now - SILENT).count(),
        due=due.count(),
        oldest_seconds=int((now - oldest).total_seconds()) if oldest else 0,
        given_up=Job.objects.given_up().count(),
    )
