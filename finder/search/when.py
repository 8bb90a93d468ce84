"""The part of a query that depends on the clock: next starts, days and times of the viewer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from finder.models import Listing
from finder.schedule import next_start
from finder.search import version
from finder.search.clock import (
    DAY_MINUTES,
    EPOCH_WEEKDAY,
    epoch_minute,
    first_minute,
    from_epoch_minute,
    is_regular,
    pieces,
    viewer_offsets,
)
from finder.search.document import schedule_of
from finder.search.values import Search
from finder.vocab import Format

# Which stored formats each asked-for format is met by.
MEETS = {
    Format.IN_PERSON: ("in_person", "hybrid"),
    Format.ONLINE: ("online", "hybrid"),
    Format.PHONE: ("phone",),
}
# Steps from zone to zone in the index, since there are few zones and many listings.
_WEEKS = """
  WITH RECURSIVE zones AS (
    (SELECT timezone FROM finder_listing WHERE week_minute IS NOT NULL
     ORDER BY timezone LIMIT 1)
    UNION ALL
    SELECT (SELECT l.timezone FROM finder_listing l
            WHERE l.timezone > zones.timezone AND l.week_minute IS NOT NULL
            ORDER BY l.timezone LIMIT 1)
    FROM zones WHERE zones.timezone IS NOT NULL
  )
  SELECT coalesce(array_agg(timezone) FILTER (WHERE timezone IS NOT NULL), '{}'),
    EXISTS (SELECT FROM finder_listing WHERE week_minute IS NULL AND kind IN ('weekly', 'rule'))
  FROM zones
"""
_OTHERS = """
  SELECT meeting_id, kind, weekday, start, timezone, rrule, first_on, exceptions, closures,
    duration_minutes
  FROM finder_listing l
  WHERE l.week_minute IS NULL AND l.kind IN ('weekly', 'rule')
"""
# By the place of its zone in a list: a table to join would be gone through for every listing. Only
# a zone whose clocks change within a week, which has no minute here, is looked up in its pieces.
_STARTS = """CASE WHEN l.week_minute IS NULL
    THEN (%(other_starts)s::bigint[])[array_position(%(other_ids)s::bigint[], l.meeting_id)]
    ELSE coalesce(
      %(first)s::bigint + (l.week_minute + 10080 - (%(minutes)s::int[])[
        array_position(%(regular)s::text[], l.timezone::text)]) %% 10080,
      (SELECT z.start + l.week_minute - z.low
       FROM unnest(%(zones)s::text[], %(lows)s::int[], %(highs)s::int[], %(starts)s::bigint[])
         AS z(zone, low, high, start)
       WHERE z.zone = l.timezone AND l.week_minute BETWEEN z.low AND z.high))
  END"""
# Where what starts soon is few: by the index, not by looking at every listing.
_SOON = """
    SELECT w.meeting_id AS id, z.start + w.week_minute - z.low AS n
    FROM unnest(%(zones)s::text[], %(lows)s::int[], %(highs)s::int[], %(starts)s::bigint[])
      AS z(zone, low, high, start)
    JOIN finder_listing w ON w.timezone = z.zone AND w.week_minute BETWEEN z.low AND z.high
      AND (%(soon_formats)s::text[] IS NULL OR w.format = ANY(%(soon_formats)s))
    UNION ALL
    SELECT id, start FROM unnest(%(other_ids)s::bigint[], %(other_starts)s::bigint[])
      AS o(id, start)
    UNION ALL
    SELECT meeting_id, NULL FROM finder_listing
    WHERE kind = 'always' AND week_minute IS NULL AND closures = '[]'::jsonb
"""
# One by one: the planner expects more of them than there are, and would read every listing.
_SOON_SOURCE = f"""({_SOON}) AS clock CROSS JOIN LATERAL (
  SELECT * FROM finder_listing one WHERE one.meeting_id = clock.id OFFSET 0) AS l"""
_NO_STARTS = "NULL::bigint"
# Most meetings are in these zones, so they are found first.
_COMMON = tuple(f"America/{city}" for city in ("New_York", "Chicago", "Los_Angeles", "Denver"))
# A zone, the first and last minute of the week, and the moment of the first.
_Piece = tuple[str, int, int, int]
# Round the clock fits every day and hour, unless the place is shut.
ALWAYS = "(l.kind = 'always' AND l.closures = '[]'::jsonb)"


@dataclass(frozen=True)
class TimeSql:
    """The next start of a listing ``l`` as an expression, and conditions on it as ``n``."""

    starts: str = _NO_STARTS
    where: list[str] = field(default_factory=list)
    params: dict = field(default_factory=dict)
    # Listings with their starts, where another way to write them is quicker.
    soonest: str = ""

    @classmethod
    def of(cls, search: Search, plain: str, params: dict) -> "TimeSql":
        """Make the part for a search whose other conditions on ``finder_listing l`` are given.

        Two queries at most.
        """
        if not search.needs_starts:
            return NO_TIMES
        zones, has_others = _weeks(search.version or version.current())
        others = _others(search, plain, params) if has_others else {}
        minute = first_minute(search.now)
        values = {"other_ids": list(others), "other_starts": list(others.values())}
        if search.starts_within is not None:
            values["latest"] = _latest(search)
        if search.days:
            values["days"] = list(search.days)
        if _is_soon(search):
            rows = _only_soon(_pieces(zones, minute), _latest(search))
            values |= _arrays(rows) | {"soon_formats": stored_formats(search) or None}
            condition = f"(n IS NULL OR l.week_minute IS NULL OR ({_weekly_condition(search)}))"
            return cls("clock.n", [condition], values, _SOON_SOURCE)
        values |= _minutes(zones, minute, search.tz)
        if not search.has_times:
            return cls(_STARTS, [], values)
        # An irregular week has been asked already.
        is_asked = f"(l.week_minute IS NULL AND n IS NOT NULL OR {ALWAYS})"
        return cls(_STARTS, [f"({is_asked} OR ({_weekly_condition(search)}))"], values)


NO_TIMES = TimeSql()


@lru_cache(maxsize=256)
def _minutes(zones: tuple[str, ...], minute: int, first: str) -> dict:
    """Return the minute of the week it is in each zone, and the pieces of zones without one."""
    regular, minutes, rest = [], [], []
    common = {zone: place for place, zone in enumerate((first, *_COMMON))}
    for zone in sorted(zones, key=lambda zone: (common.get(zone, len(common)), zone)):
        rows = pieces(zone, minute)
        if is_regular(rows, minute):
            regular.append(zone)
            minutes.append(rows[-1][0])
        else:
            rest += [(zone, *row) for row in rows]
    told = {"first": minute, "regular": _array(regular), "minutes": _array(minutes)}
    return told | _arrays(tuple(rest))


@lru_cache(maxsize=32)
def _pieces(zones: tuple[str, ...], minute: int) -> tuple[_Piece, ...]:
    return tuple((zone, *piece) for zone in zones for piece in pieces(zone, minute))


@lru_cache(maxsize=64)
def _arrays(rows: tuple[_Piece, ...]) -> dict[str, str]:
    """Write the columns as the database writes arrays: it reads one text sooner than a list."""
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return dict(zip(("zones", "lows", "highs", "starts"), map(_array, columns), strict=True))


def _array(values: Iterable) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _is_soon(search: Search) -> bool:
    """Say whether the clock narrows a search more than anything else does."""
    wait = search.starts_within
    return wait is not None and wait <= DAY_MINUTES and not search.near and not search.words


@lru_cache(maxsize=64)
def _only_soon(rows: tuple[_Piece, ...], latest: int) -> tuple[_Piece, ...]:
    """Keep of each zone's pieces what starts soon enough."""
    cut = ((zone, low, min(high, low + latest - start), start) for zone, low, high, start in rows)
    return tuple(row for row in cut if row[2] >= row[1])


def stored_formats(search: Search) -> list[str]:
    """Return the stored formats that those asked for are met by; none for any."""
    return sorted({stored for asked in search.formats for stored in MEETS[Format(asked)]})


@lru_cache(maxsize=8)
def _weeks(_version: str) -> tuple[tuple[str, ...], bool]:
    """Return every zone that meetings are held in, and whether any week differs from others."""
    with connection.cursor() as db:
        db.execute(_WEEKS)
        zones, has_others = db.fetchone()
    return tuple(zones), has_others


def _others(search: Search, plain: str, params: dict) -> dict[int, int]:
    """Return the next starts of the listings whose weeks differ and that fit."""
    starts = {}
    for listing in Listing.objects.raw(f"{_OTHERS} AND ({plain})", params):
        at = next_start(schedule_of(listing), search.now)
        if at is not None and (not search.has_times or fits(search, epoch_minute(at))):
            starts[listing.pk] = epoch_minute(at)
    return starts


def span(search: Search) -> tuple[int, int]:
    """Return the earliest minute of the day and how many more are allowed, past midnight too."""
    begins = search.from_minute or 0
    ends = DAY_MINUTES - 1 if search.to_minute is None else search.to_minute
    return begins, (ends - begins) % DAY_MINUTES


def fits(search: Search, minute: int) -> bool:
    """Say whether a start (a minute of the epoch) is on the days and at the times asked for.

    A night that runs past midnight belongs to the day it began on.
    """
    if search.starts_within is not None and minute > _latest(search):
        return False
    begins, allowed = span(search)
    day, passed = divmod(minute + _offset_at(search, minute) - begins, DAY_MINUTES)
    if search.days and (day + EPOCH_WEEKDAY) % 7 not in search.days:
        return False
    return passed <= allowed


def _latest(search: Search) -> int:
    return int(search.now.timestamp() // 60) + search.starts_within


def _offset_at(search: Search, minute: int) -> int:
    tz = ZoneInfo(search.tz)
    return int(from_epoch_minute(minute).astimezone(tz).utcoffset().total_seconds() // 60)


def _weekly_condition(search: Search) -> str:
    """Write ``fits`` for the next start ``n`` of a weekly listing; its numbers are ours."""
    begins, allowed = span(search)
    offset = _offset_sql(search)
    passed = f"(n + {offset} - {begins})"
    said = ["n IS NOT NULL", f"{passed} %% {DAY_MINUTES} <= {allowed}"]
    if search.days:
        weekday = f"({passed} / {DAY_MINUTES} + {EPOCH_WEEKDAY}) %% 7"
        said.append(f"{weekday} = ANY(%(days)s::bigint[])")
    if search.starts_within is not None:
        said.append("n <= %(latest)s")
    return " AND ".join(said)


def weekday_sql(search: Search) -> str:
    """Write the viewer's weekday of the next start ``n`` of any listing, a year ahead too."""
    begins, _allowed = span(search)
    passed = f"(n + {_offset_sql(search, days=400)} - {begins})"
    return f"(({passed} / {DAY_MINUTES} + {EPOCH_WEEKDAY}) %% 7)"


def _offset_sql(search: Search, *, days: int = 9) -> str:
    first, *later = viewer_offsets(search.tz, search.now, days=days)
    sql = f"({first[1]})"
    for minute, offset in later:
        sql = f"(CASE WHEN n >= {minute} THEN {offset} ELSE {sql} END)"
    return sql
