"""Words for a time, on the viewer's clock, beside days and hours that were asked for too."""

from datetime import UTC, datetime, timedelta

import pytest

from finder.search.moments import narrowed
from finder.search.values import Search

# A Tuesday: noon and ten at night in New York, and one in the morning of the day after.
NOON = datetime(2026, 11, 10, 17, tzinfo=UTC)
TEN, ONE = NOON + timedelta(hours=10), NOON + timedelta(hours=13)
NEVER = {"starts_within": -1}


def fields(when: str, now: datetime = NOON, **asked) -> dict:
    """Give what a word changes in a search of New York."""
    plain = Search(now=now, tz="America/New_York")
    found = narrowed(Search(now=now, tz="America/New_York", **asked), when)
    names = ("now", "days", "from_minute", "to_minute", "starts_within")
    return {n: getattr(found, n) for n in names if getattr(found, n) != getattr(plain, n)}


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        ("now", NOON, {"now": NOON - timedelta(minutes=10), "starts_within": 70}),
        ("soon", NOON, {"starts_within": 120}),
        ("today", NOON, {"starts_within": 720}),
        ("today", TEN, {"starts_within": 120}),
        ("tomorrow", NOON, {"days": (2,), "starts_within": 2160}),
        ("tomorrow", ONE, {"days": (3,), "starts_within": 2820}),
        ("tonight", NOON, {"from_minute": 1020, "to_minute": 240, "starts_within": 960}),
        # From then on it runs past midnight, and after midnight it is still the same night.
        ("tonight", TEN, {"starts_within": 360}),
        ("tonight", ONE, {"starts_within": 180}),
    ],
)
def test_word_means_a_time_on_the_viewers_clock(when, now, expected):
    assert fields(when, now) == expected


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (20, None, (1200, 240)),
        (20, 22, (1200, 1320)),
        (16, 21, (1020, 1260)),
        (10, None, (1020, 240)),
        (None, 21, (1020, 1260)),
        (None, 2, (1020, 120)),
        (22, 2, (1320, 120)),
        (1, 3, (60, 180)),
        (1, 12, (60, 240)),
        (18, 3, (1080, 180)),
        (9, 12, None),
        (None, 16, None),
        (5, 16, None),
    ],
)
def test_hours_asked_for_still_hold_tonight(begins, ends, expected):
    asked = {"from_minute": begins, "to_minute": ends}
    found = fields("tonight", **{n: h * 60 for n, h in asked.items() if h is not None})

    if expected is None:
        assert found["starts_within"] == -1
    else:
        assert (found["from_minute"], found["to_minute"]) == expected


def test_days_and_minutes_asked_for_still_hold():
    assert fields("tomorrow", days=(2, 5)) == fields("tomorrow")
    assert fields("tomorrow", days=(5,)) == {"days": (5,), **NEVER}
    assert fields("today", days=(1,)) == {"days": (1,), "starts_within": 720}
    assert fields("today", starts_within=30) == {"starts_within": 30}
    assert fields("soon", starts_within=300) == {"starts_within": 120}


def test_night_of_tomorrow_runs_into_the_day_after():
    found = fields("tomorrow", from_minute=1080, to_minute=239)

    assert found["starts_within"] == 2160 + 239


def test_day_without_an_hour_is_an_hour_shorter():
    # Clocks in New York go forward at two in the morning of March 8, 2026.
    before = datetime(2026, 3, 8, 6, tzinfo=UTC)

    assert fields("today", before) == {"starts_within": 22 * 60}
