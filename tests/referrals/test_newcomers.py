"""Who meets newcomers: in turn, two a week, at step 4 alone, and never somebody under 18."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from referrals import newcomers, steps
from referrals.lifecycle import Refused
from referrals.models import AuditEvent, Introduction, Kind, NewcomerContact, Plan
from referrals.newcomers import add, change, clear, introduce, next_for, report
from referrals.tenancy import organization
from tests.referrals.conftest import make_patient


def enter(clinic, group, by, now, name="ZQ7-Sam", **more):
    told = {"languages": ["en"], "gender": "woman", "medications": ["methadone"]}
    told |= {"channel": "217-555-0101", "permission_note": "Folder 3"} | more
    return add(group, organization=clinic, first_name=name, by=by, now=now, **told)


@pytest.fixture
def plan(in_clinic, referral):
    return Plan.objects.select_related("organization").get()


@pytest.fixture
def contact(in_clinic, referral, clinician, now):
    return enter(in_clinic, referral.group, clinician, now)


def shown(plan, referral, by, now, **more):
    return next_for(plan, referral, by=by, now=now, **more)


def another_plan(clinic, by, now, referral):
    """A plan of another patient."""
    patient = make_patient(clinic, by, label=f"chart {uuid4()}")
    return Plan.objects.create(
        organization=clinic,
        patient=patient,
        needs={},
        suggestions={},
        created_by=by,
        created_at=now,
    )


def test_contact_is_shown_to_who_works_with_the_patient(
    plan, referral, contact, assigned_peer, colleague, stranger, now
):
    assert shown(plan, referral, assigned_peer, now) == contact
    for outsider in (colleague, stranger):
        with pytest.raises(PermissionDenied):
            shown(plan, referral, outsider, now)
    event = AuditEvent.objects.get(kind=Kind.NEWCOMER_SHOWN)
    assert (event.actor_id, event.target_id) == (assigned_peer.pk, str(contact.pk))


def test_contact_is_shown_at_step_four_only(plan, referral, contact, clinician, now):
    steps.append(plan, steps.STEPS[steps.MEET], details={}, role="clinician", by=clinician, now=now)

    with pytest.raises(Refused):
        shown(plan, referral, clinician, now)


@pytest.mark.parametrize(
    ("needs", "medication", "prefers", "is_shown"),
    [
        ({}, "methadone", "", True),
        ({}, "", "woman", True),
        ({"is_under_18": True}, "methadone", "", False),
        ({"languages": ["es"]}, "methadone", "", False),
        ({"languages": ["es", "en"]}, "methadone", "", True),
        ({}, "buprenorphine", "", False),
        ({}, "methadone", "man", False),
    ],
)
def test_contact_fits_the_person(
    needs, medication, prefers, is_shown, plan, referral, contact, clinician, now
):
    plan.needs, referral.medication = {"needs": needs}, medication

    assert (shown(plan, referral, clinician, now, prefers=prefers) is not None) == is_shown


def test_nobody_of_another_group_is_shown(plan, referral, contact, clinician, now, directory):
    referral.group = directory["near"].group

    assert shown(plan, referral, clinician, now) is None


def test_who_waited_longest_is_next_and_two_a_week_are_enough(
    in_clinic, plan, referral, contact, clinician, now
):
    second = enter(in_clinic, referral.group, clinician, now + timedelta(minutes=1), "ZQ7-Kim")
    order = []
    for number in range(5):
        other = another_plan(in_clinic, clinician, now, referral)
        moment = now + timedelta(hours=number)
        found = shown(other, referral, clinician, moment)
        order.append(found)
        if found:
            introduce(found, other, by=clinician, now=moment)

    assert order == [contact, second, contact, second, None]
    # A week later both are in turn again.
    later = now + timedelta(days=8)
    assert shown(plan, referral, clinician, later) == contact
    introduce(contact, plan, by=clinician, now=later)
    introduce(contact, plan, by=clinician, now=later)
    assert contact.introductions.filter(plan=plan).count() == 1


def test_full_week_is_said_when_somebody_was_quicker(
    in_clinic, plan, referral, contact, clinician, now
):
    for _time in range(2):
        other = another_plan(in_clinic, clinician, now, referral)
        introduce(contact, other, by=clinician, now=now)

    with pytest.raises(Refused, match="two people this week"):
        introduce(contact, plan, by=clinician, now=now)
    assert Introduction.objects.count() == 2


@pytest.mark.parametrize("what", ["pause", "end"])
def test_paused_and_ended_contacts_are_not_shown(what, plan, referral, contact, clinician, now):
    change(contact, what, by=clinician, now=now)

    assert shown(plan, referral, clinician, now) is None
    with pytest.raises(Refused):
        introduce(contact, plan, by=clinician, now=now)


def test_unconfirmed_for_half_a_year_is_out_until_confirmed(
    plan, referral, contact, clinician, now
):
    later = now + timedelta(days=181)
    assert shown(plan, referral, clinician, later) is None

    change(contact, "confirm", by=clinician, now=later)

    assert shown(plan, referral, clinician, later) == contact


def test_concern_takes_out_at_once_and_needs_a_second_member(
    plan, referral, contact, clinician, assigned_peer, now
):
    with pytest.raises(Refused):
        report(contact, reason=" ", by=clinician, now=now)
    report(contact, reason="ZQ7-concern", by=clinician, now=now)

    assert shown(plan, referral, clinician, now) is None
    with pytest.raises(Refused, match="other than"):
        clear(contact, by=clinician)
    clear(contact, by=assigned_peer)
    assert shown(plan, referral, clinician, now) == contact


def test_contact_of_another_clinic_does_not_exist(
    plan, referral, clinic, other_clinic, stranger, clinician, now
):
    with organization(other_clinic.pk):
        enter(other_clinic, referral.group, stranger, now)

    assert shown(plan, referral, clinician, now) is None
    assert NewcomerContact.objects.count() == 0


# --- Pages ----------------------------------------------------------------------------


def page(name, *args):
    return reverse(f"referrals:{name}", args=args)


def test_list_names_nobody_and_the_plan_names_one(client, clinic, clinician, referral, now):
    client.force_login(clinician)
    posted = {
        "group": referral.group_id,
        "first_name": "ZQ7-Sam",
        "channel": "ZQ7-number",
        "languages": "EN, es",
        "medications": ["methadone"],
        "permission_note": "Folder 3",
        "is_adult": "on",
    }
    assert client.post(page("newcomers"), posted | {"is_adult": ""}).status_code == 400
    assert client.post(page("newcomers"), posted | {"group": 10**9}).status_code == 400
    client.post(page("newcomers"), posted)

    listed = client.get(page("newcomers")).content.decode()
    assert "In turn" in listed and "ZQ7-" not in listed
    plan_page = client.get(page("plan", referral.plan_id)).content.decode()
    assert "ZQ7-Sam" not in plan_page
    answer = client.post(page("plan-newcomer", referral.plan_id), {"which": referral.pk})
    assert "ZQ7-Sam" in answer.content.decode() and "ZQ7-number" in answer.content.decode()
    contact = answer.context["contact"]
    client.post(page("plan-introduce", referral.plan_id, contact.pk))
    client.post(page("newcomer-change", contact.pk, "report"), {"reason": "late"})

    assert "A concern is being looked into" in client.get(page("newcomers")).content.decode()
    with organization(clinic.pk):
        assert Introduction.objects.get().plan_id == referral.plan_id


def test_administrator_sees_no_contacts(client, administrator, clinic, now):
    client.force_login(administrator)

    assert client.get(page("newcomers")).status_code == 403
    assert newcomers.MOST_A_WEEK == 2
