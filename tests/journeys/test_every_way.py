"""What patients and families come for, walked by keyboard alone, at 400 %, and without scripts."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.core.management import call_command

from finder.curation import reassess
from finder.models import Suggestion, SuggestionKind
from finder.search import index
from tests.factories import (
    make_evidence,
    make_group,
    make_locality,
    make_meeting,
    make_place,
    make_program,
)
from tests.journeys.walking import WAYS, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=WAYS)
def walker(request, visit, live_server, now):
    """A visitor, who leaves no trace whatever they did."""
    walker = Walker(visit, live_server.url, request.param)
    yield walker
    walker.leave_no_trace()


@pytest.fixture
def town(walker, now):
    """A group that accepts, one nobody asked, one at the weekend, one by phone; Tuesday noon."""
    make_locality()
    na = make_program(slug="na", name="Narcotics Anonymous")
    accepting = make_group(name="Open arms", program=na)
    make_evidence(group=accepting)
    make_meeting(group=accepting, weekday=1, start=time(19))
    for name, day, lat in (("Not asked", 1, 39.9), ("Weekend", 5, 39.7)):
        group = make_group(name=name, program=na)
        make_meeting(group=group, weekday=day, start=time(20), place=make_place(lat=lat))
    make_meeting(group=make_group(name="Copper line", program=na), format="phone", weekday=1)
    reassess(today=now.date())
    index.rebuild()
    return accepting


def test_find_tonights_accepting_meeting(walker, town):
    walker.open("/", "Find a mutual-help meeting")
    walker.fill("Where", "62701")
    walker.select("Medication you take", "methadone")
    walker.choose("Tonight")
    walker.press("Search", "2 meetings")

    assert "Tonight, 7:00 PM to 8:00 PM" in walker.words
    assert "Accepting" in walker.words and "Medication: not asked yet." in walker.words
    assert "methadone" not in walker.page.url + walker.page.title()
    walker.press("Open arms", "Open arms")
    assert "100 Walnut Street" in walker.words


def test_find_a_meeting_that_needs_no_internet(walker, town):
    walker.open("/", "Find a mutual-help meeting")
    walker.fill("Where", "62701")
    walker.tick("By phone, no internet")
    walker.press("Search", "1 meeting")

    call = walker.page.locator("a[href^='tel:']", has_text="Call").first
    assert "Copper line" in walker.words and call.is_visible()


def test_plan_a_week(walker, town):
    walker.open("/?near=62701", "3 meetings")
    walker.press("Add to my plan (Open arms)", "Your meetings")
    walker.press("Add a meeting", "Find a mutual-help meeting")
    walker.fill("Where", "62701")
    walker.press("Search", "3 meetings")
    walker.press("Add to my plan (Weekend)", "Your meetings")

    assert "Nothing on Monday, Wednesday, Thursday, Friday and Sunday." in walker.words
    assert walker.page.locator(".week__day").count() == 7
    assert walker.page.locator(".plan__code svg").is_visible()
    calendar = walker.page.get_by_role("link", name="Add to my calendar").get_attribute("href")
    assert calendar.endswith(re.search(r"\?m=[\d,]+$", walker.page.url)[0])
    walker.press("Take out (Open arms)", "Your meetings")
    assert walker.page.locator(".plan__list .card").count() == 1


def test_compare_programs_and_read_for_families(walker):
    call_command("load_programs", verbosity=0)
    walker.open("/programs/", "Programs")
    walker.press("Compare programs", "Compare programs")
    walker.unfold("Choose programs")
    walker.tick("Narcotics Anonymous")
    walker.tick("SMART Recovery")
    walker.press("Compare", "SMART Recovery")

    assert walker.page.locator(".compare__column").count() == 2
    walker.press("For family and friends", "For family and friends")
    assert "risk of death" in walker.words and "naloxone" in walker.words.casefold()


def test_read_what_is_known_of_a_group_and_report_a_visit(walker, town, now):
    walker.open(f"/groups/{town.pk}/", "Open arms")
    known = walker.page.get_by_role("region", name="Methadone").inner_text()
    for fact in ("Welcome to come yes", "Time is counted yes", "Pressed to stop or lower it none"):
        assert fact in " ".join(known.split()), known
    assert "One call to the group, November 2026." in known
    assert "What you need not say" in walker.words
    walker.press("Report a visit", "Was it there?")
    walker.choose("Yes, it was there")
    # Whoever reads before sending takes longer than a program does.
    with time_machine.travel(now + timedelta(seconds=10), tick=False):
        walker.press("Send", "Thank you")

    told = Suggestion.objects.get()
    assert (told.kind, told.group_id) == (SuggestionKind.VISIT, town.pk)
    assert told.proposed == {"was_there": "yes"}


def test_print_in_spanish(walker, town):
    walker.open("/refer/", "Refer someone")
    walker.fill("Where they start from", "62701")
    walker.press("Suggest meetings", "Suggested meetings")
    walker.press("Make the handout", "Handout")
    walker.select("Language", "Spanish")
    walker.press("Show this version", "Reuniones")

    paper = walker.page.locator(".handout")
    assert paper.get_attribute("lang") == "es"
    assert "Todos los martes" in paper.inner_text()
    assert "No deje ni cambie" in paper.inner_text()
    walker.page.emulate_media(media="print")
    printed = walker.page.locator("body").inner_text()
    assert "Handout" not in printed and "Show this version" not in printed
    assert pages_of(walker.page.pdf(prefer_css_page_size=True)) == 1


def test_plan_fits_one_sheet_of_paper(walker, town):
    meetings = ",".join(str(row.pk) for row in town.meetings.all())
    walker.open(f"/es/plan/?m={meetings}", "Sus reuniones")

    assert pages_of(walker.page.pdf()) == 1


def pages_of(pdf):
    """Count the sheets of a printed page."""
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def test_leave_quickly(walker):
    walker.open("/safety/", "Staying safe")
    if walker.is_by_keyboard:
        walker.keys.to("Leave quickly")
        walker.keys.press("Enter")
    else:
        walker.page.get_by_role("link", name="Leave quickly").click()
    walker.page.wait_for_url("**/blank/")

    assert "MHG" not in walker.page.title()
    assert "This page is blank" in walker.page.locator("body").inner_text()
    walker.page.go_back()
    assert "/safety/" not in walker.page.url or not walker.has_scripts
    walker.page.goto(f"{walker.start}/blank/")
