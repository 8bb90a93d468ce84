"""A whole referral by keyboard, in English and Spanish: from the label to the patient's phone."""

import time

import pytest
from django.conf import settings
from django.utils.translation import gettext, override
from icalendar import Calendar

from referrals.models import Organization, Referral, Role, ShareLink, State, Step
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.conftest import NOON
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_refer import town  # noqa: F401 - a fixture
from tests.journeys.watching import assert_accessible, history_of, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_SECONDS = 120
LABEL = "ZQ7 chart 12"
# How each language's clock is typed; December 12 is the same in any order of day and month.
TYPED = {
    "en": {"locale": "en-US", "day": "12122026", "time": "0630PM"},
    "es": {"locale": "es-ES", "day": "12122026", "time": "1830"},
}


@pytest.fixture
def clinic(transactional_db):
    return Organization.objects.create(name="Walnut Street Clinic", agreement_on=NOON.date())


@pytest.fixture
def session(clinic, client):
    """The cookie of a provider who has signed in."""
    provider = add_member(clinic, "provider@example.org", role=Role.CLINICIAN, by=None).user
    client.force_login(provider)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def open_signed_in(visit, live_server, session):
    def opened(**options):
        page = visit(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return opened


def open_step(page, keys, name):
    """Open a step of the plan and wait for what is in it."""
    keys.to(name)
    keys.press("Enter")
    page.locator("details[open] > summary", has_text=name).wait_for()


def pick(keys, field, presses=0):
    """Take a radio button of a field: the first, or so many further down."""
    keys.to(field)
    keys.press("Space")
    for _press in range(presses):
        keys.press("ArrowDown")


@pytest.mark.parametrize("language", ["en", "es"])
def test_whole_referral_by_keyboard_in_two_minutes(
    open_signed_in,
    live_server,
    town,  # noqa: F811
    clinic,
    language,
):
    typed, prefix = TYPED[language], "" if language == "en" else f"/{language}"
    page = open_signed_in(width=1280, height=800, locale=typed["locale"])
    keys, began = Keyboard(page), time.perf_counter()

    with override(language):
        # The label, and what they need.
        page.goto(f"{live_server.url}{prefix}/referrals/")
        keys.skip_to_content()
        keys.follow(gettext("Add a patient"))
        keys.skip_to_content()
        keys.to("label")
        keys.type(LABEL)
        with page.expect_navigation():
            keys.press("Enter")
        keys.skip_to_content()
        keys.to("place")
        keys.type("62701")
        keys.to("medication")
        keys.type("met")
        keys.follow(gettext("Suggest meetings"))

        # Three groups, and the plan.
        assert page.locator("form > .cards > li").count() == 3
        assert_accessible(page)
        keys.skip_to_content()
        keys.follow(gettext("Save the plan"))

        # The day of the first meeting, and its calendar file.
        keys.skip_to_content()
        open_step(page, keys, gettext("Agree a meeting and who goes along"))
        pick(keys, "referral")
        keys.to("day")
        keys.type(typed["day"])
        keys.to("time")
        keys.type(typed["time"])
        pick(keys, "company", presses=1)
        keys.follow(gettext("Done"))
        keys.skip_to_content()
        open_step(page, keys, gettext("Agree a meeting and who goes along"))
        keys.to(gettext("Save the day to their calendar"))
        with page.expect_download() as download:
            keys.press("Enter")
        calendar = Calendar.from_ical(download.value.path().read_bytes())
        assert_accessible(page)
        shot(page, f"plan-{language}")

        # The link for their phone, with the code apart from it.
        keys.follow(gettext("Make a link"))
        assert page.locator(".share-code").is_visible()
        assert_accessible(page)
        shot(page, f"link-{language}")

        # The paper.
        keys.skip_to_content()
        keys.follow(gettext("Make the handout"))
        assert page.locator(".handout").is_visible()
        assert_accessible(page)
        keys.skip_to_content()
        keys.follow(gettext("I gave this handout"))
        page.get_by_text(gettext("Noted: the handout was given.")).wait_for()
        summary = gettext("Meeting")
    took = time.perf_counter() - began

    assert took < MOST_SECONDS, took
    (event,) = calendar.walk("VEVENT")
    assert (str(event["summary"]), download.value.suggested_filename) == (summary, "meeting.ics")
    assert f"{event['dtstart'].dt:%Y-%m-%d %H:%M %Z}" == "2026-12-12 18:30 CST"
    with organization(clinic.pk):
        states = sorted(Referral.objects.values_list("state", flat=True))
        assert states == [State.LINKED, State.OFFERED, State.OFFERED]
        assert set(Step.objects.values_list("number", flat=True)) == {1, 4, 5}
        assert ShareLink.objects.count() == 1
    told = " ".join([*page.asked, history_of(page)])
    assert not [word for word in (LABEL, "62701", "methadone") if word in told]
    assert page.complaints == []
