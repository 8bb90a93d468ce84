"""Plans are saved whole or not at all, and a referral moves only as its table says."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from referrals import audit, lifecycle
from referrals.lifecycle import MOVES, Choice, Refused, move, open_moves, save_plan
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


def make_plan(patient, by, now, *groups, medication="methadone"):
    return save_plan(
        patient,
        needs={"medication": medication},
        suggestions={"shown": ["ZQ7-suggestion"]},
        chosen=[Choice(group_id=group.pk, meeting_ids=(1, 2), reason="near") for group in groups],
        medication=medication,
        by=by,
        now=now,
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
    assert [step.name for step in open_moves(State.DRAFT)] == [
        "offer",
        "decline",
        "withdraw",
        "void",
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


def test_each_move_names_a_permission_that_some_clinical_role_has():
    assert {step.permission for step in MOVES.values()} == {
        Permission.MOVE_REFERRAL,
        Permission.CANCEL_REFERRAL,
    }
    assert lifecycle.MOVES is MOVES
