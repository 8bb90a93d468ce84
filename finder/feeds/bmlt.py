"""BMLT semantic JSON: reading one row of GetSearchResults, with the server's formats if given."""

from dataclasses import dataclass, field

from finder import codes
from finder.feeds import clock, joining, places, schedules
from finder.feeds.attendance import settle
from finder.feeds.record import MeetingRecord, PlaceRecord
from finder.feeds.rows import Row, Tags, note_unknown, read_codes
from finder.feeds.text import line
from finder.feeds.zones import read_zone
from finder.vocab import Status

NAME = "bmlt"
LABEL = "BMLT JSON"

_VENUES = {"1": "in_person", "2": "online", "3": "hybrid"}
_MOST_FORMATS = 5000


@dataclass(frozen=True, slots=True)
class ServerFormat:
    """One format as the server defines it."""

    key: str
    world_id: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class ServerFormats:
    """A server's formats, by id and language, and by key and language."""

    by_id: dict[tuple[str, str], ServerFormat] = field(default_factory=dict)
    by_key: dict[tuple[str, str], ServerFormat] = field(default_factory=dict)

    def find(self, *, id_: str, key: str, language: str) -> ServerFormat | None:
        """Return a format by its id, which is the same in all languages, else by its key."""
        for wanted in (language, "en", ""):
            if found := self.by_id.get((id_, wanted)):
                return found
        return self.by_key.get((key, language)) or self.by_key.get((key, ""))


def looks_like(values: dict) -> bool:
    """Say whether a row speaks this format."""
    return "id_bigint" in values or ("weekday_tinyint" in values and "meeting_name" in values)


def read_formats(written: object) -> ServerFormats:
    """Read GetFormats, a bare list or ``{formats: [...]}``; what is no format is passed over."""
    if isinstance(written, dict):
        written = written.get("formats")
    formats = ServerFormats()
    for each in written[:_MOST_FORMATS] if isinstance(written, list) else []:
        if isinstance(each, dict):
            _add_format(formats, each)
    return formats


def _add_format(formats: ServerFormats, values: dict) -> None:
    words = {
        name: line(values.get(name)) for name in ("key_string", "world_id", "lang", "name_string")
    }
    found = ServerFormat(
        words["key_string"], words["world_id"], words["lang"], words["name_string"]
    )
    id_ = line(values.get("id"))
    for language in (found.language, ""):
        if id_:
            formats.by_id.setdefault((id_, language), found)
    formats.by_key.setdefault((found.key, found.language), found)
    # A key alone counts only while every language agrees on what it stands for.
    other = formats.by_key.setdefault((found.key, ""), found)
    if other.world_id != found.world_id:
        formats.by_key[found.key, ""] = ServerFormat(found.key, "", "?", "")


def read_row(row: Row, formats: ServerFormats) -> list[MeetingRecord]:
    """Return the meeting of one row in a list; none when the row is junk."""
    name = row.word("meeting_name", "name", limit=255)
    if not name:
        row.note("meeting_name", "no_name", "The row has no name.")
        return []
    ways = joining.Ways()
    aside = joining.read_link(row, ways, "virtual_meeting_link")
    joining.read_phone(row, ways, "phone_meeting_number")
    notes = _notes(row, ways, aside)
    tags = _tags(row, formats)
    place = _place(row, ways, tags)
    when = _when(row, f"{name} {notes}")
    if not place and not ways.has_any and when.weekday is None and not when.note:
        row.note("", "nothing_to_go_by", "No day and time, no place, no link and no number.")
        return []
    return [_record(row, name, notes, tags, place, ways, when)]


def _record(row, name, notes, tags: Tags, place, ways: joining.Ways, when) -> MeetingRecord:
    option = _VENUES.get(line(row.value("venue_type")), "")
    if option == "in_person" and {codes.TEMPORARILY_CLOSED, codes.ONLINE} & tags.hints:
        # A room closed for now: what is left is what the formats say.
        option = ""
    attendance = settle(option=option, hints=tags.hints, place=place, ways=ways)
    status, note = attendance.status, attendance.note
    if line(row.value("published")) == "0":
        status, note = Status.INACTIVE, "Not published by its service body."
    slug = row.cut("id_bigint", line(row.value("id_bigint", "id")), 100)
    return MeetingRecord(
        row=row.number,
        key=slug,
        slug=slug,
        name=name,
        group_id=row.cut("shared_group_id_bigint", line(row.value("shared_group_id_bigint")), 100),
        entity=row.word("service_body_name", limit=200),
        kind=when.kind,
        weekday=when.weekday,
        start=when.start,
        duration_minutes=when.duration_minutes,
        timezone=_zone(row),
        format=attendance.format,
        status=status,
        status_note=" ".join(filter(None, (note, when.note))),
        place=place,
        notes=notes,
        **tags.fields(),
        **ways.fields(row),
    )


def _notes(row: Row, ways: joining.Ways, aside: str) -> str:
    parts = [
        aside,
        joining.part_note(row, ways, "comments"),
        joining.part_note(row, ways, "virtual_meeting_additional_info", is_dial_in=True),
    ]
    return "\n".join(dict.fromkeys(filter(None, parts)))


def _when(row: Row, text: str) -> schedules.When:
    length, is_bad = clock.read_length(row.value("duration_time"))
    if is_bad:
        row.note("duration_time", "bad_duration", "The length could not be read; left out.")
    return schedules.settle_when(
        row,
        days=clock.read_bmlt_day(row.value("weekday_tinyint")),
        clock=clock.read_time(row.value("start_time")),
        length=length,
        text=text,
    )[0]


def _tags(row: Row, formats: ServerFormats) -> Tags:
    tags = Tags()
    language = line(row.value("lang_enum")).casefold()[:10] or "en"
    keys = _list(row, "formats")
    ids = _list(row, "format_shared_id_list")
    if not keys:
        keys = ids
    ids = ids if len(ids) == len(keys) else [""] * len(keys)
    for key, id_ in zip(keys, ids, strict=True):
        known = formats.find(id_=id_, key=key, language=language)
        if known:
            meaning = codes.bmlt_format(
                world_id=known.world_id,
                key=known.key,
                language_code=known.language,
                name=known.name,
            )
        else:
            meaning = codes.bmlt_format(world_id="", key=key, language_code=language)
        tags.add(known.key if known and known.key else key, meaning)
    note_unknown(row, "formats", tags)
    return tags


def _list(row: Row, name: str) -> list[str]:
    written = row.value(name)
    parts = written if isinstance(written, list) else line(written).split(",")
    return read_codes(row, name, parts)


def _zone(row: Row) -> str:
    written = line(row.value("time_zone"))
    zone = read_zone(written)
    if written and not zone:
        row.note("time_zone", "bad_zone", "The time zone is not one; found another way.")
    return zone


def _place(row: Row, ways: joining.Ways, tags: Tags) -> PlaceRecord | None:
    notes = [joining.part_note(row, ways, "location_info")]
    for name, label in (("train_lines", "Train"), ("bus_lines", "Bus")):
        if text := row.prose(name, row.raw(name), limit=500):
            notes.append(f"{label}: {text}")
            tags.access.add("near-transit")
    country = places.read_country(row.word("location_nation", limit=60))
    state = places.read_state(row.word("location_province", limit=60))
    city = row.word("location_municipality", limit=120)
    borough = row.word("location_city_subsection", limit=120)
    address = places.Address(
        street=row.word("location_street", limit=255),
        city=city or borough,
        state=state,
        zip=places.read_zip(row, row.value("location_postal_code_1"), country or "US"),
        country=country,
    )
    return places.build_place(
        row,
        name=row.word("location_text", limit=255),
        address=address,
        region=row.word("location_neighborhood", limit=120) or (borough if city else ""),
        notes="\n".join(filter(None, notes)),
        point=places.read_point(
            row, lat=row.value("latitude"), lng=row.value("longitude"), country=country
        ),
        approximate=None,
    )
