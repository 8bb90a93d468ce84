"""A referral moves only as its table says, and by whom it says."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from referrals import audit, lifecycle
from referrals.lifecycle import (
    MOVES,
    Conflict,
    Outsider,
    Refused,
    Who,
    move,
    moves_for,
    open_moves,
    reopen,
)
from referrals.models import (
    LIVE_STATES,
    AuditEvent,
    Kind,
    Referral,
    ReferralEvent,
    State,
)
from referrals.permissions import Permission
from tests.referrals.conftest import REASON


def put_in(referral, state):
    Referral.objects.filter(pk=referral.pk).update(state=state)
    referral.refresh_from_db()


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", State)
def test_every_move_from_every_state(name, state, referral, clinician, now):
    put_in(referral, state)
    step = MOVES[name]

    if state in step.sources:
        move(referral, name, by=clinician, now=now, reason=REASON)
        expected, events = step.target, 2
    else:
        with pytest.raises(Refused):
            move(referral, name, by=clinician, now=now, reason=REASON)
        expected, events = state, 1

    referral.refresh_from_db()
    assert referral.state == expected
    assert referral.events.count() == events


def test_table_ends_where_nothing_may_follow():
    closed = set(State) - set(LIVE_STATES)
    assert not [step for step in MOVES.values() if closed & set(step.sources)]
    assert {step.target for step in MOVES.values()} == set(State) - {State.DRAFT}


def test_open_moves_are_those_of_the_table():
    before_the_paper = ["offer", "agree", "miss", "attend"]
    assert [step.name for step in open_moves(State.DRAFT)] == [
        *before_the_paper,
        *["decline", "withdraw", "void"],
    ]


def test_offer_writes_history_and_the_record(referral, clinician, now):
    moved = move(referral, "offer", by=clinician, now=now)

    event = referral.events.order_by("-at", "-from_state").first()
    assert (event.from_state, event.to_state, event.role) == ("draft", "offered", "clinician")
    assert (moved.state_by, moved.state_at) == (clinician, now)
    assert audit.trail(referral).first().kind == Kind.REFERRAL_MOVED


@pytest.mark.parametrize("name", [name for name, step in MOVES.items() if step.needs_reason])
@pytest.mark.parametrize("reason", ["", "   "])
def test_move_that_closes_or_stops_needs_a_reason(name, reason, referral, clinician, now):
    put_in(referral, MOVES[name].sources[-1])

    with pytest.raises(Refused, match="reason"):
        move(referral, name, by=clinician, now=now, reason=reason)


def test_reason_is_sealed_in_the_history(referral, clinician, now):
    move(referral, "decline", by=clinician, now=now, reason=REASON)

    event = ReferralEvent.objects.get(to_state=State.DECLINED)
    assert event.reason == REASON
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM referrals_referralevent t")
        everything = cursor.fetchone()[0]
    assert REASON.encode().hex() not in everything
    assert REASON not in everything


def test_unknown_move_is_refused(referral, clinician, now):
    with pytest.raises(Refused):
        move(referral, "teleport", by=clinician, now=now)


def test_colleague_cannot_move_what_they_do_not_see(referral, colleague, now):
    with pytest.raises(PermissionDenied):
        move(referral, "offer", by=colleague, now=now)
    assert referral.events.count() == 1


def test_administrator_cancels_and_does_nothing_else(referral, administrator, now):
    with pytest.raises(PermissionDenied):
        move(referral, "offer", by=administrator, now=now)

    move(referral, "withdraw", by=administrator, now=now, reason=REASON)

    referral.refresh_from_db()
    assert referral.state == State.WITHDRAWN


def test_administrator_of_another_organization_cancels_nothing(
    referral, strange_administrator, now
):
    with pytest.raises(PermissionDenied):
        move(referral, "withdraw", by=strange_administrator, now=now, reason=REASON)


def test_refused_move_leaves_nothing(referral, clinician, now):
    before = AuditEvent.objects.count()

    with pytest.raises(Refused):
        move(referral, "engage", by=clinician, now=now)

    assert AuditEvent.objects.count() == before
    assert referral.events.count() == 1


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("who", Outsider)
def test_patient_and_time_move_only_what_the_table_gives_them(name, who, referral, now):
    put_in(referral, MOVES[name].sources[-1])

    if Who(who) in MOVES[name].who:
        moved = move(referral, name, by=who, now=now, reason=REASON)
        event = referral.events.get(to_state=moved.state)
        assert (event.by, event.role, moved.state_by) == (None, str(who), None)
    else:
        with pytest.raises(PermissionDenied):
            move(referral, name, by=who, now=now, reason=REASON)


def test_table_of_who_is_that_of_the_closed_loop():
    # What the patient may set by their own link, and what only time or a supervisor may.
    by_patient = {name for name, step in MOVES.items() if Who.PATIENT in step.who}
    by_time = {name for name, step in MOVES.items() if Who.SYSTEM in step.who}

    assert by_patient == {
        *{"agree", "miss", "attend", "engage", "close_as_poor_fit", "decline", "withdraw"}
    }
    assert by_time == {"lose_contact", "withdraw"}
    assert MOVES["void"].who == {Who.AUTHOR, Who.SUPERVISOR}


def test_peer_worker_gives_no_paper_and_voids_nothing(referral, assigned_peer, now):
    for name in ("offer", "void"):
        with pytest.raises(PermissionDenied):
            move(referral, name, by=assigned_peer, now=now, reason=REASON)
    names = [step.name for step in moves_for(referral, by=assigned_peer)]

    assert names == ["agree", "miss", "attend", "decline", "withdraw"]


def test_moves_for_a_stranger_are_none(referral, stranger, colleague):
    assert moves_for(referral, by=stranger) == []
    assert moves_for(referral, by=colleague) == []


def test_same_key_again_is_the_same_move(referral, clinician, now):
    key = uuid4()

    first = move(referral, "offer", by=clinician, now=now, key=key)
    again = move(referral, "offer", by=clinician, now=now, key=key)

    assert first.version == again.version
    assert referral.events.count() == 2


def test_move_from_an_old_screen_is_a_conflict(referral, clinician, assigned_peer, now):
    shown = referral.version
    move(referral, "attend", by=assigned_peer, now=now)

    with pytest.raises(Conflict):
        move(referral, "decline", by=clinician, now=now, reason=REASON, version=shown)

    referral.refresh_from_db()
    assert referral.state == State.ATTENDED


def test_closed_referral_is_taken_up_again_as_a_new_one(referral, clinician, now):
    move(referral, "decline", by=clinician, now=now, reason=REASON)

    fresh = reopen(referral, by=clinician, now=now)

    referral.refresh_from_db()
    assert (fresh.reopens, fresh.state, fresh.group) == (referral, State.DRAFT, referral.group)
    assert (fresh.medication, fresh.meetings) == (referral.medication, referral.meetings)
    assert referral.state == State.DECLINED
    assert reopen(referral, by=clinician, now=now) == fresh
    assert Kind.REFERRAL_REOPENED in {event.kind for event in audit.trail(fresh)}


def test_what_was_entered_in_error_is_not_taken_up(referral, clinician, now):
    move(referral, "void", by=clinician, now=now, reason=REASON)

    with pytest.raises(Refused):
        reopen(referral, by=clinician, now=now)


def test_colleague_takes_nothing_up(referral, colleague, now):
    with pytest.raises(PermissionDenied):
        reopen(referral, by=colleague, now=now)


def test_each_move_names_a_permission_that_some_clinical_role_has():
    assert {step.permission for step in MOVES.values()} == {
        Permission.MOVE_REFERRAL,
        Permission.CANCEL_REFERRAL,
    }
    assert lifecycle.MOVES is MOVES
