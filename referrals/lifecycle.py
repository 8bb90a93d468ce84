"""How plans are saved and referrals move: one table says which move may follow which state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals import audit
from referrals.models import (
    LIVE_STATES,
    Kind,
    NeedsDraft,
    Patient,
    Plan,
    Referral,
    ReferralEvent,
    State,
)
from referrals.permissions import Permission, demand, membership_of


class Refused(Exception):
    """A plan or a move that cannot be; its text is a sentence for the person who asked."""


@dataclass(frozen=True)
class Move:
    """One thing that can happen to a referral."""

    name: str
    label: Promise
    sources: tuple[State, ...]
    target: State
    permission: Permission = Permission.MOVE_REFERRAL
    needs_reason: bool = False


_UNDER_WAY = (State.OFFERED, State.AGREED, State.LINKED, State.MISSED, State.ATTENDED)
_ANY_TIME = (*_UNDER_WAY, State.PAUSED)

MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        Move("offer", _("The handout was given"), (State.DRAFT,), State.OFFERED),
        Move(
            "agree",
            _("They chose a meeting"),
            (State.OFFERED, State.MISSED, State.ATTENDED),
            State.AGREED,
        ),
        Move("link", _("Someone will meet them"), (State.AGREED,), State.LINKED),
        Move("miss", _("They missed it"), (State.AGREED, State.LINKED), State.MISSED),
        Move(
            "attend",
            _("They went"),
            (State.OFFERED, State.AGREED, State.LINKED, State.MISSED),
            State.ATTENDED,
        ),
        Move("engage", _("They go regularly"), (State.ATTENDED,), State.ENGAGED),
        Move("pause", _("Pause"), _UNDER_WAY, State.PAUSED, needs_reason=True),
        Move("resume", _("Take up again"), (State.PAUSED,), State.OFFERED),
        Move(
            "close_as_poor_fit",
            _("Poor fit or bad experience"),
            _ANY_TIME,
            State.POOR_FIT,
            needs_reason=True,
        ),
        Move("lose_contact", _("Lost contact"), _ANY_TIME, State.LOST_CONTACT, needs_reason=True),
        Move(
            "decline",
            _("They decline"),
            (State.DRAFT, *_ANY_TIME),
            State.DECLINED,
            needs_reason=True,
        ),
        Move(
            "withdraw",
            _("Withdraw"),
            LIVE_STATES,
            State.WITHDRAWN,
            Permission.CANCEL_REFERRAL,
            needs_reason=True,
        ),
        Move(
            "void",
            _("Entered in error"),
            LIVE_STATES,
            State.ENTERED_IN_ERROR,
            Permission.CANCEL_REFERRAL,
            needs_reason=True,
        ),
    )
}


@dataclass(frozen=True)
class Choice:
    """A group the person chose, with the meetings they mean to try and why it was suggested."""

    group_id: int
    meeting_ids: tuple[int, ...]
    reason: str = ""


def open_moves(state: str) -> tuple[Move, ...]:
    """Return the moves that may follow a state."""
    return tuple(move for move in MOVES.values() if state in move.sources)


@transaction.atomic
def move(referral: Referral, name: str, *, by: User, now: datetime, reason: str = "") -> Referral:
    """Move a referral once: permission, lock, table, row, history and record, or nothing."""
    step = MOVES.get(name)
    if step is None:
        raise Refused(_("There is no such step."))
    demand(by, step.permission, organization=referral.organization)
    locked = _locked(referral, by=by, permission=step.permission)
    if locked.state not in step.sources:
        raise Refused(_("This step does not follow from where the referral stands now."))
    if step.needs_reason and not reason.strip():
        raise Refused(_("Please give a reason."))
    return _set_state(locked, step.target, by=by, now=now, reason=reason.strip())


def _locked(referral: Referral, *, by: User, permission: Permission) -> Referral:
    reachable = Referral.objects.visible_to(by)
    if permission == Permission.CANCEL_REFERRAL:
        reachable |= Referral.objects.overseen_by(by)
    found = reachable.select_for_update(of=("self",)).filter(pk=referral.pk).first()
    if found is None:
        raise PermissionDenied
    return found


def _set_state(
    referral: Referral, state: State, *, by: User, now: datetime, reason: str
) -> Referral:
    before, referral.state = referral.state, state
    referral.state_by, referral.state_at = by, now
    referral.save(update_fields=["state", "state_by", "state_at"])
    _append(referral, before=before, by=by, now=now, reason=reason)
    audit.record(Kind.REFERRAL_MOVED, target=referral, by=by, organization=referral.organization)
    return referral


def _append(referral: Referral, *, before: str, by: User, now: datetime, reason: str) -> None:
    ReferralEvent.objects.create(
        organization=referral.organization,
        referral=referral,
        from_state=before,
        to_state=referral.state,
        reason=reason,
        role=membership_of(by).role,
        by=by,
        at=now,
    )


@transaction.atomic
def save_plan(
    patient: Patient,
    *,
    needs: dict,
    suggestions: dict,
    chosen: Sequence[Choice],
    by: User,
    now: datetime,
    medication: str = "",
    ladder: dict | None = None,
) -> Plan:
    """Save what was looked for, shown and chosen; an earlier plan closes, its referrals go on."""
    demand(by, Permission.WRITE_PLAN, organization=patient.organization)
    # The lock makes two plans saved at once follow each other, not collide.
    seen = Patient.objects.visible_to(by).select_for_update(of=("self",))
    if not seen.filter(pk=patient.pk).exists():
        raise PermissionDenied
    if not chosen:
        raise Refused(_("Choose at least one meeting."))
    Plan.objects.filter(patient=patient, closed_at=None).update(closed_by=by, closed_at=now)
    plan = Plan.objects.create(
        organization=patient.organization,
        patient=patient,
        needs=needs,
        suggestions=suggestions,
        ladder=ladder or {},
        created_by=by,
        created_at=now,
    )
    _refer(plan, chosen, medication=medication, by=by, now=now)
    NeedsDraft.objects.filter(patient=patient, written_by=by).delete()
    audit.record(Kind.PLAN_SAVED, target=plan, by=by, organization=patient.organization)
    return plan


def _refer(
    plan: Plan, chosen: Iterable[Choice], *, medication: str, by: User, now: datetime
) -> None:
    """Carry live referrals over and add those to groups that have none yet."""
    live = Referral.objects.live().filter(patient=plan.patient).select_for_update()
    by_group = {referral.group_id: referral for referral in live}
    for referral in by_group.values():
        referral.plan = plan
        referral.save(update_fields=["plan"])
    for choice in chosen:
        if referral := by_group.get(choice.group_id):
            referral.meetings = list(choice.meeting_ids)
            referral.save(update_fields=["meetings"])
        else:
            by_group[choice.group_id] = _draft(plan, choice, medication=medication, by=by, now=now)


def _draft(plan: Plan, choice: Choice, *, medication: str, by: User, now: datetime) -> Referral:
    referral = Referral.objects.create(
        organization=plan.organization,
        patient=plan.patient,
        plan=plan,
        group_id=choice.group_id,
        meetings=list(choice.meeting_ids),
        medication=medication,
        reason=choice.reason,
        state_by=by,
        state_at=now,
        created_by=by,
        created_at=now,
    )
    _append(referral, before="", by=by, now=now, reason="")
    return referral
