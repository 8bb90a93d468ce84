"""Sixty and more nasty things that feeds hold, each with the result that is expected of it."""

import csv
import io
import json
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from finder import feeds
from finder.feeds import identity
from finder.models import Meeting
from finder.schedule import Schedule, next_start
from finder.vocab import Format, ScheduleKind, Status
from tests.finder.feeds.town import row as town_row

TODAY = date(2026, 11, 10)
GOOD = {"name": "Good", "slug": "good", "day": 1, "time": "10:00", "city": "Springfield"}
ROW = {"name": "Evening", "slug": "evening", "day": 1, "time": "19:00", "city": "Springfield"}
BMLT = {"id_bigint": "7", "meeting_name": "Evening", "weekday_tinyint": "2"}
BMLT |= {"start_time": "19:00:00", "location_municipality": "Springfield"}
HEADER = ["Name", "Day", "Time", "Address", "Types", "Notes", "Slug"]
CELLS = ["Evening", "Monday", "7:00 PM", "1 Elm St, Springfield, IL", "Open", "", "evening"]
MANY = {"too_many", "unknown_code"}
APPOINTMENT = {"kind": ScheduleKind.APPOINTMENT, "weekday": None}


def read(data, format_="auto"):
    return feeds.read(data, program="aa", today=TODAY, format_=format_)


def guide(**fields):
    """A row with these fields beside a good one; ``...`` takes a field away."""
    row = {name: value for name, value in (ROW | fields).items() if value is not ...}
    return json.dumps([row, GOOD])


def raw(fields):
    """A row whose fields are written as given, for what no writer of JSON would write."""
    return f'[{{"name": "Evening", "slug": "evening", {fields}}}, {json.dumps(GOOD)}]'


def bmlt(**fields):
    return json.dumps([BMLT | fields])


def sheet(*rows, header=HEADER, **writing):
    file = io.StringIO()
    csv.writer(file, **writing).writerows([header, *rows])
    return file.getvalue()


def notes_of(cell):
    return sheet([*CELLS[:5], cell, CELLS[6]])


# What is read, the fields of its first record, and the codes of its problems.
KEPT = {
    "NUL": (guide(name="Even\0ing"), {"name": "Even ing"}, set()),
    "lone surrogate": (raw(r'"city": "x", "notes": "be\ud800ll"'), {"notes": "bell"}, set()),
    "byte order mark": (b"\xef\xbb\xbf" + guide().encode(), {"name": "Evening"}, set()),
    "UTF-16": (guide(name="Café").encode("utf-16"), {"name": "Café"}, {"encoding"}),
    "UTF-16 without its mark": (guide().encode("utf-16-le"), {"weekday": 0}, {"encoding"}),
    "CP1252": (raw('"day": 1, "city": "é"').encode("cp1252"), {}, {"encoding", "no_time"}),
    "NaN": (raw('"day": 1, "time": "19:00", "latitude": NaN, "city": "x"'), {"weekday": 0}, set()),
    "Infinity": (raw('"city": "x", "latitude": Infinity, "longitude": -Infinity'), {}, set()),
    "1e308": (guide(latitude=1e308, longitude=1), {"weekday": 0}, {"bad_point"}),
    "1e-999999999": (guide(latitude="1e-999999999", longitude="0"), {}, {"zero_point"}),
    "5,000 digits": (raw(f'"city": "x", "day": {"9" * 5000}'), APPOINTMENT, {"bad_day"}),
    "a name twice": (raw('"city": "x", "city": "y"'), {}, {"duplicate_key"}),
    "trailing comma": (guide().replace("}, {", ",}, {"), {"weekday": 0}, {"loose_json"}),
    "JSONP": (f"back({guide()});", {"weekday": 0}, {"loose_json"}),
    "envelope": (f'{{"meetings": {guide()}}}', {"weekday": 0}, set()),
    "day 7": (guide(day=7), {"weekday": 6}, {"day_form"}),
    "day -1": (guide(day=-1), APPOINTMENT, {"bad_day", "no_day"}),
    'day "7"': (guide(day="7"), {"weekday": 6}, {"day_form"}),
    "days 0 and 6": (guide(day=[0, 6]), {"weekday": 5, "key": "evening-sat"}, set()),
    "day by name": (guide(day="Sunday"), {"weekday": 6}, {"day_form"}),
    "no such day": (guide(day="the"), APPOINTMENT, {"bad_day", "no_day"}),
    "24:00": (guide(time="24:00"), {"weekday": 1, "start": time(0)}, {"midnight"}),
    "7:30 PM": (guide(time="7:30 PM"), {"start": time(19, 30)}, {"time_form"}),
    "25:61": (guide(time="25:61"), APPOINTMENT, {"bad_time", "no_time"}),
    "####": (guide(time="####"), APPOINTMENT, {"bad_time", "no_time"}),
    "full-width digits": (guide(time="１９:00"), APPOINTMENT, {"bad_time", "no_time"}),
    "end before start": (
        guide(end_time="18:00"), {"duration_minutes": None}, {"end_before_start"}
    ),
    "end after midnight": (guide(time="23:30", end_time="00:30"), {"duration_minutes": 60}, set()),
    "negative length": (bmlt(duration_time="-1:00"), {"duration_minutes": None}, {"bad_duration"}),
    "length over a day": (bmlt(duration_time="25:00:00"), {}, {"bad_duration"}),
    "latitude 91": (guide(latitude=91, longitude=-200), {}, {"bad_point"}),
    "longitude 181": (guide(latitude=40, longitude=181), {}, {"bad_point"}),
    "point 0, 0": (guide(latitude=0, longitude=0), {}, {"zero_point"}),
    "point swapped": (guide(latitude=-120, longitude=45), {}, {"turned_point"}),
    "zone Mars/Phobos": (guide(timezone="Mars/Phobos"), {"timezone": ""}, {"bad_zone"}),
    "zone EST": (guide(timezone="EST"), {"timezone": "America/New_York"}, set()),
    "zone empty": (guide(timezone=""), {"timezone": ""}, set()),
    "30 February": (guide(updated="2026-02-30 00:00:00"), {"updated_on": None}, {"bad_date"}),
    "year 10000": (guide(updated="10000-01-01"), {"updated_on": None}, {"bad_date"}),
    "changed in the future": (guide(updated="2031-01-01"), {"updated_on": None}, {"bad_date"}),
    "stamp without a space": (
        guide(updated="2020-04-0416:50:58"), {"updated_on": date(2020, 4, 4)}, set()
    ),
    "HTML": (guide(notes="<b>Ring</b><script>x()</script>"), {"notes": "Ring"}, set()),
    "right-to-left override": (guide(notes="ab\u202ecd"), {"notes": "abcd"}, set()),
    "zero width": (guide(name="Eve\u200bning"), {"name": "Evening"}, set()),
    "a megabyte of notes": (guide(notes="x " * 500_000), {}, {"too_long"}),
    "10,000 types": (guide(types=[f"Q{n}" for n in range(10_000)]), {}, MANY),
    "unknown types": (guide(types=["O", "ZZ9"]), {"unknown_codes": ("ZZ9",)}, {"unknown_code"}),
    "types as one text": (guide(types="C,W"), {"types": ("closed",), "focus": ("women",)}, set()),
    "javascript link": (guide(url="javascript:alert(1)"), {"website": ""}, {"bad_link"}),
    "javascript to join": (
        guide(conference_url="javascript:alert(1)"), {"join_url": "", "notes": ""}, {"bad_link"}
    ),
    "password in a link": (
        guide(conference_url="https://zoom.us/j/123456789?pwd=hush"),
        {"join_url": "https://zoom.us/j/123456789", "format": Format.ONLINE},
        {"password_moved"},
    ),
    "telephone of a person": (
        guide(notes="Ring. Call Zelda Q at 217-555-0104."), {"notes": "Ring."}, {"personal_removed"}
    ),
    "null id": (guide(slug=None), {"key": "", "slug": ""}, set()),
    "number as id": (guide(slug=12345), {"key": "12345"}, set()),
    "BMLT day 0": (bmlt(weekday_tinyint="0"), APPOINTMENT, {"bad_day", "no_day"}),
    "BMLT row not published": (bmlt(published="0"), {"status": Status.INACTIVE}, set()),
    "semicolons": (sheet(CELLS, delimiter=";"), {"weekday": 0}, set()),
    "tabs": (sheet(CELLS, delimiter="\t"), {"weekday": 0}, set()),
    "lines ended by CR": (sheet(CELLS, lineterminator="\r"), {"weekday": 0}, set()),
    "line break in quotes": (notes_of("Ring\r\ntwice"), {"notes": "Ring\ntwice"}, set()),
    "column twice": (
        sheet([*CELLS, "Elsewhere"], header=[*HEADER, "Name"]),
        {"name": "Evening"},
        {"duplicate_column"},
    ),
    "banner above the header": ("Meetings,,\n" + sheet(CELLS), {"weekday": 0}, {"banner"}),
    "cell over 131,072 characters": (notes_of("x" * 140_000), {"start": time(19)}, {"too_long"}),
    "formula": (sheet(["=1+1", *CELLS[1:]]), {"name": "=1+1"}, set()),
}  # fmt: skip
# What is refused as a whole, and a part of the sentence.
REFUSED = {
    "nothing at all": (b"", "The feed is empty: it holds nothing at all."),
    "web page": (b"<!doctype html><p>Checking your browser", "This is a web page"),
    "200,000 brackets": (b"[" * 200_000, "nested too deeply"),
    "file cut off": (guide().encode()[:-30], "cut off: line 1"),
    "message in place of rows": (b'{"message": "Not allowed"}', "answers with a message"),
    "quotation mark not closed": (
        sheet(CELLS).encode() + b'Two,Monday,7:00 PM,"1 Elm St\n', "opened in line 3 and never"
    ),
    "header missing": (sheet(CELLS, header=CELLS).encode(), "no row of column names"),
    "archive that is none": (b"PK\x03\x04....", "damaged"),
}  # fmt: skip
# Rows that cannot be kept, and why.
REJECTED = {
    "text in place of a row": (json.dumps(["Evening", GOOD]), "not_a_row"),
    "list in place of a row": (json.dumps([["Evening", 1], GOOD]), "not_a_row"),
    "no name": (guide(name="\u200b <br>"), "no_name"),
    "nothing to go by": (guide(city=..., day=..., time=...), "nothing_to_go_by"),
    "cells shifted": (sheet([*CELLS, "one", "two"], CELLS), "shifted"),
}


def as_bytes(data):
    return data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")


def test_table_has_at_least_sixty():
    assert len(KEPT) + len(REFUSED) + len(REJECTED) >= 60


@pytest.mark.parametrize("name", KEPT)
def test_nasty_is_kept_as_expected(name):
    data, expected, codes = KEPT[name]

    reading = read(as_bytes(data))

    record = reading.records[0]
    assert {field: getattr(record, field) for field in expected} == expected
    told = {problem.code for problem in reading.problems}
    assert told == codes
    assert len(record.notes) <= 4000 and len(record.unknown_codes) <= 60
    beside = [each for each in reading.records if each.name == "Good"]
    assert all(each == _alone(each.row) for each in beside)


def _alone(row):
    record = read(json.dumps([{} for _ in range(row - 1)] + [GOOD]).encode(), "meeting_guide")
    return record.records[0]


@pytest.mark.parametrize("name", REFUSED)
def test_nasty_file_is_refused_with_its_sentence(name):
    data, sentence = REFUSED[name]

    with pytest.raises(feeds.FeedError, match=sentence):
        read(data)


@pytest.mark.parametrize("name", REJECTED)
def test_nasty_row_is_rejected_and_the_next_is_kept(name):
    data, code = REJECTED[name]

    reading = read(as_bytes(data))

    assert reading.rejected == {1}
    assert code in {problem.code for problem in reading.problems if problem.row == 1}
    assert [record.row for record in reading.records] == [2]


def test_time_that_a_change_of_clocks_skips_moves_forward():
    record = read(guide(day=0, time="02:30", timezone="America/New_York").encode()).records[0]
    schedule = Schedule(record.kind, record.timezone, record.weekday, record.start)

    at = next_start(schedule, datetime(2027, 3, 13, tzinfo=UTC))
    assert at.astimezone(ZoneInfo("America/New_York")).isoformat() == "2027-03-14T03:30:00-04:00"


def test_rows_with_one_id_are_two_meetings():
    rows = [ROW, ROW | {"name": "Morning", "time": "07:00"}]
    found = identity.gather(read(json.dumps(rows).encode()).records)

    assert sorted(each.record.key for each in found) == ["evening", "evening~2"]


@pytest.mark.django_db
def test_id_used_again_for_another_meeting_makes_another(bring):
    bring([town_row(n) for n in range(10)])
    first = Meeting.objects.get(slug="slug-3")
    other = town_row(3, name="Quite Another", formatted_address="9 Far Rd, Peoria, IL 61602, USA")
    other |= {"latitude": 40.69, "longitude": -89.59, "day": 5, "time": "06:00"}

    bring([town_row(n) if n != 3 else other for n in range(10)])

    first.refresh_from_db()
    assert first.status == Status.RETIRED and first.name != "Quite Another"
    assert Meeting.objects.get(name="Quite Another").pk != first.pk
