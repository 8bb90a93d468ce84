"""Next starts of many rows at once; schedule and clock hold the rules."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from finder.schedule import WEEK_MINUTES
from finder.search.clock import (
    DAY_MINUTES,
    EPOCH_WEEKDAY,
    first_minute,
    from_epoch_minute,
    offset_changes,
    pieces,
    viewer_offsets,
)
from finder.search.snapshot.columns import Columns

NEVER = 1 << 40
# A wait is at most a week and two changes of clocks; others are looked up to two years ahead.
_SOON_DAYS, _LATER_DAYS = 14, 740
_Rows = slice | np.ndarray


def next_starts(columns: Columns, rows: _Rows, now: datetime) -> np.ndarray:
    """Return the minute of the epoch at which each row starts next; NEVER where it does not."""
    minute = first_minute(now)
    if isinstance(rows, slice) and rows == slice(0, columns.anywhere):
        return _starts_anywhere(columns, minute)
    return _starts(columns, rows, minute)


@lru_cache(maxsize=2)
def _starts_anywhere(columns: Columns, minute: int) -> np.ndarray:
    """The same for whoever asks within a minute."""
    return _starts(columns, slice(0, columns.anywhere), minute)


def _starts(columns: Columns, rows: _Rows, minute: int) -> np.ndarray:
    week_minute, other = columns.row["week_minute"][rows], columns.row["other"][rows]
    table = _week_table(columns.zones, minute)
    starts = np.full(len(week_minute), NEVER, np.int64)
    plain = np.flatnonzero(week_minute >= 0)
    starts[plain] = table[columns.row["zone"][rows][plain], week_minute[plain]]
    rest = np.flatnonzero(other >= 0)
    if len(rest):
        ahead = columns.ahead[other[rest]]
        starts[rest] = np.where(ahead >= minute, ahead, NEVER).min(axis=1)
    return starts


@lru_cache(maxsize=2)
def _week_table(zones: tuple[str, ...], minute: int) -> np.ndarray:
    """The next start of each minute of the week in each zone; made once a minute."""
    table = np.empty((len(zones), WEEK_MINUTES), np.int64)
    every = np.arange(WEEK_MINUTES)
    now, day = from_epoch_minute(minute), _day_before(minute)
    for row, zone in zip(table, zones, strict=True):
        if offset_changes(zone, day, _SOON_DAYS):
            for low, high, start in pieces(zone, minute):
                row[low : high + 1] = start + np.arange(high + 1 - low)
        else:
            offset = int(now.astimezone(ZoneInfo(zone)).utcoffset().total_seconds() // 60)
            row[:] = minute + (every - _minute_of_week(minute + offset)) % WEEK_MINUTES
    return table


def _day_before(minute: int) -> datetime:
    # By whole days, so that changes of clocks are looked for once a day and not each minute.
    return from_epoch_minute((minute // DAY_MINUTES - 3) * DAY_MINUTES)


def _minute_of_week(minute: int | np.ndarray) -> int | np.ndarray:
    """The minute of the week, from Monday, of a minute of the epoch in local time."""
    return (minute + EPOCH_WEEKDAY * DAY_MINUTES) % WEEK_MINUTES


def viewed_minutes(starts: np.ndarray, zone: str, now: datetime) -> np.ndarray:
    """Return the minute of the viewer's week of each start; -1 where there is none."""
    since = _day_before(first_minute(now))
    (_always, offset), *changes = _offsets(zone, since)
    local = np.full(len(starts), offset, np.int64)
    for minute, later in changes:
        local[starts >= minute] = later
    return np.where(starts == NEVER, -1, _minute_of_week(starts + local))


@lru_cache(maxsize=256)
def _offsets(zone: str, since: datetime) -> list[tuple[int, int]]:
    return viewer_offsets(zone, since, days=_LATER_DAYS)
