"""Organizations, roles, tokens and one's own account, as the pages show and change them."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from referrals import tokens
from referrals.models import (
    ApiToken,
    Assignment,
    AuditEvent,
    Kind,
    Membership,
    Organization,
    Role,
)
from referrals.tenancy import organization
from tests.signing_in import ProvedClient


def page(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture(autouse=True)
def signed_in(client, administrator):
    client.force_login(administrator)


# --- Members --------------------------------------------------------------------------


def test_role_is_changed_and_bites_at_once(client, clinic, assigned_peer, patient):
    membership = assigned_peer.memberships.get()
    there = ProvedClient()
    there.force_login(assigned_peer)
    assert there.get(page("patient", patient.pk)).status_code == 200

    client.post(page("member-role", membership.pk), {"role": "admin"})

    membership.refresh_from_db()
    assert membership.role == Role.ADMIN
    assert there.get(page("patient", patient.pk)).status_code == 302
    with organization(clinic.pk):
        assert not Assignment.objects.current().exists()
        assert AuditEvent.objects.filter(kind=Kind.MEMBER_CHANGED).count() == 1


@pytest.mark.parametrize("role", ["king", ""])
def test_unknown_role_changes_nothing(role, client, peer):
    client.post(page("member-role", peer.memberships.get().pk), {"role": role})

    assert peer.memberships.get().role == Role.PEER


def test_nobody_changes_their_own_role(client, administrator):
    own = administrator.memberships.get()

    assert client.post(page("member-role", own.pk), {"role": "peer"}).status_code == 403
    assert "Another administrator" in client.get(page("member", own.pk)).content.decode()


def test_change_of_a_role_asks_for_the_second_step_anew(client, administrator, peer):
    client.force_login(administrator, ago=301)

    answer = client.post(page("member-role", peer.memberships.get().pk), {"role": "admin"})

    assert answer.status_code == 403
    assert peer.memberships.get().role == Role.PEER


def test_invitation_goes_out_again_to_who_never_signed_in(
    client, clinic, peer, django_capture_on_commit_callbacks
):
    url = page("member-invite", peer.memberships.get().pk)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url)
    assert mail.outbox[0].to == [peer.email]

    peer.last_login = timezone.now()
    peer.save()
    with django_capture_on_commit_callbacks(execute=True):
        said = client.post(url, follow=True).content.decode()
    assert len(mail.outbox) == 1
    assert "signed in already" in said


# --- Organizations --------------------------------------------------------------------


def test_administrator_changes_the_name_and_nothing_else(client, clinic):
    url = page("organization-settings", clinic.pk)
    client.post(url, {"name": "Walnut Lane", "agreement_on": "", "is_active": ""})

    clinic.refresh_from_db()
    assert (clinic.name, clinic.is_active) == ("Walnut Lane", True)
    assert clinic.agreement_on
    with organization(clinic.pk):
        assert AuditEvent.objects.filter(kind=Kind.ORGANIZATION_CHANGED).count() == 1


@pytest.mark.parametrize("told", [{"name": ""}, {"name": "Harbor Clinic"}, {"name": "x" * 161}])
def test_settings_that_cannot_be_are_said_on_the_page(told, client, clinic, other_clinic):
    assert client.post(page("organization-settings", clinic.pk), told).status_code == 400

    clinic.refresh_from_db()
    assert clinic.name == "Walnut Street Clinic"


def test_superuser_makes_an_organization_and_ends_its_agreement(client, superuser, clinician):
    client.force_login(superuser)
    client.post(page("organization-new"), {"name": "Elm Clinic", "agreement_on": "2026-11-02"})
    made = Organization.objects.get(name="Elm Clinic")
    assert "Elm Clinic" in client.get(page("organizations")).content.decode()

    clinic = clinician.memberships.get().organization
    url = page("organization-settings", clinic.pk)
    client.post(url, {"name": clinic.name, "agreement_on": "", "is_active": "on"})

    client.force_login(clinician)
    assert "agreement" in client.get(page("dashboard")).content.decode()
    assert client.get(page("patient-new")).status_code == 403
    assert made.agreement_on


@pytest.mark.parametrize("name", ["organizations", "organization-new"])
def test_list_of_organizations_is_for_who_runs_the_site(name, client):
    assert client.get(page(name)).status_code == 403


# --- Tokens ---------------------------------------------------------------------------


def test_secret_of_a_token_is_shown_once(client, clinic):
    url = page("tokens", clinic.pk)
    told = {"name": "Nightly", "scopes": ["referrals:read", "match"], "days": "30"}

    made = client.post(url, told).content.decode()

    token = ApiToken.objects.get()
    secret = made.split("<code", 1)[1].split(">", 1)[1].split("<", 1)[0]
    assert tokens.find(secret, now=timezone.now()) == token
    assert secret not in client.get(url).content.decode()
    client.post(page("token-revoke", token.pk))
    assert tokens.find(secret, now=timezone.now()) is None
    assert "Revoked" in client.get(url).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"days": "91"}, {"days": "x"}]
)
def test_token_that_cannot_be_is_said_on_the_page(wrong, client, clinic):
    told = {"name": "Nightly", "scopes": ["match"], "days": "30"} | wrong

    assert client.post(page("tokens", clinic.pk), told).status_code == 400
    assert not ApiToken.objects.exists()


def test_list_asks_the_same_number_of_queries_for_many(
    client, clinic, administrator, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(19) as captured:
            client.get(page("tokens", clinic.pk))
        return len(captured)

    client.get(page("tokens", clinic.pk))
    before = count()
    for number in range(5):
        tokens.make(
            clinic, f"T{number}", scopes=["match"], days=9, by=administrator, now=timezone.now()
        )
    assert count() == before


# --- One's own account ----------------------------------------------------------------


@pytest.mark.parametrize("who", ["clinician", "peer", "administrator", "curator", "superuser"])
def test_everyone_sees_their_own_account(who, request, client):
    user = request.getfixturevalue(who)
    client.force_login(user, ago=1000)

    assert user.email in client.get(page("account")).content.decode()


def test_member_of_another_organization_is_nobody(client, stranger):
    membership = Membership.objects.get(user=stranger)

    assert client.get(page("member", membership.pk)).status_code == 404
