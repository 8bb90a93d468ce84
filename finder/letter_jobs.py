"""What the background does for visitors and service bodies: mails letters, forgets what is over."""

from datetime import datetime, timedelta

from django.conf import settings

from finder import lane, letters, limits, outbox, suggestions


def forget(*, now: datetime) -> None:
    """Delete what was kept only for a while: counts, threads that are over, unsent letters."""
    limits.forget(now=now)
    suggestions.forget(now=now)
    letters.forget(now=now)


def queue_reminders(*, now: datetime) -> None:
    """Ask for a letter to each service body whose time has come; its job names a number alone."""
    if not settings.SITE_URL:
        return
    for body in lane.due(now=now):
        outbox.enqueue(REMIND, {"body": body.pk}, dedupe=f"{REMIND}:{body.pk}")


def remind(*, now: datetime, body: int) -> None:
    """Write to one service body, unless it was decided otherwise since."""
    lane.remind(body, now=now, site=settings.SITE_URL)


REMIND = "remind_service_body"
TASKS = {
    # Mailed within the transaction that ends the job: killed in between, it is mailed again.
    letters.SEND: outbox.Task(letters.send),
    "forget_suggestions": outbox.Task(forget),
    "queue_reminders": outbox.Task(queue_reminders),
    REMIND: outbox.Task(remind),
}
RECURRING = [
    outbox.Recurring("forget_suggestions", timedelta(hours=1)),
    # Morning in the United States.
    outbox.Recurring("queue_reminders", timedelta(days=1), offset=timedelta(hours=14)),
]
