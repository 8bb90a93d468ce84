"""Writing the record of what was read, done and refused; nothing changes it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from finder.models import User
from referrals.audit.chain import BEGINNING, sign
from referrals.models import AuditChain, AuditEvent, Kind, Organization

_under: ContextVar[UUID | None] = ContextVar("under", default=None)


@contextmanager
def under(row: models.Model | None) -> Iterator[None]:
    """Name the token or the emergency opening that all of this is done under."""
    before = _under.set(row.pk if row is not None else None)
    try:
        yield
    finally:
        _under.reset(before)


def record(
    kind: Kind,
    *,
    target: models.Model | tuple[str, str],
    by: User | None,
    organization: Organization | None,
) -> AuditEvent:
    """Add one line, in the transaction of what it tells of; ``by`` is None for the site itself.

    ``target`` is a row, or a kind and an id where there is no row to name.
    """
    if isinstance(target, models.Model):
        target = (target._meta.model_name, str(target.pk))
    event = AuditEvent(
        kind=kind,
        actor_id=by.pk if by else None,
        organization_id=organization.pk if organization else None,
        target_kind=target[0],
        target_id=target[1],
        under_id=_under.get(),
    )
    with transaction.atomic(savepoint=False):
        _append(event)
    return event


def _append(event: AuditEvent) -> None:
    """Write a line at the end of a chain that no other transaction holds.

    Waiting for the one chain of an organization would make its pages wait for each other, and
    now and then for ever. So there are as many chains as there ever were pages at one time.
    """
    free = AuditChain.objects.select_for_update(skip_locked=True)
    free = free.filter(organization_id=event.organization_id).annotate(clock=Now())
    chain = free.order_by("pk").first()
    is_new = chain is None
    if is_new:
        chain = AuditChain(organization_id=event.organization_id, length=0, mac=BEGINNING)
    event.at = _clock() if is_new else chain.clock
    event.chain, event.number = chain.pk, chain.length + 1
    event.mac = sign("event", [chain.mac, *event.told()])
    event.save(force_insert=True)
    chain.length, chain.mac = event.number, event.mac
    chain.seal = sign("head", chain.told())
    chain.save(force_insert=is_new, force_update=not is_new)


def _clock() -> datetime:
    """Ask the database for the time, which no caller can set back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def trail(target: models.Model) -> QuerySet[AuditEvent]:
    """Return what happened to one row, newest first."""
    kind = target._meta.model_name
    return AuditEvent.objects.filter(target_kind=kind, target_id=str(target.pk)).order_by("-at")


def owners() -> list[UUID | None]:
    """Return whose records there are: each organization's, and that of none."""
    return [None, *Organization.objects.order_by("pk").values_list("pk", flat=True)]
