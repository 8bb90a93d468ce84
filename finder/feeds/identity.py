"""Which rows speak of the same group, place and meeting; pure, and the same in any order.

A group is the feed's group id; else its name (or the meeting's) with its place or join link.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time
from urllib.parse import urlsplit

from finder.feeds.record import SECRET_FIELDS, MeetingRecord, PlaceRecord
from finder.feeds.text import fold
from finder.vocab import Format, ScheduleKind, Status

_LONGEST_KEY = 300
_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "boulevard": "blvd",
    "highway": "hwy", "court": "ct", "place": "pl", "square": "sq", "suite": "ste", "north": "n",
    "south": "s", "east": "e", "west": "w", "saint": "st", "av": "ave", "parkway": "pkwy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathering:
    """One meeting as the whole feed tells it: one record, or two that became a hybrid."""

    record: MeetingRecord
    rows: tuple[int, ...]
    keys: tuple[str, ...]
    group_key: str
    digest: str


def name_key(name: str) -> str:
    """Reduce a group's name to what stays the same when it is written differently.

    >>> name_key("The Early-Birds Group")
    'early birds'
    """
    words = [word for word in fold(name).split() if word not in ("the", "group", "grp", "meeting")]
    return " ".join(words) or fold(name)


def place_key(place: PlaceRecord | None) -> str:
    """Reduce a place to its street and town, else to its name and town, else to its point."""
    if place is None:
        return ""
    town = fold(place.city or place.zip or place.state)
    if place.address:
        return f"{_street(place.address)}, {town}"
    if place.name:
        return f"{fold(place.name)}, {town}"
    return f"{town}, {fold(place.state)}" if town else point_key(place.lat, place.lng)


def _street(address: str) -> str:
    return " ".join(_WORDS.get(word, word) for word in fold(address).split())


def point_key(lat: float | None, lng: float | None) -> str:
    """Reduce a point to some ten metres."""
    return "" if lat is None or lng is None else f"@{lat:.4f},{lng:.4f}"


def link_key(url: str) -> str:
    """Reduce a join link to where it leads: a Zoom room is the same on every subdomain.

    >>> link_key("https://us02web.zoom.us/j/123456789?x=1") == link_key("http://zoom.us/j/123456789")
    True
    """
    if not url:
        return ""
    parts = urlsplit(url)
    host = ".".join((parts.hostname or "").split(".")[-2:])
    room = re.search(r"\d{9,11}", parts.path)
    return (
        f"{host}/{room[0]}" if room else f"{host}{parts.path.rstrip('/')}?{parts.query}".rstrip("?")
    )


def phone_key(phone: str, code: str) -> str:
    """Reduce a dial-in to its digits; many meetings share a number and differ by their code."""
    digits = re.sub(r"\D", "", f"{phone} {code}")
    return f"tel {digits}" if digits else ""


def group_key(record: MeetingRecord) -> str:
    """Return the identity of a record's group within its source."""
    if record.group_id:
        return shortened(f"id:{record.group_id}")
    name = name_key(record.group_name or record.name)
    anchor = place_key(record.place) if record.format != Format.ONLINE else ""
    anchor = anchor or link_key(record.join_url) or place_key(record.place)
    return shortened(f"name:{name}|{anchor or phone_key(record.phone, record.phone_code)}")


def shortened(key: str) -> str:
    """Fit a key into its column; the tail that does not fit is hashed."""
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 33]}~{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def digest(record: MeetingRecord) -> str:
    """Hash all that a record says, credentials too, but not where in the feed it stood."""
    said = record.public() | {name: getattr(record, name) for name in SECRET_FIELDS}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def signatures(
    *,
    names: Iterable[str],
    weekday: int | None,
    start: time | None,
    places: Iterable[str],
) -> frozenset[tuple]:
    """Return every way to say "this group, day, time, and place or link"."""
    spots = [place for place in places if place]
    when = (weekday, start.isoformat("minutes") if start else "")
    return frozenset((name, *when, spot) for name in names if name for spot in spots)


def spots(record: MeetingRecord) -> tuple[str, ...]:
    """Return the ways to say where a record's meeting is."""
    place = record.place
    return (
        place_key(place),
        point_key(place.lat, place.lng) if place and not place.is_approximate else "",
        link_key(record.join_url),
        phone_key(record.phone, record.phone_code),
    )


def names(record: MeetingRecord) -> frozenset[str]:
    """Return the ways to say who meets."""
    found = {name_key(record.name), name_key(record.group_name) if record.group_name else ""}
    return frozenset(found | {f"id:{record.group_id}" if record.group_id else ""}) - {""}


def gather(records: Iterable[MeetingRecord]) -> list[Gathering]:
    """Join rows that tell of one meeting, and give each meeting a key of its own.

    Rows that say the same are one; one in person and one online of a group, day and time become
    one hybrid. The order of the rows makes no difference.
    """
    twins: dict[str, list[MeetingRecord]] = defaultdict(list)
    for record in records:
        twins[digest(record)].append(record)
    singles = [
        (min(same, key=lambda each: each.row), tuple(sorted(each.row for each in same)), mark)
        for mark, same in sorted(twins.items())
    ]
    return _keyed(_hybrids(singles))


def _hybrids(singles: list[tuple]) -> list[tuple]:
    buckets: dict[tuple, list[tuple]] = defaultdict(list)
    for single in singles:
        record = single[0]
        if record.kind == ScheduleKind.WEEKLY and record.status == Status.ACTIVE:
            who = record.group_id or name_key(record.group_name or record.name)
            buckets[who, record.weekday, record.start].append(single)
    merged: dict[int, tuple] = {}
    gone = set()
    for bucket in buckets.values():
        rooms = [each for each in bucket if each[0].format == Format.IN_PERSON]
        for online in (each for each in bucket if each[0].format == Format.ONLINE):
            fitting = [
                each for each in rooms if id(each) not in merged and _fit(each[0], online[0])
            ]
            if len(fitting) == 1:
                merged[id(fitting[0])] = _joined(fitting[0], online)
                gone.add(id(online))
    return [merged.get(id(each), each) for each in singles if id(each) not in gone]


def _fit(room: MeetingRecord, online: MeetingRecord) -> bool:
    """Say whether an online row tells of the same meeting as one in a room.

    A name alone never joins: the group's id, the place, the link, or group and town must agree.
    """
    if room.group_id or online.group_id:
        return room.group_id == online.group_id
    if set(spots(room)) & set(spots(online)) - {""}:
        return True
    has_own_place = bool(online.place and online.place.address)
    if has_own_place:
        return False
    same_group = bool(room.group_name) and name_key(room.group_name) == name_key(online.group_name)
    return same_group and _town(room.place) == _town(online.place)


def _town(place: PlaceRecord | None) -> str:
    return f"{fold(place.city)}, {fold(place.state)}" if place else ""


def _joined(room: tuple, online: tuple) -> tuple:
    there, afar = room[0], online[0]
    both = {
        field: tuple(sorted({*getattr(there, field), *getattr(afar, field)}))
        for field in ("types", "focus", "access", "languages", "source_codes", "unknown_codes")
    }
    record = replace(
        there,
        format=Format.HYBRID,
        notes="\n".join(dict.fromkeys(filter(None, (there.notes, afar.notes)))),
        duration_minutes=there.duration_minutes or afar.duration_minutes,
        website=there.website or afar.website,
        join_url=there.join_url or afar.join_url,
        join_url_secret=there.join_url_secret or afar.join_url_secret,
        join_password=there.join_password or afar.join_password,
        phone=there.phone or afar.phone,
        phone_code=there.phone_code or afar.phone_code,
        updated_on=max(filter(None, (there.updated_on, afar.updated_on)), default=None),
        access_no=tuple(sorted(set(there.access_no) | set(afar.access_no))),
        **both,
    )
    return record, tuple(sorted({*room[1], *online[1]})), digest(record), afar.key


def _keyed(singles: list[tuple]) -> list[Gathering]:
    taken: set[str] = set()
    found = []
    for record, rows, mark, *others in singles:
        key = _free(shortened(record.key or _made_key(record)), taken)
        found.append(
            Gathering(
                record=replace(record, key=key),
                rows=rows,
                keys=(record.key or key, *filter(None, others)),
                group_key=group_key(record),
                digest=mark,
            )
        )
    return found


def _made_key(record: MeetingRecord) -> str:
    who, where = sorted(names(record)), [spot for spot in spots(record) if spot]
    text = json.dumps([who, record.weekday, str(record.start or ""), where])
    return f"made:{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _free(key: str, taken: set[str]) -> str:
    found, number = key, 2
    while found in taken:
        found, number = f"{key[: _LONGEST_KEY - 8]}~{number}", number + 1
    taken.add(found)
    return found
