"""Plans are saved whole or not at all, and a referral moves only as its table says."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from referrals import audit, lifecycle
from referrals.lifecycle import (
    MOVES,
    Choice,
    Conflict,
    Outsider,
    Refused,
    Who,
    move,
    moves_for,
    open_moves,
    reopen,
    save_plan,
)
from referrals.models import (
    LIVE_STATES,
    AuditEvent,
    Kind,
    NeedsDraft,
    Plan,
    Referral,
    ReferralEvent,
    State,
)
from referrals.permissions import Permission
from tests.factories import make_group

REASON = "ZQ7-reason"


def make_plan(patient, by, now, *groups, medication="methadone", **more):
    return save_plan(
        patient,
        needs={"medication": medication},
        suggestions={"shown": ["ZQ7-suggestion"]},
        chosen=[Choice(group_id=group.pk, meeting_ids=(1, 2), reason="near") for group in groups],
        medication=medication,
        by=by,
        now=now,
        **more,
    )


@pytest.fixture
def group(db):
    return make_group()


@pytest.fixture
def referral(in_clinic, patient, clinician, now, group):
    make_plan(patient, clinician, now, group)
    return Referral.objects.get()


def put_in(referral, state):
    Referral.objects.filter(pk=referral.pk).update(state=state)
    referral.refresh_from_db()


# --- Plans ----------------------------------------------------------------------------


def test_plan_keeps_needs_suggestions_and_a_draft_for_each_group(
    in_clinic, patient, clinician, now
):
    plan = make_plan(patient, clinician, now, make_group(), make_group())

    stored = Plan.objects.get()
    assert stored == plan
    assert stored.needs == {"medication": "methadone"}
    assert stored.suggestions == {"shown": ["ZQ7-suggestion"]}
    referrals = list(plan.referrals.all())
    assert {(r.state, r.medication, r.reason) for r in referrals} == {
        ("draft", "methadone", "near")
    }
    assert all(r.meetings == [1, 2] for r in referrals)
    assert ReferralEvent.objects.count() == 2


def test_plan_saved_again_closes_the_first_and_keeps_its_live_referrals(
    in_clinic, patient, clinician, now, group
):
    first = make_plan(patient, clinician, now, group)
    second = make_plan(patient, clinician, now, group, make_group())

    first.refresh_from_db()
    assert (first.closed_by, first.closed_at) == (clinician, now)
    assert Plan.objects.get(closed_at=None) == second
    assert second.referrals.count() == 2
    assert Referral.objects.filter(group=group).count() == 1


def test_plan_without_a_meeting_is_refused(in_clinic, patient, clinician, now):
    with pytest.raises(Refused):
        make_plan(patient, clinician, now)
    assert not Plan.objects.exists()


def test_plan_uses_up_the_draft_of_its_writer_alone(
    in_clinic, patient, clinician, assigned_peer, now, group
):
    for writer in (clinician, assigned_peer):
        NeedsDraft.objects.create(
            organization=in_clinic, patient=patient, needs={}, written_by=writer, written_at=now
        )

    make_plan(patient, clinician, now, group)

    assert NeedsDraft.objects.get().written_by == assigned_peer


def test_plan_is_recorded(in_clinic, patient, clinician, now, group):
    plan = make_plan(patient, clinician, now, group)

    assert [event.kind for event in audit.trail(plan)] == [Kind.PLAN_SAVED]


def test_plan_of_a_patient_one_may_not_see_is_refused(in_clinic, patient, colleague, now, group):
    with pytest.raises(PermissionDenied):
        make_plan(patient, colleague, now, group)
    assert not Plan.objects.exists()


def test_plan_that_fails_leaves_nothing(in_clinic, patient, clinician, now, group):
    first = make_plan(patient, clinician, now, group)

    with pytest.raises(IntegrityError), transaction.atomic():
        save_plan(
            patient,
            needs={},
            suggestions={},
            chosen=[Choice(group_id=10**9, meeting_ids=())],
            by=clinician,
            now=now,
        )
        # The group's key is checked at the end of a transaction, which a test never reaches.
        transaction.get_connection().check_constraints()

    first.refresh_from_db()
    assert first.closed_at is None
    assert Referral.objects.count() == 1


def test_database_allows_one_live_plan_for_a_patient(in_clinic, patient, clinician, now):
    fields = {
        "organization": in_clinic,
        "patient": patient,
        "needs": {},
        "suggestions": {},
        "created_by": clinician,
        "created_at": now,
    }
    Plan.objects.create(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(**fields)


def test_database_allows_one_live_referral_for_a_patient_and_group(referral):
    copy = Referral(
        **{
            field.attname: getattr(referral, field.attname)
            for field in Referral._meta.fields
            if field.name != "id"
        }
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)

    copy.state = State.DECLINED
    copy.save(force_insert=True)
    assert Referral.objects.count() == 2


# --- Moves ----------------------------------------------------------------------------


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


def test_plan_sent_twice_is_one_plan(in_clinic, patient, clinician, now, group):
    key = uuid4()

    first = make_plan(patient, clinician, now, group, key=key)
    again = make_plan(patient, clinician, now, group, key=key)

    assert first == again
    assert Plan.objects.count() == 1


def test_plan_that_somebody_replaced_meanwhile_is_a_conflict(
    in_clinic, patient, clinician, assigned_peer, now, group
):
    shown = make_plan(patient, clinician, now, group)
    theirs = make_plan(patient, assigned_peer, now, group, replaces=shown.pk)

    with pytest.raises(Conflict):
        make_plan(patient, clinician, now, group, replaces=shown.pk)
    with pytest.raises(Conflict):
        make_plan(patient, clinician, now, group, replaces=None)

    assert patient.plans.live().get() == theirs


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
