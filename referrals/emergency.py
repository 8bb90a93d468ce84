"""A superuser's opening of one organization in an emergency: to read, for an hour at the most.

It holds for the session that opened it. Those who run the organization are told at once, and
what is read under it carries its id in the record.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from finder.models import User
from referrals import audit, notices
from referrals.models import OPEN_FOR, BreakGlass, Kind, Organization
from referrals.permissions import Permission, allows, demand
from referrals.tenancy import organization as rows_of

SHOWN_FOR = timedelta(days=90)
_KEPT = "emergency"


@transaction.atomic
def open_for(
    request: HttpRequest,
    organization: Organization,
    reason: str,
    *,
    minutes: int,
    now: datetime,
) -> BreakGlass:
    """Open an organization to the superuser who asks, in this session."""
    by = request.user
    demand(by, Permission.BREAK_GLASS, organization=organization)
    with rows_of(organization.pk):
        opening = BreakGlass.objects.create(
            organization=organization,
            reason=reason,
            by=by,
            opened_at=now,
            ends_at=now + min(timedelta(minutes=minutes), OPEN_FOR),
        )
        audit.record(Kind.BREAK_GLASS_OPENED, target=opening, by=by, organization=organization)
    request.session[_KEPT] = [str(opening.pk), str(organization.pk)]
    site = f"{request.scheme}://{request.get_host()}"
    address = site + reverse("referrals:dashboard")
    notices.tell_administrators(organization, "emergency", address=address)
    return opening


def opening_of(request: HttpRequest, *, now: datetime) -> BreakGlass | None:
    """Return what this session opened, while it is open; asks nothing for anyone else."""
    kept = request.session.get(_KEPT) if request.user.is_superuser else None
    if kept is None:
        return None
    with rows_of(UUID(kept[1])):
        rows = BreakGlass.objects.open_to(request.user, now=now).select_related("organization")
        opening = rows.filter(pk=kept[0]).first()
    if opening is None:
        del request.session[_KEPT]
    return opening


def end(opening: BreakGlass, *, by: User, now: datetime) -> None:
    """End an opening before its time: whoever opened it, or runs the organization."""
    runs_it = allows(by, Permission.OVERSEE, organization=opening.organization)
    if opening.by_id != by.pk and not runs_it:
        raise PermissionDenied
    with rows_of(opening.organization_id):
        if BreakGlass.objects.filter(pk=opening.pk, ended_at=None).update(ended_at=now):
            audit.record(
                Kind.BREAK_GLASS_ENDED, target=opening, by=by, organization=opening.organization
            )


def recent(organization: Organization, *, now: datetime) -> QuerySet[BreakGlass]:
    """Return the openings of the last 90 days, newest first, for who runs the organization."""
    rows = BreakGlass.objects.filter(organization=organization, opened_at__gt=now - SHOWN_FOR)
    return rows.select_related("by").order_by("-opened_at")
