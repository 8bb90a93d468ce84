"""Tokens of programs: bound to an organization, with scopes and an end, known by a hash."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from finder import limits
from referrals import tokens
from referrals.authentication import TokenAuthentication
from referrals.models import ApiToken, AuditEvent, Kind, Scope
from referrals.tenancy import organization


@pytest.fixture
def made(clinic, administrator, now):
    return make(clinic, administrator, now)


def make(clinic, administrator, now, *, scopes=(Scope.REFERRALS,), days=30):
    return tokens.make(clinic, "Record system", scopes=scopes, days=days, by=administrator, now=now)


def asking(header=None, address="192.0.2.9", query=""):
    headers = {"HTTP_AUTHORIZATION": header} if header else {}
    request = APIRequestFactory().get(f"/api/v1/x/{query}", REMOTE_ADDR=address, **headers)
    return APIView(authentication_classes=[TokenAuthentication]).initialize_request(request)


def test_token_opens_its_organization(made, clinic):
    request = asking(f"Bearer {made.secret}")

    assert (request.auth, request.user) == (made.token, None)
    assert request.auth.organization == clinic


def test_database_holds_no_usable_token(made):
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM referrals_apitoken t")
        stored = cursor.fetchone()[0]

    assert made.secret not in stored
    assert made.secret.removeprefix(tokens.PREFIX) not in stored
    assert len(made.secret) == len(tokens.PREFIX) + 32


def test_token_lives_for_90_days_at_the_most(clinic, administrator, now):
    token = make(clinic, administrator, now, days=400).token

    assert token.expires_at - now == timedelta(days=90)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(expires_at=now + timedelta(days=91))


@pytest.mark.parametrize("scopes", [[], ["referrals:write"]])
def test_database_refuses_unknown_scopes(scopes, made):
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(scopes=scopes)


@pytest.mark.parametrize("change", ["revoked", "expired", "organization", "agreement"])
def test_change_of_rights_bites_at_once(change, made, clinic, administrator, now):
    moment = now
    match change:
        case "revoked":
            tokens.revoke(made.token, by=administrator, now=now)
        case "expired":
            moment = now + timedelta(days=30)
        case "organization":
            clinic.is_active = False
        case "agreement":
            clinic.agreement_on = None
    clinic.save()

    assert tokens.find(made.secret, now=moment) is None
    assert tokens.find("mhg_" + "x" * 32, now=now) is None


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer mhg_" + "x" * 32,
        "bearer nonsense",
        "Bearer two words",
        "Bearer \xe9",
        "Bearer mhg_" + "x" * 5000,
    ],
)
def test_what_is_no_token_is_401(header, made):
    with pytest.raises(AuthenticationFailed):
        asking(header)._authenticate()
    assert TokenAuthentication().authenticate_header(None) == "Bearer"


@pytest.mark.parametrize("query", ["?token=", "?access_token=", "?authorization=Bearer%20"])
def test_token_in_an_address_is_none(query, made):
    request = asking(query=query + made.secret)

    assert request.auth is None


def test_wrong_tokens_are_limited_and_right_ones_are_not(made, now):
    _name, most = limits.WRONG_TOKENS
    for _attempt in range(most):
        with pytest.raises(AuthenticationFailed):
            asking("Bearer wrong")._authenticate()

    with pytest.raises(Throttled):
        asking("Bearer wrong")._authenticate()
    assert asking(f"Bearer {made.secret}").auth == made.token
    with pytest.raises(AuthenticationFailed):
        asking("Bearer wrong", address="192.0.2.10")._authenticate()


def test_scope_is_asked_for(clinic, administrator, now):
    secret = make(clinic, administrator, now, scopes=[Scope.DIRECTORY]).secret
    request = asking(f"Bearer {secret}")

    assert request.auth.has(Scope.DIRECTORY)
    assert not request.auth.has(Scope.REFERRALS)
    assert asking().auth is None


def test_use_is_noted_once_a_minute(made, now):
    for seconds in (0, 30, 61):
        tokens.find(made.secret, now=now + timedelta(seconds=seconds))
        made.token.refresh_from_db()

        assert made.token.last_used_at == now + timedelta(seconds=61 if seconds == 61 else 0)


def test_making_and_revoking_are_recorded_without_the_secret(made, clinic, administrator, now):
    tokens.revoke(made.token, by=administrator, now=now)
    tokens.revoke(made.token, by=administrator, now=now)

    with organization(clinic.pk):
        events = AuditEvent.objects.filter(target_id=str(made.token.pk)).order_by("at", "id")
        assert sorted(events.values_list("kind", flat=True)) == [
            Kind.TOKEN_MADE,
            Kind.TOKEN_REVOKED,
        ]


@pytest.mark.parametrize("who", ["clinician", "peer", "strange_administrator", "superuser"])
def test_only_who_runs_the_organization_has_tokens(who, request, clinic, made, now):
    user = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        make(clinic, user, now)
    with pytest.raises(PermissionDenied):
        tokens.revoke(made.token, by=user, now=now)


def test_command_prints_a_secret_that_works(clinic, administrator, now, capsys):
    options = {"organization": clinic.name, "name": "Nightly", "by": administrator.email}
    call_command("create_token", scope=["referrals:read"], **options)

    secret = capsys.readouterr().out.strip()
    assert tokens.find(secret, now=now).name == "Nightly"


@pytest.mark.parametrize(
    "wrong",
    [
        {"organization": "Nowhere"},
        {"by": "nobody@example.org"},
        {"by": "clinician@example.org"},
        {"name": " "},
        {"days": 91},
    ],
)
def test_command_refuses_in_a_sentence(wrong, clinic, administrator, clinician):
    options = {"organization": clinic.name, "name": "Nightly", "by": administrator.email}

    with pytest.raises(CommandError, match=r"\.$"):
        call_command("create_token", scope=["referrals:read"], **options | wrong)
    assert not ApiToken.objects.exists()
