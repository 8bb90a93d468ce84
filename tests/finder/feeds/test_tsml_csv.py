"""TSML CSV is read as its plugin writes it, and as people break it."""

from datetime import date, time
from pathlib import Path

import pytest

from finder import feeds
from finder.vocab import Format

SAMPLE = (Path(__file__).parents[2] / "data/feeds/tsml_csv/springfield.csv").read_bytes()
TODAY = date(2026, 11, 10)
HEADER = "Time,Day,Name,Address,Types,Notes,Slug,Updated"


def read(data, format_="auto"):
    data = data.encode() if isinstance(data, str) else data
    return feeds.read(data, program="aa", today=TODAY, format_=format_)


def one(**cells):
    """Read a single row with these cells."""
    defaults = {"Time": "7:00 PM", "Day": "Monday", "Name": "Evening", "Slug": "evening"}
    defaults |= {"Address": "1 Elm St, Springfield, IL 62701, USA"}
    values = defaults | cells
    line = ",".join('"' + values.get(name, "") + '"' for name in HEADER.split(","))
    return read(f"{HEADER}\r\n{line}\r\n")


class TestSample:
    """A file with what the plugin's own template has."""

    def test_every_filled_row_is_kept_or_rejected(self):
        reading = read(SAMPLE)

        assert (reading.format, reading.read, reading.rejected) == ("tsml_csv", 5, {4, 5})
        assert [record.key for record in reading.records] == [
            "after-work",
            "sunrise",
            "early-birds",
        ]

    def test_times_days_types_and_the_postal_line_are_read(self):
        record = read(SAMPLE).records[0]

        assert (record.weekday, record.start, record.duration_minutes) == (0, time(18), 75)
        assert record.access == ("open", "step-free")
        assert (record.place.address, record.place.city, record.place.zip) == (
            "100 Walnut St",
            "Springfield",
            "62701",
        )
        assert record.updated_on == date(2020, 4, 4)

    def test_notes_of_several_lines_give_up_what_opens_the_meeting(self):
        record = read(SAMPLE).records[1]

        assert record.format == Format.ONLINE
        assert record.notes == "Bring a chair"
        assert record.join_password == "272106"
        assert "hushhush" not in str(record.public())

    def test_people_and_payments_are_nowhere(self):
        told = str(read(SAMPLE)).casefold()

        assert "zelda" not in told
        assert "0107" not in told and "0108" not in told and "hidden lane" not in told

    def test_own_forms_are_no_faults(self):
        codes = {problem.code for problem in read(SAMPLE).problems if problem.row == 1}

        assert codes == set()

    def test_quotes_within_a_line_are_kept(self):
        assert read(SAMPLE).records[2].name == 'The "Early" Birds'

    def test_row_with_shifted_cells_is_rejected_by_name(self):
        assert [(p.row, p.code) for p in read(SAMPLE).problems if p.row == 5] == [(5, "shifted")]


def three_rows(notes):
    return "\n".join(
        [
            HEADER,
            '"7:00 PM","Monday","One","1 Elm St, Springfield, IL","Open","","one",""',
            f'"7:00 PM","Monday","Two","2 Elm St, Springfield, IL","Open",{notes},"two",""',
            '"7:00 PM","Monday","Three","3 Elm St, Springfield, IL","Open","","three",""',
        ]
    )


@pytest.mark.parametrize("notes", ['"never closed', '"line\none'])
def test_quotation_mark_that_is_not_closed_refuses_the_file(notes):
    with pytest.raises(feeds.FeedError, match="quotation mark is opened in line 3"):
        read(three_rows(notes))


def test_quotation_marks_inside_a_cell_that_is_whole_are_read_over():
    assert read(three_rows('"the "back" door"')).records[1].notes.startswith("the back")


def test_quotation_mark_open_at_the_very_end_refuses_the_file():
    with pytest.raises(feeds.FeedError, match="quotation mark is opened in line 2"):
        read(f'{HEADER}\n7:00 PM,Monday,One,"1 Elm St\n')


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_and_delimiters_of_any_program_are_read(end, delimiter):
    header = HEADER.replace(",", delimiter)
    row = delimiter.join(["7:00 PM", "Monday", "One", '"1 Elm St, Town, IL"', "", "", "one", ""])

    assert [r.name for r in read(end.join([header, row, ""])).records] == ["One"]


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"Time": "18:30"}, "start", time(18, 30)),
        ({"Time": "####"}, "start", None),
        ({"Day": "Mon"}, "weekday", 0),
        ({"Day": "0"}, "weekday", 6),
        ({"Updated": "2020-04-0416:50:58"}, "updated_on", date(2020, 4, 4)),
        ({"Updated": "31/31/2020"}, "updated_on", None),
        ({"Types": "C, W"}, "focus", ("women",)),
        ({"Types": "11th Step Meditation"}, "types", ("meditation", "step-study")),
    ],
)
def test_cells_are_read_as_they_are_written(cells, field, value):
    assert getattr(one(**cells).records[0], field) == value


def test_dates_of_no_calendar_are_told():
    assert [p.code for p in one(Updated="2026-02-30").problems] == ["bad_date"]


@pytest.mark.parametrize(
    "text",
    [
        "Name,Day,Time,Video,Desc\nOne,Monday,7:00 PM,https://example.org,x\n",
        "21\tSunday\t09:00\tOne\tHall\n24\tMonday\t10:00\tTwo\tHall\n",
        '"Last update",,,\nDay,Pacific Time,Name of Meeting,Zoom Link\nMonday,7:00 PM,One,\n',
    ],
)
def test_other_tables_are_refused_with_the_columns_that_are_needed(text):
    with pytest.raises(feeds.FeedError, match="TSML CSV has columns Name, Day and Time"):
        read(text)


def test_web_page_in_place_of_a_table_is_refused():
    with pytest.raises(feeds.FeedError, match="web page"):
        read("<!doctype html><title>a,b,c</title>", "tsml_csv")
