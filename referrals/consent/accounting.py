"""Who was told what, and when: the accounting of three years, of six that are kept."""

from calendar import monthrange
from datetime import datetime

from django.db.models import QuerySet

from referrals.models import KEPT_YEARS, SHOWN_YEARS, Disclosure, Patient


def shown(patient: Patient, *, now: datetime) -> QuerySet[Disclosure]:
    """Return what was told of a patient in the last three years, newest first."""
    rows = Disclosure.objects.filter(patient=patient, at__gt=years_before(now, SHOWN_YEARS))
    return rows.select_related("by", "recipient_organization", "referral__group", "consent")


def kept_since(now: datetime) -> datetime:
    """Return the moment before which a line of the accounting may go."""
    return years_before(now, KEPT_YEARS)


def years_before(moment: datetime, years: int) -> datetime:
    """Go back by whole years; the last of February where there is no 29th.

    >>> years_before(datetime(2028, 2, 29, 12), 3)
    datetime.datetime(2025, 2, 28, 12, 0)
    """
    year = moment.year - years
    day = min(moment.day, monthrange(year, moment.month)[1])
    return moment.replace(year=year, day=day)
