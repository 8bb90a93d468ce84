"""A provider and a patient at one screen: four screens, by keyboard, and paper in two languages."""

import pytest

from referrals.models import AuditEvent, Kind, Organization, Role
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.conftest import NOON
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_refer import PASSWORD, town  # noqa: F401 - a fixture
from tests.journeys.watching import assert_accessible, assert_fits
from tests.signing_in import set_up_app, sign_in_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LABEL = "ZQ7 chart 12"


@pytest.fixture
def provider(transactional_db):
    clinic = Organization.objects.create(name="Walnut Street Clinic", agreement_on=NOON.date())
    return add_member(
        clinic, "provider@example.org", role=Role.CLINICIAN, by=None, password=PASSWORD
    ).user


@pytest.fixture
def page(visit, live_server, provider):
    page = visit(width=1280, height=800)
    told = {"email": provider.email, "password": PASSWORD, "secret": set_up_app(provider)}
    sign_in_on(page, f"{live_server.url}/referrals/", **told)
    page.get_by_role("heading", name="Referrals").wait_for()
    return page


def begin(page, keys):
    """Add a patient and come to the questions, with the patient looking on."""
    keys.follow("Add a patient")
    keys.skip_to_content()
    keys.to("Label")
    keys.type(LABEL)
    with page.expect_navigation():
        keys.press("Enter")


def test_a_new_referral_takes_four_screens_and_no_mouse(page, town, provider):  # noqa: F811
    keys, screens = Keyboard(page), []

    # Screen 1 is the label, screen 2 the questions.
    begin(page, keys)
    screens += ["label", "needs"]
    keys.skip_to_content()
    keys.follow("Turn the screen to the patient")
    assert_unseen_by_patients(page)
    assert_accessible(page)
    keys.skip_to_content()
    keys.to("place")
    keys.type("62701")
    keys.to("medication")
    keys.type("meth")
    keys.follow("Suggest meetings")

    # Screen 3: three cards with reasons, unknowns and cautions, and why not others.
    screens.append("suggestions")
    assert_unseen_by_patients(page)
    cards = page.locator("form > .cards > li")
    assert cards.count() == 3
    for index in range(3):
        assert cards.nth(index).locator("[data-list=reasons] li").count() >= 1
        assert cards.nth(index).locator("[data-list=not-known] li").count() >= 1
    assert_accessible(page)
    keys.skip_to_content()
    keys.follow("Save, then make the handout")

    # Screen 4: the paper.
    screens.append("handout")
    assert page.locator(".handout").is_visible()
    assert_unseen_by_patients(page)
    assert_accessible(page)
    assert len(screens) <= 4
    assert page.complaints == []


def assert_unseen_by_patients(page):
    """Nothing of the clinic's own, and no way to other patients, is on the screen."""
    shown = page.locator("body").inner_text()
    assert LABEL not in shown
    assert "Patients" not in shown and "shortlist" not in shown.casefold()
    assert "provider@example.org" not in shown
    links = page.locator("a").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    assert not [href for href in links if href.startswith("/referrals/patients/?")]
    assert "/referrals/patients/" not in links and "/referrals/" not in links
    assert LABEL not in page.url + page.title()


def test_paper_comes_in_each_version_and_language_with_words_to_send(
    page,
    town,  # noqa: F811
    provider,
):
    keys = Keyboard(page)
    begin(page, keys)
    page.get_by_label("Where they start from").fill("62701")
    page.get_by_label("Medication", exact=True).select_option("methadone")
    page.get_by_role("button", name="Suggest meetings").click()
    page.get_by_role("button", name="Save, then make the handout").click()

    paper = page.locator(".handout")
    discreet = paper.inner_text()
    for version in ("discreet", "full"):
        for size in ("usual", "large"):
            for language in ("en", "es"):
                page.get_by_label("Version").select_option(version)
                page.get_by_label("Print", exact=True).select_option(size)
                page.get_by_label("Language").select_option(language)
                with page.expect_navigation():
                    page.get_by_role("button", name="Show this version").click()
                assert paper.get_attribute("lang") == language
                assert ("handout--large" in paper.get_attribute("class")) == (size == "large")
                assert page.locator(".handout svg").is_visible()
                assert ("Methadone" in paper.inner_text()) == (
                    version == "full" and language == "en"
                )
                assert_accessible(page)
    assert "No deje ni cambie" in paper.inner_text()
    assert "Do not stop or change" in discreet

    page.get_by_text("Words to send by text message or e-mail").click()
    for field in ("Text message", "E-mail"):
        words = page.get_by_label(field, exact=True).input_value()
        assert "/es/plan/?m=" in words
        assert not [w for w in ("metadona", "medic", "clínica", "narc") if w in words.casefold()]
    assert_accessible(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy=words-sms]").click()
    page.get_by_text("Copied").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Text message", exact=True).input_value()
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)
    clinic = provider.memberships.get().organization_id
    with organization(clinic):
        assert AuditEvent.objects.filter(kind=Kind.HANDOUT_MADE).count() == 9
