"""Referrals by API: plans, steps and check-ins, each once, and answers in sentences."""

from datetime import timedelta
from uuid import uuid4

import pytest

from referrals.models import CheckIn, Patient, Plan, Referral, ReferralEvent, State, Task
from referrals.tenancy import organization
from tests.factories import make_group
from tests.referrals.conftest import LABEL
from tests.referrals.reports.conftest import make_referral

LIST = "/api/v1/referrals/"
NEEDS = {"place": "62701", "medication": "methadone", "days": ["tue", "thu"], "with_children": True}

# The id of no row.
NOBODY = "0f9d2a54-6b1c-4c3e-9a7d-5e8f00000000"


def one(referral, more=""):
    return f"{LIST}{referral.pk}/{more}"


# --- Matching ----------------------------------------------------------------------------


def test_match_answers_like_the_page(asking, clinician, directory):
    found = asking(clinician).post("/api/v1/match/", NEEDS)

    names = {match["group"]["name"] for match in found["three"]}
    assert names == {"Walnut NA Evening", "Blue Kettle", "Copper Bell"}
    phone = next(match for match in found["three"] if match["group"]["name"] == "Copper Bell")
    assert phone["acceptance"]["methadone"]["label"] == "affirming"
    assert phone["best"]["id"] == directory["phone"].pk
    assert phone["reasons"][0]["words"]
    assert found["timezone"] == "America/Chicago"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({}, "place"),
        ({"place": "nowhere at all"}, "place"),
        ({"place": "62701", "patient": "Ann"}, "patient"),
        ({"place": "62701", "medication": "aspirin"}, "medication"),
        ({"place": "62701", "days": ["someday"]}, "days"),
        ({"place": "62701", "miles": 0}, "miles"),
        ({"place": {"zip": "62701"}}, "place"),
        (["62701"], "body"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(asking, clinician, directory, told, name):
    refused = asking(clinician).post("/api/v1/match/", told, 400)

    assert list(refused["errors"]) == [name]
    assert refused["errors"][name][0].endswith(".")


def test_broken_json_is_said_to_be_so(client, clinician, db):
    client.force_login(clinician)

    answer = client.post("/api/v1/match/", "{", content_type="application/json")

    assert answer.status_code == 400
    assert "JSON" in answer.json()["detail"]


# --- Plans -------------------------------------------------------------------------------


def plan_of(directory, **more):
    return {
        "patient": {"label": "Chart 9"},
        "needs": NEEDS,
        "meetings": [directory["phone"].pk],
        **more,
    }


def test_plan_is_saved_as_on_the_page(asking, clinician, clinic, directory):
    saved = asking(clinician).post(LIST, plan_of(directory), 201)

    (row,) = saved["referrals"]
    assert row["group"]["name"] == "Copper Bell"
    assert (row["state"], row["medication"]) == ("draft", "methadone")
    with organization(clinic.pk):
        plan = Plan.objects.get()
        assert str(plan.pk) == saved["plan"]
        assert plan.needs["needs"]["with_children"] is True
        assert plan.needs["form"]["days"] == ["1", "3"]
        assert plan.ladder == {"step": "one", "involvement": []}
        assert plan.tasks.count() == 3


@pytest.mark.parametrize("is_header", [True, False])
def test_plan_sent_twice_is_one_plan(asking, clinician, clinic, directory, is_header):
    asks, key = asking(clinician), str(uuid4())
    told = plan_of(directory) if is_header else plan_of(directory, key=key)
    headers = {"Idempotency-Key": key} if is_header else {}

    first, second = (asks.post(LIST, told, 201, **headers) for _time in range(2))

    assert first == second
    with organization(clinic.pk):
        assert (Plan.objects.count(), Patient.objects.count()) == (1, 1)


def test_plan_that_would_replace_one_unseen_is_a_conflict(
    asking, clinician, clinic, patient, directory
):
    asks = asking(clinician)
    told = plan_of(directory, patient={"id": str(patient.pk)})
    first = asks.post(LIST, told, 201)

    asks.post(LIST, told, 409)
    second = asks.post(LIST, told | {"replaces": first["plan"]}, 201)

    assert second["plan"] != first["plan"]
    assert second["patient"]["label"] == LABEL


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"meetings": []}, "meetings"),
        ({"meetings": [999999]}, "meetings"),
        ({"patient": {}}, "patient"),
        ({"patient": {"name": "Ann"}}, "name"),
        ({"patient": {"id": "12"}}, "patient"),
        ({"needs": "62701"}, "needs"),
        ({"needs": {"place": "62701", "label": "x"}}, "label"),
        ({"step": "ninety"}, "step"),
        ({"key": "12"}, "key"),
        ({"organization": "other"}, "organization"),
        ({"state": "engaged"}, "state"),
    ],
)
def test_plan_that_cannot_be_read_is_not_saved(asking, clinician, clinic, directory, change, name):
    refused = asking(clinician).post(LIST, plan_of(directory) | change, 400)

    assert name in refused["errors"]
    with organization(clinic.pk):
        assert Plan.objects.count() == 0


def test_patient_of_another_is_none(asking, stranger, patient, directory):
    asking(stranger).post(LIST, plan_of(directory, patient={"id": str(patient.pk)}), 404)


def test_who_runs_the_organization_makes_no_plans(asking, administrator, directory):
    asking(administrator).post(LIST, plan_of(directory), 403)


# --- Steps -------------------------------------------------------------------------------


def test_step_moves_the_referral(asking, clinician, referral):
    moved = asking(clinician).post(one(referral, "moves/"), {"step": "offer", "version": 1})

    assert (moved["state"], moved["version"]) == ("offered", 2)
    assert moved["history"][-1]["to"] == "offered"
    assert "agree" in {move["step"] for move in moved["moves"]}


def test_step_sent_twice_is_one_step(asking, clinician, clinic, referral):
    asks, told = asking(clinician), {"step": "offer", "key": str(uuid4())}

    first, second = (asks.post(one(referral, "moves/"), told) for _time in range(2))

    assert (first["state"], first["version"]) == (second["state"], second["version"])
    with organization(clinic.pk):
        assert ReferralEvent.objects.filter(to_state=State.OFFERED).count() == 1


def test_step_on_what_somebody_changed_is_a_conflict(asking, clinician, referral):
    asks = asking(clinician)
    asks.post(one(referral, "moves/"), {"step": "offer"})

    refused = asks.post(one(referral, "moves/"), {"step": "agree", "version": 1}, 409)

    assert "changed" in refused["detail"]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({}, "step"),
        ({"step": "fly"}, "step"),
        ({"step": "engage"}, "step"),
        ({"step": "decline"}, "step"),
        ({"step": "offer", "version": "x"}, "version"),
        ({"step": "offer", "state": "engaged"}, "state"),
    ],
)
def test_step_that_cannot_be_is_said_in_a_sentence(asking, clinician, clinic, referral, told, name):
    refused = asking(clinician).post(one(referral, "moves/"), told, 400)

    assert name in refused["errors"]
    with organization(clinic.pk):
        assert Referral.objects.get().state == State.DRAFT


def test_step_of_another_role_is_refused(asking, assigned_peer, administrator, referral):
    asking(assigned_peer).post(one(referral, "moves/"), {"step": "offer"}, 403)
    asking(administrator).post(one(referral, "moves/"), {"step": "agree"}, 403)
    gone = asking(administrator).post(
        one(referral, "moves/"), {"step": "withdraw", "reason": "moved away"}
    )

    assert gone["state"] == "withdrawn"


# --- Check-ins ---------------------------------------------------------------------------


def test_check_in_moves_the_referral_and_is_listed(asking, assigned_peer, clinic, referral):
    asks = asking(assigned_peer)

    made = asks.post(one(referral, "check-ins/"), {"went": "went", "felt": "good"}, 201)

    assert (made["went"], made["felt"], made["is_bad"]) == ("went", "good", False)
    assert asks.get(one(referral, "check-ins/"))["results"] == [made]
    assert asks.get(one(referral))["state"] == "attended"


def test_bad_check_in_opens_a_task_once(asking, clinician, clinic, referral):
    asks = asking(clinician)
    told = {"went": "went", "pushed": "chair", "key": str(uuid4())}

    first, second = (asks.post(one(referral, "check-ins/"), told, 201) for _time in range(2))

    assert first == second
    with organization(clinic.pk):
        assert CheckIn.objects.count() == 1
        assert Task.objects.filter(is_urgent=True).count() == 1
        assert Referral.objects.get().state == State.POOR_FIT


@pytest.mark.parametrize(
    ("told", "name"),
    [({}, "went"), ({"went": "flew"}, "went"), ({"went": "went", "may_help": True}, "may_help")],
)
def test_check_in_that_cannot_be_read_is_not_kept(asking, clinician, clinic, referral, told, name):
    refused = asking(clinician).post(one(referral, "check-ins/"), told, 400)

    assert list(refused["errors"]) == [name]
    with organization(clinic.pk):
        assert CheckIn.objects.count() == 0


def test_closed_referral_takes_no_check_in(asking, clinician, referral):
    asks = asking(clinician)
    asks.post(one(referral, "moves/"), {"step": "decline", "reason": "not now"})

    asks.post(one(referral, "check-ins/"), {"went": "went"}, 400)


# --- Pages -------------------------------------------------------------------------------


@pytest.fixture
def seven(in_clinic, patient, clinician, now):
    """Seven referrals, two of them begun at the same moment."""
    for days in (0, 1, 2, 3, 4, 5, 5):
        make_referral(patient, make_group(), by=clinician, at=now - timedelta(days=days))


def test_pages_follow_each_other_without_gap_or_double(asking, clinician, seven):
    asks, seen, address = asking(clinician), [], f"{LIST}?page_size=3"

    while address:
        page = asks.get(address)
        assert page["count"] == 7
        seen += [row["id"] for row in page["results"]]
        address = page["next"]

    assert len(seen) == len(set(seen)) == 7


def test_list_takes_the_same_queries_however_long(
    asking, clinician, seven, django_assert_max_num_queries
):
    asks = asking(clinician)

    with django_assert_max_num_queries(20):
        assert len(asks.get(LIST)["results"]) == 7


def test_list_of_one_state(asking, clinician, referral):
    asks = asking(clinician)

    assert asks.get(f"{LIST}?state=draft")["count"] == 1
    assert asks.get(f"{LIST}?state=engaged")["count"] == 0


@pytest.mark.parametrize(
    "query", ["state=gone", "page_size=0", "page_size=101", "cursor=1", f"cursor={NOBODY}", "x=1"]
)
def test_list_that_cannot_be_read_is_said_in_a_sentence(asking, clinician, referral, query):
    refused = asking(clinician).get(f"{LIST}?{query}", 400)

    assert list(refused["errors"]) == [query.partition("=")[0]]
