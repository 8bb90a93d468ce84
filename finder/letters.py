"""Mail that goes out later: a sealed letter and a job that names it by its number alone."""

from datetime import datetime, timedelta

from django.core.mail import send_mail

from finder.models import Letter
from finder.outbox import enqueue
from finder.sealing import Unreadable, seal, unseal

SEND = "send_letter"
KEPT = timedelta(days=3)
_PURPOSE = "letter"


def post(*, to: str, subject: str, body: str, now: datetime) -> None:
    """Write a letter in the current transaction; a worker mails it after the commit."""
    sealed = seal({"to": to, "subject": subject, "body": body}, purpose=_PURPOSE)
    letter = Letter.objects.create(sealed=sealed, written_at=now)
    enqueue(SEND, {"letter": letter.pk})


def send(*, letter: int, now: datetime) -> None:
    """Mail one letter and delete it; one that is gone or cannot be opened is let go."""
    row = Letter.objects.filter(pk=letter).first()
    if row is None:
        return
    try:
        told = unseal(row.sealed, purpose=_PURPOSE)
    except Unreadable:
        row.delete()
        return
    send_mail(told["subject"], told["body"], None, [told["to"]])
    row.delete()


def forget(*, now: datetime) -> int:
    """Delete letters that could not be mailed in time."""
    gone, _ = Letter.objects.filter(written_at__lt=now - KEPT).delete()
    return gone
