"""The pieces that resolve weekly times for SQL give what schedule gives, minute for minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.schedule import Schedule, next_start
from finder.search.clock import (
    epoch_minute,
    first_minute,
    from_epoch_minute,
    offset_changes,
    pieces,
    viewer_offsets,
)
from finder.vocab import ScheduleKind

ZONES = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Phoenix"]
ZONES += ["Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham", "America/Havana"]


@st.composite
def moments(draw) -> tuple[str, datetime]:
    """Draw a zone and a moment, mostly within hours of a change of clocks."""
    zone = draw(st.sampled_from(ZONES))
    base = draw(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1))).replace(tzinfo=UTC)
    changes = offset_changes(zone, base, 60)
    if not changes:
        return zone, base
    return zone, changes[0][0] + timedelta(seconds=draw(st.integers(-20_000, 20_000)))


@given(moments(), st.lists(st.integers(0, 10_079), min_size=1, max_size=20), st.booleans())
def test_pieces_resolve_as_schedule_does(moment, minutes, is_close):
    zone, now = moment
    local = now.astimezone(ZoneInfo(zone))
    here = local.weekday() * 1440 + local.hour * 60 + local.minute
    for minute in minutes:
        week_minute = (here + minute % 240 - 120) % 10_080 if is_close else minute
        weekday, of_day = divmod(week_minute, 1440)
        start = (datetime.min + timedelta(minutes=of_day)).time()
        schedule = Schedule(ScheduleKind.WEEKLY, zone, weekday=weekday, start=start)

        (piece,) = [p for p in pieces(zone, first_minute(now)) if p[0] <= week_minute <= p[1]]

        assert piece[2] + week_minute - piece[0] == epoch_minute(next_start(schedule, now))


@given(moments(), st.integers(0, 7 * 1440))
def test_viewer_offsets_are_those_of_the_zone(moment, minutes):
    zone, now = moment
    at = epoch_minute(now) + 1 + minutes
    offset = [o for since, o in viewer_offsets(zone, now) if since <= at][-1]

    local = from_epoch_minute(at).astimezone(ZoneInfo(zone))

    assert timedelta(minutes=offset) == local.utcoffset()


@pytest.mark.parametrize(("second", "expected"), [(0, 0), (1, 1), (59, 1), (60, 1), (61, 2)])
def test_a_minute_that_has_begun_is_over_for_starts(second, expected):
    assert first_minute(datetime.fromtimestamp(second, UTC)) == expected
