"""The search page beside the API, what a first visit loads, and answers that have not changed."""

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from benchmarks.speed.driving import Driven, ask, drive, request
from benchmarks.speed.figures import figures
from benchmarks.speed.mix import FACETS, LIST
from benchmarks.speed.report import Target
from benchmarks.speed.servers import Serving

PAGE_BOUND, ASSETS_BOUND = 100_000, 150_000
# What a browser loads by itself before anyone presses anything.
_LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>', re.IGNORECASE)
_NOT_LOADED = re.compile(r'rel="(?:canonical|alternate|search|help|license)"', re.IGNORECASE)
_FONT = re.compile(r"url\([\"']?([^)\"']+\.woff2)[\"']?\)")
# Italics are loaded only where a page has some.
_RARE = "Italic"


def measured(server: Serving, cursor, *, seconds: float) -> tuple[list[Target], list[str]]:
    """Measure page and unchanged answers against the site as deployed; give targets and notes."""
    cursor.execute("SELECT key FROM finder_locality WHERE kind = 'zip' ORDER BY md5(key) LIMIT 60")
    asked = [f"near={key}&within=25" for (key,) in cursor.fetchall()]
    found, notes = _page_beside_api(server, asked, seconds)
    unchanged, more = _unchanged(server, asked, seconds)
    return [*found, *unchanged], [*notes, *more]


def _page_beside_api(
    server: Serving, asked: list[str], seconds: float
) -> tuple[list[Target], list[str]]:
    page, api = (_driven(server, [f"{at}?{a}" for a in asked], seconds) for at in ("/", LIST))
    html = ask(server.port, f"/?{asked[0]}").body
    assets = dict(_assets(server, html.decode()))
    notes = [f"  {size:7,} bytes  {path}" for path, size in assets.items()]
    return [
        Target("search page : API, p50 at 1", page.p50 / api.p50, 8),
        Target("bytes of the search page", len(html), PAGE_BOUND),
        Target("bytes of first-view assets, compressed", sum(assets.values()), ASSETS_BOUND),
    ], ["First-view assets, as sent:", *notes]


def _driven(server: Serving, paths: list[str], seconds: float, **headers: str):
    requests = [(0, request(path, **headers)) for path in paths]
    driven = Driven()
    for _turn in range(2):
        driven.add(drive(server.port, requests, connections=1, seconds=seconds / 2))
    return figures(driven, ["all"])


def _assets(server: Serving, html: str) -> Iterator[tuple[str, int]]:
    """Give each file that the page loads, fonts of its style sheets too, and its bytes as sent."""
    paths = [
        found[1]
        for found in _LOADED.finditer(html)
        if not _NOT_LOADED.search(found[0]) and not found[1].startswith(("http", "data:", "#"))
    ]
    for path in dict.fromkeys(paths):
        answer = ask(server.port, path, Accept_Encoding="gzip")
        yield path, len(answer.body)
        if path.split("?")[0].endswith(".css"):
            packed = answer.headers.get("content-encoding") == "gzip"
            text = (gzip.decompress(answer.body) if packed else answer.body).decode()
            for font in dict.fromkeys(_FONT.findall(text)):
                if _RARE not in font:
                    yield font, len(ask(server.port, urljoin(path, font)).body)


def _unchanged(server: Serving, asked: list[str], seconds: float) -> tuple[list[Target], list[str]]:
    """Compare answers that match what the asker holds with whole ones, one by one."""
    targets, notes = [], []
    paths = {
        "a search": f"{LIST}?{asked[0]}",
        # All facets without a place are kept whole, and cost no more than asking does.
        "facets": f"{FACETS}?{asked[0]}",
        "a meeting's page": _meeting_page(server, asked),
        "the start page": "/",
    }
    for name, path in paths.items():
        tag = ask(server.port, path).headers.get("etag")
        if not tag:
            notes.append(f"No ETag on {name}: its conditional request is not measured.")
            continue
        whole = _driven(server, [path], seconds / 2)
        # The tag of a search that depends on the clock changes with the minute.
        tag = ask(server.port, path).headers["etag"]
        requests = [(0, request(path, If_None_Match=tag))]
        part = drive(server.port, requests, connections=1, seconds=seconds / 2, statuses=(200, 304))
        ratio = figures(part, ["all"]).mean / whole.mean
        targets.append(Target(f"unchanged : whole, mean, {name}", ratio, 1 / 3))
    return targets, notes


def _meeting_page(server: Serving, asked: list[str]) -> str:
    for params in asked:
        body = ask(server.port, f"{LIST}?{params}").body.decode()
        if found := re.search(r"/meetings/\d+/", body):
            return found[0]
    return "/about/"
