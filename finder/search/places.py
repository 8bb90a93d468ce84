"""Finding the place a person names: a ZIP code, "City, ST" or coordinates; no network.

The table is built once from the zipcodes package; its points are of GeoNames (CC BY 4.0).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from tzfpy import get_tz

from finder.geo import Point, looks_like_point, read_point
from finder.models import Locality
from finder.schedule import is_zone
from finder.search.folding import fold
from finder.search.states import STATES, state_code
from finder.search.values import Origin

MAX_LENGTH = 120
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?", re.ASCII)
# Navajo Nation keeps daylight time and the rest of Arizona does not, so ask the map there.
_ZONE_BY_POINT = {"AZ"}


class PlaceError(ValueError):
    """A place that cannot be told; the message is a sentence for the person who typed it."""


def locate(text: str) -> Origin:
    """Find the place in at most one query; raises PlaceError with a sentence."""
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise PlaceError(_("That place is too long. Give a ZIP code or a city and state."))
    if looks_like_point(text):
        return _at_point(text)
    zipped = _ZIP.fullmatch(text)
    if zipped:
        return _at_zip(zipped[1])
    if text.isdecimal():
        raise PlaceError(_("A ZIP code has five digits, such as 62701."))
    return _at_city(text)


def zone_at(point: Point) -> str:
    """Return the time zone of a point anywhere, the sea included."""
    return get_tz(point.lng, point.lat) or "Etc/UTC"


def _at_point(text: str) -> Origin:
    try:
        point = read_point(text).rounded()
    except ValueError:
        raise PlaceError(
            _("Those coordinates are not on the map. Give latitude and longitude: 39.80,-89.65.")
        ) from None
    return Origin(point, f"{point.lat:.2f},{point.lng:.2f}", zone_at(point), is_exact=True)


def _at_zip(code: str) -> Origin:
    found = Locality.objects.filter(kind="zip", key=code).first()
    if not found:
        raise PlaceError(_("We do not know the ZIP code %(zip)s.") % {"zip": code})
    return Origin(Point(found.lat, found.lng), found.name, found.timezone)


def _at_city(text: str) -> Origin:
    readings = list(_readings(text))
    rows = list(
        Locality.objects.filter(kind="city", key__in={city for city, _state in readings}).order_by(
            "-zips", "state"
        )
    )
    for city, state in readings:
        fits = [row for row in rows if row.key == city and state in ("", row.state)]
        if len(fits) == 1:
            return Origin(Point(fits[0].lat, fits[0].lng), str(fits[0]), fits[0].timezone)
        if fits:
            raise PlaceError(_ambiguous(fits))
    raise PlaceError(
        _("We do not know that place. Give a ZIP code, or a city and state: Springfield, IL.")
    )


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield (city, state) as the text may be meant, the likeliest first."""
    before, comma, after = text.rpartition(",")
    if comma and state_code(fold(after)):
        yield fold(before), state_code(fold(after))
        return
    words = fold(text).split()
    for count in (1, 2, 3):
        state = state_code(" ".join(words[-count:]))
        if state and len(words) > count:
            yield " ".join(words[:-count]), state
    yield " ".join(words), ""


def _ambiguous(rows: list[Locality]) -> str:
    shown = "; ".join(str(row) for row in rows[:5])
    return _("There is more than one %(city)s. Add the state: %(choices)s.") % {
        "city": rows[0].name,
        "choices": shown,
    }


def build(records: Iterable[dict]) -> list[Locality]:
    """Make a row for each ZIP code and each city of the package's records, in a fixed order."""
    zips, cities = [], defaultdict(list)
    for record in records:
        row = _zip_row(record)
        if row is None:
            continue
        zips.append(row)
        cities[fold(record["city"]), row.state].append((record["city"], record, row))
    _add_other_names(records, zips, cities)
    rows = [_city_row(key, state, found) for (key, state), found in cities.items() if key]
    return sorted(zips, key=lambda r: r.key) + sorted(rows, key=lambda r: (r.key, r.state))


def _add_other_names(records: Iterable[dict], zips: list[Locality], cities: dict) -> None:
    """Add the names the post office also accepts, where no city has that name."""
    by_zip = {row.key: row for row in zips}
    others = defaultdict(list)
    for record in records:
        row = by_zip.get(record["zip_code"])
        for name in record["acceptable_cities"] if row else ():
            if (fold(name), row.state) not in cities:
                others[fold(name), row.state].append((name, record, row))
    cities.update(others)


def _zip_row(record: dict) -> Locality | None:
    lat, lng = float(record["lat"] or 0), float(record["long"] or 0)
    # Military post offices abroad have no point, and nobody walks to a meeting from one.
    if record["state"] not in STATES or (lat == 0 and lng == 0):
        return None
    zone = record["timezone"]
    if record["state"] in _ZONE_BY_POINT or not is_zone(zone):
        zone = zone_at(Point(lat, lng))
    return Locality(
        kind="zip",
        name=record["zip_code"],
        key=record["zip_code"],
        state=record["state"],
        county=record["county"] or "",
        lat=lat,
        lng=lng,
        timezone=zone,
    )


def _city_row(key: str, state: str, found: list[tuple[str, dict, Locality]]) -> Locality:
    # Post-office boxes and single firms say little about where a city is.
    homes = [row for _n, record, row in found if record["zip_code_type"] == "STANDARD"]
    rows = homes or [row for _n, _r, row in found]
    return Locality(
        kind="city",
        name=Counter(name for name, _r, _row in found).most_common(1)[0][0],
        key=key,
        state=state,
        county=Counter(row.county for row in rows).most_common(1)[0][0],
        zips=len(found),
        lat=round(sum(row.lat for row in rows) / len(rows), 5),
        lng=round(sum(row.lng for row in rows) / len(rows), 5),
        timezone=Counter(row.timezone for row in rows).most_common(1)[0][0],
    )
