"""Writing the record of what was read, done and refused; nothing changes it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from finder.models import User
from referrals.models import AuditEvent, Kind, Organization

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
    return AuditEvent.objects.create(
        kind=kind,
        actor_id=by.pk if by else None,
        organization_id=organization.pk if organization else None,
        target_kind=target[0],
        target_id=target[1],
        under_id=_under.get(),
    )


def trail(target: models.Model) -> QuerySet[AuditEvent]:
    """Return what happened to one row, newest first."""
    kind = target._meta.model_name
    return AuditEvent.objects.filter(target_kind=kind, target_id=str(target.pk)).order_by("-at")
