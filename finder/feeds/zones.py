"""The IANA zone of a row: what it says, else its point, its ZIP code, or the feed's default."""

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import available_timezones

import tzfpy

from finder.feeds.record import MeetingRecord

_SHORT = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "eastern": "America/New_York", "eastern time": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "central": "America/Chicago", "central time": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "mountain": "America/Denver", "mountain time": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "pacific time": "America/Los_Angeles",
    "akst": "America/Anchorage", "akdt": "America/Anchorage", "alaska": "America/Anchorage",
    "hst": "Pacific/Honolulu", "hawaii": "Pacific/Honolulu",
    "gmt": "Europe/London", "bst": "Europe/London", "utc": "UTC",
}  # fmt: skip


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones()) if "/" in name}


def read_zone(text: str) -> str:
    """Return the IANA name for what was written, or "" when there is none.

    >>> read_zone("america/chicago"), read_zone("EST"), read_zone("Mars/Phobos")
    ('America/Chicago', 'America/New_York', '')
    """
    folded = text.strip().casefold()
    return _names().get(folded.replace(" ", "_")) or _SHORT.get(folded.strip("()"), "")


def zone_of_point(lat: float, lng: float) -> str:
    """Return the zone of a point, or "" for one at sea."""
    return read_zone(tzfpy.get_tz(lng, lat) or "")


def zone_of(record: MeetingRecord, *, by_zip: Callable[[str], str], default: str = "") -> str:
    """Return the first zone that can be known of a record, or ""."""
    if record.timezone:
        return record.timezone
    place = record.place
    if place and place.lat is not None and (zone := zone_of_point(place.lat, place.lng)):
        return zone
    if place and place.zip and place.country == "US" and (zone := by_zip(place.zip)):
        return zone
    return default
