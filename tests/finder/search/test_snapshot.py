"""Snapshots: what is near, when it starts next, and when a copy may still be used."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.geo import Point, distance_miles
from finder.models import Meeting
from finder.schedule import Schedule, next_start
from finder.search import index, snapshot
from finder.search.clock import epoch_minute
from finder.search.snapshot import files
from finder.search.snapshot.columns import GROUPS, ROWS, Columns, cell_of
from finder.search.snapshot.starts import next_starts, viewed_minutes
from finder.vocab import Format, ScheduleKind
from tests.factories import make_group, make_meeting

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
ZONES = ("America/New_York", "America/Phoenix", "Europe/London", "Australia/Lord_Howe")
LATS, LNGS = st.floats(-90, 90), st.floats(-180, 180)


def columns(*, anywhere: int = 0, **rows) -> Columns:
    count = len(next(iter(rows.values())))
    told = {name: np.zeros(count, kind) for name, kind in ROWS.items()}
    told |= {name: np.array(values, ROWS[name]) for name, values in rows.items()}
    group = {name: np.zeros(count, kind) for name, kind in GROUPS.items()}
    ahead = np.empty((0, 8), np.int64)
    return Columns("1.1", NOW.timestamp(), anywhere, told, group, ahead, ZONES, (), ())


@given(
    center=st.builds(Point, LATS, LNGS),
    others=st.lists(st.tuples(LATS, LNGS), min_size=1, max_size=30),
    close=st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), max_size=30),
    miles=st.sampled_from([1.0, 60.0, 200.0, 500.0]),
)
@settings(max_examples=60)
def test_what_is_near_is_what_measuring_each_finds(center, others, close, miles):
    points = others + [
        (max(-90, min(90, center.lat + lat)), (center.lng + lng + 180) % 360 - 180)
        for lat, lng in close
    ]
    lat, lng = (np.array(values) for values in zip(*points, strict=True))
    order = np.argsort(cell_of(lat, lng))
    lat, lng = lat[order], lng[order]
    away = [distance_miles(center, Point(*pair)) for pair in zip(lat, lng, strict=True)]
    within = {n for n, far in enumerate(away) if far <= miles}
    told = {"lat": lat, "lng": lng, "cell": cell_of(lat, lng)}

    near, found = columns(**told).near(center, miles)
    first = columns(anywhere=len(lat), **told).distances(center, miles)

    assert set(near.tolist()) == within == set(np.flatnonzero(np.isfinite(first)).tolist())
    np.testing.assert_allclose(found, [away[n] for n in near], rtol=1e-9, atol=1e-6)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=st.integers(0, len(ZONES) - 1),
    minutes=st.lists(st.integers(0, 10_079), min_size=1, max_size=6),
)
@settings(max_examples=60)
def test_next_starts_are_those_of_each_schedule(at, zone, minutes):
    table = columns(week_minute=minutes, zone=[zone] * len(minutes), other=[-1] * len(minutes))

    found = next_starts(table, slice(None), at)

    assert found.tolist() == [_start(minute, ZONES[zone], at) for minute in minutes]


def _start(minute: int, zone: str, at: datetime) -> int:
    weekday, of_day = divmod(minute, 1440)
    start = datetime.min.time().replace(hour=of_day // 60, minute=of_day % 60)
    schedule = Schedule(ScheduleKind.WEEKLY, zone, weekday=weekday, start=start)
    return epoch_minute(next_start(schedule, at))


def test_starts_are_viewed_on_the_viewers_clock_of_that_day():
    # An hour on each side of the end of summer time in New York.
    starts = np.array([epoch_minute(datetime(2026, 11, 1, hour, tzinfo=UTC)) for hour in (5, 7)])

    before = datetime(2026, 10, 30, tzinfo=UTC)
    seen = viewed_minutes(np.append(starts, snapshot.NEVER), "America/New_York", before)

    assert seen.tolist() == [6 * 1440 + 60, 6 * 1440 + 120, -1]


@pytest.mark.django_db
def test_a_snapshot_is_used_while_it_tells_the_directory_as_it_is():
    meeting = make_meeting()
    index.rebuild()

    assert snapshot.current(now=NOW) is None
    snapshot.write(now=NOW)

    assert snapshot.current(now=NOW).row["meeting"].tolist() == [meeting.pk]
    much_later = NOW + timedelta(hours=20)
    assert snapshot.current(now=much_later) is not None
    Meeting.objects.update(name="Another")
    soon = NOW + timedelta(seconds=files.STALE_SECONDS)
    assert snapshot.current(now=soon) is not None
    assert snapshot.current(now=soon + timedelta(seconds=1)) is None


@pytest.mark.django_db
def test_a_snapshot_ends_after_a_day_and_is_not_taken_for_an_earlier_one():
    make_meeting()
    index.rebuild()
    snapshot.write(now=NOW)

    assert snapshot.current(now=NOW + timedelta(days=1, seconds=1)) is None
    assert snapshot.current(now=NOW - timedelta(seconds=1)) is None


@pytest.mark.django_db
def test_only_what_has_changed_is_written_and_the_newest_two_are_kept(capsys):
    make_meeting()
    index.rebuild()
    call_command("snapshot")
    call_command("snapshot")

    told = capsys.readouterr().out
    assert "Wrote" in told
    assert "Nothing has changed." in told
    for hours in range(1, 4):
        Meeting.objects.update(name=f"Another {hours}")
        place = snapshot.write(now=NOW + timedelta(days=600, hours=hours))
    assert len(list(place.parent.iterdir())) == 2


@pytest.mark.django_db
def test_groups_that_can_be_joined_from_anywhere_come_first():
    near = make_meeting()
    mixed = make_group()
    hall = make_meeting(group=mixed)
    link = make_meeting(group=mixed, format=Format.ONLINE)
    index.rebuild()

    columns = snapshot.gather(now=NOW)

    assert columns.anywhere == 2
    assert columns.row["meeting"].tolist() == [hall.pk, link.pk, near.pk]
