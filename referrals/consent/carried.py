"""What travels with a disclosure: the notice and the scope of the consent, in every format."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.consent.releasing import Released
from referrals.models import Consent, Expiry, Signer


def scope(consent: Consent) -> list[tuple[str, str]]:
    """Say what a consent allows, a pair of words for each of its elements."""
    lines = [
        (_("Whose record"), consent.patient_name),
        (_("Who may tell"), consent.discloser),
        (_("Who may be told"), str(consent.recipient_organization or consent.recipient_name)),
        (_("What may be told"), "; ".join(map(str, consent.category_labels))),
        (_("What for"), str(consent.get_purpose_display())),
        (_("Until"), until(consent)),
        (_("Signed"), f"{_day(consent.signed_at)}, {_signer(consent)}"),
    ]
    return [(name, text) for name, text in lines if text]


def until(consent: Consent) -> str:
    """Say when a consent ends by itself."""
    if consent.expiry == Expiry.DATE and consent.expires_at:
        # What is kept is the midnight after the day named.
        return _("the end of %(day)s") % {"day": _day(consent.expires_at - timedelta(seconds=1))}
    return str(consent.get_expiry_display())


def _signer(consent: Consent) -> str:
    told = str(consent.get_method_display()).lower()
    if consent.signer == Signer.PATIENT:
        return told
    return f"{told}; {consent.get_signer_display()}; {consent.authority}".rstrip("; ")


def _day(moment: datetime) -> str:
    return date_format(moment.astimezone(ZoneInfo(settings.DEFAULT_VIEWER_ZONE)), "DATE_FORMAT")


def document(given: Released) -> dict:
    """Return the notice and the scope as a JSON document carries them."""
    return {
        "notice": given.wording.notice,
        "notice_version": given.wording.version,
        "consent": dict(scope(given.consent)),
    }


def rows(given: Released) -> Iterator[list[str]]:
    """Yield the last rows of a table: the scope, then the notice."""
    for name, text in scope(given.consent):
        yield [name, text]
    yield [_("Notice"), given.wording.notice]


def text(given: Released) -> str:
    """Return the notice and the scope as plain text."""
    lines = [f"{name}: {value}" for name, value in scope(given.consent)]
    return "\n".join([*lines, "", given.wording.notice])
