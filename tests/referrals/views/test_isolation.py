"""For everyone who may not see it, a patient's page is a page that never was."""

from uuid import uuid4

import pytest
from django.contrib import admin
from django.urls import reverse

from referrals import consent, sharing, urls
from referrals.models import AuditEvent, Kind
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON
from tests.referrals.consenting import filled

# What the id in each address names. A new address without an entry fails the test below.
NAMES = {
    "patient": "patient",
    "patient-assign": "patient",
    "needs": "patient",
    "suggestions": "patient",
    "handout": "patient",
    "handout-given": "patient",
    "consents": "patient",
    "consent-new": "patient",
    "emergency": "patient",
    "consent": "consent",
    "consent-end": "consent",
    "restriction": "restriction",
    "disclosures": "referral",
    "referral-print": "referral",
    "received-file": "referral",
    "received-hand": "shared",
    "reader-end": "reader",
    "assignment-end": "assignment",
    "referral": "referral",
    "referral-move": "referral",
    "referral-calendar": "referral",
    "referral-assign": "referral",
    "members": "organization",
    "audit": "organization",
    "member-remove": "member",
    "member": "member",
    "member-role": "member",
    "member-invite": "member",
    "organization-settings": "organization",
    "tokens": "organization",
    "token-revoke": "token",
    "emergency-open": "organization",
    "emergency-end": "opening",
    "report": "organization",
    "referral-export": "organization",
    "report-quarter": "organization",
    "report-file": "organization",
    "plan": "plan",
    "plan-step": "plan",
    "plan-check-in": "plan",
    "plan-again": "plan",
    "share-make": "plan",
    "share-end": "link",
    "share-code": "link",
    "task-done": "task",
    "referral-reopen": "referral",
    "plan-newcomer": "plan",
    "plan-introduce": "plan",
    "newcomer-change": "contact",
    "shortlist": "shortlist",
    "shortlist-change": "shortlist",
    "shortlist-entry": "entry",
}
# Known by a token, not by an id: tests/referrals/views/test_share.py.
BY_TOKEN = {"share"}
WITHOUT_ID = {
    "received",
    "account",
    "organizations",
    "organization-new",
    "newcomers",
    "shortlists",
    "quick",
    "quick-handout",
    "dashboard",
    "figures",
    "figures-quarter",
    "patients",
    "patient-find",
    "patient-new",
}
ABOUT_PATIENTS = {
    *("patient", "referral", "assignment", "plan", "link", "task", "consent", "restriction"),
    "shared",
}
PATIENT_PAGES = [name for name, kind in NAMES.items() if kind in ABOUT_PATIENTS]
OUTSIDERS = ["colleague", "stranger", "strange_administrator", "curator", "superuser"]


@pytest.fixture
def ids(clinic, patient, clinician, referral, assigned_peer, now):
    with organization(clinic.pk):
        assignment = patient.assignments.get()
        link = sharing.make(patient, by=clinician, now=now).link
        task = patient.tasks.first()
        somebody = {"recipient_kind": "named", "recipient_organization": None}
        row = filled(patient, None, now, recipient_name="Dr. Ruiz", **somebody)
        given = consent.give(row, [referral], by=clinician, now=now)
        asked = consent.ask_to_hold_back(patient, "w", by=None, now=now, key=uuid4())
        shared = given.shared.get()
    return {
        "consent": given.pk,
        "restriction": asked.pk,
        "shared": shared.pk,
        "reader": uuid4(),
        "plan": referral.plan_id,
        "link": link.pk,
        "task": task.pk,
        "contact": uuid4(),
        "token": uuid4(),
        "opening": uuid4(),
        "shortlist": uuid4(),
        "entry": uuid4(),
        "patient": patient.pk,
        "referral": referral.pk,
        "assignment": assignment.pk,
        "organization": clinic.pk,
        "member": assigned_peer.memberships.get().pk,
    }


def address(name, pk):
    more = {"plan-step": [1], "plan-introduce": [uuid4()], "newcomer-change": ["pause"]}
    more |= {"shortlist-change": ["confirm"], "shortlist-entry": ["confirm"]}
    more |= {"received-file": ["json"]}
    more |= dict.fromkeys(("report-quarter", "report-file"), ["2026-q1"])
    more = more.get(name, [])
    return reverse(f"referrals:{name}", args=[pk, *more])


def test_every_address_is_accounted_for():
    assert {pattern.name for pattern in urls.urlpatterns} == set(NAMES) | WITHOUT_ID | BY_TOKEN


@pytest.mark.parametrize("name", PATIENT_PAGES)
@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_outsider_meets_the_same_404_as_for_an_id_never_given(outsider, name, request, client, ids):
    client.force_login(request.getfixturevalue(outsider))
    real, never = address(name, ids[NAMES[name]]), address(name, uuid4())

    pairs = [(send(real), send(never)) for send in (client.get, client.post)]

    for answer, other in pairs:
        assert answer.status_code == other.status_code
        assert answer.content == other.content
    # A method the page does not serve is 405 for everyone; the other must not exist.
    assert {answer.status_code for answer, _other in pairs} in ({404}, {404, 405})


OF_THE_ORGANIZATION = [
    *("members", "audit", "member", "organization-settings", "tokens"),
    *("member-remove", "member-role", "member-invite"),
]


@pytest.mark.parametrize("name", OF_THE_ORGANIZATION)
@pytest.mark.parametrize("outsider", ["stranger", "strange_administrator"])
def test_organization_does_not_exist_for_another(outsider, name, request, client, ids):
    client.force_login(request.getfixturevalue(outsider))
    send = client.post if name.startswith("member-") else client.get

    assert send(address(name, ids[NAMES[name]])).status_code == 404


@pytest.mark.parametrize("name", [*NAMES, "dashboard", "patients", "patient-find", "patient-new"])
def test_nobody_gets_in_without_signing_in(name, client, ids):
    url = address(name, ids[NAMES[name]]) if name in NAMES else reverse(f"referrals:{name}")

    answers = [client.get(url), client.post(url)]

    for answer in answers:
        assert answer.status_code in (302, 405)
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/?next=/referrals/")
    assert 302 in {answer.status_code for answer in answers}


@pytest.mark.parametrize("outsider", [*OUTSIDERS, "administrator"])
def test_lists_of_outsiders_hold_no_label(outsider, request, client, ids):
    client.force_login(request.getfixturevalue(outsider))

    for name in ("dashboard", "patients"):
        body = client.get(reverse(f"referrals:{name}")).content.decode()
        assert LABEL not in body
        assert REASON not in body


def test_label_search_finds_no_patient_of_another(client, ids, colleague):
    client.force_login(colleague)

    answer = client.post(reverse("referrals:patient-find"), {"label": LABEL}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("referrals:patients")


def test_administrator_sees_dates_and_never_content(client, ids, administrator):
    client.force_login(administrator)

    body = client.get(address("referral", ids["referral"])).content.decode()

    assert "Draft" in body
    for hidden in (LABEL, REASON, "methadone"):
        assert hidden not in body


def test_refusal_names_the_page_and_the_id_and_nothing_else(client, clinic, ids, colleague):
    client.force_login(colleague)

    client.get(address("patient", ids["patient"]))

    with organization(clinic.pk):
        event = AuditEvent.objects.get(kind=Kind.REFUSED)
    assert (event.target_kind, event.target_id) == ("patient", str(ids["patient"]))
    assert event.actor_id == colleague.pk


def test_author_who_left_is_out_at_the_next_request(client, ids, clinician, administrator):
    client.force_login(clinician)
    assert client.get(address("patient", ids["patient"])).status_code == 200

    membership = clinician.memberships.get()
    membership.is_active, membership.ended_by = False, administrator
    membership.ended_at = membership.created_at
    membership.save()

    assert client.get(address("patient", ids["patient"])).status_code == 404


def test_no_model_of_patients_is_in_the_admin():
    registered = {model._meta.label for model in admin.site._registry}

    assert not {label for label in registered if label.startswith("referrals.")}
