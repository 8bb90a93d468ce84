"""The table of who may do what, tried cell by cell over HTTP."""

import csv
from pathlib import Path

import pytest
from django.urls import reverse

from referrals import shortlists
from referrals.models import Assignment, AuditEvent, Kind, Membership, Patient, Plan, Referral
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON, make_member

TABLE = Path(__file__).parents[2] / "data" / "permissions.csv"
ROLES = (
    *("anonymous", "clinician", "assigned_peer", "colleague", "administrator", "stranger"),
    *("strange_administrator", "curator", "superuser"),
)


def cells():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for role in ROLES:
                if row[role] != "-":
                    yield pytest.param(
                        row["object"],
                        row["verb"],
                        role,
                        row[role],
                        id=f"{row['object']}-{row['verb']}-{role}".replace(" ", "_"),
                    )


def request_of(client, kind, verb, world):
    """Make the request of one verb."""
    url = {name: reverse(f"referrals:{name}", args=[pk]) for name, pk in world["pages"].items()}
    match kind, verb:
        case "referral", "list":
            return client.get(reverse("referrals:dashboard"))
        case "referral", "read":
            return client.get(url["referral"])
        case "patient", "read":
            return client.get(url["patient"])
        case "patient", "create":
            return client.post(reverse("referrals:patient-new"), {"label": "someone new"})
        case "plan", "update":
            return client.post(url["needs"], {"place": "62701"})
        case "referral", "set outcome":
            return client.post(url["referral-move"], {"step": "decline", "reason": "r"})
        case "referral", "cancel":
            return client.post(url["referral-move"], {"step": "withdraw", "reason": "r"})
        case "referral", "reassign":
            return client.post(url["referral-assign"], {"member": world["newcomer"].pk})
        case "handout", "print":
            return client.get(url["handout"])
        case "shortlist", "read":
            return client.get(url["shortlist"])
        case "shortlist", "confirm":
            return client.post(
                reverse("referrals:shortlist-change", args=[world["list"], "confirm"])
            )
        case "audit", "list":
            return client.get(url["audit"])
        case "members", "list":
            return client.get(url["members"])
        case "members", "invite":
            data = {"email": "new@example.org", "role": "peer"}
            return client.post(url["members"], data)
        case "members", "remove":
            return client.post(url["member-remove"])
    raise ValueError((kind, verb))


@pytest.fixture
def world(clinic, clinician, referral, assigned_peer, newcomer, now):
    with organization(clinic.pk):
        shortlist = shortlists.make("Evenings", organization=clinic, by=clinician, now=now).pk
    pages = dict.fromkeys(("referral", "referral-move", "referral-assign"), referral.pk)
    pages |= dict.fromkeys(("patient", "needs", "handout"), referral.patient_id)
    pages |= dict.fromkeys(("audit", "members"), clinic.pk)
    pages |= {"member-remove": newcomer.pk, "shortlist": shortlist}
    return {"pages": pages, "newcomer": newcomer, "list": shortlist}


@pytest.fixture
def newcomer(clinic):
    """A member whom others may remove, or give work to."""
    return make_member(clinic, "peer", email="newcomer@example.org")


def digest(clinic):
    """What a refused request must leave as it was."""
    with organization(clinic.pk):
        return (
            Patient.objects.count(),
            Plan.objects.count(),
            sorted(Referral.objects.values_list("pk", "state")),
            Assignment.objects.current().count(),
            Membership.objects.filter(is_active=True).count(),
        )


def refusals_in(clinic, user):
    """Refusals recorded of a person, in the clinic's record or in that of their own place."""
    own = Membership.objects.filter(user=user, is_active=True).first()
    with organization(own.organization_id if own else clinic.pk):
        return AuditEvent.objects.filter(kind=Kind.REFUSED, actor_id=user.pk).count()


@pytest.mark.parametrize(("kind", "verb", "role", "expected"), list(cells()))
def test_cell(kind, verb, role, expected, request, client, clinic, world, referral):
    user = None if role == "anonymous" else request.getfixturevalue(role)
    if user:
        client.force_login(user)
    before = digest(clinic)

    answer = request_of(client, kind, verb, world)

    body = answer.content.decode()
    to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer["Location"]
    match expected:
        case "A":
            assert answer.status_code in (200, 302) and not to_sign_in
            return
        case "E":
            assert answer.status_code == 200
            assert str(referral.pk) not in body
        case "L":
            assert to_sign_in
        case "F":
            assert answer.status_code == 403
        case "N":
            assert answer.status_code == 404
    assert LABEL not in body and REASON not in body and referral.group.name not in body
    assert digest(clinic) == before
    if expected in "FN":
        assert refusals_in(clinic, user) == 1


def test_table_has_a_sentence_for_every_cell_that_is_left_out():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 15
    assert all(row["note"] for row in rows if "-" in (row[role] for role in ROLES))
