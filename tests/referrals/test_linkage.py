"""Silence is noticed: a task after ten days, lost contact after thirty, never of who goes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from referrals import jobs, linkage, steps, tasks
from referrals.lifecycle import Conflict, move
from referrals.models import Plan, Referral, State, Task, TaskKind
from referrals.tenancy import organization


@pytest.fixture
def offered(in_clinic, referral, clinician, now):
    return move(referral, "offer", by=clinician, now=now)


def silence(now, days):
    return linkage.look_for_silence(now=now + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "has_task", "state"),
    [
        (9, False, "offered"),
        (10, True, "offered"),
        (29, True, "offered"),
        (30, False, "lost_contact"),
    ],
)
def test_silence_opens_a_task_and_then_closes(days, has_task, state, offered, now):
    silence(now, days)
    silence(now, days)

    offered.refresh_from_db()
    assert offered.state == state
    assert Task.objects.filter(kind=TaskKind.NO_NEWS).count() == has_task
    if state == State.LOST_CONTACT:
        event = offered.events.get(to_state=state)
        assert (event.by, event.role, event.reason) == (
            None,
            "system",
            "Nothing was heard for thirty days.",
        )


def test_who_goes_is_never_lost(offered, clinician, now):
    move(offered, "attend", by=clinician, now=now)

    assert silence(now, 60) == 0
    assert Referral.objects.get().state == State.ATTENDED


def test_a_step_is_news(offered, clinician, now):
    plan = Plan.objects.get()
    later = now + timedelta(days=8)
    told = {"details": {"call": "spoke"}, "by": clinician, "key": uuid4()}
    linkage.take_step(plan, steps.CALL, now=later, **told)

    assert silence(now, 12) == 0
    assert silence(now, 18) == 1


def test_job_looks_in_every_organization(offered, clinic, other_clinic, now):
    with organization(None):
        jobs.look_for_silence(now=now + timedelta(days=11))

    assert Task.objects.filter(kind=TaskKind.NO_NEWS).count() == 1


def test_task_is_finished_by_who_works_with_the_patient(offered, colleague, clinician, now):
    task = Task.objects.get(kind=TaskKind.CHECK_IN_7)
    with pytest.raises(PermissionDenied):
        tasks.finish(task, by=colleague, now=now)

    assert tasks.finish(task, by=clinician, now=now).done_by == clinician


def test_step_of_a_replaced_plan_is_a_conflict(offered, clinician, now):
    plan = Plan.objects.get()
    Plan.objects.update(closed_at=now, closed_by=clinician)

    with pytest.raises(Conflict):
        linkage.take_step(plan, steps.CALL, details={}, by=clinician, now=now, key=uuid4())


@pytest.mark.parametrize(
    ("outcome", "state"), [("engaged", State.ENGAGED), ("sometimes", State.ATTENDED)]
)
def test_last_check_in_engages_who_goes_regularly(
    in_clinic, referral, clinician, now, outcome, state
):
    move(referral, "attend", by=clinician, now=now)
    told = {"often": "weekly", "involvement": [], "outcome": outcome}

    plan = referral.plan
    linkage.take_step(plan, steps.CLOSE, details=told, by=clinician, now=now, key=uuid4())

    referral.refresh_from_db()
    assert referral.state == state
