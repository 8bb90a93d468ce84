"""Consents in the browser: both sides and the patient, on a phone, with nothing for axe to find."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from benchmarks.disclosing import make_world
from referrals import consent, sharing
from referrals.tenancy import organization
from tests.journeys.watching import assert_accessible, assert_fits, shot
from tests.signing_in import ProvedClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def sign_in(visit, live_server):
    """Open a phone's browser in which a person is signed in."""

    def open_for(user):
        page, client = visit(), ProvedClient()
        client.force_login(user, "referrals.backends.SiteBackend")
        for name, morsel in client.cookies.items():
            cookie = {"name": name, "value": morsel.value, "url": live_server.url}
            page.context.add_cookies([cookie])
        return page

    return open_for


def look(page, name):
    """Hold a page to what every page must be."""
    page.wait_for_load_state("load")
    shot(page, name)
    assert_fits(page)
    assert page.complaints == []
    assert_accessible(page)
    page.complaints.clear()


def tick(page, words):
    """Choose an answer by its words, as a finger does: the box itself is drawn by its label."""
    page.locator("label").filter(has_text=words).click()


def test_clinic_takes_a_consent_down_and_the_named_member_reads(world, sign_in, live_server):
    page = sign_in(world.clinician)
    new = reverse("referrals:consent-new", args=[world.referral.patient_id])
    page.goto(live_server.url + new)
    look(page, "consent-new")
    page.get_by_role("button", name="Save the consent").click()
    page.get_by_role("heading", name="Please look at this again").wait_for()
    look(page, "consent-missing")
    page.get_by_label("The person's name, as they sign it").fill("Ana Example")
    page.get_by_label("Or one person or place by name").fill("Dr. Ana Ruiz")
    tick(page, "The groups, their meetings and how far it came")
    tick(page, "Because the person asks for it")
    tick(page, "When the referral ends")
    tick(page, "They know that they can take it back, and how")
    page.get_by_label("Typed name", exact=True).fill("Ana Example")
    page.get_by_role("button", name="Save the consent").click()
    page.get_by_text("The consent was written down.").wait_for()
    look(page, "consent")

    for name in ("consents", "emergency"):
        page.goto(live_server.url + reverse(f"referrals:{name}", args=[world.referral.patient_id]))
        look(page, name)

    reader = sign_in(world.reader)
    for name, address in {
        "received-list": reverse("referrals:received"),
        "received": world.address,
        "received-print": reverse("referrals:referral-print", args=[world.referral.pk]),
    }.items():
        reader.goto(live_server.url + address)
        look(reader, name)
    assert "42 CFR part 2 protects this record" in reader.locator("main").inner_text()


def test_patient_takes_a_permission_back_on_their_phone(world, visit, live_server):
    patient, now = world.referral.patient, timezone.now()
    with organization(world.clinic.pk):
        asked = consent.ask_to_hold_back(patient, "my sister", by=None, now=now, key=uuid4())
        consent.answer_restriction(asked, "We will not.", by=world.clinician, now=now)
        told = {"by": world.clinician, "now": now, "referral": world.referral}
        consent.release(patient, "referral_print", **told)
        made = sharing.make(patient, by=world.clinician, now=now)
    page = visit(java_script_enabled=False)

    page.goto(live_server.url + reverse("referrals:share", args=[made.token]))
    page.get_by_role("button", name="Open").click()
    page.get_by_text("See what is kept about you").click()
    page.get_by_label("Your 6-digit code").fill(made.code)
    page.get_by_role("button", name="Show it").click()
    page.get_by_role("heading", name="What you allowed").wait_for()
    shot(page, "kept")
    assert_fits(page)
    assert "Paper" not in page.title() and page.title() == "Your page"
    page.get_by_role("button", name="Take it back now").click()
    page.get_by_text("It has ended. Nobody is told anything under it any more.").wait_for()

    with organization(world.clinic.pk):
        assert world.consent.shared.filter(ended_at=None).count() == 0
    assert page.complaints == []
