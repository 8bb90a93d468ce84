"""The loop of one worker: take a job, do it, end it or put it off; tasks come from outside."""

import select
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Min
from django.db.models.functions import Greatest

from finder.models import Job, Worker
from finder.outbox.queue import CHANNEL, Recurring, clock, enqueue_recurring

LEASE = timedelta(seconds=60)
# A job that runs longer than this is taken for stuck: its lease is let go.
LONGEST_RUN = timedelta(minutes=20)
POLL_SECONDS = 15.0
# Seven waits, from half a minute to six hours: most of a day in all.
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)

_log = structlog.get_logger("finder.outbox")


class JobError(Exception):
    """A job could not be done; the message is a plain sentence without personal data."""


class _LeaseLost(Exception):
    """Another worker has this job now; what was done in its transaction must not stay."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a kind of job does: ``run(now=, **args)``.

    An atomic task shares the transaction that finishes its job, so that its writes happen
    exactly once. One that waits for the network is not atomic: it may be done again after
    a worker was killed, and must bear that.
    """

    run: Callable
    is_atomic: bool = True


def work(
    tasks: Mapping[str, Task],
    *,
    name: str,
    stop: threading.Event,
    recurring: Sequence[Recurring] = (),
    is_once: bool = False,
    now: Callable[[], datetime] = clock,
    lease: timedelta = LEASE,
) -> int:
    """Do jobs until told to stop, or with ``is_once`` until none is due; return how many ran.

    Only kinds named in ``tasks`` are taken, so that workers of two versions can share a queue.
    """
    loop = _Loop(tasks, recurring, name, lease, now)
    done = failures = 0
    with _Keeper(loop):
        while not stop.is_set():
            try:
                if loop.turn():
                    done += 1
                elif is_once:
                    break
                else:
                    loop.wait(stop)
                failures = 0
            except (OperationalError, InterfaceError) as error:
                # The database went away. It usually comes back.
                if is_once:
                    raise
                failures += 1
                _log.warning("database", kind=type(error).__name__, tries=failures)
                connection.close()
                stop.wait(min(2**failures, 30))
    return done


class _Loop:
    def __init__(self, tasks, recurring, name: str, lease: timedelta, now: Callable) -> None:
        self.tasks, self.recurring, self.name = tasks, recurring, name
        self.lease, self.now = lease, now
        self.job: Job | None = None
        self._listening = None
        self._looked = -POLL_SECONDS

    def turn(self) -> bool:
        """Make what comes around by itself, then do one job; False when none was due."""
        self._listen()
        if time.monotonic() - self._looked >= POLL_SECONDS:
            enqueue_recurring(self.recurring, now=self.now())
            self._looked = time.monotonic()
        return self.do_one()

    def _listen(self) -> None:
        # Asked again when the connection was made anew.
        connection.ensure_connection()
        if self._listening is not connection.connection:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._listening = connection.connection

    def wait(self, stop: threading.Event) -> None:
        """Sleep until a job is added, the next one is due, or a poll's time has passed."""
        raw = connection.connection
        until = time.monotonic() + self._until_next()
        while not raw.notifies and not stop.is_set():
            left = until - time.monotonic()
            if left <= 0:
                break
            # In short stretches, since a call to stop does not wake select.
            with connection.wrap_database_errors:
                if select.select([raw], [], [], min(left, 0.5))[0]:
                    raw.poll()
        raw.notifies.clear()

    def _until_next(self) -> float:
        # PostgreSQL's GREATEST passes over NULL, so a free job counts by its time alone.
        live = Job.objects.live().filter(kind__in=self.tasks)
        soonest = live.aggregate(soonest=Min(Greatest("run_at", "lease_until")))["soonest"]
        if soonest is None:
            return POLL_SECONDS
        return min(max((soonest - self.now()).total_seconds(), 0.0), POLL_SECONDS)

    def do_one(self) -> bool:
        """Take one job and do it; False when none is due."""
        job = self._take()
        if job is None:
            return False
        self.job = job
        began = time.monotonic()
        try:
            outcome = self._do(job)
        finally:
            self.job = None
        seconds = round(time.monotonic() - began, 3)
        _log.info("job", id=job.pk, job=job.kind, tries=job.attempts, end=outcome, seconds=seconds)
        return True

    def _take(self) -> Job | None:
        now = self.now()
        with transaction.atomic():
            due = Job.objects.due(now).filter(kind__in=self.tasks).order_by("run_at", "pk")
            job = due.select_for_update(skip_locked=True).first()
            if job is None:
                return None
            job.attempts += 1
            job.leased_by, job.lease_until = self.name, now + self.lease
            job.save(update_fields=["attempts", "leased_by", "lease_until"])
        return job

    def _do(self, job: Job) -> str:
        if job.attempts > MAX_ATTEMPTS:
            # Every try ended with its worker: a job that kills workers must not go round for ever.
            return self._put_off(job, "Each worker that tried this stopped while it was at it.")
        task = self.tasks[job.kind]
        try:
            with transaction.atomic() if task.is_atomic else nullcontext():
                task.run(now=self.now(), **job.args)
                self._end(job, finished_at=self.now(), last_error="")
        except _LeaseLost:
            return "lost"
        except JobError as error:
            return self._put_off(job, str(error))
        except Exception as error:
            _complain(job, error)
            if not connection.is_usable():
                # The lease runs out by itself; the next try may find the database back.
                raise OperationalError("The connection broke off during a job.") from error
            return self._put_off(job, f"It stopped on an error of ours ({type(error).__name__}).")
        return "done"

    def _put_off(self, job: Job, sentence: str) -> str:
        now, last_error = self.now(), sentence[:300]
        try:
            if job.attempts >= MAX_ATTEMPTS:
                self._end(job, failed_at=now, last_error=last_error)
                return "given up"
            wait = min(FIRST_WAIT * 4 ** (job.attempts - 1), LONGEST_WAIT)
            self._end(job, run_at=now + wait, last_error=last_error)
        except _LeaseLost:
            return "lost"
        return "put off"

    def _end(self, job: Job, **values) -> None:
        mine = Job.objects.live().filter(pk=job.pk, leased_by=self.name, attempts=job.attempts)
        if not mine.update(leased_by="", lease_until=None, **values):
            raise _LeaseLost


def _complain(job: Job, error: Exception) -> None:
    # Never the message, which may quote a row; and our own lines, not the libraries'.
    frames = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in frames if "site-packages" not in frame.filename][-8:]
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error("job failed", id=job.pk, job=job.kind, kind=type(error).__name__, lines=lines)


class _Keeper(threading.Thread):
    """Says that the worker lives and keeps the lease of its job, on a connection of its own."""

    def __init__(self, loop: _Loop) -> None:
        super().__init__(name=f"keeper of {loop.name}", daemon=True)
        self._loop, self._ended = loop, threading.Event()
        self._job, self._since = None, 0.0

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_error) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                self._beat()
            except (OperationalError, InterfaceError):
                connection.close()
            self._ended.wait(self._loop.lease.total_seconds() / 3)
        self._leave()

    def _beat(self) -> None:
        now, name = self._loop.now(), self._loop.name
        if not Worker.objects.filter(name=name).update(seen_at=now):
            Worker.objects.create(name=name, started_at=now, seen_at=now)
        job = self._loop.job
        if job is not self._job:
            self._job, self._since = job, time.monotonic()
        if job and time.monotonic() - self._since < LONGEST_RUN.total_seconds():
            held = Job.objects.live().filter(pk=job.pk, leased_by=name, attempts=job.attempts)
            held.update(lease_until=now + self._loop.lease)

    def _leave(self) -> None:
        try:
            Worker.objects.filter(name=self._loop.name).delete()
        except (OperationalError, InterfaceError):
            pass
        finally:
            connection.close()
