"""The plain table: any order of columns, a problem for each bad cell, and no formula run."""

from datetime import date, time
from pathlib import Path

import pytest

from finder import feeds
from finder.vocab import Format, ScheduleKind, Status

SAMPLE = (Path(__file__).parents[2] / "data/feeds/table/springfield.csv").read_bytes()
TODAY = date(2026, 11, 10)
ROW = {"name": "One", "day": "Monday", "start": "19:00", "address": "1 Elm St", "city": "Town"}


def read(data, format_="auto"):
    return feeds.read(data, program="aa", today=TODAY, format_=format_)


def one(**cells):
    values = {k: v for k, v in (ROW | cells).items() if v is not None}
    quoted = ('"' + value.replace('"', '""') + '"' for value in values.values())
    return read(f"{','.join(values)}\n{','.join(quoted)}\n".encode(), "table")


def test_sample_is_read_with_its_faults_told_by_column():
    reading = read(SAMPLE)

    assert (reading.format, reading.read, len(reading.records)) == ("table", 4, 6)
    told = {(p.row, p.field, p.code) for p in reading.problems}
    assert {
        (0, "", "banner"),
        (0, "", "unknown_column"),
        (3, "start", "bad_time"),
        (3, "types", "unknown_code"),
        (4, "day", "bad_day"),
    } <= told


def test_row_says_what_its_columns_say():
    record = read(SAMPLE).records[0]

    assert (record.group_name, record.weekday, record.start) == ("Evening Group", 0, time(19))
    assert record.duration_minutes == 75
    assert (record.focus, record.access) == (("newcomers", "women"), ("open", "step-free"))


def test_columns_may_stand_in_any_order():
    names = list(reversed(ROW))
    data = f"{','.join(names)}\n{','.join(ROW[name] for name in names)}\n".encode()

    assert read(data).records == one().records


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"start": "7:30 PM"}, "start", time(19, 30)),
        ({"minutes": "90"}, "duration_minutes", 90),
        ({"minutes": "-5"}, "duration_minutes", None),
        ({"format": "hybrid"}, "format", Format.HYBRID),
        ({"status": "closed for now"}, "status", Status.INACTIVE),
        ({"recurrence": "always", "day": "", "start": ""}, "kind", ScheduleKind.ALWAYS),
        ({"recurrence": "FREQ=MONTHLY;BYDAY=1MO"}, "kind", ScheduleKind.APPOINTMENT),
        ({"focus": "Women; no such people"}, "unknown_codes", ("no such people",)),
        ({"access": "step-free, open", "access_no": "open"}, "access", ("step-free",)),
        ({"focus_no": "men"}, "focus_no", ("men",)),
        ({"languages": "es, English"}, "languages", ("en", "es")),
        ({"types": "MED"}, "types", ("meditation",)),
        ({"name": "'=1+1"}, "name", "=1+1"),
        (
            {"name": '=HYPERLINK("https://example.org")'},
            "name",
            '=HYPERLINK("https://example.org")',
        ),
        ({"updated": "2026-02-03"}, "updated_on", date(2026, 2, 3)),
    ],
)
def test_cells_are_read_or_told(cells, field, value):
    assert getattr(one(**cells).records[0], field) == value


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"day": "2"}, "bad_day"),
        ({"minutes": "a while"}, "bad_duration"),
        ({"start": "25:61"}, "bad_time"),
        ({"recurrence": "FREQ=MONTHLY;BYDAY=1MO"}, "rule"),
        ({"program": "na"}, "other_program"),
        ({"name": ""}, "no_name"),
        ({"focus_no": "giraffes"}, "unknown_code"),
    ],
)
def test_faults_are_told(cells, code):
    assert code in [problem.code for problem in one(**cells).problems]


def test_what_an_export_writes_for_people_is_not_believed():
    told = one(methadone="affirming", naltrexone="accepting", listing="https://example.org/1")

    assert told.records == one().records
    assert told.problems == ()


def test_personal_columns_are_not_read():
    told = one(phone="217-555-0100", email="zelda@example.org")

    assert "0100" not in str(told.records) and "zelda" not in str(told)


def test_table_larger_than_ten_megabytes_is_refused():
    with pytest.raises(feeds.FeedError, match="larger than 10 MB"):
        one(notes="x" * (10 * 1024 * 1024))
