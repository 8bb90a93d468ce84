"""What the background does for visitors and service bodies: mails letters, forgets what is over."""

from datetime import datetime, timedelta

from finder import letters, limits, outbox, suggestions


def forget(*, now: datetime) -> None:
    """Delete what was kept only for a while: counts, threads that are over, unsent letters."""
    limits.forget(now=now)
    suggestions.forget(now=now)
    letters.forget(now=now)


TASKS = {
    # Mailed within the transaction that ends the job: killed in between, it is mailed again.
    letters.SEND: outbox.Task(letters.send),
    "forget_suggestions": outbox.Task(forget),
}
RECURRING = [outbox.Recurring("forget_suggestions", timedelta(hours=1))]
