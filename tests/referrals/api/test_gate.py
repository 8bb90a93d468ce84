"""The gate of the referral API: who gets in, who meets what, and what is recorded of it."""

from uuid import uuid4

import pytest

from referrals.models import AuditEvent, Kind, Referral, Scope
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON
from tests.signing_in import ProvedClient

LIST = "/api/v1/referrals/"
BARE = {
    *("id", "group", "program", "state", "state_at", "created_at", "first_meeting_at"),
    *("reopens", "version", "is_live"),
}
CONTENT = BARE | {"patient", "plan", "meetings", "medication", "reason"}
DETAIL = {"history", "moves"}


def one(referral, more=""):
    return f"{LIST}{referral.pk}/{more}"


# --- Who sees what -----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clinician", "assigned_peer"])
def test_who_works_with_the_patient_reads_everything(asking, referral, request, who):
    asks = asking(request.getfixturevalue(who))

    (row,) = asks.get(LIST)["results"]
    whole = asks.get(one(referral))

    assert set(row) == CONTENT
    assert set(whole) == CONTENT | DETAIL
    assert row["patient"] == {"id": str(referral.patient_id), "label": LABEL}
    assert (row["medication"], row["reason"]) == ("methadone", REASON)
    assert set(whole["history"][0]) == {"from", "to", "at", "role", "reason"}


def test_who_runs_the_organization_reads_group_state_and_dates(asking, referral, administrator):
    asks = asking(administrator)

    (row,) = asks.get(LIST)["results"]
    whole = asks.get(one(referral))

    assert set(row) == BARE
    assert set(whole) == BARE | DETAIL
    assert set(whole["history"][0]) == {"from", "to", "at", "role"}
    assert {move["step"] for move in whole["moves"]} == {"withdraw", "void"}


def test_token_reads_group_state_and_dates_of_its_organization(with_token, referral, clinic):
    asks = with_token(clinic)

    (row,) = asks.get(LIST)["results"]
    whole = asks.get(one(referral))

    assert set(row) == BARE
    assert set(whole) == BARE | DETAIL
    assert whole["moves"] == []


@pytest.mark.parametrize(
    "who", ["colleague", "stranger", "strange_administrator", "curator", "superuser"]
)
def test_for_everyone_else_there_is_none(asking, referral, request, who):
    asks = asking(request.getfixturevalue(who))

    assert asks.get(LIST) == {"count": 0, "next": None, "results": []}
    for address in (one(referral), one(referral, "check-ins/")):
        never = address.replace(str(referral.pk), str(uuid4()))
        assert asks.get(address, 404) == asks.get(never, 404)
    for address in (one(referral, "moves/"), one(referral, "check-ins/")):
        asks.post(address, {"step": "decline", "reason": "r", "went": "went"}, 404)
    asks.send("delete", one(referral), status=404)


def test_tokens_of_others_and_for_other_things_find_nothing(
    with_token, referral, clinic, other_clinic
):
    strange = with_token(other_clinic)
    assert strange.get(LIST)["count"] == 0
    strange.get(one(referral), 404)
    strange.post(one(referral, "moves/"), {"step": "decline"}, 404)

    other = with_token(clinic, Scope.DIRECTORY)
    other.get(LIST, 403)
    other.get(one(referral), 404)
    other.post("/api/v1/match/", {"place": "62701"}, 403)


def test_token_writes_nothing_and_reads_nothing_written(with_token, referral, clinic):
    asks = with_token(clinic, *Scope)

    asks.post(LIST, {"patient": {"label": "new"}, "needs": {}, "meetings": []}, 403)
    asks.post(one(referral, "moves/"), {"step": "decline", "reason": "r"}, 403)
    asks.get(one(referral, "check-ins/"), 403)
    asks.post(one(referral, "check-ins/"), {"went": "went"}, 403)

    with organization(clinic.pk):
        assert Referral.objects.get().state == "draft"


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_without_a_session_or_a_token_nobody_gets_in(client, referral, method):
    for address in (LIST, one(referral), one(referral, "moves/"), "/api/v1/match/"):
        answer = getattr(client, method)(address)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert REASON not in answer.content.decode()


def test_session_cannot_be_used_by_another_site(clinician, referral):
    client = ProvedClient(enforce_csrf_checks=True)
    client.force_login(clinician)

    answer = client.post(one(referral, "moves/"), {"step": "decline", "reason": "r"})

    assert answer.status_code == 403
    with organization(referral.organization_id):
        assert Referral.objects.get().state == "draft"


def test_session_on_a_password_alone_is_none(client, clinician, referral):
    client.force_login(clinician, proved="password")

    assert client.get(one(referral)).status_code == 401


def test_revoked_token_is_refused_at_the_next_request(with_token, referral, clinic, now):
    asks = with_token(clinic)
    asks.get(LIST)

    clinic.is_active = False
    clinic.save()

    asks.get(LIST, 401)


def test_token_in_an_address_is_none(with_token, client, clinic):
    secret = with_token(clinic).headers["Authorization"].removeprefix("Bearer ")

    assert client.get(f"{LIST}?token={secret}").status_code == 401


def test_methods_that_are_not_there_are_told_to_those_who_may_look(
    asking, with_token, referral, clinician, clinic
):
    for asks in (with_token(clinic), asking(clinician)):
        for method in ("delete", "put", "patch"):
            asks.send(method, one(referral), status=405)
            asks.send(method, LIST, status=405)


# --- The record --------------------------------------------------------------------------


def events(clinic, kind):
    with organization(clinic.pk):
        return list(AuditEvent.objects.filter(kind=kind).values_list("actor_id", "under_id"))


def test_what_is_read_is_recorded_with_who_read_it(asking, referral, clinic, clinician):
    asks = asking(clinician)
    asks.get(LIST)
    asks.get(one(referral))
    asks.get(one(referral, "check-ins/"))

    assert events(clinic, Kind.REFERRAL_LISTED) == [(clinician.pk, None)]
    assert events(clinic, Kind.REFERRAL_READ) == [(clinician.pk, None)] * 2


def test_what_a_token_reads_is_recorded_with_the_token(with_token, referral, clinic):
    asks = with_token(clinic)
    asks.get(one(referral))

    ((actor, under),) = events(clinic, Kind.REFERRAL_READ)
    assert actor is None
    assert under is not None


@pytest.mark.parametrize("who", ["colleague", "administrator"])
def test_each_refusal_is_recorded_once(asking, referral, clinic, request, who):
    user = request.getfixturevalue(who)
    status = 403 if who == "administrator" else 404
    asking(user).post(one(referral, "check-ins/"), {"went": "went"}, status)

    assert events(clinic, Kind.REFUSED) == [(user.pk, None)]
