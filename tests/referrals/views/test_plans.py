"""From needs to a saved plan and a handout that was given."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from finder.search.index import rebuild
from referrals.models import AuditEvent, Kind, NeedsDraft, Plan, Referral, State
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting

ANSWERS = {
    "place": "62701",
    "medication": "methadone",
    "when": "evening",
    "travel": "bus",
    "with_children": "on",
    "vetoed_places": "ZQ7-place",
}


@pytest.fixture(autouse=True)
def signed_in(client, clinician, directory):
    client.force_login(clinician)


def page(name, patient):
    return reverse(f"referrals:{name}", args=[patient.pk])


@pytest.fixture
def suggested(client, patient):
    client.post(page("needs", patient), ANSWERS)
    return client.get(page("suggestions", patient))


def test_needs_wait_sealed_and_not_in_the_session(client, clinic, patient):
    answer = client.post(page("needs", patient), ANSWERS)

    assert answer["Location"] == page("suggestions", patient)
    with organization(clinic.pk):
        assert NeedsDraft.objects.get().needs["vetoed_places"] == ["ZQ7-place"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT encode(needs, 'escape') FROM referrals_needsdraft")
            assert "ZQ7" not in cursor.fetchone()[0]
    assert "ZQ7" not in str(dict(client.session))


def test_wrong_needs_are_said_on_the_page_and_not_kept(client, clinic, patient):
    answer = client.post(page("needs", patient), ANSWERS | {"place": "00000"})

    assert answer.status_code == 400
    with organization(clinic.pk):
        assert not NeedsDraft.objects.exists()


def test_form_comes_back_as_it_was_filled_in(client, patient, suggested):
    body = client.get(page("needs", patient)).content.decode()

    assert 'value="62701"' in body
    assert '<option value="methadone" selected>' in body
    assert "ZQ7-place" in body


def test_suggestions_are_the_same_as_without_a_sign_in(client, suggested):
    quick = client.post("/refer/", ANSWERS)

    assert suggested.context["three"] == quick.context["three"]
    assert len(suggested.context["three"]) == 3


def test_suggestions_without_needs_lead_to_the_form(client, patient):
    assert client.get(page("suggestions", patient))["Location"] == page("needs", patient)


def test_needs_of_another_day_are_asked_again(client, patient, suggested, now):
    with time_machine.travel(now + timedelta(hours=13), tick=False):
        client.force_login(patient.created_by)
        answer = client.get(page("suggestions", patient))

    assert answer["Location"] == page("needs", patient)


def test_plan_keeps_what_was_shown_and_what_was_chosen(client, clinic, patient, suggested):
    three = suggested.context["three"]
    chosen = [card.best.id for card in three[:2]]

    answer = client.post(
        page("suggestions", patient), {"meetings": chosen, "step": "weekly", "involvement": "tools"}
    )

    with organization(clinic.pk):
        assert answer["Location"] == patient.plans.get().get_absolute_url()
    with organization(clinic.pk):
        plan = Plan.objects.get()
        assert plan.needs["needs"]["medication"] == "methadone"
        assert [item["group"] for item in plan.suggestions["three"]] == [c.group_id for c in three]
        assert all(item["reasons"] and item["not_known"] for item in plan.suggestions["three"])
        assert plan.ladder == {"step": "weekly", "involvement": ["tools"]}
        made = {r.group_id: (r.meetings, r.medication, r.state) for r in Referral.objects.all()}
        assert made == {
            card.group_id: ([card.best.id], "methadone", State.DRAFT) for card in three[:2]
        }
        assert not NeedsDraft.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"meetings": ["999999"]}, {"meetings": ["x"]}])
def test_plan_of_nothing_is_refused_with_a_sentence(posted, client, clinic, patient, suggested):
    answer = client.post(page("suggestions", patient), {"step": "one"} | posted)

    assert answer.status_code == 400
    assert "usa-alert--error" in answer.content.decode()
    with organization(clinic.pk):
        assert not Plan.objects.exists()
        assert NeedsDraft.objects.exists()


def test_group_that_was_a_poor_fit_is_not_suggested_again(client, clinic, patient, suggested):
    gone = suggested.context["three"][0]
    client.post(page("suggestions", patient), {"meetings": [gone.best.id], "step": "one"})
    with organization(clinic.pk):
        Referral.objects.update(state=State.POOR_FIT)

    client.post(page("needs", patient), ANSWERS)
    again = client.get(page("suggestions", patient))

    shown = [*again.context["three"], *again.context["rest"]]
    assert gone.group_id not in {card.group_id for card in shown}


@pytest.fixture
def saved(client, patient, suggested):
    ids = [card.best.id for card in suggested.context["three"]]
    client.post(page("suggestions", patient), {"meetings": ids, "step": "one"})
    return ids


def test_handout_holds_the_chosen_meetings_and_nothing_of_the_patient(client, patient, saved):
    answer = client.get(page("handout", patient))

    body = answer.content.decode()
    assert [line.meeting_id for line in answer.context["handout"].lines] == saved
    assert patient.label not in body
    assert "<title>Meetings</title>" in body


def test_handout_is_recorded(client, clinic, patient, saved):
    client.get(page("handout", patient))

    with organization(clinic.pk):
        assert AuditEvent.objects.filter(kind=Kind.HANDOUT_MADE).count() == 1


def test_handout_in_full_names_the_medication_of_the_plan(client, patient, saved):
    answer = client.post(page("handout", patient), {"version": "full"})

    assert all(line.acceptance.startswith("Methadone:") for line in answer.context["handout"].lines)


def test_handout_names_no_medication_once_they_would_rather_not_say(
    client, clinic, patient, suggested
):
    first, *others = (card.best.id for card in suggested.context["three"])
    client.post(page("suggestions", patient), {"meetings": [first], "step": "one"})
    told = {name: value for name, value in ANSWERS.items() if name != "medication"}
    client.post(page("needs", patient), told)
    with organization(clinic.pk):
        again = {"meetings": others, "step": "one", "replaces": str(Plan.objects.get().pk)}
    assert client.post(page("suggestions", patient), again).status_code == 302
    answer = client.post(page("handout", patient), {"version": "full"})

    with organization(clinic.pk):
        assert "methadone" in [referral.medication for referral in Referral.objects.live()]
    assert answer.context["handout"].lines
    assert "ethadone" not in answer.content.decode()


def test_handout_before_a_plan_leads_back(client, patient):
    assert client.get(page("handout", patient))["Location"] == page("patient", patient)


def test_handout_given_offers_every_draft(client, clinic, patient, saved):
    client.post(page("handout-given", patient))

    with organization(clinic.pk):
        assert set(Referral.objects.values_list("state", flat=True)) == {State.OFFERED}


def test_suggestions_ask_the_same_number_of_queries_for_many(
    client, patient, suggested, directory, django_assert_max_num_queries
):
    with django_assert_max_num_queries(28) as few:
        client.get(page("suggestions", patient))
    for number in range(12):
        group = make_group(program=directory["near"].group.program)
        make_meeting(group=group, name=f"Extra {number}", weekday=number % 7, start=time(18))
    rebuild()

    with django_assert_max_num_queries(28) as many:
        answer = client.get(page("suggestions", patient))

    assert len(many) == len(few)
    assert len(answer.context["rest"]) >= 10
