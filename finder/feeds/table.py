"""The plain table, CSV or XLSX, that we publish and read: its columns, reading and writing."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from finder import codes
from finder.cells import plain, safe
from finder.codes import Meaning
from finder.feeds import clock, meeting_guide
from finder.feeds.published import Published
from finder.feeds.record import MeetingRecord, PlaceRecord, Problem
from finder.feeds.rows import Row, Tags, note_unknown, read_codes, read_languages
from finder.feeds.sheets import SURPLUS, Sheet
from finder.feeds.text import fold, line
from finder.vocab import Access, Focus, MeetingType, ScheduleKind, Weekday

NAME = "table"
LABEL = "the plain table"
WHAT = "columns name, day and start, and address, place, city, zip, join_url or dial_in"

# Column of the table: field of Meeting Guide. What is missing here is read below.
_GUIDE = {
    "id": "slug", "name": "name", "group_id": "group_id", "group": "group",
    "group_notes": "group_notes", "group_website": "website", "service_body": "entity",
    "start": "time", "end": "end_time", "timezone": "timezone", "format": "attendance_option",
    "place": "location", "place_notes": "location_notes", "address": "address", "city": "city",
    "region": "region", "state": "state", "zip": "postal_code", "country": "country",
    "latitude": "latitude", "longitude": "longitude", "approximate": "approximate",
    "notes": "notes", "website": "url", "join_url": "conference_url",
    "dial_in": "conference_phone", "updated": "updated",
}  # fmt: skip
_COLUMN_OF = {guide: name for name, guide in _GUIDE.items()}
_ALIASES = {
    "time": "start", "start_time": "start", "end_time": "end", "duration": "minutes",
    "location": "place", "postal_code": "zip", "zip_code": "zip", "lat": "latitude",
    "lng": "longitude", "lon": "longitude", "weekday": "day", "language": "languages",
    "time_zone": "timezone", "conference_url": "join_url", "street": "address",
}  # fmt: skip
_LISTS = {"types": MeetingType, "focus": Focus, "access": Access}
_ASIDE = ("program", "day", "minutes", "recurrence", "status", "languages", "other_codes")
# Written by the export for people, and never believed when they come back.
WRITTEN_ONLY = ("listing", "methadone", "buprenorphine", "naltrexone")
COLUMNS = frozenset(
    (*_GUIDE, *_ASIDE, *_LISTS, "focus_no", "access_no", *WRITTEN_ONLY, *_ALIASES, SURPLUS)
)
_WHERE = {"address", "place", "city", "zip", "join_url", "dial_in", "latitude"}


def knows(names: set[str]) -> bool:
    """Say whether these are columns of this table."""
    found = {_ALIASES.get(name, name) for name in names}
    return {"name", "day", "start"} <= found and bool(found & _WHERE)


def about(sheet: Sheet) -> tuple[Problem, ...]:
    """Tell which columns of a plain table were not looked at."""
    unknown = [name for name in dict.fromkeys(sheet.names) if name and name not in COLUMNS]
    if not unknown:
        return ()
    shown = ", ".join(name[:40] for name in unknown[:8]) + (" ..." if unknown[8:] else "")
    return (Problem(0, "", "unknown_column", f"Columns that were not read: {shown}."),)


def read_row(row: Row) -> list[MeetingRecord]:
    """Return the meetings of one row; none when it is junk or of another program."""
    if row.value(SURPLUS) is not None:
        row.note("", "shifted", "The row has more cells than the header has columns; left out.")
        return []
    own = row.recast({_ALIASES.get(n, n): plain(v) for n, v in reversed(row.values().items())})
    program = line(own.value("program"))
    if program and program != row.program:
        row.note("program", "other_program", "This row is of another program; left out.")
        return []
    found = meeting_guide.read_row(own.recast(_as_guide(own)))
    row.problems[:] = [replace(p, field=_COLUMN_OF.get(p.field, p.field)) for p in row.problems]
    if not found:
        return []
    tags, said = _tags(own), _lists(own, ("focus_no", "access_no"))
    said |= {"access_no": tuple(sorted({*tags.access_no, *said["access_no"]}))}
    length = _minutes(own)
    return [_with(record, tags, said, length) for record in found]


def _with(record: MeetingRecord, tags: Tags, said: dict, length: int | None) -> MeetingRecord:
    if record.kind != ScheduleKind.WEEKLY:
        length = None
    values = tags.fields() | said | {"duration_minutes": length or record.duration_minutes}
    values["access"] = tuple(code for code in values["access"] if code not in said["access_no"])
    return replace(record, **values)


def _as_guide(row: Row) -> dict:
    values = {guide: row.value(name) for name, guide in _GUIDE.items()}
    values["day"] = _days(row)
    for name in ("time", "end_time"):
        values[name] = clock.as_24_hours(line(values[name]))
    if line(row.value("status")).casefold() not in ("", "active"):
        values["attendance_option"] = "inactive"
    recurrence = line(row.value("recurrence")).casefold()
    if recurrence == ScheduleKind.ALWAYS:
        values |= {"is_24_7": True}
    elif recurrence not in ("", ScheduleKind.WEEKLY, ScheduleKind.APPOINTMENT):
        row.note("recurrence", "rule", "A rule is not read here; kept as by appointment.")
    if recurrence not in ("", ScheduleKind.WEEKLY):
        values |= {"day": None, "time": None, "end_time": None}
    return values


def _days(row: Row) -> object:
    written = line(row.value("day"))
    if any(map(str.isdigit, written)):
        # Half the world begins its week on Sunday.
        row.note("day", "bad_day", "Write days by name: a number may mean either of two days.")
        return None
    days = clock.read_days(written)
    return written if days.is_unread else [clock.SUNDAY_FIRST.index(day) for day in days.days]


def _minutes(row: Row) -> int | None:
    written = row.value("minutes")
    length, is_bad = clock.read_length(written if written is None else line(written))
    if is_bad:
        row.note("minutes", "bad_duration", "The length is no number of minutes; left out.")
    return length


def _tags(row: Row) -> Tags:
    tags = Tags()
    for field, names in _LISTS.items():
        for code in read_codes(row, field, _parts(row, field)):
            own = _own(names, code)
            tags.add(
                code, Meaning(**{field: (own,)}) if own else codes.meeting_type(row.program, code)
            )
    for code in read_codes(row, "other_codes", _parts(row, "other_codes")):
        tags.add(code, codes.meeting_type(row.program, code))
    note_unknown(row, "types", tags)
    read_languages(row, tags, _parts(row, "languages"))
    return tags


def _lists(row: Row, fields: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for field in fields:
        known = [_own(_LISTS[field.removesuffix("_no")], code) for code in _parts(row, field)]
        if None in known:
            row.note(field, "unknown_code", "A word here is not known; left out.")
        found[field] = tuple(sorted({code for code in known if code}))
    return found


def _parts(row: Row, field: str) -> list[str]:
    written = line(row.value(field)).replace(";", ",")
    return [part.strip() for part in written.split(",") if part.strip()][:60]


def _own(names: type[StrEnum], written: str) -> str | None:
    """Return our own code for a code or its English label."""
    folded = fold(written)
    return next((c.value for c in names if folded in (fold(c.value), fold(c.name))), None)


# --- Writing --------------------------------------------------------------------------

WRITTEN = (
    *("id", "name", "program", "group", "group_id", "service_body", "day", "start", "end"),
    *("minutes", "timezone", "recurrence", "format", "status", "place", "address", "city"),
    *("region", "state", "zip", "country", "latitude", "longitude", "approximate", "types"),
    *("focus", "focus_no", "access", "access_no", "languages", "other_codes", "notes"),
    *("place_notes", "group_notes", "website", "group_website", "join_url", "dial_in"),
    *("updated", *WRITTEN_ONLY),
)
_WRITTEN_AT_ONCE = 200


def write(meetings: Iterable[Published], *, now: datetime) -> Iterator[bytes]:
    """Write a table with a header; text that a spreadsheet might run begins with an apostrophe.

    A mark at the very beginning tells spreadsheets that the text is UTF-8.
    """
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(WRITTEN)
    yield b"\xef\xbb\xbf"
    for number, meeting in enumerate(meetings, 1):
        rows.writerow(cells(meeting))
        if number % _WRITTEN_AT_ONCE == 0:
            yield _taken(file)
    yield _taken(file)


def cells(meeting: Published) -> list:
    """Return a meeting's row beneath WRITTEN; no cell of it is run as a formula."""
    values = _written_row(meeting)
    return [safe(values.get(name, "")) for name in WRITTEN]


def _taken(file: io.StringIO) -> bytes:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text.encode()


def _written_row(meeting: Published) -> dict:
    return {
        "id": f"meeting-{meeting.id}",
        "name": meeting.name,
        "program": meeting.program,
        "group": meeting.group,
        "group_id": f"group-{meeting.group_id}",
        "service_body": meeting.entity,
        **_written_times(meeting),
        "format": meeting.format,
        "status": "closed for now" if meeting.is_shut else "active",
        **(_written_place(meeting.place) if meeting.place else {}),
        **{name: ", ".join(codes_) for name, codes_ in meeting.lists().items()},
        "other_codes": ", ".join(meeting.unknown_codes),
        "notes": meeting.notes,
        "group_notes": meeting.group_notes,
        "website": meeting.website,
        "group_website": meeting.group_website,
        "join_url": meeting.join_url,
        "dial_in": meeting.phone,
        "updated": meeting.updated_on or "",
        "listing": meeting.address,
        **{name: _said(reading) for name, reading in meeting.acceptance.items()},
    }


def _written_times(meeting: Published) -> dict:
    schedule = meeting.schedule
    is_rule = schedule.kind == ScheduleKind.RULE
    values = {
        "timezone": schedule.zone,
        "recurrence": schedule.rrule if is_rule else str(schedule.kind.value),
    }
    if not schedule.has_times:
        return values
    end = clock.end_of(schedule.start, schedule.duration)
    return values | {
        "day": "" if is_rule else Weekday(schedule.weekday).name.capitalize(),
        "start": f"{schedule.start:%H:%M}",
        "end": f"{end:%H:%M}" if end else "",
        "minutes": schedule.duration or "",
    }


def _written_place(place: PlaceRecord) -> dict:
    return {
        "place": place.name,
        "place_notes": place.notes,
        "address": place.address,
        "city": place.city,
        "region": place.region,
        "state": place.state,
        "zip": place.zip,
        "country": place.country,
        "latitude": "" if place.lat is None else place.lat,
        "longitude": "" if place.lng is None else place.lng,
        "approximate": "yes" if place.is_approximate else "no",
    }


def _said(reading: dict) -> str:
    # A label is never told without what it rests on.
    return "; ".join(filter(None, (reading["label"], reading["basis"], reading["newest_month"])))
