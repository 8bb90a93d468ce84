"""Someone finds a listing wrong, a service body finds its own: from the page to the page."""

from datetime import time, timedelta

import pytest
import time_machine

from finder import lane, suggestions
from finder.models import Meeting, ServiceBody, Suggestion
from finder.search import index
from tests.conftest import NOON
from tests.factories import make_evidence, make_group, make_meeting, make_program, make_user
from tests.journeys.watching import assert_accessible, assert_fits, assert_no_trace, open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def group(now):
    group = make_group(
        program=make_program(slug="na", name="Narcotics Anonymous"),
        name="Porch light",
        entity="River Area",
    )
    index.refresh([make_meeting(group=group, weekday=1, start=time(19)).pk])
    return group


@pytest.fixture(params=[(320, False), (320, True), (1280, True)], ids=str)
def visitor(request, chromium):
    """A visitor on a narrow or a wide screen, with JavaScript or without."""
    width, has_scripts = request.param
    page = open_page(chromium, width=width, height=700, java_script_enabled=has_scripts)
    page.has_scripts = has_scripts
    yield page
    page.context.close()


def assert_good(page):
    """No rule of accessibility broken, nothing wider than the screen, no trace."""
    if page.has_scripts:
        assert_accessible(page)
    assert_fits(page)
    assert_no_trace(page, "/".join(page.url.split("/")[:3]))


def main(page):
    return page.locator("main").inner_text()


def later(seconds=10):
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


def test_visitor_says_what_changed_and_reads_the_answer(group, live_server, visitor):
    page, meeting = visitor, group.meetings.get()
    page.goto(live_server.url + meeting.get_absolute_url())
    page.get_by_role("link", name="Tell us about this listing").click()
    assert_good(page)
    page.get_by_role("link", name="Something has changed").click()
    assert_good(page)
    page.get_by_label("Starts at").fill("20:00")
    page.get_by_role("button", name="Send").click()
    assert "That was very quick." in page.get_by_role("alert").inner_text()
    assert_good(page)
    assert page.get_by_label("Starts at").input_value() == "20:00"
    with later():
        page.get_by_role("button", name="Send").click()
        assert "Thank you" in page.title() or "Thank you" in main(page)
        assert_good(page)
        link = page.locator(".secret-link a").inner_text()
    row = Suggestion.objects.get()
    assert (row.proposed, Meeting.objects.get().start) == ({"start": "20:00"}, time(19))

    suggestions.accept(row, values={"start": time(20)}, by=make_user(), now=NOON, reason="Called")

    page.goto(link)
    assert_good(page)
    page.get_by_role("button", name="Show it").click()
    assert "A curator has dealt with it." in main(page) and "Called" in main(page)
    assert_good(page)
    page.get_by_label("Your message").fill("Great")
    page.get_by_role("button", name="Send").click()
    assert "Great" in main(page)
    page.goto(live_server.url + meeting.get_absolute_url())
    assert "8:00 PM" in main(page)


def test_private_report_is_neutral_on_a_shared_phone(group, live_server, visitor):
    page = visitor
    page.goto(live_server.url + group.get_absolute_url())
    page.get_by_role("link", name="Tell us about this listing").click()
    page.get_by_role("link", name="Something was not right").click()
    assert_good(page)
    page.get_by_label("What happened?").fill("I was followed to my car.")
    with later():
        page.get_by_role("button", name="Send").click()
    assert "Nobody else sees it." in main(page)
    assert "safe" not in page.title().lower() and "safe" not in page.url.split("/suggest")[1]
    assert Suggestion.objects.waiting().first().is_urgent
    page.goto(live_server.url + group.get_absolute_url())
    assert "followed" not in page.content()


@pytest.mark.parametrize("path", ["new/", "service-body/", "closed/", "visit/"])
def test_every_form_and_its_errors_are_accessible(group, live_server, visitor, path):
    page = visitor
    page.goto(f"{live_server.url}/suggest/{path}?group={group.pk}")
    assert_good(page)
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("alert").count() == 1
    assert_good(page)


def test_service_body_confirms_answers_and_takes_out(group, live_server, visitor):
    make_evidence(group=group, no_pressure="no", pressure_from="chair", reply_asked_on=NOON.date())
    body = ServiceBody.objects.create(
        program=group.program, entity="River Area", entered_by=make_user()
    )
    page = visitor
    link = lane.make_link(body, by=make_user(), now=NOON, site=live_server.url)
    page.goto(link)
    assert "Pressure to stop: reported" in main(page)
    assert_good(page)
    page.get_by_role("link", name="All of it is right").click()
    assert_good(page)
    page.get_by_role("button", name="Yes, all of it is right").click()
    assert "checked them today" in main(page)

    page.get_by_role("link", name="Answer").click()
    assert_good(page)
    page.get_by_label("The group’s answer").fill("That chair has left.")
    page.get_by_role("button", name="Show it on the page").click()
    page.goto(live_server.url + group.get_absolute_url())
    assert "That chair has left." in main(page)
    assert_good(page)

    page.goto(link)
    page.get_by_role("link", name="Statement of the group").click()
    assert_good(page)
    page.get_by_text("The group has no position on medication").click()
    page.get_by_text("The group voted", exact=True).click()
    page.get_by_label("Day of the vote or the text").fill("2026-11-01")
    page.get_by_role("button", name="Send").click()
    assert "waits for review" in main(page)

    page.get_by_role("link", name="Correct").click()
    assert_good(page)
    page.goto(link)
    page.get_by_role("link", name="Take it off the list").click()
    assert_good(page)
    page.get_by_role("button", name="Take it off the list").click()
    assert "The group is no longer listed." in main(page)
    assert page.goto(live_server.url + group.get_absolute_url()).status == 410
