"""Measures a first visit as a slow phone sees it: first paint, layout shift, bytes; by Chromium.

Network and processor are throttled by the browser itself: 150 ms for a round trip, 1.6 Mbit/s, a
processor four times slower. The site runs as deployed, with its files compressed.
"""

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass

from django.core.management import call_command
from playwright.sync_api import Browser, CDPSession, sync_playwright

from benchmarks.speed.comparing import PRODUCT, deployed
from benchmarks.speed.preparing import Directory
from benchmarks.speed.servers import serving
from finder.localenv import ROOT
from finder.models import Listing, Locality
from tests.chromium import find_chromium

ROUND_TRIP_MS, BYTES_A_SECOND, SLOWER = 150, 1_600_000 / 8, 4
MEETINGS, RUNS = 2000, 5
PAINT_MS, SHIFT, TRANSFER, SCRIPTS = 1500, 0.05, 200_000, 60_000
VIEWS = {"phone": (360, 780), "wide": (1280, 900)}
_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True)
class Seen:
    """One visit: milliseconds, a score, and bytes as they came over the line."""

    paint: float
    shift: float
    transfer: int
    scripts: int


def main() -> None:
    """Print the middle of some visits to the start page and to the first page of a search."""
    _fill()
    own = os.environ["DATABASE_URL"]
    env = deployed(Directory(meetings=MEETINGS, owner=own, app=own))
    gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(gather, cwd=ROOT, env={**os.environ, **env}, check=True)
    place = Listing.objects.exclude(lat=None).order_by("pk").first()
    paths = {"start": "/", "search": _near(place)}
    with serving("first view", PRODUCT, **env) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        print(f"{'page':8} {'screen':6} {'paint ms':>9} {'shift':>7} {'bytes':>8} {'scripts':>8}")
        for name, path in paths.items():
            for screen in VIEWS:
                address = f"http://127.0.0.1:{server.port}{path}"
                _print(name, screen, [_visit(browser, address, screen) for _run in range(RUNS)])
        browser.close()
    print(f"aimed at         {PAINT_MS:9,} {SHIFT:7.2f} {TRANSFER:8,} {SCRIPTS:8,}  at most")


def _fill() -> None:
    if not Listing.objects.exists():
        call_command("load_programs", verbosity=0)
        call_command("load_places", verbosity=0)
        call_command("seed", meetings=MEETINGS, seed=1, verbosity=0)


def _near(listing: Listing) -> str:
    zips = Locality.objects.filter(
        kind="zip", lat__range=(listing.lat - 0.2, listing.lat + 0.2)
    ).order_by("lng")
    nearest = min(zips, key=lambda place: abs(place.lng - listing.lng))
    return f"/?near={nearest.key}"


def _visit(browser: Browser, address: str, screen: str) -> Seen:
    """Visit with nothing kept from before."""
    width, height = VIEWS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        # The proxy in front of a deployed site says so.
        extra_http_headers={"X-Forwarded-Proto": "https"},
    )
    page = context.new_page()
    page.add_init_script(_SHIFTS)
    session = context.new_cdp_session(page)
    received = _throttle(session)
    page.goto(address, wait_until="networkidle")
    seen = Seen(
        page.evaluate(_PAINT),
        page.evaluate("window.shifted"),
        sum(received.values()),
        sum(size for url, size in received.items() if ".js" in url),
    )
    context.close()
    return seen


def _throttle(session: CDPSession) -> dict[str, int]:
    """Slow the page down; the answer fills with the bytes of each address."""
    received: dict[str, int] = {}
    addresses: dict[str, str] = {}
    session.on(
        "Network.responseReceived",
        lambda told: addresses.update({told["requestId"]: told["response"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda told: received.update(
            {addresses.get(told["requestId"], ""): int(told["encodedDataLength"])}
        ),
    )
    session.send("Network.enable")
    conditions = {"offline": False, "latency": ROUND_TRIP_MS}
    conditions |= {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND / 2}
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return received


def _print(name: str, screen: str, visits: list[Seen]) -> None:
    paint = statistics.median(visit.paint for visit in visits)
    shift = max(visit.shift for visit in visits)
    transfer = max(visit.transfer for visit in visits)
    scripts = max(visit.scripts for visit in visits)
    print(f"{name:8} {screen:6} {paint:9,.0f} {shift:7.3f} {transfer:8,} {scripts:8,}", flush=True)
