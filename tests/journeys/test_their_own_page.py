"""A patient's own page on a small phone without scripts: from the link to ending it."""

import json

import pytest

from referrals import sharing
from referrals.lifecycle import Choice, save_plan
from referrals.models import CheckIn, Referral, Role, State
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.factories import make_locality
from tests.journeys.watching import (
    assert_accessible,
    assert_fits,
    assert_no_trace,
    history_of,
    shot,
)
from tests.referrals.conftest import make_clinic, make_directory, make_patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELLING = ("methadone", "medication", "narcotics", "clinic", "referral", "zq7", "mhg")


@pytest.fixture
def clinic(transactional_db):
    return make_clinic("Walnut Street Clinic")


@pytest.fixture
def made(clinic, now):
    """A link to two meetings and its code, given apart."""
    make_locality()
    directory = make_directory(now)
    author = add_member(clinic, "clinician@example.org", role=Role.CLINICIAN, by=None).user
    with organization(clinic.pk):
        patient = make_patient(clinic, author)
        save_plan(
            patient,
            needs={"form": {"place": ["62701"]}, "needs": {"zone": "America/Chicago"}},
            suggestions={},
            chosen=[
                Choice(directory[name].group_id, (directory[name].pk,))
                for name in ("near", "phone")
            ],
            medication="methadone",
            by=author,
            now=now,
        )
        return sharing.make(patient, by=author, now=now)


@pytest.fixture
def phone(visit):
    return visit(width=320, height=640, java_script_enabled=False)


def press(phone, name):
    """Press a button; each answers with a whole page that fits."""
    with phone.expect_navigation():
        phone.get_by_role("button", name=name, exact=True).click()
    assert_fits(phone)


def test_own_page_from_the_link_to_its_end(phone, visit, live_server, clinic, made):
    link = f"{live_server.url}/s/{made.token}/"

    # A program that opens links ahead of people sees a button.
    phone.goto(link)
    assert_fits(phone)
    assert "Walnut" not in phone.locator("body").inner_text()
    press(phone, "Open")
    assert phone.locator(".card").count() == 2
    shot(phone, "own-page")

    # How it went.
    for question, answer in {
        "Which one?": "Walnut Evening",
        "Did you go?": "Yes, I went",
        "How was it?": "Good",
        "Would you go back?": "Yes",
    }.items():
        asked = phone.get_by_role("group", name=question)
        asked.locator("label").get_by_text(answer, exact=True).click()
    press(phone, "Send")
    phone.get_by_text("Your answers were sent.").wait_for()
    press(phone, "Back to your page")

    # What is kept, behind the code: a wrong one first.
    phone.get_by_text("See what is kept about you").click()
    phone.get_by_label("Your 6-digit code").fill("0" if made.code != "0" else "1")
    press(phone, "Show it")
    phone.get_by_text("That is not the code.").first.wait_for()
    phone.get_by_label("Your 6-digit code").fill(made.code)
    press(phone, "Show it")
    kept = phone.locator("main").inner_text()
    assert "ZQ7-label" in kept and "Went to a first meeting" in kept and "methadone" in kept
    shot(phone, "own-kept")

    # A copy, under a name that tells nothing.
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Save a copy").click()
    copy = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert download.value.suggested_filename == "copy.json"
    assert "ZQ7-label" in json.dumps(copy)

    # Ending it.
    press(phone, "Back to your page")
    phone.get_by_text("End this link").click()
    press(phone, "End it now")
    phone.get_by_text("This link has ended").wait_for()
    assert phone.goto(link).status == 404

    assert_no_trace(phone, live_server.url)
    left = history_of(phone).casefold()
    assert not [word for word in TELLING if word in left.replace(link.casefold(), "")]
    with organization(clinic.pk):
        assert CheckIn.objects.get().by is None
        went = Referral.objects.get(state=State.ATTENDED)
        assert went.group.name == "Walnut NA Evening"


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_own_page_is_accessible_in_both_languages(visit, live_server, made, prefix):
    phone = visit(width=320, height=640)

    phone.goto(f"{live_server.url}{prefix}/s/{made.token}/")
    assert_accessible(phone)
    with phone.expect_navigation():
        phone.get_by_role("button").first.click()

    assert_accessible(phone)
    assert_fits(phone)
    shot(phone, f"own-page{prefix.replace('/', '-')}")
    assert phone.complaints == []
