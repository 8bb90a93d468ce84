"""Meeting Guide JSON, as the TSML plugin and others write it: reading and writing one row."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson

from finder import codes
from finder.codes.spelling import meeting_types
from finder.feeds import clock, joining, places, schedules
from finder.feeds.attendance import hints_of_name, settle
from finder.feeds.credentials import web_address
from finder.feeds.published import Published
from finder.feeds.record import MeetingRecord, PlaceRecord
from finder.feeds.rows import Row, Tags, note_unknown, read_codes, read_languages, read_own
from finder.feeds.text import line
from finder.feeds.zones import read_zone
from finder.vocab import Format, ScheduleKind, Weekday

NAME = "meeting_guide"
LABEL = "Meeting Guide JSON"

_NAMES = ("name", "meeting", "meeting_name", "title")
_SLUGS = ("slug", "post_name", "id")


def looks_like(values: dict) -> bool:
    """Say whether a row speaks this format."""
    keys = {key.strip().casefold().replace(" ", "_") for key in values if isinstance(key, str)}
    return bool(keys & set(_NAMES[:2] + _NAMES[3:])) and bool(keys & {"slug", "day", "time"})


def read_row(row: Row) -> list[MeetingRecord]:
    """Return the meetings of one row, one for each day; none when the row is junk."""
    name = row.word(*_NAMES, limit=255)
    if not name:
        row.note("name", "no_name", "The row has no name.")
        return []
    ways = joining.Ways()
    aside = joining.read_link(row, ways, "conference_url")
    joining.read_phone(row, ways, "conference_phone")
    notes = _notes(row, ways, aside)
    place = _place(row, joining.part_note(row, ways, "location_notes"))
    group_notes = joining.part_note(row, ways, "group_notes")
    whens = _whens(row, f"{name} {notes}")
    if not place and not ways.has_any and whens[0].weekday is None and not whens[0].note:
        row.note("", "nothing_to_go_by", "No day and time, no place, no link and no number.")
        return []
    shared = _shared(row, name, place, ways) | {"notes": notes, "group_notes": group_notes}
    slug = row.cut("slug", line(row.value(*_SLUGS)), 240)
    return [_record(row, when, slug, len(whens) > 1, shared) for when in whens]


def _record(row: Row, when: schedules.When, slug: str, is_one_of_several: bool, shared: dict):
    key = slug
    if slug and is_one_of_several and when.weekday is not None:
        key = f"{slug}-{Weekday(when.weekday).code}"
    note = " ".join(filter(None, (shared["status_note"], when.note)))
    return MeetingRecord(
        row=row.number,
        key=key,
        slug=slug,
        kind=when.kind,
        weekday=when.weekday,
        start=when.start,
        duration_minutes=when.duration_minutes,
        **shared | {"status_note": note},
    )


def _shared(row: Row, name: str, place: PlaceRecord | None, ways: joining.Ways) -> dict:
    tags = _tags(row)
    hints = tags.hints | hints_of_name(name)
    attendance = settle(
        option=line(row.value("attendance_option")), hints=hints, place=place, ways=ways
    )
    updated, is_bad = clock.read_date(row.value("updated", "last_contact"), today=row.today)
    if is_bad:
        row.note("updated", "bad_date", "The date of the last change is not one; left out.")
    return {
        "name": name,
        "group_id": row.cut("group_id", line(row.value("group_id")), 100),
        "group_name": row.word("group", limit=255),
        "group_website": _address(row, "website", "website_2"),
        "entity": row.word("entity", "data_source_name", limit=200),
        "timezone": _zone(row),
        "format": attendance.format,
        "status": attendance.status,
        "status_note": attendance.note,
        "place": place,
        "website": _address(row, "url"),
        "updated_on": updated,
        **tags.fields() | read_own(row, row.value("tags")),
        **ways.fields(row),
    }


def _notes(row: Row, ways: joining.Ways, aside: str) -> str:
    parts = [
        aside,
        joining.part_note(row, ways, "notes"),
        joining.part_note(row, ways, "conference_url_notes", is_dial_in=True),
        joining.part_note(row, ways, "conference_phone_notes", is_dial_in=True),
    ]
    return "\n".join(dict.fromkeys(filter(None, parts)))


def _whens(row: Row, text: str) -> list[schedules.When]:
    written = row.value("time", "start_time")
    days, start = clock.read_days(row.value("day")), clock.read_time(written)
    end = clock.read_time(row.value("end_time"))
    length = None
    if start.at is not None and end.at is not None:
        length = clock.minutes_between(start.at, end.at)
    length = schedules.read_until(row, start, end, length)
    text = f"{text} {line(row.value('day'))} {line(written)}"
    if row.value("is_24_7") is True:
        text += " 24/7"
    return schedules.settle_when(row, days=days, clock=start, length=length, text=text)


def _tags(row: Row) -> Tags:
    tags = Tags()
    written = row.value("types")
    if isinstance(written, str):
        written = written.strip("[] ").replace(";", ",").split(",")
    elif isinstance(written, dict):
        written = list(written.values())
    elif not isinstance(written, list):
        written = [written]
    for code in _whole_names(read_codes(row, "types", _flat(written))):
        tags.add(code, codes.meeting_type(row.program, code))
    note_unknown(row, "types", tags)
    read_languages(row, tags, row.value("languages", "language"))
    return tags


def _flat(written: list) -> list:
    flat = []
    for item in written[:500]:
        flat += item if isinstance(item, list) else [item]
    return [each.strip("\"' ") if isinstance(each, str) else each for each in flat[:500]]


def _whole_names(found: list[str]) -> list[str]:
    # "Families, Friends, and Observers Welcome" is one name that a split on commas takes apart.
    joined = " ".join(found).casefold()
    if "observers welcome" in joined and not any("Friends," in each for each in found):
        parts = {"families", "friends", "and observers welcome"}
        rest = [each for each in found if each.casefold() not in parts]
        return (
            [*rest, "Families, Friends, and Observers Welcome"] if len(rest) < len(found) else found
        )
    return found


def _zone(row: Row) -> str:
    written = line(row.value("timezone"))
    zone = read_zone(written)
    if written and not zone:
        row.note("timezone", "bad_zone", "The time zone is not one; found another way.")
    return zone


def _address(row: Row, *names: str) -> str:
    for name in names:
        if not (written := line(row.value(name))):
            continue
        if (found := web_address(written)) and len(found) <= 500 and "@" not in found:
            return found
        row.note(name, "bad_link", "This is no public web address; left out.")
    return ""


def _place(row: Row, notes: str) -> PlaceRecord | None:
    line_ = places.read_address(row.word("formatted_address", limit=500))
    street = row.word("address", limit=255)
    if street.count(",") >= 2 and not line_.city and not row.value("city"):
        line_, street = places.read_address(street), ""
    country = places.read_country(row.word("country", limit=60)) or line_.country
    address = places.Address(
        street=street or line_.street,
        city=row.word("city", limit=120) or line_.city,
        state=places.read_state(row.word("state", limit=60)) or line_.state,
        zip=places.read_zip(row, row.value("postal_code", "zip"), country or "US") or line_.zip,
        country=country,
    )
    return places.build_place(
        row,
        name=row.word("location", "location_name", limit=255),
        address=address,
        region=_region(row),
        notes=notes,
        point=_point(row, country),
        approximate=_approximate(row, line_, address),
    )


def _point(row: Row, country: str) -> places.Point:
    lat, lng = row.value("latitude", "lat"), row.value("longitude", "lng", "lon", "long")
    point = places.read_point(row, lat=lat, lng=lng, country=country)
    if point.lat is None and (written := row.value("coordinates")) is not None:
        return places.read_coordinates(row, written)
    return point


def _approximate(row: Row, written: places.Address, address: places.Address) -> bool | None:
    value = row.value("approximate")
    said = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if isinstance(value, bool):
        return value
    known = said.get(line(value).casefold())
    if known is not None:
        return known
    # As TSML UI: a line without a street is only a town.
    return True if not address.street and written.city and not row.value("location") else None


def _region(row: Row) -> str:
    regions = row.value("regions")
    if isinstance(regions, str):
        regions = regions.split(">")
    names = [line(each) for each in regions] if isinstance(regions, list) else []
    named = next((each for each in reversed(names) if each), "")
    return row.cut("regions", named, 120) or row.word("sub_region", "region", limit=120)


def write(meetings: Iterable[Published], *, now: datetime) -> Iterator[bytes]:
    """Write a list of rows, one on a line."""
    before = b"[\n"
    for meeting in meetings:
        yield before + orjson.dumps(_guide_row(meeting))
        before = b",\n"
    yield (b"[" if before == b"[\n" else b"") + b"\n]\n"


def _guide_row(meeting: Published) -> dict:
    schedule = meeting.schedule
    row = {
        "slug": f"meeting-{meeting.id}",
        "name": meeting.name,
        **_written_times(meeting),
        "timezone": schedule.zone,
        "attendance_option": _written_format(meeting),
        "types": meeting_types(meeting.program, meeting.lists()) + list(meeting.unknown_codes),
        # What no type of the program says; the rules of this format let it be passed over.
        "tags": {name: codes_ for name, codes_ in meeting.lists().items() if codes_},
        "languages": list(meeting.languages),
        "group": meeting.group,
        "group_id": f"group-{meeting.group_id}",
        "group_notes": meeting.group_notes,
        "website": meeting.group_website,
        "entity": meeting.entity,
        "notes": meeting.notes,
        "url": meeting.website,
        "conference_url": meeting.join_url,
        "conference_phone": meeting.phone,
        "updated": meeting.updated_on and f"{meeting.updated_on} 00:00:00",
        **(_written_place(meeting.place) if meeting.place else {}),
    }
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}


def _written_format(meeting: Published) -> str:
    if meeting.is_shut:
        return "inactive"
    # The format has no word for a telephone meeting: it is one online without a link.
    is_by_phone = meeting.format == Format.PHONE and not meeting.join_url
    return Format.ONLINE if is_by_phone else meeting.format


def _written_times(meeting: Published) -> dict:
    schedule = meeting.schedule
    if schedule.kind == ScheduleKind.ALWAYS:
        return {"is_24_7": True}
    if schedule.kind != ScheduleKind.WEEKLY:
        # This format knows weeks only: a day of the month would send people out every week.
        return {}
    times = {"day": clock.SUNDAY_FIRST.index(schedule.weekday), "time": f"{schedule.start:%H:%M}"}
    end = clock.end_of(schedule.start, schedule.duration)
    return times | ({"end_time": f"{end:%H:%M}"} if end else {})


def _written_place(place: PlaceRecord) -> dict:
    return {
        "location": place.name,
        "address": place.address,
        "city": place.city,
        "region": place.region,
        "state": place.state,
        "postal_code": place.zip,
        "country": place.country,
        "location_notes": place.notes,
        "latitude": place.lat,
        "longitude": place.lng,
        "approximate": "yes" if place.is_approximate else "no",
    }
