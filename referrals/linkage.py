"""Doing a step of a plan and what that sets in motion; the steps themselves are data in steps."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals import steps, tasks
from referrals.lifecycle import MOVES, Conflict, Outsider, Refused, move
from referrals.models import Plan, Referral, State, Step, TaskKind

SILENT_DAYS = 10
LOST_DAYS = 30
# Nothing is heard of someone who goes: only those who were not there yet can be lost.
_NOT_THERE_YET = (State.OFFERED, State.AGREED, State.LINKED, State.MISSED)
_LOST = _("Nothing was heard for thirty days.")


@transaction.atomic
def take_step(
    plan: Plan, number: int, *, details: dict, by: User, now: datetime, key: UUID
) -> Step:
    """Write down a step of the live plan and do what follows from it, or nothing.

    The same ``key`` again is the same step. Raises PermissionDenied for a step that is not this
    member's, Conflict for a plan that was replaced, Refused for what does not fit.
    """
    step = steps.STEPS[number]
    seen = Plan.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=plan.pk).first()
    if seen is None or not steps.may_take(step, by=by):
        raise PermissionDenied
    if same := seen.steps.filter(key=key).first():
        return same
    if seen.closed_at is not None:
        raise Conflict(_("Another plan was saved meanwhile. Open it, and do the step there."))
    if follow := _FOLLOWS.get(number):
        follow(seen, details, by=by, now=now)
    role = steps.role_of(by)
    return steps.append(seen, step, details=details, role=role, by=by, now=now, key=key)


def _agree(plan: Plan, details: dict, *, by: User, now: datetime) -> None:
    """A meeting was chosen with a day; where someone goes along, it is linked."""
    chosen = plan.referrals.select_related("organization").filter(pk=details["referral"])
    referral = chosen.select_for_update(of=("self",)).first()
    if referral is None or not referral.is_live:
        raise Refused(_("This group is no longer part of the plan."))
    referral.first_meeting_at = datetime.fromisoformat(details["first_meeting_at"])
    referral.version += 1
    referral.save(update_fields=["first_meeting_at", "version"])
    referral = _move_if_it_follows(referral, "agree", by=by, now=now)
    if details.get("company") not in (None, "", "nobody"):
        _move_if_it_follows(referral, "link", by=by, now=now)


def _offer(plan: Plan, details: dict, *, by: User, now: datetime) -> None:
    for referral in plan.referrals.select_related("organization").filter(state=State.DRAFT):
        move(referral, "offer", by=by, now=now)


def _move_if_it_follows(referral: Referral, name: str, *, by: User, now: datetime) -> Referral:
    if referral.state in MOVES[name].sources:
        return move(referral, name, by=by, now=now)
    return referral


def _ends(kind: TaskKind) -> Callable:
    def end(plan: Plan, details: dict, *, by: User, now: datetime) -> None:
        tasks.close_check_in(plan, kind, by=by, now=now)

    return end


def _close(plan: Plan, details: dict, *, by: User, now: datetime) -> None:
    """The last check-in: who goes regularly is engaged in the one group they went to."""
    tasks.close_check_in(plan, TaskKind.CHECK_IN_84, by=by, now=now)
    went = list(plan.referrals.select_related("organization").filter(state=State.ATTENDED))
    # Of several nobody said which; that is noted on the referral itself.
    if details.get("outcome") == "engaged" and len(went) == 1:
        move(went[0], "engage", by=by, now=now)


_FOLLOWS: Mapping[int, Callable] = {
    steps.MEET: _agree,
    steps.HANDOUT: _offer,
    steps.FIRST: _ends(TaskKind.CHECK_IN_7),
    steps.SECOND: _ends(TaskKind.CHECK_IN_28),
    steps.CLOSE: _close,
}


def look_for_silence(*, now: datetime) -> int:
    """Open a task where nothing was heard for ten days, and close what was silent for thirty.

    Looks at the current organization alone; returns how many plans were silent.
    """
    count = 0
    waiting = Plan.objects.live().filter(referrals__state__in=_NOT_THERE_YET).distinct()
    for plan in waiting.select_related("patient", "organization"):
        silent = now - last_heard(plan)
        if silent >= timedelta(days=LOST_DAYS):
            _lose(plan, now=now)
        elif silent >= timedelta(days=SILENT_DAYS):
            tasks.open_task(plan, TaskKind.NO_NEWS, due=now, by=None, now=now)
        else:
            continue
        count += 1
    return count


def last_heard(plan: Plan) -> datetime:
    """Return the newest of the plan, its steps, its check-ins and its referrals."""
    told = plan.steps.aggregate(at=Max("at")), plan.check_ins.aggregate(at=Max("at"))
    moved = plan.referrals.aggregate(at=Max("state_at"))
    return max(found["at"] for found in (*told, moved, {"at": plan.created_at}) if found["at"])


def _lose(plan: Plan, *, now: datetime) -> None:
    for referral in plan.referrals.filter(state__in=_NOT_THERE_YET):
        move(referral, "lose_contact", by=Outsider.SYSTEM, now=now, reason=str(_LOST))
