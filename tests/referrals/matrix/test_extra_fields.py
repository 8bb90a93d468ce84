"""What a form does not offer cannot be sent: names that would give rights, and others' rows."""

import json
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import reverse

from referrals.models import (
    Assignment,
    Consent,
    Membership,
    Patient,
    Plan,
    Referral,
    ReferralEvent,
    Role,
    ShareLink,
)
from referrals.tenancy import organization
from tests.referrals.conftest import make_patient
from tests.referrals.matrix.world import make_world

pytestmark = pytest.mark.django_db
PRIVILEGED = (
    *("id", "pk", "org", "organization", "organization_id", "role", "is_staff", "is_superuser"),
    *("created_by", "created_by_id", "author", "status", "state", "state_by", "consent"),
    *("revoked_at", "revoked_by", "accepts_moud", "patient", "patient_id", "member", "version_"),
    *("is_held", "is_active", "ended_at", "expires_at", "made_by", "label_index", "plan_id"),
)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def theirs(world):
    """Rows of another organization, whose ids are sent along."""
    with organization(world.other.pk):
        patient = make_patient(world.other, world.people["prov2"], label="ZQ7-theirs")
    member = Membership.objects.get(user=world.people["prov2"])
    return {"patient": patient, "member": member}


def everything(world, theirs, data):
    """Add to what a form sends every name of every model, with another organization's ids."""
    names = {
        field.attname
        for model in apps.get_app_config("referrals").get_models()
        for field in model._meta.fields
    }
    values = {
        "patient": theirs["patient"].pk,
        "member": theirs["member"].pk,
        "organization": world.other.pk,
        "created_by": world.people["prov2"].pk,
        "role": Role.LEAD,
    }
    extra = {}
    for name in names | set(PRIVILEGED):
        base = name.removesuffix("_id")
        extra[name] = str(values.get(base, values.get(name, "1")))
    return extra | data


def rows(world):
    """What must still say what it said, whoever sent what."""
    with organization(world.clinic.pk):
        return {
            "patients": set(Patient.objects.values_list("organization", "created_by", "is_held")),
            "plans": set(Plan.objects.values_list("organization", "patient", "created_by")),
            "referrals": set(
                Referral.objects.values_list("pk", "organization", "patient", "created_by")
            ),
            "events": set(ReferralEvent.objects.values_list("organization", "referral")),
            "assigned": set(Assignment.objects.values_list("organization", "patient", "member")),
            "links": set(ShareLink.objects.values_list("organization", "patient", "made_by")),
            "consents": set(Consent.objects.values_list("organization", "patient", "taken_by")),
            "members": set(Membership.objects.values_list("user", "organization", "role")),
        }


FORMS = {
    "patient-new": lambda w: (w.page("patient-new"), {"label": "someone new"}),
    "needs": lambda w: (w.page("needs", w.patient), {"place": "62701"}),
    "referral-move": lambda w: (
        w.page("referral-move", w.r1.pk),
        {"step": "decline", "reason": "r", "version": 1, "key": str(uuid4())},
    ),
    "share-make": lambda w: (w.page("share-make", w.r1.plan_id), {}),
    "plan-again": lambda w: (w.page("plan-again", w.r1.plan_id), {}),
    "handout-given": lambda w: (w.page("handout-given", w.patient), {}),
    "consent-end": lambda w: (w.page("consent-end", w.c1.pk), {"ending": "revoked"}),
    "share": lambda w: (w.page("share", w.link_token), {"do": "code", "code": w.link_code}),
}


@pytest.mark.parametrize("name", FORMS)
def test_form_takes_only_what_it_offers(name, world, theirs):
    url, data = FORMS[name](world)
    before = rows(world)

    answer = world.client("prov1").post(url, everything(world, theirs, data))

    assert answer.status_code < 500
    after = rows(world)
    assert {kind: found for kind, found in after.items() if found != before[kind]} == {}
    with organization(world.other.pk):
        assert Patient.objects.count() == 1
        assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("referral-assign", lambda w, t: {"member": t["member"].pk}),
        ("patient-assign", lambda w, t: {"member": t["member"].pk}),
        ("consent-new", lambda w, t: {"referrals": [str(uuid4())]}),
    ],
)
def test_row_of_another_organization_is_no_choice(name, data, world, theirs):
    pk = world.r1.pk if name.startswith("referral") else world.patient
    before = rows(world)

    answer = world.client("prov1").post(world.page(name, pk), data(world, theirs))

    assert answer.status_code in (302, 400, 404)
    assert rows(world) == before


def test_administrator_invites_nobody_into_another_organization(world, theirs):
    data = everything(world, theirs, {"email": "new@example.org", "role": "peer"})

    world.client("oadm1").post(world.page("members", world.clinic.pk), data)

    made = Membership.objects.get(user__email="new@example.org")
    assert (made.organization, made.role, made.user.is_staff) == (world.clinic, "peer", False)


@pytest.mark.parametrize("name", ["moves", "check-ins"])
def test_api_refuses_names_it_does_not_know(name, world, theirs):
    before = rows(world)
    url = reverse(f"referrals-api:{name}", args=[world.r1.pk])
    told = everything(world, theirs, {"step": "decline", "reason": "r", "version": 1})

    answer = world.client("prov1").post(url, json.dumps(told), content_type="application/json")

    assert answer.status_code == 400
    assert rows(world) == before


# --- Which fields each role is given ---------------------------------------------------

# Reviewed: a name that comes to be here is looked at by a person first.
BARE = {
    *("id", "group", "program", "state", "state_at", "created_at", "first_meeting_at"),
    *("reopens", "version", "is_live", "history", "moves"),
}
CONTENT = BARE | {"patient", "plan", "meetings", "medication", "reason"}
EVENT = {"from", "to", "at", "role"}


@pytest.mark.parametrize("role", ["prov1", "peer", "oadm1", "tok1"])
def test_api_tells_each_role_its_fields_and_no_more(role, world):
    answer = world.client(role).get(reverse("referrals-api:referral", args=[world.r1.pk])).json()

    sees_content = role in ("prov1", "peer")
    assert set(answer) == (CONTENT if sees_content else BARE)
    told = {key for event in answer["history"] for key in event}
    assert told == (EVENT | {"reason"} if sees_content else EVENT)


MARKS = ("ZQ7-label", "ZQ7-reason", "ZQ7-name", "methadone")
SEEN = {
    ("referral", "prov1"): {"ZQ7-reason", "methadone"},
    ("dashboard", "prov1"): {"ZQ7-label"},
    ("referral", "oadm1"): set(),
    ("referral", "recv"): {"ZQ7-name", "methadone"},
    ("consent", "oadm1"): {"ZQ7-name"},
    ("dashboard", "oadm1"): set(),
    ("dashboard", "super"): set(),
    ("disclosures", "oadm1"): set(),
}


@pytest.mark.parametrize(("name", "role"), SEEN)
def test_page_tells_each_role_its_fields_and_no_more(name, role, world):
    pk = {"referral": [world.r1.pk], "consent": [world.c1.pk], "disclosures": [world.r1.pk]}
    answer = world.client(role).get(world.page(name, *pk.get(name, [])))

    assert answer.status_code == 200
    assert {mark for mark in MARKS if mark in answer.content.decode()} == SEEN[name, role]
