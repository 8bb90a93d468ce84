"""What every journey watches: the requests, cookies, complaints and accessibility of a page."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TIMEOUT_MS = 10_000


def open_page(chromium, *, width=320, height=640, **options):
    """Open a page of a visitor of its own that writes down what is asked and complained of.

    ``options`` go to the browser's context (``java_script_enabled``, ``locale`` ...). The caller
    closes ``page.context``.
    """
    view = {"width": width, "height": height}
    context = chromium.new_context(**{"locale": "en-US", "viewport": view, **options})
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: _note(page, line))
    return page


def _note(page, line):
    """Keep errors, but for the browser's remark that a page answered 400 or 404 as it should."""
    if line.type == "error" and "Failed to load resource" not in line.text:
        page.complaints.append(line.text)


def assert_accessible(page):
    """Run axe on the page as it stands once its style sheets are in."""
    page.wait_for_load_state("load")
    # To read imported style sheets once more axe would write a style into the page.
    options = {"runOnly": WCAG, "preload": False}
    found = Axe().run(page, options=options).response["violations"]
    assert {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in found} == {}


def width_of(page):
    """Say how wide the page is drawn, in CSS pixels, once its style sheets are in."""
    page.wait_for_load_state("load")
    return page.locator("html").evaluate("root => root.scrollWidth")


def assert_fits(page):
    """Nothing is wider than the screen."""
    assert width_of(page) == page.viewport_size["width"], page.url


def assert_no_trace(page, address):
    """Nothing stored, nobody else asked, nothing that the policy had to stop."""
    assert page.context.cookies() == []
    assert [url for url in page.asked if not url.startswith((address, "data:"))] == []
    assert page.complaints == []


def history_of(page):
    """Addresses and titles that the browser keeps, as anyone with the device can see them."""
    session = page.context.new_cdp_session(page)
    entries = session.send("Page.getNavigationHistory")["entries"]
    return " ".join(f"{entry['url']} {entry['title']}" for entry in entries)


def shot(page, name):
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
