"""One referral's page and its steps, and the list a member starts from."""

import pytest
from django.urls import reverse

from finder.models import Group
from referrals.models import Referral, ReferralEvent, State
from referrals.tenancy import organization
from tests.factories import make_group, make_program
from tests.referrals.conftest import LABEL, make_patient


@pytest.fixture(autouse=True)
def signed_in(client, clinician):
    client.force_login(clinician)


def move(client, referral, **posted):
    return client.post(reverse("referrals:referral-move", args=[referral.pk]), posted)


def state_of(referral):
    with organization(referral.organization_id):
        return Referral.objects.get(pk=referral.pk).state


def test_page_offers_the_steps_that_may_follow(client, referral):
    answer = client.get(referral.get_absolute_url())

    offered = [name for name, _label in answer.context["form"].fields["step"].choices]
    assert offered == ["offer", "agree", "miss", "attend", "decline", "withdraw", "void"]


def test_step_moves_the_referral(client, referral):
    answer = move(client, referral, step="offer")

    assert answer["Location"] == referral.get_absolute_url()
    assert state_of(referral) == State.OFFERED


@pytest.mark.parametrize(
    "posted", [{"step": "decline"}, {"step": "engage"}, {"step": "x"}, {}, {"step": "offer\x00"}]
)
def test_wrong_step_is_said_on_the_page(posted, client, referral):
    answer = move(client, referral, **posted)

    assert answer.status_code == 400
    assert "Please look at this again" in answer.content.decode()
    assert state_of(referral) == State.DRAFT


def test_closed_referral_offers_no_step(client, referral):
    move(client, referral, step="decline", reason="not now")

    answer = client.get(referral.get_absolute_url())
    assert answer.context["form"] is None
    assert "not now" in answer.content.decode()


def test_deleting_is_not_a_thing(client, referral):
    assert client.delete(referral.get_absolute_url()).status_code == 405
    with organization(referral.organization_id):
        assert ReferralEvent.objects.exists()


def test_administrator_sees_the_steps_they_may_take(client, referral, administrator):
    client.force_login(administrator)

    answer = client.get(referral.get_absolute_url())

    assert [name for name, _l in answer.context["form"].fields["step"].choices] == [
        "withdraw",
        "void",
    ]


def test_administrator_gives_a_patient_to_a_colleague_unseen(
    client, referral, administrator, colleague
):
    client.force_login(administrator)
    url = reverse("referrals:referral-assign", args=[referral.pk])

    client.post(url, {"member": colleague.memberships.get().pk})

    client.force_login(colleague)
    patient = reverse("referrals:patient", args=[referral.patient_id])
    assert client.get(patient).status_code == 200


@pytest.mark.parametrize("who", ["clinician", "administrator"])
def test_dashboard_asks_the_same_number_of_queries_for_many(
    who, request, client, clinic, clinician, referral
):
    user = request.getfixturevalue(who)
    client.force_login(user)
    url = reverse("referrals:dashboard")
    counted = request.getfixturevalue("django_assert_max_num_queries")

    client.get(url)
    with counted(28) as few:
        client.get(url)
    with organization(clinic.pk):
        program = make_program()
        for number in range(15):
            _copy(
                referral, make_patient(clinic, clinician, f"p{number}"), make_group(program=program)
            )
    with counted(28) as many:
        body = client.get(url).content.decode()

    assert len(few) == len(many)
    assert body.count(reverse("referrals:referral", args=[referral.pk])) == 1
    assert Group.objects.count() == 16


def test_dashboard_names_the_patient_to_those_who_work_with_them(
    client, referral, clinician, administrator
):
    client.force_login(clinician)
    mine = client.get(reverse("referrals:dashboard")).content.decode()
    client.force_login(administrator)
    overseen = client.get(reverse("referrals:dashboard")).content.decode()

    for page in (mine, overseen):
        assert referral.get_absolute_url() in page
    assert LABEL in mine
    assert LABEL not in overseen


def _copy(referral, patient, group):
    Referral.objects.create(
        organization=referral.organization,
        patient=patient,
        plan=referral.plan,
        group=group,
        state_by=referral.state_by,
        state_at=referral.state_at,
        created_by=referral.created_by,
        created_at=referral.created_at,
    )


def test_person_without_an_organization_is_told_so(client, curator):
    client.force_login(curator)

    body = client.get(reverse("referrals:dashboard")).content.decode()

    assert "You do not work for an organization here" in body
