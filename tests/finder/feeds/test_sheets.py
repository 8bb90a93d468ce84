"""Workbooks are opened only when they are what they say, and read as what was typed."""

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from finder import feeds
from finder.feeds import sheets

TODAY = date(2026, 11, 10)
HEADER = ["Name", "Day", "Start", "Address", "City", "ZIP", "Updated"]


def workbook(*rows, before=()):
    book = openpyxl.Workbook()
    for row in (*before, HEADER, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rewritten(data, name, change, *, more=()):
    """Return an archive with one part changed and others added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
        for part, content in more:
            new.writestr(part, content)
    return file.getvalue()


def read(data, format_="auto"):
    return feeds.read(data, program="aa", today=TODAY, format_=format_)


GOOD = ["One", "Monday", time(19, 30), "1 Elm St", "Springfield", 62701, datetime(2026, 2, 3)]


def test_typed_cells_are_read_as_one_would_write_them():
    reading = read(workbook(GOOD))

    record = reading.records[0]
    assert (reading.format, record.start, record.place.zip) == ("table", time(19, 30), "62701")
    assert record.updated_on == date(2026, 2, 3)
    assert reading.problems == ()


def test_header_may_stand_below_a_banner():
    reading = read(workbook(GOOD, before=[["Our county"], []]))

    assert [problem.code for problem in reading.problems] == ["banner"]
    assert len(reading.records) == 1


def test_formulas_are_text():
    assert read(workbook(["=1+1", *GOOD[1:]])).records[0].name == "=1+1"


def test_second_sheet_is_found():
    book = openpyxl.Workbook()
    book.active.append(["Read me first"])
    second = book.create_sheet("Meetings")
    second.append(HEADER)
    second.append(GOOD)
    file = io.BytesIO()
    book.save(file)

    assert len(read(file.getvalue()).records) == 1


@pytest.mark.parametrize("mark", ["<!DOCTYPE", "<!doctype", "<!ENTITY"])
def test_entities_are_refused(mark):
    bomb = f'<?xml version="1.0"?>{mark} x [<!ENTITY a "aaaa">]><worksheet/>'.encode()

    with pytest.raises(feeds.FeedError, match="defines entities"):
        read(rewritten(workbook(GOOD), "xl/worksheets/sheet1.xml", lambda _old: bomb))


def test_entities_in_another_encoding_are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'.encode("utf-16")

    with pytest.raises(feeds.FeedError, match="defines entities"):
        read(rewritten(workbook(GOOD), "xl/worksheets/sheet1.xml", lambda _old: bomb))


def test_archive_that_unpacks_to_a_flood_is_refused():
    flood = [("xl/media/zeros.bin", b"\0" * (101 * 1024 * 1024))]

    with pytest.raises(feeds.FeedError, match="unpacks to more than 100 MB"):
        read(rewritten(workbook(GOOD), "", None, more=flood))


def test_archive_of_very_many_parts_is_refused():
    parts = [(f"part{number}", b"") for number in range(600)]

    with pytest.raises(feeds.FeedError, match="unpacks to more"):
        read(rewritten(workbook(GOOD), "", None, more=parts))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and nothing more",
        workbook(GOOD)[:500],
        rewritten(workbook(GOOD), "xl/worksheets/sheet1.xml", lambda old: old[: len(old) // 2]),
        rewritten(workbook(GOOD), "xl/workbook.xml", lambda _old: b"<workbook/>"),
    ],
)
def test_damaged_workbook_is_refused(data):
    with pytest.raises(feeds.FeedError, match=r"damaged|no row of column names"):
        read(data)


def test_workbook_without_known_columns_is_refused():
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    file = io.BytesIO()
    book.save(file)

    with pytest.raises(feeds.FeedError, match="no row of column names"):
        read(file.getvalue())


def test_workbook_is_no_json_feed():
    with pytest.raises(feeds.FeedError, match="workbook or an archive"):
        read(workbook(GOOD), "meeting_guide")


def test_large_workbook_is_refused_before_it_is_opened():
    with pytest.raises(feeds.FeedError, match="larger than 10 MB"):
        sheets.read_workbook(b"PK\x03\x04" + b"x" * sheets.LARGEST_TABLE, lambda _names: True)


def test_columns_that_occur_twice_are_told():
    text = "name,day,start,city,city\nOne,Monday,19:00,,Town\n"

    reading = read(text.encode())

    assert [problem.code for problem in reading.problems] == ["duplicate_column"]
    assert reading.records[0].place.city == "Town"
