"""Plans are saved whole or not at all, once, and never over somebody else's."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from referrals import audit
from referrals.lifecycle import (
    Choice,
    Conflict,
    Refused,
    save_plan,
)
from referrals.models import (
    Kind,
    NeedsDraft,
    Plan,
    Referral,
    ReferralEvent,
    State,
)
from tests.factories import make_group
from tests.referrals.lifecycle.conftest import make_plan


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
