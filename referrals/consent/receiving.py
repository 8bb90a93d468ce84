"""The other side of a consent: what an organization was given to read, by whom, and opening it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from finder.models import User
from referrals import audit
from referrals.models import (
    Kind,
    Membership,
    Organization,
    Reader,
    Referral,
    SharedReferral,
)
from referrals.permissions import Permission, demand
from referrals.tenancy import organization as rows_of


@dataclass(frozen=True)
class Received:
    """A referral of another organization, with its rows open, and what lets it be read."""

    shared: SharedReferral
    referral: Referral


def received_by(user: User, *, now: datetime) -> QuerySet[SharedReferral]:
    """Return what a person was given to read and what is not closed. One query."""
    rows = SharedReferral.objects.received_by(user).open(now)
    return rows.select_related("organization").order_by("-at", "id")


def current_readers() -> Prefetch:
    """Fetch with what an organization was given who reads it now."""
    rows = Reader.objects.filter(ended_at=None).select_related("member__user")
    return Prefetch("readers", rows, to_attr="current")


def of_organization(organization: Organization, *, now: datetime) -> QuerySet[SharedReferral]:
    """Return what an organization was given, for whoever hands it to a member."""
    rows = SharedReferral.objects.filter(recipient=organization).open(now)
    return rows.select_related("organization").order_by("-at", "id")


@contextmanager
def opened(user: User, referral: UUID, *, now: datetime) -> Iterator[Received | None]:
    """Open the rows behind a referral that a person was given; None for any other.

    Whether it may be read is for ``release`` to say: this only finds it.
    """
    shared = received_by(user, now=now).filter(referral=referral).first()
    if shared is None:
        yield None
        return
    with rows_of(shared.organization_id):
        rows = Referral.objects.select_related(
            "group__program", "organization", "patient__organization", "plan"
        )
        yield Received(shared, rows.get(pk=referral))


def is_reader(user: User, referral: Referral) -> bool:
    """Say whether a person was given this referral; asked with the giver's rows open."""
    own = Membership.objects.active().clinical().filter(user=user).first()
    if own is None:
        return False
    shared = referral.shared.filter(recipient=own.organization_id).values_list("pk", flat=True)
    ids = list(shared)
    with rows_of(own.organization_id):
        return Reader.objects.filter(shared__in=ids, member=own, ended_at=None).exists()


def knows(user: User, pk: UUID, *, now: datetime) -> bool:
    """Say whether an id belongs to a patient of whom this person was given a referral.

    They know that it exists, so that a refusal says no instead of claiming that there is none.
    """
    return any(_belongs(shared, pk) for shared in received_by(user, now=now))


def _belongs(shared: SharedReferral, pk: UUID) -> bool:
    if pk in {shared.referral_id, shared.consent_id}:
        return True
    with rows_of(shared.organization_id):
        whose = Q(patient=pk) | Q(plan=pk) | Q(patient__share_links=pk) | Q(patient__tasks=pk)
        whose |= Q(patient__assignments=pk) | Q(patient__referrals=pk) | Q(patient__consents=pk)
        return Referral.objects.filter(whose, pk=shared.referral_id).exists()


@transaction.atomic
def hand_to(shared: SharedReferral, member: Membership, *, by: User, now: datetime) -> Reader:
    """Give a received referral to a member to read; doing so twice changes nothing."""
    organization = _demand_handing(shared, by=by)
    if member.organization_id != shared.recipient_id or not member.is_clinical:
        raise PermissionDenied
    reader, is_new = Reader.objects.get_or_create(
        shared=shared,
        member=member,
        ended_at=None,
        defaults={"organization": organization, "assigned_by": by, "assigned_at": now},
    )
    if is_new:
        audit.record(Kind.READER_GIVEN, target=reader, by=by, organization=organization)
    return reader


@transaction.atomic
def take_from(reader: Reader, *, by: User, now: datetime) -> None:
    """End a member's reading of a received referral."""
    organization = _demand_handing(reader.shared, by=by)
    current = Reader.objects.filter(pk=reader.pk, ended_at=None)
    if current.update(ended_by=by, ended_at=now):
        audit.record(Kind.READER_ENDED, target=reader, by=by, organization=organization)


def _demand_handing(shared: SharedReferral, *, by: User) -> Organization:
    organization = shared.recipient
    demand(by, Permission.OVERSEE, organization=organization)
    return organization
