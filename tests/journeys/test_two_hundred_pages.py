"""Two hundred public pages: nobody else is asked, nothing stays behind, all get the same bytes."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import make_user
from tests.journeys.test_find_a_meeting import is_file
from tests.signing_in import ProvedClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = 200
# The hour a form was shown, signed: new each time, for everyone.
STAMP = re.compile(rb'name="stamp" value="[^"]*"')
KEPT = """async () => [
  document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker?.getRegistrations() ?? []).length,
]"""


def pages_of(page, start):
    """Go from link to link of this site, each address once, each kind of page in turn."""
    waiting, seen = {"": [start + "/"]}, set()
    while len(seen) < PAGES:
        kind = next(kind for kind in [*waiting] if waiting[kind])
        address = waiting[kind].pop(0)
        waiting[kind] = waiting.pop(kind)
        if address in seen:
            continue
        seen.add(address)
        page.goto(address)
        yield address.removeprefix(start)
        for link in page.eval_on_selector_all("a[href]", "links => links.map(one => one.href)"):
            link = link.split("#")[0]
            if link.startswith(start + "/") and link not in seen and not is_file(link):
                first = "/".join(urlsplit(link).path.split("/")[:3])
                waiting.setdefault(first, []).append(link)


def test_two_hundred_pages_ask_nobody_and_keep_nothing(visit, live_server, now):
    for name in ("load_programs", "load_places", "load_demo"):
        call_command(name, verbosity=0)
    stranger, curator = Client(), ProvedClient()
    curator.force_login(make_user(is_staff=True, is_superuser=True, password=None))
    page = visit(width=1280, height=900)
    cookies = []
    page.on("response", lambda told: cookies.append(told.headers.get("set-cookie")))
    visited = []

    for path in pages_of(page, live_server.url):
        visited.append(path)
        assert page.evaluate(KEPT) == ["", 0, 0, 0, 0, 0], path
        asked = stranger.get(path, follow=True)
        known = curator.get(path, follow=True)
        assert STAMP.sub(b"", asked.content) == STAMP.sub(b"", known.content), path
        assert "cookie" not in asked.headers.get("Vary", "").casefold(), path
        assert not stranger.cookies, path

    assert len(visited) == PAGES
    kinds = {"/".join(urlsplit(path).path.split("/")[:3]) for path in visited}
    assert {"/meetings", "/groups", "/programs"} <= {"/" + kind.split("/")[1] for kind in kinds}
    assert any(path.startswith("/es/") for path in visited)
    assert set(cookies) == {None} and page.context.cookies() == []
    assert [url for url in page.asked if not url.startswith((live_server.url, "data:"))] == []
    assert page.complaints == []
