"""Moving one referral, and taking a closed one up again; which move may follow lives in moves."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals import audit, consent
from referrals.lifecycle.moves import MOVES, Move, Outsider, Who, open_moves
from referrals.models import (
    ADMIN_ROLES,
    Kind,
    Patient,
    Plan,
    Referral,
    ReferralEvent,
    Role,
    State,
)
from referrals.permissions import Permission, allows, demand, membership_of


class Refused(Exception):
    """A plan or a move that cannot be; its text is a sentence for the person who asked."""


class Conflict(Refused):
    """Somebody changed it after it was shown; nothing was saved."""


Actor = User | Outsider


@transaction.atomic
def move(
    referral: Referral,
    name: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Referral:
    """Move a referral once: permission, lock, table, row, history and record, or nothing.

    ``version`` is the one that was on the screen; ``key`` names one filling-in of a form, and
    the same key again is the same move.
    """
    step = MOVES.get(name)
    if step is None:
        raise Refused(_("There is no such step."))
    locked = _locked(referral, step, by=by, now=now)
    if key and locked.events.filter(key=key).exists():
        return locked
    if version is not None and version != locked.version:
        raise Conflict(_("Somebody changed this meanwhile. Look at it again, then save."))
    if locked.state not in step.sources:
        raise Refused(_("This step does not follow from where the referral stands now."))
    if step.needs_reason and not reason.strip():
        raise Refused(_("Please give a reason."))
    return _set_state(locked, step.target, by=by, now=now, reason=reason.strip(), key=key)


def moves_for(referral: Referral, *, by: User) -> list[Move]:
    """Return the moves that this person may make now; three queries."""
    if _is_recipient(referral, by=by):
        return [step for step in open_moves(referral.state) if Who.RECIPIENT in step.who]
    standing = _standing(referral, by=by)
    return [
        step
        for step in open_moves(referral.state)
        if standing & step.who and allows(by, step.permission, organization=referral.organization)
    ]


def _standing(referral: Referral, *, by: User) -> frozenset[Who]:
    """Say in which standings a member meets a referral."""
    membership = membership_of(by)
    if membership is None or membership.organization_id != referral.organization_id:
        return frozenset()
    found = {Who.SUPERVISOR} if membership.role in ADMIN_ROLES else set()
    if Patient.objects.visible_to(by).filter(pk=referral.patient_id).exists():
        found.add(Who.WORKER if membership.role == Role.PEER else Who.REFERRER)
        if referral.created_by_id == by.pk:
            found.add(Who.AUTHOR)
    return frozenset(found)


def _is_recipient(referral: Referral, *, by: User) -> bool:
    """Say whether a member of another organization was given this referral under a consent."""
    membership = membership_of(by)
    if membership is None or membership.organization_id == referral.organization_id:
        return False
    return consent.is_reader(by, referral)


def _locked(referral: Referral, step: Move, *, by: Actor, now: datetime) -> Referral:
    if isinstance(by, Outsider):
        if Who(by) not in step.who:
            raise PermissionDenied
        return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if _is_recipient(referral, by=by):
        told = {"by": by, "now": now, "referral": referral}
        if Who.RECIPIENT not in step.who or not consent.may(
            referral.patient, "received_page", **told
        ):
            raise PermissionDenied
        return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    demand(by, step.permission, organization=referral.organization)
    reachable = Referral.objects.visible_to(by)
    if step.permission == Permission.CANCEL_REFERRAL:
        reachable |= Referral.objects.overseen_by(by)
    found = reachable.select_for_update(of=("self",)).filter(pk=referral.pk).first()
    if found is None or not _standing(found, by=by) & step.who:
        raise PermissionDenied
    return found


def _set_state(
    referral: Referral,
    state: State,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    key: UUID | None,
) -> Referral:
    before, referral.state = referral.state, state
    referral.state_by, referral.state_at = account_of(by), now
    referral.version += 1
    referral.save(update_fields=["state", "state_by", "state_at", "version"])
    append(referral, before=before, by=by, now=now, reason=reason, key=key)
    audit.record(
        Kind.REFERRAL_MOVED,
        target=referral,
        by=account_of(by),
        organization=referral.organization,
    )
    if not referral.is_live:
        consent.note_end_of(referral, now=now)
    return referral


def account_of(by: Actor) -> User | None:
    """Return the account of whoever acts; the patient and time have none."""
    return None if isinstance(by, Outsider) else by


def role_of(by: Actor) -> str:
    """Name the role in which someone acts, for the history."""
    return str(by) if isinstance(by, Outsider) else membership_of(by).role


def _role_in(referral: Referral, *, by: Actor) -> str:
    """Name the role in which someone acts on a referral; another organization is its recipient."""
    if not isinstance(by, Outsider) and (
        membership_of(by).organization_id != referral.organization_id
    ):
        return Who.RECIPIENT
    return role_of(by)


def append(
    referral: Referral,
    *,
    before: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    key: UUID | None = None,
) -> None:
    """Add one line to a referral's history."""
    ReferralEvent.objects.create(
        organization=referral.organization,
        referral=referral,
        from_state=before,
        to_state=referral.state,
        reason=reason,
        role=_role_in(referral, by=by),
        by=account_of(by),
        at=now,
        key=key,
    )


def begin(
    plan: Plan,
    *,
    group_id: int,
    meetings: list[int],
    medication: str,
    reason: str,
    by: User,
    now: datetime,
    reopens: Referral | None = None,
) -> Referral:
    """Write a new referral of a plan and the first line of its history."""
    referral = Referral.objects.create(
        organization=plan.organization,
        patient=plan.patient,
        plan=plan,
        group_id=group_id,
        meetings=meetings,
        medication=medication,
        reason=reason,
        reopens=reopens,
        state_by=by,
        state_at=now,
        created_by=by,
        created_at=now,
    )
    append(referral, before="", by=by, now=now)
    return referral


@transaction.atomic
def reopen(referral: Referral, *, by: User, now: datetime) -> Referral:
    """Take a closed referral up again as a new one that names it; a live one is returned.

    What was closed stays as it was. The new one belongs to the patient's live plan.
    """
    demand(by, Permission.MOVE_REFERRAL, organization=referral.organization)
    seen = Patient.objects.visible_to(by).select_for_update(of=("self",))
    if not seen.filter(pk=referral.patient_id).exists():
        raise PermissionDenied
    same = Referral.objects.filter(patient=referral.patient_id, group=referral.group_id)
    if live := same.live().first():
        return live
    referral.refresh_from_db(fields=["state"])
    if referral.state == State.ENTERED_IN_ERROR:
        raise Refused(_("It was entered in error, so there is nothing to take up again."))
    plan = referral.patient.plans.live().first() or referral.plan
    fresh = begin(
        plan,
        group_id=referral.group_id,
        meetings=referral.meetings,
        medication=referral.medication,
        reason=referral.reason,
        reopens=referral,
        by=by,
        now=now,
    )
    audit.record(Kind.REFERRAL_REOPENED, target=fresh, by=by, organization=referral.organization)
    return fresh
