"""Makes links that are safe to show: only the web, the telephone and a point on a map."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from finder.presenters.remembered import by_language

_NOT_DIALLED = re.compile(r"[^0-9+*#,;]")


def address(name: str, pk: int) -> str:
    """Return the address of a page of one thing, such as a meeting or a group.

    >>> address("meeting", 7)
    '/meetings/7/'
    """
    # A page of results asks for some fifty; finding the route each time takes longer than this.
    return _of_none(name).replace("/0/", f"/{pk}/")


@by_language
def _of_none(name: str) -> str:
    return reverse(name, args=[0])


def web_link(address: str) -> str:
    """Return an address that may be a link, or nothing.

    >>> web_link("https://example.org/room?x=1")
    'https://example.org/room?x=1'
    >>> web_link("javascript:alert(1)"), web_link("java\\nscript:x"), web_link("https://")
    ('', '', '')
    """
    address = address.strip()
    if any(character.isspace() or ord(character) < 32 for character in address):
        return ""
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and has_host else ""


def site_name(address: str) -> str:
    """Name the site behind a link, so that people see where it leads.

    >>> site_name("https://www.example.org/room/1")
    'example.org'
    """
    return (urlsplit(address).hostname or "").removeprefix("www.") if web_link(address) else ""


def dial_link(number: str) -> str:
    """Return a link that dials a number, or nothing when it is too short to be one.

    >>> dial_link("(202) 555-0147"), dial_link("n/a")
    ('tel:2025550147', '')
    """
    dialled = _NOT_DIALLED.sub("", number)
    return f"tel:{dialled}" if len(dialled) >= 3 else ""


def map_links(lat: float, lng: float) -> dict[str, str]:
    """Links to a point: for the device's own map, and for a map on the web.

    >>> map_links(39.7589, -84.1916)["device"]
    'geo:39.7589,-84.1916'
    """
    point = f"{lat:.5f}".rstrip("0").rstrip("."), f"{lng:.5f}".rstrip("0").rstrip(".")
    return {
        "device": f"geo:{point[0]},{point[1]}",
        "web": f"https://www.openstreetmap.org/?mlat={point[0]}&mlon={point[1]}"
        f"#map=17/{point[0]}/{point[1]}",
    }


def directions_link(place: Mapping) -> str:
    """A link to the way to a place, on a map on the web; nothing where there is no exact point.

    It names the street where one is known, as a person would; else the point.

    >>> directions_link({"address": "1 Elm St", "city": "Dayton", "state": "OH", "lat": 39.7589})
    'https://www.openstreetmap.org/directions?to=1+Elm+St%2C+Dayton%2C+OH'
    >>> directions_link({"address": "", "lat": 39.7589, "lng": -84.1916})
    'https://www.openstreetmap.org/directions?to=39.7589%2C-84.1916'
    """
    if place.get("lat") is None:
        return ""
    parts = [place.get(name) for name in ("address", "city", "state", "zip")]
    if parts[0]:
        to = ", ".join(part for part in parts if part)
    else:
        to = f"{place['lat']:.5f}".rstrip("0") + "," + f"{place['lng']:.5f}".rstrip("0")
    return f"https://www.openstreetmap.org/directions?{urlencode({'to': to})}"
