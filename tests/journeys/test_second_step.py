"""Signing in with a second step: a passkey made and used, an app without scripts, every page."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from referrals.models import Role
from referrals.onboarding import add_member
from tests.factories import make_user
from tests.journeys.watching import assert_accessible, assert_fits
from tests.referrals.conftest import make_clinic
from tests.signing_in import ProvedClient, code_of, set_up_app, sign_in_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "walnut tree by the river 7"


@pytest.fixture
def admin(transactional_db):
    clinic = make_clinic("Walnut Street Clinic")
    return add_member(clinic, "a@example.org", role=Role.ADMIN, by=None, password=PASSWORD).user


def type_password(page, address):
    page.goto(address)
    page.get_by_label("Email").fill("a@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def give_authenticator(page):
    """Put a security key into the browser that says yes by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def shot(page, name):
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_passkey_is_made_and_opens_the_site(visit, live_server, admin):
    # A passkey belongs to a name; an address in numbers is refused by browsers.
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = visit()
    give_authenticator(page)
    type_password(page, f"{site}/referrals/")
    page.get_by_role("link", name="Add a passkey").click()
    assert_accessible(page)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="I have them. Go on").click()
    page.get_by_role("heading", name="Referrals", exact=True).wait_for()
    page.get_by_role("button", name="Sign out").click()

    type_password(page, f"{site}/referrals/")
    page.get_by_role("heading", name="Second step", exact=True).wait_for()
    assert_accessible(page)
    assert not page.get_by_role("alert").is_visible()
    shot(page, "authenticate")
    page.get_by_role("button", name="Use a passkey").click()

    page.get_by_role("heading", name="Referrals", exact=True).wait_for()
    assert page.complaints == []


def test_app_is_set_up_and_used_without_scripts(visit, live_server, admin):
    page = visit(java_script_enabled=False)
    type_password(page, f"{live_server.url}/referrals/")
    page.get_by_role("link", name="Add a passkey").click()
    assert "Passkeys need JavaScript" in page.locator("main").inner_text()
    assert not page.get_by_role("button", name="Add a passkey").is_visible()
    page.get_by_role("link", name="Back to second steps").click()
    page.get_by_role("link", name="Set up an app").click()
    assert page.locator(".step-square svg").is_visible()
    assert_fits(page)
    secret = page.locator(".step-letters").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    codes = page.locator(".step-codes li").all_inner_texts()
    assert_fits(page)
    page.get_by_role("link", name="I have them. Go on").click()
    page.get_by_role("button", name="Sign out").click()

    type_password(page, f"{live_server.url}/referrals/")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.get_by_role("heading", name="Referrals", exact=True).wait_for()


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_of_an_account_are_good_on_a_small_screen(visit, live_server, admin, language):
    clinic, own = admin.memberships.get().organization, admin.memberships.get()
    secret = set_up_app(admin)
    page = visit()
    told = {"email": admin.email, "password": PASSWORD, "secret": secret}
    sign_in_on(page, f"{live_server.url}/referrals/", **told)
    page.get_by_role("heading", name="Referrals", exact=True).wait_for()
    pages = [
        ("referrals:account", []),
        ("referrals:tokens", [clinic.pk]),
        ("referrals:organization-settings", [clinic.pk]),
        ("referrals:members", [clinic.pk]),
        ("referrals:member", [own.pk]),
        *[(name, []) for name in ("mfa_index", "mfa_deactivate_totp", "mfa_list_webauthn")],
        *[(name, []) for name in ("mfa_add_webauthn", "mfa_generate_recovery_codes")],
        *[(name, []) for name in ("account_email", "account_change_password")],
        ("mfa_reauthenticate", []),
    ]

    for name, args in pages:
        with override(language):
            page.goto(live_server.url + reverse(name, args=args))
        assert_fits(page)
        assert page.complaints == [], name
        assert_accessible(page)
        page.complaints.clear()
        shot(page, f"{language}-{name.replace(':', '-')}")


def test_pages_of_who_runs_the_site_are_good(visit, live_server, admin):
    clinic = admin.memberships.get().organization
    client = ProvedClient()
    client.force_login(make_user(is_staff=True, is_superuser=True, password=None))
    page = visit()
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    for name, args in [
        ("organizations", []),
        ("organization-new", []),
        ("emergency-open", [clinic.pk]),
    ]:
        page.goto(live_server.url + reverse(f"referrals:{name}", args=args))
        assert_fits(page)
        assert_accessible(page)
        shot(page, name)
    page.get_by_label("Reason").fill("Found unconscious, the clinic is closed tonight.")
    page.get_by_role("button", name="Open").click()

    page.get_by_text("Opened in an emergency").wait_for()
    assert_fits(page)
    assert_accessible(page)
    shot(page, "opened")
    page.get_by_role("button", name="End it now").click()
    page.get_by_text("The opening was ended.").wait_for()


def test_asking_again_leads_back(visit, live_server, admin, client):
    client.force_login(admin, ago=400)
    set_up_app(admin)
    page = visit()
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(live_server.url + reverse("account_email"))
    assert_fits(page)
    assert_accessible(page)
    shot(page, "step-up")

    page.get_by_role("link", name="Confirm").click()

    page.get_by_role("heading", name="Confirm that it is you").wait_for()
    assert page.get_by_label("Code").is_visible()
