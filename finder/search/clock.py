"""Resolving weekly wall times to moments for SQL: for one zone and one now, a few straight pieces.

Between two changes of clocks a minute of the week in a zone and a minute of the epoch run side
by side. So a zone needs only a handful of rows (from minute, to minute, moment of the first) to
resolve all its meetings; each row's moment comes from schedule.next_start, the only rule.
"""

from bisect import bisect_right
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from finder.schedule import WEEK_MINUTES, Schedule, next_start
from finder.vocab import ScheduleKind

DAY_MINUTES = 24 * 60
# The epoch began on a Thursday, three days after a Monday.
EPOCH_WEEKDAY = 3
_MINUTE = timedelta(minutes=1)


def epoch_minute(at: datetime) -> int:
    """Return the minute of the epoch that a moment lies in."""
    return int(at.timestamp() // 60)


def from_epoch_minute(minute: int) -> datetime:
    """Return the moment at which a minute of the epoch begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


def first_minute(now: datetime) -> int:
    """Return the first minute of the epoch that begins at or after ``now``."""
    return -int(-now.timestamp() // 60)


@lru_cache(maxsize=2048)
def pieces(zone: str, minute: int) -> tuple[tuple[int, int, int], ...]:
    """Return (first minute of the week, last, epoch minute of the first's next start).

    ``minute`` is ``first_minute(now)``: starts are whole minutes, so no more of now matters.
    """
    now = from_epoch_minute(minute)
    edges = sorted({0, WEEK_MINUTES} | _edges(zone, now))
    found: list[tuple[int, int, int]] = []
    for low, high in zip(edges, edges[1:], strict=False):
        start = epoch_minute(next_start(_slot(zone, low), now))
        if found and start - found[-1][2] == low - found[-1][0]:
            found[-1] = (found[-1][0], high - 1, found[-1][2])
        else:
            found.append((low, high - 1, start))
    return tuple(found)


def is_regular(found: tuple[tuple[int, int, int], ...], minute: int) -> bool:
    """Say whether pieces are those of a week without a change of clocks, ``minute`` in their last.

    Then the last piece begins at the minute of the week that it is, and the next start of any
    other is as far from there as its minute, once round the week.
    """
    low, _high, start = found[-1]
    expected = ((low, WEEK_MINUTES - 1, minute),)
    if low:
        expected = ((0, low - 1, minute + WEEK_MINUTES - low), *expected)
    return start == minute and found == expected


def weekly_start(zone: str, week_minute: int, minute: int) -> int:
    """Return the epoch minute of the next start of a meeting of every week, from its pieces."""
    found = bisect_right(pieces(zone, minute), (week_minute, WEEK_MINUTES, 0)) - 1
    low, _high, start = pieces(zone, minute)[found]
    return start + week_minute - low


def _slot(zone: str, week_minute: int) -> Schedule:
    weekday, minute = divmod(week_minute, DAY_MINUTES)
    start = time(minute // 60, minute % 60)
    return Schedule(ScheduleKind.WEEKLY, zone, weekday=weekday, start=start)


def _edges(zone: str, now: datetime) -> set[int]:
    """Return every minute of the week at which the next start may jump.

    That is now, and both ends of each stretch of wall time that a change of clocks skips or
    repeats in the weeks around now, as it stands and as a skipped time is moved.
    """
    tz = ZoneInfo(zone)
    edges = {_week_minute(now.astimezone(tz))}
    for change, before, after in offset_changes(zone, now - timedelta(days=2), 12):
        walls = [change + before, change + after]
        shift = after - before
        for wall in (
            *walls,
            walls[0] + shift,
            walls[1] + shift,
            walls[0] - shift,
            walls[1] - shift,
        ):
            edges.add(_week_minute(wall))
        # A start in the skipped or repeated stretch may still be ahead or just behind.
        local = now.astimezone(tz).replace(tzinfo=UTC)
        edges |= {_week_minute(local - shift), _week_minute(local + shift)}
    return edges


def _week_minute(wall: datetime) -> int:
    return wall.weekday() * DAY_MINUTES + wall.hour * 60 + wall.minute


@lru_cache(maxsize=2048)
def offset_changes(
    zone: str, since: datetime, days: int
) -> tuple[tuple[datetime, timedelta, timedelta], ...]:
    """Return (moment, offset before, offset after) of each change of clocks, to the minute."""
    tz = ZoneInfo(zone)
    changes = []
    for number in range(days):
        low = since + timedelta(days=number)
        high = low + timedelta(days=1)
        before, after = _offset(low, tz), _offset(high, tz)
        if before == after:
            continue
        while high - low > _MINUTE:
            middle = low + (high - low) / 2
            if _offset(middle, tz) == before:
                low = middle
            else:
                high = middle
        change = high.replace(second=0, microsecond=0)
        changes.append((change, before, after))
    return tuple(changes)


def _offset(at: datetime, tz: ZoneInfo) -> timedelta:
    return at.astimezone(tz).utcoffset()


def viewer_offsets(zone: str, now: datetime, *, days: int = 9) -> list[tuple[int, int]]:
    """Return (epoch minute, offset in minutes from then on) over the days a search can see."""
    offsets = [(0, int(_offset(now, ZoneInfo(zone)).total_seconds() // 60))]
    for change, _before, after in offset_changes(zone, now, days):
        offsets.append((epoch_minute(change), int(after.total_seconds() // 60)))
    return offsets
