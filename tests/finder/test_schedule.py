"""Times: the published oracles, changes of clocks, rules against dateutil, and tonight."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from finder.schedule import (
    Rule,
    RuleError,
    Schedule,
    is_zone,
    moment,
    next_start,
    occurrences,
    tonight,
    viewed,
)
from finder.vocab import ScheduleKind

ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Havana",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Australia/Eucla",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kiritimati",
]


def weekly(weekday: int, start: str, zone: str, **more) -> Schedule:
    return Schedule(
        ScheduleKind.WEEKLY, zone, weekday=weekday, start=time.fromisoformat(start), **more
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        ("2026-03-02", "19:00", "America/New_York", "2026-03-03T00:00"),
        ("2026-03-09", "19:00", "America/New_York", "2026-03-09T23:00"),
        ("2026-03-30", "23:00", "Europe/London", "2026-03-30T22:00"),
        ("2026-07-06", "19:00", "America/Phoenix", "2026-07-07T02:00"),
        ("2026-07-06", "19:00", "America/Denver", "2026-07-07T01:00"),
        ("2026-07-06", "19:00", "Asia/Kolkata", "2026-07-06T13:30"),
        ("2026-07-06", "19:00", "Asia/Kathmandu", "2026-07-06T13:15"),
    ],
)
def test_moment_follows_the_zone_not_an_offset(day, clock, zone, expected):
    assert moment(date.fromisoformat(day), time.fromisoformat(clock), zone) == utc(expected)


def test_skipped_wall_time_moves_forward():
    at = moment(date(2026, 3, 8), time(2, 30), "America/New_York")

    assert at.astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)


def test_repeated_wall_time_is_the_first():
    assert moment(date(2026, 11, 1), time(1, 30), "America/New_York") == utc("2026-11-01T05:30")


def test_navajo_nation_and_the_rest_of_arizona_differ_in_summer():
    now = utc("2026-07-06T12:00")

    window_rock = next_start(weekly(0, "19:00", "America/Denver"), now)
    flagstaff = next_start(weekly(0, "19:00", "America/Phoenix"), now)

    assert flagstaff - window_rock == timedelta(hours=1)


@pytest.mark.parametrize(
    ("schedule", "now", "viewer", "expected"),
    [
        (weekly(0, "19:00", "America/New_York"), "2026-03-09T12:00", "Europe/London", (0, 23 * 60)),
        (weekly(0, "01:00", "America/New_York"), "2026-03-09T04:00", "Pacific/Honolulu", (6, 1140)),
        (
            weekly(6, "18:00", "America/Los_Angeles"),
            "2026-07-05T12:00",
            "Pacific/Auckland",
            (0, 780),
        ),
    ],
)
def test_weekday_and_time_are_the_viewers(schedule, now, viewer, expected):
    assert viewed(next_start(schedule, utc(now)), viewer) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_weekly_meeting_keeps_its_wall_time_through_every_change_of_clocks(zone):
    since, until = utc("2024-01-01T00:00"), utc("2032-01-01T00:00")
    hours = set()

    for clock in ("00:30", "06:00", "12:00", "19:00"):
        starts = occurrences(weekly(6, clock, zone), since, until)
        gaps = [b - a for a, b in zip(starts, starts[1:], strict=False)]
        hours |= {gap.total_seconds() / 3600 for gap in gaps}
        shown = {at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for at in starts}
        if clock != "00:30":
            assert shown == {f"Sun {clock}"}
        assert len(starts) in (417, 418)

    assert hours <= {167, 167.5, 168, 168.5, 169}


@given(
    st.sampled_from(ZONES),
    st.integers(0, 6),
    st.times(),
    st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),
)
def test_next_start_is_the_first_of_all_starts(zone, weekday, clock, naive):
    now = naive.replace(tzinfo=UTC)
    schedule = Schedule(ScheduleKind.WEEKLY, zone, weekday=weekday, start=clock)
    day = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=9)
    starts = [
        datetime.combine(day + timedelta(days=n), clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for n in range(25)
        if (day + timedelta(days=n)).weekday() == weekday
    ]

    assert next_start(schedule, now) == min(at for at in starts if at >= now)


RULES = (
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=1MO,3MO",
    "FREQ=MONTHLY;BYDAY=5SU",
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2",
    "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SA",
    "FREQ=WEEKLY;INTERVAL=2",
)


@pytest.mark.parametrize("text", RULES)
@given(first=st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_rule_names_the_same_days_as_dateutil(text, first):
    rule = Rule.parse(text, first)
    until = first + timedelta(days=400)
    days = [first + timedelta(days=n) for n in range(401)]

    ours = [day for day in days if rule.holds(day, first)]

    start = datetime.combine(first, time())
    oracle = rrulestr(text, dtstart=start)
    assert ours == [d.date() for d in oracle.between(start, datetime.combine(until, time()), True)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=DAILY",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;BYDAY=6TU",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;COUNT=3",
        "FREQ=WEEKLY;FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=2",
        "FREQ=WEEKLY;WKST=SU;BYDAY=TU",
    ],
)
def test_other_rules_are_refused_in_words(text):
    with pytest.raises(RuleError):
        Rule.parse(text, date(2026, 1, 1))


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_a_rule_error(text):
    with contextlib.suppress(RuleError):
        assert Rule.parse(text, date(2026, 1, 1)).days


def test_monthly_meeting_comes_on_its_day_in_its_zone():
    schedule = Schedule(
        ScheduleKind.RULE,
        "America/Denver",
        start=time(19),
        rrule="FREQ=MONTHLY;BYDAY=2TU",
        first_on=date(2026, 1, 1),
    )

    assert next_start(schedule, utc("2026-03-01T00:00")) == utc("2026-03-11T01:00")


def test_exceptions_move_a_date_or_take_it_off():
    schedule = weekly(
        3,
        "19:00",
        "America/New_York",
        exceptions=((date(2026, 11, 26), None), (date(2026, 12, 3), time(12))),
    )

    assert next_start(schedule, utc("2026-11-25T00:00")) == utc("2026-12-03T17:00")


def test_a_closed_place_has_no_starts_until_it_opens():
    schedule = weekly(3, "19:00", "UTC", closures=((date(2026, 11, 1), date(2026, 11, 30)),))
    for_good = weekly(3, "19:00", "UTC", closures=((date(2026, 11, 1), None),))

    assert next_start(schedule, utc("2026-11-05T00:00")) == utc("2026-12-03T19:00")
    assert next_start(for_good, utc("2026-11-05T00:00")) is None


def test_a_rule_that_never_comes_has_no_next_start():
    schedule = Schedule(
        ScheduleKind.RULE,
        "UTC",
        start=time(19),
        rrule="FREQ=MONTHLY;INTERVAL=12;BYDAY=5SU",
        first_on=date(2026, 2, 1),
    )

    assert next_start(schedule, utc("2026-01-01T00:00")) is None


@pytest.mark.parametrize("kind", [ScheduleKind.APPOINTMENT, ScheduleKind.ALWAYS])
def test_without_set_times_there_is_no_next_start(kind):
    assert next_start(Schedule(kind), utc("2026-01-01T00:00")) is None
    assert occurrences(Schedule(kind), utc("2026-01-01T00:00"), utc("2026-02-01T00:00")) == []


def test_tonight_runs_past_midnight_in_the_viewers_zone():
    begins, ends = tonight(utc("2026-11-24T20:00"), "America/New_York")

    assert (begins, ends) == (utc("2026-11-24T22:00"), utc("2026-11-25T09:00"))


def test_before_four_it_is_still_last_night():
    begins, ends = tonight(utc("2026-11-25T08:30"), "America/New_York")

    assert (begins, ends) == (utc("2026-11-25T08:30"), utc("2026-11-25T09:00"))


@pytest.mark.parametrize(
    "name", ["", "Factory", "posixrules", "../etc/passwd", "EST5", "\x00", "a" * 5000]
)
def test_zone_names_are_looked_up_never_opened(name):
    assert not is_zone(name)
