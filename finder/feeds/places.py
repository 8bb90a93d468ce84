"""Addresses and points as feeds write them; zones live in zones."""

import math
import re
from dataclasses import dataclass

from finder.feeds.clock import whole
from finder.feeds.privacy import is_private_home
from finder.feeds.record import PlaceRecord
from finder.feeds.regions import COUNTRIES, PROVINCES, STATES
from finder.feeds.rows import Row
from finder.feeds.text import fold, line

_STATE_ZIP = re.compile(r"([A-Za-z][A-Za-z .]*?)?\s*(\d{5})(?:-\d{4})?$")
_CANADA = re.compile(r"([A-Za-z][A-Za-z .]*?)?\s*([A-Z]\d[A-Z]\s?\d[A-Z]\d)$", re.IGNORECASE)
# "at the back", "upstairs" and the like belong in the notes, not in the street.
_BRITISH = re.compile(r"(?P<town>\D+?)\s+(?P<code>[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2})")
_EUROPEAN = re.compile(r"(?P<code>(?:[A-Z]{1,2}-)?(?:\d{3}\s\d{2}|\d{4,5}))\s+(?P<town>\D+)")
# "Walnut Hall, 100 Walnut Street": the name stands before the street.
_HALL_FIRST = re.compile(r"([^\d,]{3,100}), *(\d+[\w-]* .+)")
_ROOM = re.compile(r"\s+@\s+.*$")


@dataclass(frozen=True, slots=True)
class Point:
    """A point, and whether it stands for an area."""

    lat: float | None = None
    lng: float | None = None
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of one postal line."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


def number(value: object) -> float | None:
    """Read a finite number from a number or a string.

    >>> number("-89.65"), number("-"), number(float("nan"))
    (-89.65, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value.strip()[:60] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def read_point(row: Row, *, lat: object, lng: object, country: str = "") -> Point:
    """Read a point; none for 0/0 and what lies off the globe; one plainly swapped is turned."""
    if lat is None and lng is None:
        return Point()
    north, east = number(lat), number(lng)
    if north is None or east is None:
        if line(lat).strip(" -") or line(lng).strip(" -"):
            row.note("latitude", "bad_point", "The coordinates are not numbers; left out.")
        return Point()
    if abs(north) < 1e-9 and abs(east) < 1e-9:
        row.note("latitude", "zero_point", "The coordinates are 0, 0; left out.")
        return Point()
    if country == "US" and not _in_america(north, east):
        for turned in ((east, north), (north, -east)):
            if _in_america(*turned):
                row.note(
                    "latitude", "turned_point", "The coordinates were turned into the country."
                )
                return Point(*turned)
    if abs(north) > 90 or abs(east) > 180:
        if abs(north) <= 180 and abs(east) <= 90:
            row.note("latitude", "turned_point", "Latitude and longitude were changed over.")
            return Point(east, north)
        row.note("latitude", "bad_point", "The coordinates are off the globe; left out.")
        return Point()
    return Point(north, east)


def read_coordinates(row: Row, value: object) -> Point:
    """Read TSML's ``coordinates``: "lat,lng", or four numbers for an area.

    An area's point is its middle, and approximate.
    """
    parts = [number(part) for part in line(value)[:200].split(",")]
    if len(parts) == 2:
        return read_point(row, lat=parts[0], lng=parts[1])
    if len(parts) == 4 and None not in parts:
        middle = read_point(row, lat=(parts[0] + parts[2]) / 2, lng=(parts[1] + parts[3]) / 2)
        return Point(middle.lat, middle.lng, is_approximate=middle.lat is not None)
    row.note("coordinates", "bad_point", "The coordinates are not two or four numbers; left out.")
    return Point()


def _in_america(lat: float, lng: float) -> bool:
    in_states = 17 <= lat <= 72 and -180 <= lng <= -64
    in_pacific = (-15 <= lat <= 21 and 140 <= lng <= 180) or (
        -15 <= lat <= 0 and -180 <= lng <= -165
    )
    return in_states or in_pacific or (50 <= lat <= 54 and 170 <= lng <= 180)


def read_address(text: str) -> Address:
    """Part a postal line, general parts last.

    >>> read_address("9231 Rumsey Rd, Columbia, MD 21045, USA")
    Address(street='9231 Rumsey Rd', city='Columbia', state='MD', zip='21045', country='US')
    >>> read_address(", Phoenix, AZ 85016, USA").street
    ''
    """
    text = re.sub(r"(?<=[\s\d])(USA|U\.S\.A\.?|United States|Canada)\s*$", r", \1", text)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    # Two letters at the end are a state: "San Jose, CA" is not in Canada.
    is_named = bool(parts) and (len(parts[-1]) > 2 or parts[-1].upper() in ("US", "UK"))
    country = read_country(parts[-1]) if is_named else ""
    # "Atlanta, Georgia" and the like: a lone part is a town, not a country.
    parts = parts[:-1] if country else parts
    state = zip_ = ""
    if parts and (match := _STATE_ZIP.fullmatch(parts[-1]) or _CANADA.fullmatch(parts[-1])):
        state, zip_ = (match[1] or "").strip(), match[2].upper()
        parts = parts[:-1]
        if not state and len(parts) > 1 and _is_state(parts[-1]):
            state, parts = parts[-1], parts[:-1]
    elif parts and (len(parts) > 1 or country == "US") and _is_state(parts[-1]):
        state, parts = parts[-1], parts[:-1]
    city = parts[-1] if parts else ""
    if match := _BRITISH.fullmatch(city) or (country != "US" and _EUROPEAN.fullmatch(city)):
        city, zip_ = match["town"], match["code"]
    street = ", ".join(parts[:-1])
    if len(parts) == 1 and re.match(r"\d+\s+\S+", city):
        street, city = city, ""
    return Address(street, city, read_state(state), zip_, country or _country_of(state))


def _is_state(text: str) -> bool:
    return fold(text) in STATES or fold(text) in PROVINCES or text.upper() in STATES.values()


def _country_of(state: str) -> str:
    code = read_state(state)
    if code in STATES.values():
        return "US"
    return "CA" if code in PROVINCES.values() else ""


def read_state(text: str) -> str:
    """Return the letters of a state or province; anything else as it was written.

    >>> read_state("north carolina"), read_state("ny"), read_state("Bavaria")
    ('NC', 'NY', 'Bavaria')
    """
    folded = fold(text)
    found = STATES.get(folded) or PROVINCES.get(folded)
    upper = text.strip().upper().replace(".", "")
    known = upper in STATES.values() or upper in PROVINCES.values()
    return found or (upper if known else text.strip())


def read_country(text: str) -> str:
    """Return two letters for a country's name or code, or "".

    >>> read_country("U.S.A"), read_country("United States"), read_country("Sverige")
    ('US', 'US', 'SE')
    """
    folded = fold(text)
    return COUNTRIES.get(folded, "") or COUNTRIES.get(folded.replace(" ", ""), "")


def read_zip(row: Row, value: object, country: str) -> str:
    """Return a postal code; a US one has five digits, its lost zero put back."""
    digits = whole(value)
    text = (line(value) if digits is None or isinstance(value, str) else str(digits)).upper()
    if country not in ("US", "") or not text:
        return row.cut("postal_code", text, 12)
    if match := re.fullmatch(r"(\d{5})(?:[- ]?\d{0,4})?", text):
        return match[1]
    if re.fullmatch(r"\d{3,4}", text) and country == "US":
        row.note("postal_code", "lost_zero", "The ZIP code had lost its first zero.")
        return text.zfill(5)
    return row.cut("postal_code", text, 12)


def build_place(row: Row, *, name: str, address: Address, region: str, notes: str, point: Point,
                approximate: bool | None) -> PlaceRecord | None:  # fmt: skip
    """Return the place, or None when the row has none; a private home is reduced to its town."""
    country = address.country or _default_country(address, point)
    street = _ROOM.sub("", address.street)
    if not name and (match := _HALL_FIRST.fullmatch(street)):
        name, street = match[1], match[2]
    if not (name or street or address.city or address.zip or point.lat is not None):
        return None
    # A hall with a name and a point can be found without a street.
    is_spot = bool(street or (name and point.lat is not None)) and not point.is_approximate
    is_approximate = not is_spot if approximate is None else approximate
    lat, lng = point.lat, point.lng
    if is_private_home(name):
        row.note("location", "private_home", "This looks like a home; only its town is kept.")
        name, street, is_approximate = "", "", True
        lat, lng = (round(lat, 2), round(lng, 2)) if lat is not None else (None, None)
    return PlaceRecord(
        name=name,
        address=row.cut("address", street, 255),
        city=row.cut("city", address.city, 120),
        region=region,
        state=row.cut("state", address.state, 60),
        zip=address.zip,
        country=country,
        notes=notes,
        lat=lat,
        lng=lng,
        is_approximate=is_approximate,
    )


def _default_country(address: Address, point: Point) -> str:
    if named := _country_of(address.state):
        return named
    return "" if point.lat is not None and not _in_america(point.lat, point.lng) else "US"
