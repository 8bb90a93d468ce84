"""What the directory does in the background and how often; how jobs are done lives in outbox."""

from datetime import datetime, timedelta

from finder import asking, curation, outbox
from finder.feeds import pulling
from finder.models import Source
from finder.search import snapshot, version


def queue_pulls(*, now: datetime) -> None:
    """Ask for a pull of each source whose time has come."""
    pulling.enqueue_due(now=now)


def pull_source(*, now: datetime, source: int) -> None:
    """Read one source, unless it was switched off since that was asked for."""
    active = Source.objects.filter(pk=source, is_active=True).exclude(url="")
    if found := active.select_related("program").first():
        pulling.pull(found, now=now)


def age_readings(*, now: datetime) -> None:
    """Publish a month that ended, then read all evidence for the day: it weighs less with age."""
    asking.publish_figures(today=now.date())
    curation.reassess(today=now.date())


def find_duplicates(*, now: datetime) -> None:
    """Look for groups that two sources list; people decide."""
    curation.find_duplicates(now=now)


def write_snapshot(*, now: datetime) -> None:
    """Copy what matching weighs into files of this machine, if the directory has changed."""
    snapshot.write(now=now)


def forget_jobs(*, now: datetime) -> None:
    """Delete jobs that ended long ago, and notes of changes that nobody reads any more."""
    outbox.forget(now=now)
    version.forget(now=now)


TASKS = {
    "queue_pulls": outbox.Task(queue_pulls),
    # It waits for the network; the import in it is one transaction, and reading twice is harmless.
    pulling.KIND: outbox.Task(pull_source, is_atomic=False),
    # Batch by batch, each in a transaction of its own; a second run writes nothing.
    "age_readings": outbox.Task(age_readings, is_atomic=False),
    "find_duplicates": outbox.Task(find_duplicates),
    # Files are no part of a transaction; written twice they are the same.
    "write_snapshot": outbox.Task(write_snapshot, is_atomic=False),
    "forget_jobs": outbox.Task(forget_jobs),
}
RECURRING = [
    outbox.Recurring("queue_pulls", timedelta(minutes=5)),
    outbox.Recurring("write_snapshot", timedelta(minutes=5)),
    # Night in the United States.
    outbox.Recurring("age_readings", timedelta(days=1), offset=timedelta(hours=8)),
    outbox.Recurring("find_duplicates", timedelta(days=1), offset=timedelta(hours=9)),
    outbox.Recurring("forget_jobs", timedelta(days=1), offset=timedelta(hours=9)),
]
