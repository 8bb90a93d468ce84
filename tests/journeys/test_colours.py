"""Everything can be read in the dark, in the system's own colours, and on paper."""

from datetime import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from finder.curation import reassess
from finder.search import index
from tests.factories import make_evidence, make_group, make_locality, make_meeting, make_program
from tests.public_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES = {
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "forced dark": {"forced_colors": "active", "color_scheme": "dark"},
    "paper": {},
}
# Where the system's colours rule, nothing but what is pressed and charts keep its own.
OWN = """() => [...document.querySelectorAll("body *")]
  .filter((one) => getComputedStyle(one).forcedColorAdjust === "none")
  .filter((one) => !one.closest(".pick, .picks, svg"))
  .map((one) => one.outerHTML.slice(0, 120))"""
# What the drawing of a control says without words: its own edge, in any colours.
EDGES = """() => [...document.querySelectorAll(
    ".leave, .usa-button, .usa-input, .usa-select, .usa-textarea, .pick, .chip")]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    const style = getComputedStyle(one);
    const drawn = style.borderStyle !== "none" && parseFloat(style.borderWidth) > 0;
    return !drawn && style.outlineStyle === "none";
  })
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def addresses(now, live_server):
    """One page of each kind, with something known of the group."""
    call_command("load_programs", verbosity=0)
    make_locality()
    group = make_group(name="Open arms", program=make_program(slug="own", name="Own Way"))
    make_evidence(group=group)
    meeting = make_meeting(group=group, weekday=1, start=time(19))
    reassess(today=now.date())
    index.rebuild()
    paths = [path.format(group=group.pk, meeting=meeting.pk) for path in PAGES.values()]
    return [live_server.url + path for path in [*paths, "/?near=62701", "/refer/"]]


def assert_contrast(page):
    options = {"runOnly": ["color-contrast", "link-in-text-block"], "preload": False}
    found = Axe().run(page, options=options)
    wrong = {
        rule["id"]: [n["html"] for n in rule["nodes"]] for rule in found.response["violations"]
    }
    assert wrong == {}, page.url


def assert_own_edges(page):
    """The contrast is the system's own; ours is that what is pressed or filled in has an edge."""
    assert page.evaluate(OWN) == [], page.url
    assert page.evaluate(EDGES) == [], page.url


@pytest.mark.parametrize("mode", MODES)
def test_every_kind_of_page_can_be_read(mode, visit, addresses):
    page = visit(width=1280, height=900, **MODES[mode])
    check = assert_own_edges if mode.startswith("forced") else assert_contrast
    if mode == "paper":
        page.emulate_media(media="print")
    for address in addresses:
        page.goto(address)
        check(page)
    if mode != "paper":
        page.goto(addresses[0])
        page.get_by_label("Where").fill("62701")
        page.get_by_label("Medication you take").select_option("methadone")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("heading", name="1 meeting").wait_for()
        check(page)


def test_what_is_chosen_shows_in_forced_colours(visit, addresses):
    page = visit(width=1280, height=900, forced_colors="active")
    page.goto(f"{addresses[0]}?near=62701&day=tue")

    on = page.locator(".pick[aria-current=true]").first
    off = page.locator(".pick:not([aria-current])").first
    look = "one => { const s = getComputedStyle(one); return [s.backgroundColor, s.borderWidth]; }"
    assert on.evaluate(look) != off.evaluate(look)
