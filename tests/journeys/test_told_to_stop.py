"""A patient told to stop: a small phone without scripts, and the peer worker's screen beside it."""

import pytest

from finder.models import User
from referrals.lifecycle import Choice, save_plan
from referrals.models import Assignment, Referral, Role, State
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.factories import make_locality
from tests.journeys.watching import assert_accessible, assert_fits, history_of, open_page, shot
from tests.referrals.conftest import make_clinic, make_directory, make_patient
from tests.signing_in import set_up_app, sign_in_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "walnut tree by the river 7"
QUESTIONS = {
    "Did you go?": "Yes, I went",
    "How was it?": "Bad",
    "Could you speak, if you wanted to?": "Yes",
    "Did anyone push you about your health care?": "Yes, several people",
    "Did anyone there know about your health care?": "Yes",
    "Would you go back?": "No",
}


@pytest.fixture
def clinic(transactional_db, now):
    """A clinic with a provider, a peer worker and one patient on methadone with a plan."""
    make_locality()
    directory = make_directory(now)
    clinic = make_clinic("Walnut Street Clinic")
    people = {
        role: add_member(clinic, f"{role}@example.org", role=role, by=None, password=PASSWORD)
        for role in (Role.CLINICIAN, Role.PEER)
    }
    author = people[Role.CLINICIAN].user
    with organization(clinic.pk):
        patient = make_patient(clinic, author, label="Chart 12")
        Assignment.objects.create(
            organization=clinic, patient=patient, member=people[Role.PEER], assigned_by=author
        )
        needs = {"lat": 39.8, "lng": -89.65, "zone": "America/Chicago"}
        save_plan(
            patient,
            needs={
                "form": {"place": ["62701"], "medication": ["methadone"]},
                "needs": needs | {"medication": "methadone", "taking": "takes"},
            },
            suggestions={},
            chosen=[Choice(directory["near"].group_id, (directory["near"].pk,))],
            medication="methadone",
            by=author,
            now=now,
        )
    return clinic


def sign_in(page, live_server, name):
    secret = set_up_app(User.objects.get(email=name))
    sign_in_on(page, f"{live_server.url}/referrals/", email=name, password=PASSWORD, secret=secret)


def test_a_patient_told_to_stop(chromium, live_server, clinic):
    worker = open_page(chromium, width=1280, height=900)
    sign_in(worker, live_server, "peer@example.org")
    assert_accessible(worker)
    shot(worker, "dashboard-before")
    worker.get_by_role("link", name="Chart 12").first.click()
    assert_accessible(worker)
    shot(worker, "plan")
    worker.get_by_role("button", name="Make a link").click()
    link = worker.locator(".copy").first.inner_text()
    assert_accessible(worker)
    shot(worker, "link-made")

    phone = open_page(chromium, java_script_enabled=False)
    phone.goto(link)
    assert_fits(phone)
    shot(phone, "phone-button")
    phone.get_by_role("button", name="Open").click()
    assert_fits(phone)
    shot(phone, "phone-page")
    for question, answer in QUESTIONS.items():
        asked = phone.get_by_role("group", name=question)
        asked.locator("label").get_by_text(answer, exact=True).click()
    assert not phone.get_by_label("Use my answers").is_checked()
    phone.get_by_role("button", name="Send").click()
    assert phone.get_by_text("Do not stop what you take").is_visible()
    assert phone.get_by_text("Others you could try").is_visible()
    assert_fits(phone)
    shot(phone, "phone-thanks")
    assert phone.context.cookies() == []
    kept = history_of(phone).casefold()
    assert "your page" in kept
    for word in ("methadone", "medication", "clinic", "walnut", "referral"):
        assert word not in kept
    phone.context.close()

    worker.goto(f"{live_server.url}/referrals/")
    assert "Call today" in worker.locator("main").inner_text()
    assert_accessible(worker)
    shot(worker, "dashboard-after")
    worker.get_by_role("link", name="Chart 12").first.click()
    assert "They were pushed about their health care." in worker.locator("main").inner_text()
    assert_accessible(worker)
    shot(worker, "plan-after")
    worker.set_viewport_size({"width": 320, "height": 700})
    assert_fits(worker)
    shot(worker, "plan-narrow")
    worker.get_by_role("button", name="Match again without it").click()
    suggested = worker.locator("form > .cards").inner_text()
    assert "Walnut NA Evening" not in suggested and "Copper Bell" in suggested
    with organization(clinic.pk):
        assert Referral.objects.get().state == State.POOR_FIT
    assert worker.complaints == []
    worker.context.close()
