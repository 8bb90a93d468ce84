"""A referral of another organization, read under a consent and with what must travel with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from referrals import consent, lifecycle
from referrals.api import rows
from referrals.api.base import Asker
from referrals.consent import NotReleased, Received
from referrals.models import Category, Referral


def read(
    asker: Asker,
    pk: UUID,
    *,
    now: datetime,
    first: Callable[[Referral], None] | None = None,
) -> dict[str, Any]:
    """Tell what the consent names of a referral, with the notice and the scope of the consent.

    ``first`` acts on the referral before it is told. Raises Http404 to whom nothing was given, a
    token among them, and where the consent lets nothing leave any more.
    """
    if asker.user is None:
        raise Http404
    with consent.opened(asker.user, pk, now=now) as received:
        if received is None:
            raise Http404
        if first is not None:
            first(received.referral)
            received.referral.refresh_from_db()
        return _told(received, asker, now=now)


def _told(received: Received, asker: Asker, *, now: datetime) -> dict[str, Any]:
    referral, by = received.referral, asker.user
    try:
        given = consent.release(referral.patient, "received_api", by=by, now=now, referral=referral)
    except NotReleased as refusal:
        raise Http404 from refusal
    told = {
        Category.GROUPS: lambda: rows.referral_row(referral),
        Category.MEDICATION: lambda: {"medication": referral.medication},
        Category.REASONS: lambda: {"reason": referral.reason},
        Category.CHECK_INS: lambda: {
            "check_ins": [rows.check_in_row(row) for row in referral.check_ins.order_by("-at")]
        },
        Category.NOTES: lambda: {
            "notes": [
                {"at": event.at, "reason": event.reason}
                for event in referral.events.order_by("at")
                if event.reason
            ]
        },
    }
    row: dict[str, Any] = {"id": referral.pk, "received_from": referral.organization.name}
    for category, tell in told.items():
        # Only what is told is read.
        if given.has(category):
            row |= tell()
    moves = lifecycle.moves_for(referral, by=by)
    return row | {"moves": [rows.move_row(move) for move in moves]} | consent.document(given)
