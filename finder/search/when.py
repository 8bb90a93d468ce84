"""The part of a query that depends on the clock: next starts, days and times of the viewer."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from finder.models import Listing
from finder.schedule import next_start
from finder.search.clock import (
    DAY_MINUTES,
    EPOCH_WEEKDAY,
    epoch_minute,
    first_minute,
    from_epoch_minute,
    pieces,
    viewer_offsets,
)
from finder.search.document import schedule_of
from finder.search.values import Search

# Steps from zone to zone in the index, since there are few zones and many listings. A zone comes
# as a row without an id, so that zones and listings whose weeks differ are one query.
_ZONES_AND_OTHERS = """
  WITH RECURSIVE zones AS (
    (SELECT timezone FROM finder_listing WHERE week_minute IS NOT NULL
     ORDER BY timezone LIMIT 1)
    UNION ALL
    SELECT (SELECT l.timezone FROM finder_listing l
            WHERE l.timezone > zones.timezone AND l.week_minute IS NOT NULL
            ORDER BY l.timezone LIMIT 1)
    FROM zones WHERE zones.timezone IS NOT NULL
  )
  SELECT NULL::bigint AS meeting_id, NULL AS kind, NULL::smallint AS weekday, NULL::time AS start,
    timezone, NULL AS rrule, NULL::date AS first_on, NULL::jsonb AS exceptions,
    NULL::jsonb AS closures, NULL::smallint AS duration_minutes
  FROM zones WHERE timezone IS NOT NULL
  UNION ALL
  SELECT meeting_id, kind, weekday, start, timezone, rrule, first_on, exceptions, closures,
    duration_minutes
  FROM finder_listing l
"""
_JOIN = """
  LEFT JOIN unnest(%(zones)s::text[], %(lows)s::int[], %(highs)s::int[], %(starts)s::bigint[])
    AS z(zone, low, high, start)
    ON z.zone = l.timezone AND l.week_minute BETWEEN z.low AND z.high
  LEFT JOIN unnest(%(other_ids)s::bigint[], %(other_starts)s::bigint[]) AS o(id, start)
    ON o.id = l.meeting_id
  CROSS JOIN LATERAL (SELECT coalesce(o.start, z.start + l.week_minute - z.low) AS n) AS clock
"""
_NO_JOIN = "CROSS JOIN LATERAL (SELECT NULL::bigint AS n) AS clock"
# Round the clock fits every day and hour, unless the place is shut.
_ALWAYS = "(l.kind = 'always' AND l.closures = '[]'::jsonb)"


@dataclass(frozen=True)
class TimeSql:
    """A join that gives each listing its next start as ``n``, and conditions on it."""

    join: str
    where: list[str] = field(default_factory=list)
    params: dict = field(default_factory=dict)

    @classmethod
    def of(cls, search: Search, where: list[str], params: dict) -> "TimeSql":
        """Make the part for a search whose other conditions are given; one query, or none."""
        if not search.needs_starts:
            return cls(_NO_JOIN)
        zones, others = _zones_and_others(search, where, params)
        values = _zone_params(search, zones) | {
            "other_ids": list(others),
            "other_starts": list(others.values()),
        }
        if not search.has_times:
            return cls(_JOIN, [], values)
        condition = f"(o.id IS NOT NULL OR {_ALWAYS} OR ({_weekly_condition(search)}))"
        return cls(_JOIN, [condition], values)


def _zone_params(search: Search, zones: list[str]) -> dict[str, list]:
    minute = first_minute(search.now)
    rows = [(zone, *piece) for zone in zones for piece in pieces(zone, minute)]
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return dict(zip(("zones", "lows", "highs", "starts"), map(list, columns), strict=True))


def _zones_and_others(
    search: Search, where: list[str], params: dict
) -> tuple[list[str], dict[int, int]]:
    """Return every zone, and the next starts of the listings whose weeks differ and that fit."""
    condition = " AND ".join([*where, "l.week_minute IS NULL", "l.kind IN ('weekly', 'rule')"])
    zones, starts = [], {}
    for listing in Listing.objects.raw(f"{_ZONES_AND_OTHERS} WHERE {condition}", params):
        if listing.pk is None:
            zones.append(listing.timezone)
            continue
        at = next_start(schedule_of(listing), search.now)
        if at is not None and (not search.has_times or fits(search, epoch_minute(at))):
            starts[listing.pk] = epoch_minute(at)
    return zones, starts


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
    """Write ``fits`` for the next start ``n`` of a weekly listing; every number is ours."""
    begins, allowed = span(search)
    offset = _offset_sql(search)
    passed = f"(n + {offset} - {begins})"
    said = ["n IS NOT NULL", f"{passed} %% {DAY_MINUTES} <= {allowed}"]
    if search.days:
        weekday = f"({passed} / {DAY_MINUTES} + {EPOCH_WEEKDAY}) %% 7"
        said.append(f"{weekday} IN ({', '.join(str(int(day)) for day in search.days)})")
    if search.starts_within is not None:
        said.append(f"n <= {_latest(search)}")
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
