from datetime import date, time

import pytest

from finder.feeds import clock

TODAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (0, (6,)),
        (6, (5,)),
        ("3", (2,)),
        (7, (6,)),
        ("Sunday", (6,)),
        ("mondays", (0,)),
        ("Thurs", (3,)),
        ([1, "2", "Wednesday"], (0, 1, 2)),
        ("[1,3]", (0, 2)),
        ("Mon, Wed & Fri", (0, 2, 4)),
        ("Monday-Friday", (0, 1, 2, 3, 4)),
        ("Sat to Mon", (0, 5, 6)),
        ("Daily", (0, 1, 2, 3, 4, 5, 6)),
        (None, ()),
        ("", ()),
    ],
)
def test_days_are_read(written, days):
    found = clock.read_days(written)

    assert found.days == days
    assert not found.is_unread


@pytest.mark.parametrize("written", [-1, 8, "the", "####", {"a": 1}, True, 1e300, [[1]]])
def test_days_that_are_none_are_said_to_be_unread(written):
    found = clock.read_days(written)

    assert (found.days, found.is_unread) == ((), True)


def test_bmlt_week_begins_with_one_for_sunday():
    assert [clock.read_bmlt_day(str(n)).days for n in range(1, 8)] == [
        (6,), (0,), (1,), (2,), (3,), (4,), (5,),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("19:00", time(19)),
        ("8:00", time(8)),
        ("18:00:00", time(18)),
        ("7:30 PM", time(19, 30)),
        ("7:30pm", time(19, 30)),
        ("12:00 AM", time(0)),
        ("12:15 p.m.", time(12, 15)),
        ("7 pm", time(19)),
        ("Noon", time(12)),
        ("12 noon", time(12)),
        ("Midnight", time(0)),
        ("1930", time(19, 30)),
        (1930, time(19, 30)),
        ("2020-01-01 18:30:00", time(18, 30)),
    ],
)
def test_times_are_read(written, at):
    assert clock.read_time(written).at == at


def test_twenty_four_is_the_start_of_the_next_day():
    assert clock.read_time("24:00") == clock.Clock(time(0), next_day=True, is_repaired=True)


@pytest.mark.parametrize("written", ["25:61", "####", "the", "12:99", "99", [], {}, 1.5, True])
def test_times_that_are_none_are_said_to_be_unread(written):
    found = clock.read_time(written)

    assert (found.at, found.is_unread) == (None, True)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (time(19), time(20, 30), 90),
        (time(23), time(0, 30), 90),
        (time(20), time(19), None),
        (time(19), time(19), None),
        (time(0), time(23, 59), 1439),
    ],
)
def test_a_meeting_may_run_past_midnight_but_not_end_before_it_starts(start, end, minutes):
    assert clock.minutes_between(start, end) == minutes


@pytest.mark.parametrize(
    ("written", "minutes", "is_bad"),
    [
        ("01:30:00", 90, False),
        ("90", 90, False),
        ("1:00", 60, False),
        ("", None, False),
        ("00:00:00", None, False),
        ("24:00:00", None, False),
        ("25:00:00", None, True),
        ("-1:00", None, True),
        ("soon", None, True),
    ],
)
def test_lengths_are_read(written, minutes, is_bad):
    assert clock.read_length(written) == (minutes, is_bad)


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("2025-01-02 03:04:05", date(2025, 1, 2)),
        ("2020-04-0416:50:58", date(2020, 4, 4)),
        ("4/20/2021", date(2021, 4, 20)),
        ("2026-11-11 01:00:00", TODAY),
        ("2031-01-01", None),
        ("2021-02-30", None),
        ("10000-01-01", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_dates_are_read_and_none_is_in_the_future(written, on):
    assert clock.read_date(written, today=TODAY)[0] == on
