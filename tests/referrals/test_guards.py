"""Sign-in by e-mail, idle time, and what an anonymous person meets."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from referrals.models import Role
from referrals.onboarding import add_member
from tests.factories import make_user
from tests.signing_in import code_of, set_up_app

HOME = "/referrals/"
PASSWORD = "walnut tree by the river 7"


@pytest.fixture
def member(clinic):
    """A clinician with a password and an authenticator app."""
    user = add_member(clinic, "m@example.org", role=Role.CLINICIAN, by=None, password=PASSWORD).user
    user.secret = set_up_app(user)
    return user


def sign_in(client, email="m@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_takes_a_password_and_a_code(client, member, now):
    step = reverse("mfa_authenticate")
    assert sign_in(client)["Location"] == step
    assert client.get(HOME).status_code == 302

    assert client.post(step, {"code": code_of(member.secret)})["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_passwords_are_hashed_with_argon2(member):
    assert member.password.startswith("argon2$argon2id$")


def test_wrong_and_unknown_addresses_get_the_same_answer(client, member):
    wrong = sign_in(client, password="something else entirely")
    unknown = sign_in(client, email="x@example.org")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_guessing_is_stopped(client, member):
    for _attempt in range(10):
        sign_in(client, password="something else entirely")

    refused = sign_in(client)

    assert refused.get("Location") != HOME


def test_sign_up_is_closed(client, db):
    page = client.get(reverse("account_signup"))
    posted = client.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    for answer in (page, posted):
        assert "Accounts come by invitation" in answer.content.decode()


@pytest.mark.parametrize("minutes", [16, 60])
def test_idle_session_ends(client, clinician, now, minutes):
    client.force_login(clinician)
    client.get(HOME)

    with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
        answer = client.get(HOME)
        again = client.get(HOME)

    assert answer["Location"] == f"/accounts/login/?next={HOME}"
    assert again.status_code == 302


def test_used_session_lives_on_but_not_for_ever(client, clinician, now):
    client.force_login(clinician)
    moment = now
    for _step in range(71):
        with time_machine.travel(moment, tick=False):
            assert client.get(HOME).status_code == 200
        moment += timedelta(minutes=10)

    with time_machine.travel(now + timedelta(hours=12, minutes=1), tick=False):
        assert client.get(HOME).status_code == 302


def test_signing_out_closes_every_page(client, clinician, patient):
    client.force_login(clinician)
    url = reverse("referrals:patient", args=[patient.pk])
    assert client.get(url).status_code == 200

    client.post(reverse("account_logout"))

    assert client.get(url).status_code == 302


def test_posting_without_a_token_is_refused(clinician, patient, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(clinician)

    assert client.post(reverse("referrals:patient-new"), {"label": "x"}).status_code == 403


def test_switched_off_account_is_out(client, db):
    user = make_user(password=None)
    client.force_login(user)
    user.is_active = False
    user.save()

    assert client.get(HOME).status_code == 302


def test_changing_the_address_asks_for_the_second_step_again(client, member, now):
    client.force_login(member)

    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        answer = client.post(
            reverse("account_email"), {"action_add": "1", "email": "other@example.org"}
        )

    assert answer.status_code == 403
    assert reverse("mfa_reauthenticate") in answer.content.decode()
    assert not EmailAddress.objects.filter(email="other@example.org").exists()
