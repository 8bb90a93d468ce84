"""Opening and ending tasks; what a task is about lives where it is opened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from finder.models import User
from referrals import audit
from referrals.models import CheckIn, Hand, Kind, Plan, Task, TaskKind
from referrals.permissions import Permission, demand

# Days after the plan was made; the last closes it.
CHECK_IN_DAYS: Mapping[TaskKind, int] = {
    TaskKind.CHECK_IN_7: 7,
    TaskKind.CHECK_IN_28: 28,
    TaskKind.CHECK_IN_84: 84,
}


def open_check_ins(plan: Plan, *, now: datetime) -> None:
    """Open the three check-ins of a new plan."""
    for kind, days in CHECK_IN_DAYS.items():
        open_task(plan, kind, due=now + timedelta(days=days), by=plan.created_by, now=now)


def open_task(
    plan: Plan,
    kind: TaskKind,
    *,
    due: datetime,
    by: User | None,
    now: datetime,
    check_in: CheckIn | None = None,
    is_urgent: bool = False,
    note: str = "",
) -> Task:
    """Open a task for the peer worker; one that is open already is returned as it stands."""
    same = plan.tasks.open().filter(kind=kind)
    if kind != TaskKind.BAD_EXPERIENCE and (found := same.first()):
        return found
    task = Task.objects.create(
        organization=plan.organization,
        patient=plan.patient,
        plan=plan,
        check_in=check_in,
        kind=kind,
        hand=Hand.PEER,
        due_on=due.astimezone(ZoneInfo(plan.zone)).date(),
        is_urgent=is_urgent,
        note=note,
        opened_at=now,
    )
    audit.record(Kind.TASK_OPENED, target=task, by=by, organization=plan.organization)
    return task


@transaction.atomic
def finish(task: Task, *, by: User, now: datetime) -> Task:
    """Note that a task was done; doing so twice changes nothing."""
    demand(by, Permission.TAKE_STEP, organization=task.organization)
    found = Task.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=task.pk).first()
    if found is None:
        raise PermissionDenied
    if found.done_at is None:
        _end(found, by=by, now=now)
    return found


def close_all(plan: Plan, *, by: User, now: datetime) -> None:
    """End the open tasks of a plan that is replaced; what is urgent stays to be done."""
    for task in plan.tasks.open().filter(is_urgent=False).select_for_update(of=("self",)):
        _end(task, by=by, now=now)


def close_check_in(plan: Plan, kind: TaskKind, *, by: User, now: datetime) -> None:
    """End the task of a check-in that took place."""
    for task in plan.tasks.open().filter(kind=kind).select_for_update(of=("self",)):
        _end(task, by=by, now=now)


def next_check_in(plan: Plan, *, now: datetime) -> datetime | None:
    """Return when the next check-in is planned, after now; none is left after the last."""
    moments = (plan.created_at + timedelta(days=days) for days in CHECK_IN_DAYS.values())
    return next((moment for moment in moments if moment > now), None)


def _end(task: Task, *, by: User, now: datetime) -> None:
    task.done_by, task.done_at = by, now
    task.save(update_fields=["done_by", "done_at"])
    audit.record(Kind.TASK_DONE, target=task, by=by, organization=task.organization)
