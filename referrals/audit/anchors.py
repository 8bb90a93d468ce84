"""Noting the ends of the chains, and what must outlast a restore, outside the database."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import structlog

from finder.models import User
from referrals.audit.journal import Act, Head, Journal
from referrals.audit.recording import owners
from referrals.models import LASTING, AuditChain, AuditEvent
from referrals.tenancy import organization

_log = structlog.get_logger("referrals.audit")


def anchor(*, now: datetime) -> int:
    """Note each chain that grew since the last note; return how many there were.

    A chain that has become shorter keeps its note, so that verify goes on saying so.
    """
    return _note(Journal.read(newest_only=True), now=now)


def restart(*, now: datetime) -> None:
    """Begin anew from the record as it stands, after a restore took it back."""
    _note(Journal(), now=now, restart=True)


def _note(journal: Journal, *, now: datetime, restart: bool = False) -> int:
    heads, acts = {}, []
    for owner in owners():
        with organization(owner):
            for chain, since in _grown(owner, journal):
                heads[chain.pk] = Head(chain.length, bytes(chain.mac).hex())
                acts += _acts(chain, since)
    disabled = tuple(User.objects.filter(is_active=False).order_by("pk").values_list("pk", flat=1))
    if restart or heads or disabled != journal.disabled:
        journal.add(heads, acts, disabled, now=now, restart=restart)
    return len(heads)


def _grown(owner: UUID | None, journal: Journal) -> Iterator[tuple[AuditChain, int]]:
    for chain in AuditChain.objects.filter(organization_id=owner).order_by("pk"):
        known = journal.heads.get(chain.pk)
        since = known.length if known else 0
        if chain.length < since:
            _log.error("audit chain cut", chain=str(chain.pk), length=chain.length, noted=since)
        elif chain.length > since:
            yield chain, since


def _acts(chain: AuditChain, since: int) -> list[Act]:
    rows = AuditEvent.objects.filter(chain=chain.pk, number__gt=since, kind__in=LASTING)
    return [
        Act(
            kind=row.kind,
            target_kind=row.target_kind,
            target_id=row.target_id,
            organization=str(row.organization_id or ""),
            actor=row.actor_id,
        )
        for row in rows.order_by("number")
    ]
