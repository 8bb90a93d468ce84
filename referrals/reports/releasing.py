"""De-identified figures of an organization: told once for each quarter, then kept as told.

Figures that were told again after a referral came or went would tell of that one person, so the
first telling stays. A quarter is told once the last referral of it was followed for 90 days.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from finder.models import User
from referrals import audit
from referrals.models import Kind, Organization, Referral, Release
from referrals.permissions import Permission, demand
from referrals.reports.counting import DIMENSIONS, cases
from referrals.reports.hiding import deidentified
from referrals.reports.quarters import Quarter, whole_quarters
from referrals.reports.tables import Report
from referrals.reports.working import begun_in, day_of


class NotWhole(Exception):
    """The quarter is not over, or its last referrals were not followed for 90 days yet."""


def released(
    quarter: Quarter, *, organization: Organization, by: User | None, now: datetime
) -> Report:
    """Return what is told of a quarter; the first to ask has it counted and kept.

    ``by`` is None for the site itself. Needs the rows of the organization open. Raises NotWhole.
    """
    if by is not None:
        demand(by, Permission.READ_REPORT, organization=organization)
    if not quarter.is_whole(day_of(now)):
        raise NotWhole(quarter.code)
    with transaction.atomic():
        kept = _kept(quarter, organization=organization, now=now)
        audit.record(Kind.REPORT_READ, target=kept, by=by, organization=organization)
    return Report.from_document(kept.figures)


def _kept(quarter: Quarter, *, organization: Organization, now: datetime) -> Release:
    found = Release.objects.filter(organization=organization, quarter=quarter.code).first()
    if found is not None:
        return found
    rows = begun_in(Referral.objects.filter(organization=organization), quarter)
    report = deidentified(cases(rows, dimensions=DIMENSIONS))
    # Two who ask first at once: the database keeps one, and both are told that.
    return Release.objects.get_or_create(
        organization=organization,
        quarter=quarter.code,
        defaults={"figures": report.document(), "released_at": now},
    )[0]


def released_quarters(organization: Organization, *, now: datetime) -> Iterator[Quarter]:
    """Give the quarters that may be told, newest first; one query."""
    rows = Referral.objects.filter(organization=organization)
    first = rows.aggregate(at=Min("created_at"))["at"]
    if first is None:
        return iter(())
    return whole_quarters(day_of(first), today=day_of(now))
