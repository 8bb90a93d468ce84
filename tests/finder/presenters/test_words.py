"""Times, days and distances are said as people say them, on the viewer's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from finder.presenters.words import clock_range, day_words, miles, sentence_list, start_words

DENVER = ZoneInfo("America/Denver")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DENVER)


@pytest.mark.parametrize(
    "start, now, expected",
    [
        ("2026-11-10T18:00", "2026-11-10T09:00", "Tonight"),
        ("2026-11-10T16:59", "2026-11-10T09:00", "Today"),
        ("2026-11-11T00:30", "2026-11-10T20:00", "Tonight"),
        ("2026-11-11T03:59", "2026-11-10T20:00", "Tonight"),
        ("2026-11-11T04:00", "2026-11-10T20:00", "Tomorrow"),
        ("2026-11-11T02:00", "2026-11-11T01:00", "Tonight"),
        ("2026-11-11T18:00", "2026-11-11T01:00", "Today"),
        ("2026-11-16T18:00", "2026-11-10T09:00", "Monday"),
        ("2026-11-17T18:00", "2026-11-10T09:00", "Tuesday, November 17"),
    ],
)
def test_day_is_named_as_people_name_it(start, now, expected):
    assert day_words(at(start), at(now)) == expected


def test_start_within_the_hour_is_counted_in_minutes():
    words = start_words(at("2026-11-10T18:00"), at("2026-11-10T17:59"))

    assert words == "Tonight, 6:00 PM (in 1 minute)"


def test_meeting_under_way_says_so():
    assert "on now" in start_words(at("2026-11-10T18:00"), at("2026-11-10T18:00"), minutes=60)


def test_minutes_to_a_start_are_counted_over_a_change_of_clocks():
    # At two in the morning of November 1 the clocks in Denver went back to one.
    now = datetime(2026, 11, 1, 7, 40, tzinfo=UTC).astimezone(DENVER)
    start = datetime(2026, 11, 1, 8, 10, tzinfo=UTC).astimezone(DENVER)

    assert "in 30 minutes" in start_words(start, now)


def test_meeting_over_midnight_ends_the_next_morning():
    assert clock_range("23:00", 90) == "11:00 PM to 12:30 AM"


@pytest.mark.parametrize(
    "distance, expected",
    [(0, "less than 0.1 miles away"), (0.96, "1 mile away"), (9.96, "10 miles away")],
)
def test_distance_is_rounded_for_people(distance, expected):
    assert miles(distance) == expected


def test_empty_list_is_no_words():
    assert sentence_list([]) == ""
