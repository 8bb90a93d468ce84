"""Times matching, searches near by and a loop over every group; prints milliseconds as JSON.

For benchmarks/speed/within.py. The loop judges and scores the groups around a place one by one,
and is told for as many groups as there are.
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import QueryDict
from tzfpy import get_tz

from finder.models import Listing
from finder.search import Search, candidates, query, read_search, snapshot
from referrals.matching import AcceptanceMode, Device, Needs, Window, suggest
from referrals.matching.judging import judge
from referrals.matching.matches import match_of

TIMES = 40
NOW = datetime.now(UTC)
At = tuple[float, float]
# Hardly any group is for these people, in this language, at this hour, with all of this.
NARROW = {
    "languages": ("es",),
    "access": ("step-free", "children-welcome"),
    "focus": ("women",),
    "acceptance": AcceptanceMode.ONLY,
    "models_wanted": ("smart",),
    "device": Device.NONE,
    "times": (Window(1, 1080, 1200),),
}


def main() -> None:
    """Time each in turn, around the same places; the snapshot is there, as where a worker runs."""
    snapshot.write(now=NOW)
    rows = Listing.objects.filter(lat__isnull=False).order_by("sort_name", "pk")
    found = list(rows.values_list("lat", "lng"))
    points = random.Random(7).sample(found, min(TIMES, len(found)))
    told = {"search": middle(lambda at: query(search_near(at)), points)}
    for name, more in (("open", {}), ("narrow", NARROW)):
        told[name] = middle(lambda at, more=more: suggest(needs(at, more), now=NOW), points)
    print(json.dumps(told | loop(points[0])))


def middle(call: Callable[[At], object], points: list[At]) -> float:
    """Call once to warm up, then at each place; give the middle of the milliseconds."""
    call(points[0])
    spent = []
    for point in points:
        began = time.perf_counter()
        call(point)
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def loop(at: At) -> dict[str, float]:
    """Judge and score group by group in Python."""
    wanted = needs(at, {})
    around = {"lat": at[0], "lng": at[1], "miles": wanted.reach, "zone": wanted.zone}
    groups = candidates(**around, now=NOW)
    began = time.perf_counter()
    for group in groups:
        item = judge(group, wanted)
        if not item.ruled_out_by:
            match_of(item, wanted)
    each = (time.perf_counter() - began) * 1000 / max(len(groups), 1)
    listed = Listing.objects.values("group_id").distinct().count()
    return {"loop": each * listed, "groups": listed, "sample": len(groups)}


def needs(at: At, more: dict) -> Needs:
    """Need a group that accepts methadone, within the usual miles."""
    zone = get_tz(at[1], at[0]) or "Etc/UTC"
    return Needs(lat=at[0], lng=at[1], zone=zone, medication="methadone", **more)


def search_near(at: At) -> Search:
    """Search within 50 miles, acceptance first."""
    near = f"near={at[0]:.2f},{at[1]:.2f}&within=50&medication=methadone"
    return read_search(QueryDict(near), now=NOW)
