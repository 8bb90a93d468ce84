"""Quarters: what they span, how they are named, and when they are whole."""

from datetime import UTC, date, datetime

import pytest

from referrals.reports import Quarter, recent_quarters
from referrals.reports.quarters import whole_quarters


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 1), "2026-q1"),
        (date(2026, 3, 31), "2026-q1"),
        (date(2026, 4, 1), "2026-q2"),
        (date(2026, 12, 31), "2026-q4"),
    ],
)
def test_day_lies_in_its_quarter(day, code):
    quarter = Quarter.of(day)

    assert quarter.code == code
    assert Quarter.from_code(code) == quarter
    assert quarter.first <= day <= quarter.last


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-q0", "2026-q5", "2026-Q1", "26-q1", "0026-q1", "2026-q1 ", "٢٠٢٦-q1"]
)
def test_anything_else_is_no_quarter(code):
    with pytest.raises(ValueError, match="no quarter"):
        Quarter.from_code(code)


def test_quarter_begins_and_ends_at_midnight_whatever_the_clock_does_between():
    first, end = Quarter(2026, 4).span("America/New_York")

    assert first == datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
    assert end == datetime(2027, 1, 1, 5, 0, tzinfo=UTC)


def test_quarters_follow_each_other_over_the_year():
    assert Quarter(2026, 4).following == Quarter(2027, 1)
    assert Quarter(2026, 1).previous == Quarter(2025, 4)


def test_whole_quarters_are_those_followed_to_the_end_newest_first():
    found = whole_quarters(date(2025, 12, 30), today=date(2026, 9, 29))

    assert [quarter.code for quarter in found] == ["2026-q2", "2026-q1", "2025-q4"]


def test_quarter_is_that_of_the_clock_it_goes_by():
    new_year_in_london = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)

    codes = [quarter.code for quarter in recent_quarters(new_year_in_london, count=3)]

    assert codes == ["2026-q4", "2026-q3", "2026-q2"]
