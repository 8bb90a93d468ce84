"""A clinic keeps its usual evening groups, and those it chose for a patient."""

import pytest

from finder.models import Meeting
from referrals.models import Referral, ShortlistEntry
from referrals.tenancy import organization
from tests.journeys.test_refer import town  # noqa: F401 - a fixture
from tests.journeys.test_side_by_side import page, provider  # noqa: F401 - fixtures
from tests.journeys.watching import assert_accessible, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page):  # noqa: F811
    """Look at a page wide and narrow."""
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_usual_evening_groups_are_kept(page, town, provider):  # noqa: F811
    page.get_by_role("link", name="Shortlists").click()
    page.get_by_label("Name of the list").fill("Our usual evening groups")
    page.get_by_role("button", name="Begin the list").click()
    look(page)
    page.get_by_label("Meetings", exact=True).fill("/meetings/999999/")
    page.get_by_role("button", name="Add", exact=True).click()
    assert "No listed meeting has this address." in page.get_by_role("alert").inner_text()
    look(page)
    harbor = Meeting.objects.filter(name="Harbor Light").order_by("-weekday").first()
    page.get_by_label("Meetings", exact=True).fill(f"https://example.org/meetings/{harbor.pk}/")
    page.get_by_role("button", name="Add", exact=True).click()
    assert "Harbor Light" in page.locator("main").inner_text()
    look(page)
    page.get_by_role("button", name="Still right : Harbor Light").click()
    page.get_by_role("link", name="Shortlists").click()
    assert "all confirmed since" in page.locator("main").inner_text()
    look(page)

    page.get_by_role("link", name="Referrals").click()
    page.get_by_role("link", name="Add a patient").click()
    page.get_by_label("Label").fill("Chart 12")
    page.get_by_role("button", name="Add, then ask what they need").click()
    page.get_by_label("Where they start from").fill("62701")
    page.get_by_role("button", name="Suggest meetings").click()
    page.get_by_text("Keep the ticked meetings on a shortlist").click()
    page.get_by_label("Shortlist", exact=True).select_option("A new list")
    page.get_by_role("button", name="Keep them").click()
    look(page)
    assert "Kept on: List of" in page.locator("main").inner_text()
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("heading", name="Plan", exact=True).wait_for()

    assert page.complaints == []
    with organization(provider.memberships.get().organization_id):
        lists = ShortlistEntry.objects.filter(shortlist__name__startswith="List of")
        kept = set(lists.values_list("meeting_id", flat=True))
        referred = {pk for row in Referral.objects.all() for pk in row.meetings}
    assert len(kept) == 3 and kept == referred
