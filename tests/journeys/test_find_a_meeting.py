"""People who look for a meeting: what they find, and that nothing of it stays behind."""

import re
from datetime import time

import pytest

from finder.search import index
from tests.factories import make_assessment, make_group, make_locality, make_meeting, make_program
from tests.journeys.watching import (
    assert_accessible,
    assert_fits,
    assert_no_trace,
    history_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAFETY = "Do not stop or lower your medication because someone at a meeting tells you to."
NAMES = {
    "na": "Narcotics Anonymous",
    "aa": "Alcoholics Anonymous",
    "wellbriety": "Wellbriety",
    "smart": "SMART Recovery",
    "mara": "Medication-Assisted Recovery Anonymous",
}


@pytest.fixture
def springfield(now, live_server):
    """A town where no group was ever asked, on a Tuesday at noon; every program meets tonight."""
    make_locality()
    for slug, name in NAMES.items():
        group = make_group(program=make_program(slug=slug, name=name), name=f"{name} downtown")
        if slug == "mara":
            make_meeting(group=group, format="phone", weekday=1, start=time(20))
            make_assessment(group=group, label="affirming", basis="program", lower=0.906868)
            continue
        make_meeting(group=group, weekday=1, start=time(19))
        make_meeting(group=group, weekday=3, start=time(8))
        if slug == "smart":
            make_assessment(group=group, label="likely_accepting", basis="program", lower=0.657)
    index.rebuild()
    return live_server.url


def test_someone_who_takes_methadone_finds_a_meeting_tonight(springfield, visit, caplog):
    page = visit(java_script_enabled=False)
    page.goto(springfield)
    page.get_by_label("Where").fill("62701")
    page.get_by_label("Medication you take").select_option("methadone")
    page.get_by_text("Tonight", exact=True).click()
    page.get_by_role("button", name="Search").click()

    main = page.locator("main")
    assert "We have asked 0 of 4 groups within 25 miles about medication." in main.inner_text()
    near = page.locator(".found__list > ul.cards > li")
    assert near.count() == 4
    for card in near.all():
        text = card.inner_text()
        assert "Tonight, 7:00 PM to 8:00 PM" in text
        assert "Medication: not asked yet." in text
        assert SAFETY in text
        has_words = "The program supports medication. This group has not been asked." in text
        assert has_words == ("SMART Recovery" in text)
    assert "Mixed" not in main.inner_text() and "limits" not in main.inner_text()
    by_phone = page.get_by_role("region", name="By phone, without internet")
    assert by_phone.locator("article").count() == 1
    assert "Made for people on medication" in by_phone.inner_text()
    assert SAFETY in by_phone.inner_text()
    assert_fits(page)

    for place in (page.url, page.title(), history_of(page), " ".join(page.asked), caplog.text):
        assert "methadone" not in place.lower()
    assert_no_trace(page, springfield)


def test_anonymous_visitor_reads_a_meeting_and_leaves_quickly(springfield, visit):
    page = visit()
    page.goto(springfield)
    page.get_by_label("Where").fill("Springfield, IL")
    page.get_by_role("button", name="Search").click()
    assert "We do not know that place" in page.get_by_role("alert").inner_text()
    page.get_by_label("Where").fill("62701")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/?near=62701*")
    page.get_by_role("link", name="Narcotics Anonymous downtown").first.click()

    assert page.get_by_role("heading", level=1).inner_text() == "Narcotics Anonymous downtown"
    assert "Walnut Hall" in page.locator("main").inner_text()
    assert_fits(page)
    assert_accessible(page)
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/blank/")
    assert "MHG" not in page.title()
    page.go_back()
    assert "/meetings/" not in page.url
    assert_no_trace(page, springfield)


def test_search_works_with_the_keyboard_alone(springfield, visit):
    page = visit()
    page.goto(springfield)

    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "q"
    page.keyboard.type("62701")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?near=62701*")
    assert page.get_by_role("heading", level=1).inner_text() == "8 meetings"


def test_location_of_the_device_is_rounded_and_stays_out_of_the_address(springfield, visit):
    page = visit(
        geolocation={"latitude": 39.80123, "longitude": -89.64987}, permissions=["geolocation"]
    )
    page.goto(springfield)
    page.get_by_role("button", name="Near me").click()
    page.wait_for_selector("h1:has-text('8 meetings')")
    assert "8 meetings" in page.locator("h1").inner_text()
    assert "39.8" not in history_of(page)
    assert_no_trace(page, springfield)


def kind_of(address):
    """Say what kind of page an address is: its path without ids and names, and what it asks."""
    path, _, query = address.partition("?")
    path = re.sub(r"/(programs/)(?!$)[^/]+/", r"/\1x/", re.sub(r"/\d+/", "/1/", path))
    return path, tuple(sorted(part.split("=")[0] for part in query.split("&")))


def is_file(address):
    """Say whether an address is taken out as a file and not opened as a page."""
    return "calendar.ics" in address or "/download/" in address


def crawl(page, start):
    """Follow the links of this site that a visitor can reach: one page of each kind and language.

    A search that a page offers is one of the searches that are visited by themselves.
    """
    waiting, seen = [start + "/"], set()
    while waiting:
        address = waiting.pop(0).split("#")[0]
        is_search = address.removeprefix(start).startswith(("/?", "/es/?"))
        if kind_of(address) in seen or is_search or is_file(address):
            continue
        seen.add(kind_of(address))
        page.goto(address)
        yield address
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [link for link in links if link.startswith(start + "/")]


def test_every_public_page_is_accessible_and_leaves_no_trace(springfield, visit):
    page = visit()
    start = springfield
    seen = []

    for address in crawl(page, start):
        seen.append(address.removeprefix(start))
        assert_accessible(page)
        assert_fits(page)

    for part in ("/about/acceptance/", "/safety/", "/privacy/", "/blank/", "/guide/court/"):
        assert part in seen and f"/es{part}" in seen
    for path in ("/?near=62701", "/?near=nowhere", "/no-such-page/", "/plan/?m=1", "/groups/1/"):
        page.goto(start + path)
        assert_accessible(page)
        assert_fits(page)
    assert_no_trace(page, start)
