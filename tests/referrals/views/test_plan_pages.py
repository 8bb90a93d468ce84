"""The page of a plan: its steps, what is told, the patient's link, and who may do which."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from referrals import handouts, steps
from referrals.models import (
    AuditEvent,
    Kind,
    Plan,
    Referral,
    ShareLink,
    State,
    Step,
    Task,
    TaskKind,
)
from referrals.tenancy import organization


@pytest.fixture
def plan(clinic, referral):
    with organization(clinic.pk):
        return Plan.objects.select_related("patient").get()


def url(name, *args):
    return reverse(f"referrals:{name}", args=args)


ANSWERS = {
    steps.HISTORY: {
        "been": "before",
        "good": ["people"],
        "bad": ["medication"],
        "beliefs": "secular",
        "medication": "asked",
    },
    steps.CHOOSE: {},
    steps.PREPARE: {"card": "given"},
    steps.CALL: {"call": "spoke"},
    steps.HANDOUT: {"version": "discreet"},
    steps.REMIND: {"reminder": "sent"},
    steps.FIRST: {"done": ["praise"]},
    steps.SECOND: {"often": "weekly", "involvement": ["speaks"]},
    steps.CLOSE: {"often": "weekly", "outcome": "engaged"},
}


def take(client, plan, number, **answers):
    return client.post(
        url("plan-step", plan.pk, number), {"key": str(uuid4())} | ANSWERS.get(number, {}) | answers
    )


def meet(client, plan, row, **answers):
    told = {"referral": str(row.pk), "day": "2026-11-12", "time": "19:00"}
    return take(client, plan, steps.MEET, **told | {"company": "friend"} | answers)


@pytest.mark.parametrize("number", ANSWERS)
def test_step_is_kept_with_what_was_told(number, client, clinic, clinician, plan):
    client.force_login(clinician)

    answer = take(client, plan, number)

    assert answer["Location"] == plan.get_absolute_url()
    with organization(clinic.pk):
        step = Step.objects.filter(number=number).latest("at")
        told = {"barriers": [], "involvement": []} | ANSWERS[number]
        assert {k: v for k, v in step.details.items() if k in ANSWERS[number]} == ANSWERS[number]
        assert set(step.details) <= set(told)
        assert step.by == clinician


def test_meeting_with_company_links_the_referral_on_the_persons_clock(
    client, clinic, clinician, plan, referral
):
    client.force_login(clinician)

    meet(client, plan, referral)

    with organization(clinic.pk):
        row = Referral.objects.get()
        # Seven in the evening in New York.
        assert row.first_meeting_at.isoformat() == "2026-11-13T00:00:00+00:00"
        assert row.state == State.LINKED
    assert "Thursday, November 12, 7:00 PM" in client.get(url("dashboard")).content.decode()


def test_meeting_alone_is_agreed_and_not_linked(client, clinic, clinician, plan, referral):
    client.force_login(clinician)

    meet(client, plan, referral, company="nobody")

    with organization(clinic.pk):
        assert Referral.objects.get().state == State.AGREED


@pytest.mark.parametrize("answers", [{"day": ""}, {"referral": str(uuid4())}, {"time": "25:00"}])
def test_wrong_step_is_said_on_the_page(answers, client, clinic, clinician, plan, referral):
    client.force_login(clinician)

    answer = meet(client, plan, referral, **answers)

    assert answer.status_code == 400
    assert "Please look at this again" in answer.content.decode()


def test_same_filling_in_twice_is_one_step(client, clinic, clinician, plan):
    client.force_login(clinician)
    key = str(uuid4())

    for _time in range(2):
        take(client, plan, steps.CALL, key=key)

    with organization(clinic.pk):
        assert Step.objects.filter(number=steps.CALL).count() == 1


@pytest.mark.parametrize(("number", "step"), steps.STEPS.items())
def test_peer_worker_does_their_own_steps_alone(
    number, step, client, clinic, assigned_peer, plan, referral
):
    client.force_login(assigned_peer)
    send = meet if number == steps.MEET else take
    arguments = [referral] if number == steps.MEET else [number]

    answer = send(client, plan, *arguments)

    if step.hand == "prescriber":
        assert answer.status_code in (403, 404)
    elif number == steps.JOURNAL:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 302


def test_fidelity_counts_the_six_and_no_other(client, clinician, plan, referral):
    client.force_login(clinician)
    for number in (steps.HISTORY, steps.PREPARE, steps.CALL, steps.CALL, steps.REMIND):
        take(client, plan, number)
    meet(client, plan, referral)

    page = client.get(plan.get_absolute_url())

    # Choosing was done with saving the plan.
    assert page.context["fidelity"] == 4
    assert "<strong>4 of 6</strong>" in page.content.decode()


def test_checks_end_their_tasks(client, clinic, clinician, plan):
    client.force_login(clinician)

    for number in (steps.FIRST, steps.SECOND, steps.CLOSE):
        take(client, plan, number)

    with organization(clinic.pk):
        assert not Task.objects.open().exists()
        assert Task.objects.count() == 3


def test_plan_opens_check_ins_on_their_days(clinic, plan, now):
    with organization(clinic.pk):
        due = dict(Task.objects.values_list("kind", "due_on"))

    assert due == {
        TaskKind.CHECK_IN_7: date(2026, 11, 17),
        TaskKind.CHECK_IN_28: date(2026, 12, 8),
        TaskKind.CHECK_IN_84: now.date() + timedelta(days=84),
    }


def test_bad_experience_is_on_top_and_matches_again_without_the_group(
    client, clinic, clinician, plan, referral, directory
):
    client.force_login(clinician)
    told = {"key": str(uuid4()), "which": str(referral.pk), "went": "went", "pushed": "room"}

    client.post(url("plan-check-in", plan.pk), told)

    page = client.get(plan.get_absolute_url()).content.decode()
    assert "do not stop the medication; call your prescriber" in page
    assert page.index("Call today") < page.index("Steps")
    assert "Call today" in client.get(url("dashboard")).content.decode().split("Plans")[0]
    again = client.post(url("plan-again", plan.pk))
    with organization(clinic.pk):
        assert AuditEvent.objects.filter(kind=Kind.NEEDS_WRITTEN, actor_id=clinician.pk).exists()
    found = client.get(again["Location"])
    shown = [card.group_id for card in (*found.context["three"], *found.context["rest"])]
    assert shown and referral.group_id not in shown


def test_task_is_done_once_and_leaves_the_list(client, clinic, clinician, plan):
    client.force_login(clinician)
    with organization(clinic.pk):
        task = Task.objects.get(kind=TaskKind.CHECK_IN_7)

    for _time in range(2):
        client.post(url("task-done", task.pk))

    with organization(clinic.pk):
        task.refresh_from_db()
        assert task.done_by == clinician


def test_link_and_code_are_shown_once(client, clinic, clinician, plan):
    client.force_login(clinician)

    made = client.post(url("share-make", plan.pk))

    address = made.context["address"]
    assert address in made.content.decode() and made.context["code"] in made.content.decode()
    again = client.get(plan.get_absolute_url()).content.decode()
    assert "/s/" not in again and made.context["code"] not in again
    assert client.get(address.removeprefix("http://testserver")).status_code == 200
    # A drawing for the patient's camera, made here and shown once like the address.
    drawing = handouts.drawn(address, css="share-code")
    assert drawing in made.content.decode()
    assert drawing not in again and "share-code" not in again


def test_second_link_ends_the_first(client, clinic, clinician, plan):
    client.force_login(clinician)
    first = client.post(url("share-make", plan.pk)).context["address"]

    client.post(url("share-make", plan.pk))

    assert client.get(first.removeprefix("http://testserver")).status_code == 404
    with organization(clinic.pk):
        assert ShareLink.objects.filter(revoked_at=None).count() == 1


def test_administrator_ends_a_link_and_makes_none(client, clinic, administrator, clinician, plan):
    client.force_login(clinician)
    client.post(url("share-make", plan.pk))
    with organization(clinic.pk):
        link = ShareLink.objects.get()
    client.force_login(administrator)

    assert client.post(url("share-make", plan.pk)).status_code == 404
    assert client.post(url("share-code", link.pk)).status_code == 403
    assert client.post(url("share-end", link.pk)).status_code == 302

    with organization(clinic.pk):
        assert ShareLink.objects.get().revoked_by == administrator


def test_replaced_plan_is_shown_and_takes_no_step(client, clinic, clinician, plan, now):
    client.force_login(clinician)
    with organization(clinic.pk):
        Plan.objects.update(closed_at=now, closed_by=clinician)

    page = client.get(plan.get_absolute_url())
    answer = client.post(
        url("plan-step", plan.pk, steps.CALL), {"key": str(uuid4()), "call": "spoke"}, follow=True
    )

    assert "replaced by a newer one" in page.content.decode()
    assert "Another plan was saved meanwhile" in answer.content.decode()


def test_closed_referral_is_taken_up_from_its_page(client, clinic, clinician, referral):
    client.force_login(clinician)
    client.post(url("referral-move", referral.pk), {"step": "decline", "reason": "not now"})

    answer = client.post(url("referral-reopen", referral.pk))

    with organization(clinic.pk):
        assert Referral.objects.get(reopens=referral).get_absolute_url() == answer["Location"]


def test_old_screen_is_a_conflict_with_what_stands_now(client, clinic, clinician, referral):
    client.force_login(clinician)
    old = referral.version
    client.post(url("referral-move", referral.pk), {"step": "attend"})

    answer = client.post(
        url("referral-move", referral.pk), {"step": "decline", "reason": "x", "version": old}
    )

    assert answer.status_code == 409
    assert "Somebody changed this meanwhile" in answer.content.decode()
    assert "Went to a first meeting" in answer.content.decode()


def test_plan_page_asks_the_same_number_of_queries_for_many(
    client, clinic, clinician, plan, referral, django_assert_max_num_queries
):
    client.force_login(clinician)
    for _time in range(4):
        told = {"key": str(uuid4()), "which": str(referral.pk), "went": "not_yet"}
        client.post(url("plan-check-in", plan.pk), told)
        take(client, plan, steps.CALL)

    with django_assert_max_num_queries(45):
        client.get(plan.get_absolute_url())
