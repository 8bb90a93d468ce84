"""Doing again, after a restore, what was ended or deleted since the copy was made.

What was ended is known from the notes outside the database (audit.Journal). Each act names a row
and none was ever taken back, so doing one again that the copy already knows changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import models
from django.db.models import QuerySet

from finder.models import User
from referrals import consent, retention
from referrals.audit import Act, Journal
from referrals.models import (
    LASTING,
    ApiToken,
    Assignment,
    BreakGlass,
    Consent,
    Kind,
    Membership,
    NewcomerContact,
    Organization,
    Patient,
    Reader,
    ShareLink,
)
from referrals.tenancy import organization


def repeat(journal: Journal, *, now: datetime) -> dict[str, int]:
    """Do again every lasting act; return how many of each kind changed something."""
    counts = {kind.value: 0 for kind in sorted(LASTING)}
    for act in journal.acts:
        owner = Organization.objects.filter(pk=act.organization or None).first()
        if owner is not None:
            with organization(owner.pk):
                counts[act.kind] += bool(_AGAIN[Kind(act.kind)](act, owner, now))
    off = User.objects.filter(pk__in=journal.disabled, is_active=True)
    return counts | {"account.disabled": off.update(is_active=False)}


def _by(act: Act) -> User | None:
    """Return who did it; a superuser stands in for one whom the copy does not know."""
    known = User.objects.filter(pk=act.actor).first()
    return known or User.objects.filter(is_superuser=True).order_by("pk").first()


def _ends(rows: Callable[[], QuerySet], flag: str, **more: object) -> Callable:
    """Make the repeating of an end that is a moment and a person in the row itself."""

    def again(act: Act, owner: Organization, now: datetime) -> int:
        told = {f"{flag}_at": now, f"{flag}_by": _by(act), **more}
        return rows().filter(pk=act.target_id, **{f"{flag}_at": None}).update(**told)

    return again


def _deletes(model: type[models.Model], kind: Kind) -> Callable:
    def again(act: Act, owner: Organization, now: datetime) -> bool:
        row = model._base_manager.filter(pk=act.target_id).first()
        if row is not None:
            retention.delete(row, kind=kind, owner=owner)
        return row is not None

    return again


def _end_consent(act: Act, owner: Organization, now: datetime) -> bool:
    row = Consent.objects.filter(pk=act.target_id, revocation=None).first()
    if row is not None:
        # By nobody's right but the patient's: whoever ended it may have left since.
        consent.revoke(row, by=None, now=now)
    return row is not None


def _end_opening(act: Act, owner: Organization, now: datetime) -> int:
    return BreakGlass.objects.filter(pk=act.target_id, ended_at=None).update(ended_at=now)


_AGAIN: dict[Kind, Callable] = {
    Kind.PATIENT_PURGED: _deletes(Patient, Kind.PATIENT_PURGED),
    Kind.LINK_PURGED: _deletes(ShareLink, Kind.LINK_PURGED),
    Kind.CONTACT_PURGED: _deletes(NewcomerContact, Kind.CONTACT_PURGED),
    Kind.PATIENT_UNASSIGNED: _ends(Assignment.objects.all, "ended"),
    Kind.MEMBER_REMOVED: _ends(Membership.objects.all, "ended", is_active=False),
    Kind.SHARE_REVOKED: _ends(ShareLink.objects.all, "revoked"),
    Kind.READER_ENDED: _ends(Reader.objects.all, "ended"),
    Kind.BREAK_GLASS_ENDED: _end_opening,
    Kind.TOKEN_REVOKED: _ends(ApiToken.objects.all, "revoked"),
    Kind.CONSENT_ENDED: _end_consent,
}


def repeated_kinds() -> set[Kind]:
    """Return the kinds of acts that can be done again."""
    return set(_AGAIN)
