"""The second step: on every private page, once for each code, anew before some changes."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from finder.middleware import is_private
from referrals.models import AuditEvent, Kind, Role
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.signing_in import PASSWORD, ProvedClient, code_of, code_step, password_step

HOME = "/referrals/"
DESK = "/admin/"
UUID = "00000000-0000-4000-8000-000000000000"
# Open before a second step is set up: setting it up, and leaving.
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
LEAVING = {"account_logout", "admin:logout"}


def is_in(client):
    return client.get(HOME).status_code == 200


# --- Every private page ---------------------------------------------------------------


def private_routes(patterns=None, prefix="/", space=""):
    """Give each private address with its name, filled in with something."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + re.sub(r"^\^|\$$|\\Z", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from private_routes(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            filled = re.sub(r"<uuid:\w+>", UUID, route)
            filled = re.sub(r"<(int|path):\w+>|\(\?P<(app_label|url)>.*?\)", "1", filled)
            filled = re.sub(r"<(slug|str):\w+>|<\w+>|\(\?P<\w+>.*?\)", "x", filled)
            filled = filled.replace("^", "").replace("\\", "")
            if is_private(filled):
                yield filled, space + (pattern.name or "")


def pages():
    """Give the private addresses that are pages; the API answers 401 (tests/referrals/api)."""
    return [found for found in private_routes() if not found[0].startswith("/api/")]


def test_routes_are_found():
    names = {name for _path, name in private_routes()}

    assert {"referrals:dashboard", "admin:index", "mfa_index", "account_email"} <= names
    assert len(names) > 100


@pytest.mark.parametrize("proved", ["password", ""])
def test_password_alone_opens_nothing_but_setting_up(proved, client, superuser):
    client.force_login(superuser, proved=proved)
    opened = set()

    for path, name in pages():
        for send in (client.get, client.post):
            answer = send(path)
            if name not in LEAVING and answer.get("Location") != reverse("mfa_index"):
                opened.add(name)
            if name in LEAVING:
                client.force_login(superuser, proved=proved)

    assert opened <= SETTING_UP


def test_who_has_a_second_step_is_asked_for_it(client, member, secret):
    client.force_login(member, proved="password")

    for path, name in pages():
        if name not in LEAVING | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}:
            answer = client.get(path)
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(reverse("mfa_reauthenticate")), path


@pytest.mark.parametrize("who", ["curator", "superuser"])
def test_desk_asks_curators_too(who, request, client, db):
    user = request.getfixturevalue(who)
    client.force_login(user, proved="password")
    assert client.get(DESK)["Location"] == reverse("mfa_index")

    client.force_login(user)
    assert client.get(DESK).status_code == 200


def test_public_pages_ask_nobody(client, member):
    client.force_login(member, proved="password")

    assert client.get("/").status_code == 200
    assert client.get("/refer/").status_code == 200


# --- Codes ----------------------------------------------------------------------------


def test_code_works_once_for_as_long_as_it_would_be_good(member, secret, now):
    code = code_of(secret)
    first = ProvedClient()
    password_step(first)
    code_step(first, code)
    assert is_in(first)

    for seconds in (0, 20, 45, 59):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            again = ProvedClient()
            password_step(again)
            code_step(again, code)
            assert not is_in(again)


def test_phone_may_be_half_a_minute_off(client, member, secret, now):
    code = code_of(secret)

    with time_machine.travel(now + timedelta(seconds=30), tick=False):
        password_step(client)
        code_step(client, code)

        assert is_in(client)


def test_recovery_code_works_once(member, secret, now):
    code = RecoveryCodes.activate(member).get_unused_codes()[0]

    for expected in (True, False):
        browser = ProvedClient()
        password_step(browser)
        code_step(browser, code)
        assert is_in(browser) is expected


def test_database_holds_no_usable_code(member, secret):
    codes = RecoveryCodes.activate(member).get_unused_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM mfa_authenticator t")
        stored = cursor.fetchone()[0]

    assert secret not in stored
    assert not [code for code in codes if code in stored]


def test_five_codes_are_tried_in_a_quarter_of_an_hour(client, member, secret, now):
    password_step(client)
    for _attempt in range(5):
        code_step(client, "000000")

    answer = code_step(client, code_of(secret))

    assert "Location" not in answer
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        browser = ProvedClient()
        password_step(browser)
        code_step(browser, code_of(secret))
        assert is_in(browser)


def test_guesses_from_elsewhere_do_not_lock_the_owner_out(member, secret, now):
    for number in range(20):
        stranger = ProvedClient(
            REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"
        )
        stranger.post(
            reverse("account_login"), {"login": "m@example.org", "password": "something else 123"}
        )

    owner = ProvedClient(REMOTE_ADDR="192.0.2.7")
    assert password_step(owner)["Location"] == reverse("mfa_authenticate")
    locked = ProvedClient(REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert "Location" not in password_step(locked)


def test_limits_keep_no_address(client, member):
    client.post(
        reverse("account_login"),
        {"login": "m@example.org", "password": "something else 123"},
        REMOTE_ADDR="198.51.100.7",
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), string_agg(t::text, ' ') FROM finder_cache t")
        count, stored = cursor.fetchone()
    assert count
    assert "198.51.100.7" not in stored
    assert "m@example.org" not in stored


# --- Setting up and taking away -------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_rest(clinic, member, now):
    browser = ProvedClient()
    password_step(browser)
    page = browser.get(reverse("mfa_activate_totp"))
    assert "<svg" in page.content.decode()
    wrong = browser.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 200

    code = code_of(wrong.context["form"].secret)
    done = browser.post(reverse("mfa_activate_totp"), {"code": code})

    codes = browser.get(done["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert is_in(browser)
    assert browser.get(done["Location"]).context["unused_codes"] == ["****"] * 10
    assert mail.outbox[0].to == ["m@example.org"]
    assert "127.0.0.1" not in mail.outbox[0].body
    with organization(clinic.pk):
        kinds = AuditEvent.objects.filter(actor_id=member.pk).values_list("kind", flat=True)
        assert {Kind.SIGNED_IN, Kind.ACCOUNT_CHANGED} <= set(kinds)


def test_last_second_step_is_not_taken_away(client, member, secret):
    client.force_login(member)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert answer.status_code == 200
    assert Authenticator.objects.filter(user=member).exists()


# --- Sessions -------------------------------------------------------------------------


def test_change_of_a_second_step_ends_the_other_sessions(member, secret):
    Authenticator.objects.create(
        user=member, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}}
    )
    here, there = ProvedClient(), ProvedClient()
    here.force_login(member)
    there.force_login(member)

    here.post(reverse("mfa_deactivate_totp"))

    assert is_in(here)
    assert there.get(HOME)["Location"].startswith("/accounts/login/")


def test_change_of_the_password_ends_the_other_sessions(member, secret):
    here, there = ProvedClient(), ProvedClient()
    here.force_login(member)
    there.force_login(member)
    before = here.session.session_key

    words = "seven lanterns on a slow canal"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": words, "password2": words},
    )

    member.refresh_from_db()
    assert member.check_password(words)
    assert is_in(here)
    assert here.session.session_key != before
    assert not is_in(there)


def test_new_session_begins_at_sign_in(client, member, secret, now):
    client.get(reverse("account_login"))
    password_step(client)
    before = client.session.session_key

    code_step(client, code_of(secret))

    assert is_in(client)
    assert client.session.session_key != before


def test_signing_out_clears_what_the_browser_keeps(client, member):
    client.force_login(member)

    answer = client.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_curators_may_think_for_half_an_hour(client, curator, now):
    client.force_login(curator)
    client.get(DESK)

    for minutes, status in ((29, 200), (60, 302)):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert client.get(DESK).status_code == status


# --- The demonstration ----------------------------------------------------------------


@pytest.fixture
def guest(clinic):
    """A demonstration account, whose password everyone knows."""
    address = "guest@demo.example.org"
    return add_member(clinic, address, role=Role.PEER, by=None, password=PASSWORD).user


def test_demonstration_needs_no_second_step_while_demo_is_on(client, guest, settings):
    settings.DEMO = True
    client.force_login(guest, proved="password")
    assert is_in(client)
    assert client.get(reverse("account_email")).status_code == 200

    settings.DEMO = False
    assert not is_in(client)


def test_demo_exempts_nobody_else(client, member, settings):
    settings.DEMO = True
    client.force_login(member, proved="password")

    assert client.get(HOME)["Location"] == reverse("mfa_index")


# --- Lost -----------------------------------------------------------------------------


def test_who_lost_it_sets_up_a_new_one(client, clinic, member, secret):
    client.force_login(member)

    call_command("reset_second_step", "M@example.org")

    assert client.get(HOME)["Location"].startswith("/accounts/login/")
    assert password_step(client)["Location"] == HOME
    assert client.get(HOME)["Location"] == reverse("mfa_index")
    with organization(clinic.pk):
        event = AuditEvent.objects.filter(kind=Kind.ACCOUNT_CHANGED).get()
        assert (event.actor_id, event.target_id) == (None, str(member.pk))


def test_nobody_is_reset_by_mistake(db):
    with pytest.raises(CommandError, match="Nobody"):
        call_command("reset_second_step", "x@example.org")
