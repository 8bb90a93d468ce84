"""People whose browser runs scripts: answers in place, the map by keyboard, a planned week."""

from datetime import time

import pytest

from finder.search import index
from tests.factories import make_assessment, make_group, make_locality, make_meeting, make_place
from tests.journeys.watching import (
    assert_accessible,
    assert_fits,
    assert_no_trace,
    history_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(now, live_server):
    """A group that accepts and one nobody asked, both tonight; Tuesday noon."""
    make_locality()
    accepting = make_group(name="Open arms")
    make_assessment(group=accepting, label="accepting", basis="group", lower=0.8)
    make_meeting(group=accepting, weekday=1, start=time(19))
    make_meeting(name="Not asked", weekday=1, start=time(20), place=make_place(lat=39.9))
    make_meeting(name="Weekend", weekday=5, start=time(9), place=make_place(lat=39.7))
    index.rebuild()
    return live_server.url


def headline(page, words):
    page.locator("h1", has_text=words).wait_for()


def test_tonights_accepting_meeting_is_found_in_place_and_leaves_no_address(town, visit, caplog):
    page = visit(color_scheme="dark")
    page.goto(town)
    page.get_by_label("Where").fill("62701")
    page.get_by_label("Medication you take").select_option("methadone")
    page.get_by_text("Tonight", exact=True).click()
    page.get_by_role("button", name="Search").click()
    headline(page, "2 meetings")

    card = page.locator("article", has_text="Open arms").first
    assert "Accepting" in card.inner_text()
    assert card.get_by_role("link", name="Directions").count() == 1
    assert page.url == f"{town}/"
    assert page.locator("[data-headline]:focus").count() == 1
    assert_fits(page)
    assert_accessible(page)
    for place in (page.url, page.title(), history_of(page), " ".join(page.asked), caplog.text):
        assert "methadone" not in place.lower()
    kept = page.evaluate("[localStorage.length, sessionStorage.length]")
    assert kept == [0, 0]
    assert_no_trace(page, town)


def test_search_with_an_address_goes_back_forward_and_reloads(town, visit):
    page = visit()
    page.goto(f"{town}/?near=62701")
    headline(page, "3 meetings")
    page.get_by_role("link", name="Tonight", exact=True).click()
    headline(page, "2 meetings")

    assert "when=tonight" in page.url
    page.reload()
    headline(page, "2 meetings")
    page.go_back()
    headline(page, "3 meetings")
    page.go_forward()
    headline(page, "2 meetings")
    assert_no_trace(page, town)


def test_map_is_read_by_the_keyboard(town, visit):
    page = visit(width=1280, height=800)
    page.goto(f"{town}/?near=62701")
    page.get_by_role("button", name="Map").focus()
    page.keyboard.press("Enter")
    page.locator(".map__mark").first.wait_for()

    assert "3 meetings on this map" in page.locator("[data-map-said]").inner_text()
    assert_accessible(page)
    page.locator(".map__mark").first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".map__told a")
    link.wait_for()
    assert link.evaluate("link => link === document.activeElement")
    page.keyboard.press("Escape")
    page.locator(".map__told").wait_for(state="detached")
    assert page.locator(".map__mark:focus").count() == 1
    assert not [url for url in page.asked if "bbox" in url]
    assert_no_trace(page, town)


def test_week_is_planned_without_a_script(town, visit):
    page = visit(java_script_enabled=False)
    page.goto(f"{town}/?near=62701")
    page.get_by_role("link", name="Add to my plan (Open arms)").first.click()
    page.get_by_role("link", name="Add a meeting").click()
    page.get_by_label("Where").fill("62701")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Add to my plan (Weekend)").first.click()

    assert "Nothing on Monday, Wednesday, Thursday, Friday and Sunday." in page.content()
    assert page.locator(".plan__list .card").count() == 2
    assert_fits(page)
    page.get_by_role("link", name="Take out (Open arms)").click()
    assert page.locator(".plan__list .card").count() == 1
    assert_no_trace(page, town)
