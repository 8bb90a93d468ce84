"""Asking for the second step anew before some changes, and the way back from there."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse

from tests.signing_in import PASSWORD, code_of, set_up_app

SENSITIVE = [
    "account_change_password",
    "account_email",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_add_webauthn",
    "admin:finder_user_add",
    "admin:password_change",
]


@pytest.mark.parametrize("name", SENSITIVE)
def test_sensitive_page_asks_again_after_five_minutes(name, client, superuser):
    set_up_app(superuser)
    RecoveryCodes.activate(superuser)

    for ago, status in ((299, {200, 302, 405}), (301, {403})):
        client.force_login(superuser, ago=ago)
        answers = [client.get(reverse(name)), client.post(reverse(name))]
        assert {answer.status_code for answer in answers} <= status
        leads_on = reverse("mfa_reauthenticate") in answers[0].content.decode()
        assert leads_on is (ago == 301)


def test_password_does_not_stand_in_for_the_second_step(client, member, secret):
    client.force_login(member, ago=400)

    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("account_email")).status_code == 403


def test_confirming_leads_back(client, member, secret, now):
    client.force_login(member, ago=400)
    page = client.get(reverse("account_email")).content.decode()
    address = re.search(r'href="([^"]*reauthenticate[^"]*)"', page)[1]

    done = client.post(address, {"code": code_of(secret)})

    assert done["Location"] == reverse("account_email")
    assert client.get(done["Location"]).status_code == 200


@pytest.mark.parametrize("sent_from", ["https://evil.example/x", "//evil.example", ""])
def test_way_back_stays_on_this_site(sent_from, client, member, secret):
    client.force_login(member, ago=400)

    answer = client.post(reverse("account_email"), {"email": "x"}, HTTP_REFERER=sent_from)

    assert "evil" not in answer.content.decode()
    assert "next=%2Freferrals%2F" in answer.content.decode()
