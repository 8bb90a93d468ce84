"""What the directory does in the background and how often; how jobs are done lives in outbox."""

from datetime import datetime, timedelta

from finder import curation, outbox


def age_readings(*, now: datetime) -> None:
    """Read all evidence anew for the day: it weighs less as it ages."""
    curation.reassess(today=now.date())


def forget_jobs(*, now: datetime) -> None:
    """Delete jobs that ended long ago."""
    outbox.forget(now=now)


TASKS = {
    # Batch by batch, each in a transaction of its own; a second run writes nothing.
    "age_readings": outbox.Task(age_readings, is_atomic=False),
    "forget_jobs": outbox.Task(forget_jobs),
}
# Night in the United States.
RECURRING = [
    outbox.Recurring("age_readings", timedelta(days=1), offset=timedelta(hours=8)),
    outbox.Recurring("forget_jobs", timedelta(days=1), offset=timedelta(hours=9)),
]
