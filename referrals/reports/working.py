"""Figures for one's own work: exact, over the referrals that the person may read one by one."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from finder.models import User
from referrals import audit
from referrals.models import Kind, Organization, Referral
from referrals.permissions import Permission, allows
from referrals.reports.counting import DIMENSIONS, OF_GROUPS, cases
from referrals.reports.quarters import Quarter
from referrals.reports.tables import Report, exact


def own_figures(quarter: Quarter, *, organization: Organization | None, by: User) -> Report:
    """Count the referrals of a quarter that this person may read; it may still be going on.

    Who runs the organization counts all of it by what groups are; nothing that is written about
    a patient is opened for that.
    """
    runs_it = allows(by, Permission.OVERSEE, organization=organization)
    reach = Referral.objects.overseen_by(by) if runs_it else Referral.objects.visible_to(by)
    dimensions = OF_GROUPS if runs_it else tuple(DIMENSIONS)
    rows = begun_in(reach, quarter)
    audit.record(
        Kind.FIGURES_READ, target=("quarter", quarter.code), by=by, organization=organization
    )
    return exact(cases(rows, dimensions=dimensions), dimensions)


def begun_in(rows: QuerySet[Referral], quarter: Quarter) -> QuerySet[Referral]:
    """Keep the referrals that began in a quarter."""
    first, end = quarter.span(settings.DEFAULT_VIEWER_ZONE)
    return rows.filter(created_at__gte=first, created_at__lt=end)


def day_of(now: datetime) -> date:
    """Return the day it is on the clock that quarters go by."""
    return now.astimezone(ZoneInfo(settings.DEFAULT_VIEWER_ZONE)).date()


def recent_quarters(now: datetime, *, count: int = 5) -> list[Quarter]:
    """Return this quarter and those before it, newest first."""
    found = [Quarter.of(day_of(now))]
    while len(found) < count:
        found.append(found[-1].previous)
    return found
