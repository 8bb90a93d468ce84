"""How people meet, from what a row says and from the ways in that it gives."""

import re
from dataclasses import dataclass

from finder import codes
from finder.feeds.joining import Ways
from finder.feeds.record import PlaceRecord
from finder.vocab import Format, Status

_OPTIONS = {
    "in_person": Format.IN_PERSON, "inperson": Format.IN_PERSON, "online": Format.ONLINE,
    "virtual": Format.ONLINE, "hybrid": Format.HYBRID, "phone": Format.PHONE,
}  # fmt: skip
_SUSPENDED = re.compile(r"\b(?:suspended|temporarily closed|temp closed)\b", re.IGNORECASE)
_ONLINE = re.compile(
    r"[(\[*]\s*(?:online|virtual|zoom)(?: only)?\s*[)\]*]|\b(?:online|virtual) only\b", re.I
)


@dataclass(frozen=True, slots=True)
class Attendance:
    """The format, and whether the meeting can be gone to now."""

    format: Format
    status: Status = Status.ACTIVE
    note: str = ""


def settle(*, option: str, hints: set[str], place: PlaceRecord | None, ways: Ways) -> Attendance:
    """Decide the format and the status of a row.

    What the row says counts first; without it, as the TSML plugin does: a closed place with a
    way in online is online, without one it is inactive; a town alone is no place to go to.
    """
    said = _OPTIONS.get(option.casefold().replace("-", "_").replace(" ", "_"))
    if option.casefold() == "inactive":
        return Attendance(_derived(hints, place, ways), Status.INACTIVE, "Marked as not meeting.")
    if codes.TEMPORARILY_CLOSED in hints and said is None and not _is_afar(hints, ways):
        return Attendance(Format.IN_PERSON, Status.INACTIVE, "The place is closed for now.")
    if said is None and not _is_afar(hints, ways) and place and _is_vague(place):
        return Attendance(Format.IN_PERSON, Status.INACTIVE, "The place is given only roughly.")
    return _with_way_in(said or _derived(hints, place, ways), place, ways)


def hints_of_name(name: str) -> set[str]:
    """Return what a name says of attendance: older exports have no other place for it.

    >>> sorted(hints_of_name("(SUSPENDED) Early Birds (ONLINE)"))
    ['online', 'temporarily_closed']
    """
    hints = set()
    if _SUSPENDED.search(name):
        hints.add(codes.TEMPORARILY_CLOSED)
    if _ONLINE.search(name) and "hybrid" not in name.casefold():
        # "(ONLINE)" beside a street is said when the room is shut.
        hints |= {codes.ONLINE, codes.TEMPORARILY_CLOSED}
    return hints


def _is_afar(hints: set[str], ways: Ways) -> bool:
    return ways.has_any or bool(hints & {codes.ONLINE, codes.HYBRID})


def _is_vague(place: PlaceRecord) -> bool:
    return place.is_approximate or not (place.address or place.name or place.lat is not None)


def _derived(hints: set[str], place: PlaceRecord | None, ways: Ways) -> Format:
    has_room = bool(place) and not _is_vague(place) and codes.TEMPORARILY_CLOSED not in hints
    if _is_afar(hints, ways):
        return Format.HYBRID if has_room else Format.ONLINE
    return Format.IN_PERSON


def _with_way_in(found: Format, place: PlaceRecord | None, ways: Ways) -> Attendance:
    has_link = bool(ways.url or ways.secret)
    if found in (Format.HYBRID, Format.IN_PERSON) and not place:
        found = Format.ONLINE
    if found == Format.ONLINE and not has_link and ways.phone:
        found = Format.PHONE
    is_reachable = bool(place) if found in (Format.HYBRID, Format.IN_PERSON) else ways.has_any
    if is_reachable:
        return Attendance(found)
    return Attendance(found, Status.INACTIVE, "No way in is given: no place, link or number.")
