"""Makes what was found on a map ready to be drawn: what overlaps is put together."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finder.models import Listing
from finder.presenters.cards import planned
from finder.search.mapping import SCALE, Found, View

# Pixels: markers nearer than this are one; a name takes so much room.
APART = 44
NAME_WIDE, NAME_HIGH = 110, 30
# A tile of a web map is 256 pixels wide.
TILE = 256
MOST_PLACES = 60
MOST_NAMES = 24
Spot = tuple[float, float]


def drawn(
    found: Found, view: View, *, towns: Iterable[tuple[str, float, float]], now: datetime
) -> dict:
    """Return clusters, places with their meetings, and names; degrees as they are."""
    clusters, places = _marks(found, view.zoom)
    return {
        "words": _words(found),
        "clusters": [_cluster(*cluster) for cluster in clusters],
        "places": _places(places, now=now),
        "names": list(_names(towns, view.zoom)),
    }


def _words(found: Found) -> str:
    words = ngettext("%(count)d meeting on this map", "%(count)d meetings on this map", found.count)
    said = words % {"count": found.count}
    if not found.hidden:
        return said
    more = ngettext(
        "%(count)d of them has only an approximate place and is in the list alone.",
        "%(count)d of them have only an approximate place and are in the list alone.",
        found.hidden,
    )
    return f"{said}. {more % {'count': found.hidden}}"


def _marks(found: Found, zoom: int) -> tuple[list[tuple[Spot, int]], dict[Spot, list[int]]]:
    """Part what was found into clusters (middle, count) and places (spot, meetings)."""
    columns = {name: json.loads(text) for name, text in found.columns.items()}
    if found.is_clustered:
        spots = zip(columns["lat"], columns["lng"], strict=True)
        middles = [(lat / SCALE, lng / SCALE) for lat, lng in spots]
        return list(zip(middles, columns["count"], strict=True)), {}
    lats, lngs = accumulate(columns["lat"]), accumulate(columns["lng"])
    by_spot: dict[Spot, list[int]] = defaultdict(list)
    for pk, lat, lng in zip(accumulate(columns["id"]), lats, lngs, strict=True):
        by_spot[lat / SCALE, lng / SCALE].append(pk)
    return _parted(by_spot, zoom)


def _parted(
    by_spot: dict[Spot, list[int]], zoom: int
) -> tuple[list[tuple[Spot, int]], dict[Spot, list[int]]]:
    squares: dict[tuple[int, int], list[Spot]] = defaultdict(list)
    for spot in by_spot:
        x, y = pixel(*spot, zoom)
        squares[int(x // APART), int(y // APART)].append(spot)
    clusters, places = [], {}
    for spots in squares.values():
        if len(spots) == 1 and len(places) < MOST_PLACES:
            places[spots[0]] = by_spot[spots[0]]
            continue
        middle = tuple(sum(each) / len(spots) for each in zip(*spots, strict=True))
        clusters.append((middle, sum(len(by_spot[spot]) for spot in spots)))
    return clusters, places


def pixel(lat: float, lng: float, zoom: int) -> tuple[float, float]:
    """Return where a point lies on the whole map (spherical Mercator), in pixels.

    >>> [round(number) for number in pixel(0, 0, 0)], [round(n) for n in pixel(39.8, -89.65, 4)]
    ([128, 128], [1028, 1554])
    """
    size = TILE * 2**zoom
    lat = max(min(lat, 85.05), -85.05)
    north = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return (lng + 180) / 360 * size, (1 - north / math.pi) / 2 * size


def _cluster(middle: Spot, count: int) -> dict:
    words = ngettext("%(count)d meeting: show them", "%(count)d meetings: show them", count)
    return {"lat": middle[0], "lng": middle[1], "count": count, "words": words % {"count": count}}


def _places(places: dict[Spot, Sequence[int]], *, now: datetime) -> list[dict]:
    ids = [pk for found in places.values() for pk in found]
    listings = Listing.objects.with_document().in_bulk(ids)
    return [
        _place(spot, [listings[pk] for pk in found if pk in listings], now=now)
        for spot, found in places.items()
    ]


def _place(spot: Spot, listings: list[Listing], *, now: datetime) -> dict:
    meetings = [planned(listing, now=now) for listing in listings]
    where = meetings[0].where if meetings else ""
    words = ngettext("%(count)d meeting: %(where)s", "%(count)d meetings: %(where)s", len(meetings))
    if len(meetings) == 1:
        words = _("%(name)s: %(where)s")
    told = {"count": len(meetings), "where": where, "name": meetings[0].name if meetings else ""}
    return {
        "lat": spot[0],
        "lng": spot[1],
        "words": words % told,
        "where": where,
        "meetings": [
            {"name": each.name, "when": each.when, "address": reverse("meeting", args=[each.id])}
            for each in meetings
        ],
    }


def _names(towns: Iterable[tuple[str, float, float]], zoom: int) -> Iterator[dict]:
    """Yield the names that find room, the largest cities first."""
    taken: list[tuple[float, float]] = []
    for name, lat, lng in towns:
        x, y = pixel(lat, lng, zoom)
        if any(abs(x - a) < NAME_WIDE and abs(y - b) < NAME_HIGH for a, b in taken):
            continue
        taken.append((x, y))
        yield {"name": name, "lat": lat, "lng": lng}
        if len(taken) == MOST_NAMES:
            return
