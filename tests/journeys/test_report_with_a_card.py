"""A card from a clinic becomes a report without a phone; a curator decides by keyboard alone."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from finder import cards
from finder.models import Evidence
from finder.search import index
from tests.factories import make_evidence, make_group, make_meeting, make_user
from tests.journeys.watching import assert_accessible, assert_fits, open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def check(page):
    """Say what axe finds and whether anything is wider than the screen."""
    assert_accessible(page)
    assert_fits(page)


def press(page, selector):
    """Reach something by the Tab key alone, and press Enter on it."""
    wanted = page.locator(selector).first
    for _step in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_load_state()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_card_is_answered_at_the_desk(chromium, now, live_server, has_scripts):
    make_meeting(group=make_group(name="Harbor Light"))
    index.rebuild()
    made = {"note": "North", "count": 1, "by": make_user(), "today": now.date()}
    code = cards.make_sheet(**made)[1][0]
    page = open_page(chromium, java_script_enabled=has_scripts)

    page.goto(live_server.url + "/card/")
    if has_scripts:
        check(page)
    page.get_by_label("Code on the card").fill(cards.spelled(code).lower())
    page.get_by_label("Group or town").fill("harbor")
    page.get_by_role("button", name="Go on").click()
    if has_scripts:
        check(page)
    page.locator("label", has_text="Harbor Light").click()
    page.get_by_label("When did you go?").select_option("2026-10-01")
    for question, answer in (
        ("What do you take?", "methadone"),
        ("Did anyone there know that you take it?", "Yes"),
        ("Were you welcome to come?", "Yes"),
        ("Did anyone there tell you to lower or stop it?", "No"),
    ):
        asked = page.get_by_role("group", name=question)
        asked.locator("label").get_by_text(answer, exact=True).click()
    page.get_by_role("button", name="Send").click()

    assert page.get_by_role("heading", name="Thank you").is_visible()
    assert urlsplit(page.url).path == "/card/"
    assert page.context.cookies() == []
    assert Evidence.objects.get().attend == "yes"
    page.context.close()


def test_curator_reviews_by_keyboard_from_the_front_page(chromium, now, live_server, client):
    row = make_evidence(is_reviewed=False)
    curator = make_user(is_staff=True, is_superuser=True)
    client.force_login(curator)
    page = open_page(chromium)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    page.goto(live_server.url + reverse("admin:index"))
    press(page, "[accesskey='1']")
    press(page, "#result_list tbody th a")
    press(page, "[accesskey='r']")
    page.wait_for_selector(".messagelist")

    row.refresh_from_db()
    assert row.reviewed_by == curator
    page.context.close()
