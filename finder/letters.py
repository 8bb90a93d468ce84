"""Mail that goes out later: a sealed letter and a job that names it by its number alone."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import get_language_from_path, override

from finder.models import Letter, ServiceBody
from finder.outbox import enqueue
from finder.sealing import Unreadable, seal, unseal

SEND = "send_letter"
KEPT = timedelta(days=3)
_PURPOSE = "letter"


def post(
    *, to: str, subject: str, body: str, now: datetime, service_body: ServiceBody | None = None
) -> None:
    """Write a letter in the current transaction; a worker mails it after the commit.

    A service body whose address is refused for good is not written to again.
    """
    told = {"to": to, "subject": subject, "body": body}
    if service_body:
        told["service_body"] = service_body.pk
    sealed = seal(told, purpose=_PURPOSE)
    letter = Letter.objects.create(sealed=sealed, written_at=now)
    enqueue(SEND, {"letter": letter.pk})


def in_language_of(link: str) -> AbstractContextManager:
    """Go on in the language of the page a person wrote from: curators may speak another."""
    return override(get_language_from_path(urlsplit(link).path) or settings.LANGUAGE_CODE)


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
    try:
        send_mail(told["subject"], told["body"], None, [told["to"]])
    except SMTPRecipientsRefused as refusal:
        if not _is_for_good(refusal):
            raise
        came_back = ServiceBody.objects.filter(pk=told.get("service_body"))
        came_back.update(bounced_on=now.date())
    row.delete()


def _is_for_good(refusal: SMTPRecipientsRefused) -> bool:
    # RFC 5321, 4.2.1: 4xx may be tried again, 5xx not.
    return all(code >= 500 for code, _words in refusal.recipients.values())


def forget(*, now: datetime) -> int:
    """Delete letters that could not be mailed in time."""
    gone, _ = Letter.objects.filter(written_at__lt=now - KEPT).delete()
    return gone
