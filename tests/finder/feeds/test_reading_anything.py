"""Whatever a row holds, it is kept or rejected, and the rows beside it come out the same."""

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder import feeds

TODAY = date(2026, 11, 10)
NASTY = [
    "", " ", "0", "-1", "24:00", "25:61", "7:30 PM", "the", "Sunday", "62701-1234",
    "NaN", "1e308",
    "\x00", "\ud800", "\u202eevil", "<br>", "&#99;", "javascript:alert(1)", "http://[",
    "https://x@y.z/",
    "https://zoom.us/j/1?pwd=%ff", "+1(((((", "@zeb", "Call Zeb Q", "a" * 5000, "- - -",
    ",,,,", "Mars/Phobos",
    "٣:٠٠", "１９:００", "²", "½", "0x10", "1_000", "+94", "Password:", "Meeting ID:", "(",
    "[", "\\", "%",
]  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(NASTY)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
GUIDE_FIELDS = [
    "name", "slug", "id", "day", "time", "end_time", "timezone", "formatted_address",
    "address", "city",
    "state", "postal_code", "country", "regions", "region", "latitude", "longitude",
    "coordinates",
    "approximate", "location", "location_notes", "group", "group_id", "group_notes",
    "notes", "types",
    "conference_url", "conference_url_notes", "conference_phone",
    "conference_phone_notes", "url",
    "website", "updated", "last_contact", "entity", "attendance_option", "languages",
    "is_24_7",
]  # fmt: skip
BMLT_FIELDS = [
    "id_bigint", "weekday_tinyint", "venue_type", "start_time", "duration_time",
    "time_zone", "formats",
    "format_shared_id_list", "lang_enum", "longitude", "latitude", "meeting_name",
    "location_text",
    "location_info", "location_street", "location_municipality", "location_city_subsection",
    "location_province", "location_postal_code_1", "location_nation", "comments",
    "train_lines",
    "bus_lines", "phone_meeting_number", "virtual_meeting_link",
    "virtual_meeting_additional_info",
    "published", "service_body_name", "shared_group_id_bigint",
]  # fmt: skip
GOOD = {
    "meeting_guide": {
        "name": "Good",
        "slug": "good",
        "day": 1,
        "time": "10:00",
        "city": "Springfield",
    },
    "bmlt": {
        "id_bigint": "1",
        "meeting_name": "Good",
        "weekday_tinyint": "2",
        "start_time": "10:00:00",
    },
}


def rows_of(names):
    fields = st.dictionaries(st.sampled_from(names), VALUES, max_size=12)
    return st.lists(fields | VALUES, max_size=4)


def read(format_, rows):
    data = json.dumps(rows).encode("utf-8", "surrogatepass")
    return feeds.read(data, program="aa", today=TODAY, format_=format_)


def check(format_, hostile):
    good = GOOD[format_]
    alone = read(format_, [good]).records[0]

    reading = read(format_, [*hostile, good])

    kept = {record.row for record in reading.records}
    assert kept | reading.rejected == set(range(1, reading.read + 1))
    assert not kept & reading.rejected
    assert not [problem for problem in reading.problems if problem.code == "unreadable"]
    assert reading.rejected <= {problem.row for problem in reading.problems}
    beside = [record for record in reading.records if record.row == len(hostile) + 1]
    assert [record.public() for record in beside] == [alone.public()]


@settings(max_examples=150, deadline=None)
@given(rows_of(GUIDE_FIELDS))
def test_any_meeting_guide_row_is_kept_or_rejected(hostile):
    check("meeting_guide", hostile)


@settings(max_examples=100, deadline=None)
@given(rows_of(BMLT_FIELDS))
def test_any_bmlt_row_is_kept_or_rejected(hostile):
    check("bmlt", hostile)


TSML_FIELDS = [
    "Name", "Day", "Time", "End Time", "Location", "Address", "City", "Region", "Types", "Notes",
    "Location Notes", "Timezone", "Group", "Group Notes", "Website", "Last Contact", "Updated",
    "Conference URL", "Conference URL Notes", "Conference Phone", "Slug", "Email", "Author",
]  # fmt: skip
TABLE_FIELDS = [
    "id", "name", "program", "group", "group_id", "service_body", "day", "start", "end",
    "minutes", "timezone", "recurrence", "format", "status", "place", "address", "city", "state",
    "zip", "country", "latitude", "longitude", "approximate", "types", "focus", "focus_no",
    "access", "access_no", "languages", "other_codes", "notes", "join_url", "dial_in", "updated",
]  # fmt: skip
CELLS = st.text(max_size=30) | st.sampled_from(NASTY) | st.integers().map(str)


def sheet_rows(names):
    return st.lists(st.lists(CELLS, max_size=len(names) + 2), max_size=4)


def read_sheet(format_, names, rows):
    file = io.StringIO()
    csv.writer(file).writerows([names, *rows])
    data = file.getvalue().encode("utf-8", "surrogatepass")
    return feeds.read(data, program="aa", today=TODAY, format_=format_)


def check_sheet(format_, names, good, hostile):
    own = [good.get(name, "") for name in names]
    alone = read_sheet(format_, names, [own]).records[0]

    reading = read_sheet(format_, names, [*hostile, own])

    kept = {record.row for record in reading.records}
    assert kept | reading.rejected == set(range(1, reading.read + 1))
    assert not kept & reading.rejected
    assert not [problem for problem in reading.problems if problem.code == "unreadable"]
    assert reading.rejected <= {problem.row for problem in reading.problems}
    beside = [record for record in reading.records if record.row == reading.read]
    assert [record.public() for record in beside] == [alone.public()]


@settings(max_examples=100, deadline=None)
@given(sheet_rows(TSML_FIELDS))
def test_any_tsml_row_is_kept_or_rejected(hostile):
    good = {"Name": "Good", "Slug": "good", "Day": "Monday", "Time": "7:00 PM", "City": "Town"}
    check_sheet("tsml_csv", TSML_FIELDS, good, hostile)


@settings(max_examples=100, deadline=None)
@given(sheet_rows(TABLE_FIELDS))
def test_any_row_of_the_plain_table_is_kept_or_rejected(hostile):
    good = {"name": "Good", "id": "good", "day": "Monday", "start": "19:00", "city": "Town"}
    check_sheet("table", TABLE_FIELDS, good, hostile)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200).map(lambda text: f"name,day,time,slug,address\n{text}".encode()))
def test_any_text_below_a_header_is_read_or_refused_with_a_sentence(data):
    try:
        feeds.read(data, program="aa", today=TODAY)
    except feeds.FeedError as error:
        assert str(error).endswith(".")


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_the_mark_of_a_workbook_are_refused(data):
    with pytest.raises(feeds.FeedError):
        feeds.read(b"PK\x03\x04" + data, program="aa", today=TODAY)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    try:
        feeds.read(data, program="aa", today=TODAY)
    except feeds.FeedError as error:
        assert str(error).endswith((".", "”."))
