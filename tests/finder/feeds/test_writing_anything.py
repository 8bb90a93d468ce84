"""Whatever a meeting says, each format stays whole, and says that and nothing more."""

import csv
import io
import json
from datetime import UTC, datetime, time

import icalendar
import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finder import feeds
from finder.cells import plain
from finder.feeds import geojson, ical, meeting_guide, table, workbook
from finder.feeds.published import Published
from finder.feeds.record import PlaceRecord
from finder.schedule import Schedule
from finder.vocab import ScheduleKind

NOW = datetime(2026, 11, 10, 17, tzinfo=UTC)
# What the database can hold: no NUL and no half of a pair.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
INJECTION = 'x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y;\\,\n"=1+1",@\t\''


def meeting(text, *, minutes=60):
    return Published(
        id=7,
        name=text,
        program="aa",
        group_id=8,
        group=text,
        schedule=Schedule(
            ScheduleKind.WEEKLY, "America/Chicago", weekday=0, start=time(19), duration=minutes
        ),
        format="in_person",
        address="https://finder.example.org/meetings/7/",
        place=PlaceRecord(name=text, address=text, city=text, notes=text, lat=39.8, lng=-89.65),
        unknown_codes=(text,),
        notes=text,
        entity=text,
    )


def written(module, *meetings):
    return b"".join(module.write(meetings, now=NOW))


@settings(max_examples=200)
@given(TEXT)
@example(INJECTION)
@example("\x1f=1+1")
def test_table_comes_back_cell_by_cell(text):
    data = written(table, meeting(text), meeting("Good"))

    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 2 and rows[1]["name"] == "Good"
    for name in ("name", "group", "place", "address", "city", "notes", "service_body"):
        assert plain(rows[0][name]) == text
        assert not rows[0][name].lstrip().startswith(("=", "+", "-", "@"))


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["C"]), max_size=60))
@example("=1+1")
@example("\uff1dcmd|' /C calc'!A0")
@example("'tis")
def test_workbook_comes_back_cell_by_cell_and_runs_nothing(text):
    data = written(workbook, meeting(text), meeting("Good"))

    header, row, other = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()
    cells = dict(zip([cell.value for cell in header], row, strict=True))
    assert {cell.data_type for cell in row} <= {"s", "n", "inlineStr"}
    for name in ("name", "group", "place", "address", "city", "notes", "service_body"):
        assert plain(cells[name].value or "") == text
    assert other[1].value == "Good"


def test_workbook_leaves_out_signs_that_its_format_has_no_place_for():
    data = written(workbook, meeting("Bell\x07 and \x0bchair"))

    assert [r.name for r in feeds.read(data, program="aa", today=NOW.date()).records] == [
        "Bell and chair"
    ]


@settings(max_examples=200)
@given(TEXT)
@example(INJECTION)
def test_json_formats_say_what_was_there(text):
    row, other = json.loads(written(meeting_guide, meeting(text), meeting("Good")))
    feature, _other = json.loads(written(geojson, meeting(text), meeting("Good")))["features"]

    assert (row.get("name", ""), other["name"]) == (text, "Good")
    assert feature["properties"]["notes"] == text


@settings(max_examples=200)
@given(TEXT)
@example(INJECTION)
def test_calendar_has_the_events_it_should(text):
    data = written(ical, meeting(text), meeting("Good"))

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    found = icalendar.Calendar.from_ical(data)
    assert [part.name for part in found.subcomponents] == ["VTIMEZONE", "VEVENT", "VEVENT"]
    names = {"UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "LOCATION", "CLASS", "RRULE"}
    assert all(set(event) <= names for event in found.walk("VEVENT"))


@settings(max_examples=100)
@given(st.integers(1, 1440))
def test_length_comes_back_as_far_as_the_format_can_tell(minutes):
    for module, most in ((table, 1439), (meeting_guide, None)):
        data = written(module, meeting("Evening", minutes=minutes))
        (record,) = feeds.read(data, program="aa", today=NOW.date()).records
        told = record.duration_minutes
        assert told == minutes or (told is None and (most is None or minutes > most))
