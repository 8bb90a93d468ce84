"""The only place where a Search becomes SQL; pages, API, map and matching all ask through it."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from finder.freshness import AT_FIRST, HALF_LIFE, NEVER
from finder.models import Listing
from finder.schedule import next_start
from finder.search import cursor as cursors
from finder.search import prepared
from finder.search.clock import first_minute, from_epoch_minute, weekly_start
from finder.search.conditions import Conditions, conditions
from finder.search.document import TIERS, row_text, schedule_of
from finder.search.explaining import why
from finder.search.values import COUNT_LIMIT, Cursor, Results, Search
from finder.search.when import TimeSql
from finder.vocab import ScheduleKind

# How far ahead to look, in minutes, before looking at everything; most start at half or whole
# hours.
_WAITS = (35, 120, 1440)
# Keys of rows that have none: they come last, and a cursor can still stand on them.
_NO_DISTANCE, _NO_START, _NOT_KNOWN = 1e9, 1e12, TIERS["not_known"]
# How likely a listing is still right (freshness), never so little that it falls off the list.
_STILL_RIGHT = f"""greatest(0.01::float8, {AT_FIRST} * power(2::float8,
  -greatest(0, coalesce(%(today)s::date - l.verified_on, {NEVER}))
  / CASE WHEN l.format IN ('online', 'phone') THEN {HALF_LIFE[True]}::float8
    ELSE {HALF_LIFE[False]}::float8 END))"""
# A mile and half an hour more, so that what is here and now ages too.
_SOON = f"coalesce((n - %(minute)s + 30) / {_STILL_RIGHT}, {_NO_START})::float8"
# Nobody minds a few minutes more on the way: within a band the soonest comes first.
_BANDS = "ARRAY[2, 4, 7, 12, 20, 35, 60, 110, 210, 1000]::float8[]"
_BAND = (
    f"""width_bucket(coalesce((l.away + 1) / {_STILL_RIGHT}, {_NO_DISTANCE}), {_BANDS})::float8"""
)
_START = f"coalesce(n, {_NO_START})::float8"
_SCHEDULE = ["kind", "weekday", "start", "duration_minutes", "timezone", "rrule", "first_on"]
_SCHEDULE += ["exceptions", "closures"]


class _Row(NamedTuple):
    """A row of a page: what it is ordered by, and what it says."""

    id: int
    distance: float | None
    start: int | None
    document: str
    kind: str
    week_minute: int | None
    timezone: str
    keys: tuple[float | str, ...]


def query(search: Search) -> Results:
    """Answer a search in a fixed number of queries."""
    asked_for = conditions(search)
    total, page = _soonest(search, asked_for) or _page(search, asked_for)
    asked = search.cursor
    has_more = len(page) > search.page_size
    page = page[: search.page_size]
    if asked and asked.is_backward:
        page.reverse()
    has_next = True if asked and asked.is_backward else has_more
    has_previous = has_more if asked and asked.is_backward else asked is not None
    return Results(
        count=min(total, COUNT_LIMIT),
        is_count_exact=total <= COUNT_LIMIT,
        texts=_texts(search, page),
        next_cursor=_cursor(search, page[-1] if page else None) if has_next else None,
        previous_cursor=_cursor(search, page[0] if page else None, is_backward=True)
        if has_previous
        else None,
        notices=_notices(search, total),
    )


def _key_sql(search: Search, rank: str) -> list[str]:
    """Return the sort keys, each ascending and never null."""
    tier = f"coalesce(l.{search.medication}_tier, {_NOT_KNOWN})::float8"
    if search.weighs_freshness:
        near = [_BAND, _START] if search.near else ["0::float8", _SOON]
        best = {"distance": near, "next_start": [_SOON], "acceptance": [tier, *near]}
        if search.sort in best:
            return best[search.sort]
    return {
        "distance": [f"coalesce(l.away, {_NO_DISTANCE})", _START],
        "next_start": [_START],
        "acceptance": [tier, f"-coalesce(l.{search.medication}_lower, 0)", "0::float8"],
        "relevance": [f"(-{rank} * {_STILL_RIGHT})::float8"],
        "name": ["l.sort_name"],
    }[search.sort]


def _soonest(search: Search, asked_for: Conditions) -> tuple[int, list[_Row]] | None:
    """Return the page of what starts soonest, if what starts soon is enough to be sure of it.

    Else every start in the directory would be resolved and ordered to show the first twenty.
    """
    is_backward = search.cursor is not None and search.cursor.is_backward
    if search.sort != "next_start" or search.near or search.words or search.has_times:
        return None
    for wait in () if is_backward else _WAITS:
        total, page = _page(search, asked_for, soon=replace(search, starts_within=wait))
        if len(page) > search.page_size and page[-1].keys[0] < _beyond(search, wait):
            return total, page
    return None


def _beyond(search: Search, wait: int) -> float:
    """Return a key that nothing which starts after so many minutes falls below."""
    latest = search.now.timestamp() // 60 + wait
    if not search.weighs_freshness:
        return latest
    return (latest - first_minute(search.now) + 30) / AT_FIRST


def _page(
    search: Search, asked_for: Conditions, *, soon: Search | None = None
) -> tuple[int, list[_Row]]:
    """Return the count (up to one more than is exact) and the rows of one page.

    With ``soon`` only what starts soon is ordered; everything is counted all the same.
    """
    times = TimeSql.of(soon or search, asked_for.plain, asked_for.params)
    counted = f"SELECT FROM {asked_for.listings()}" if soon else "SELECT FROM hits"
    keys = _key_sql(search, asked_for.rank)
    params = asked_for.params | times.params
    params |= {"today": search.now.date(), "minute": first_minute(search.now)}
    names = [f"k{number}" for number in range(len(keys))] + ["id"]
    aliased = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=False))
    backward = search.cursor is not None and search.cursor.is_backward
    order = ", ".join(f"{name} DESC" if backward else name for name in names)
    after = ""
    if search.cursor:
        placed = [f"%(at_{name})s" for name in names]
        after = f"WHERE ({', '.join(names)}) {'<' if backward else '>'} ({', '.join(placed)})"
        at = [*search.cursor.keys, search.cursor.meeting_id]
        params |= {f"at_{name}": value for name, value in zip(names, at, strict=True)}
    sql = f"""
      WITH hits AS MATERIALIZED (
        SELECT l.meeting_id AS id, l.away AS d, l.n, {aliased}
        FROM {asked_for.listings(times)}
      ), page AS (
        SELECT * FROM hits {after} ORDER BY {order} LIMIT {search.page_size + 1}
      )
      SELECT total, id, d, n, t.document, l.kind, l.week_minute, l.timezone,
        {", ".join(names[:-1])}
      FROM (SELECT count(*) AS total FROM (
        {counted} LIMIT {COUNT_LIMIT + 1}) AS few) AS c
      LEFT JOIN (page JOIN finder_listingtext t ON t.listing_id = page.id
        JOIN finder_listing l ON l.meeting_id = page.id) ON true
      ORDER BY {order}
    """
    found = prepared.fetch(sql, params, is_steady=asked_for.is_steady)
    return found[0][0], [_Row(*row[1:8], row[8:]) for row in found if row[1] is not None]


def _texts(search: Search, page: list[_Row]) -> list[str]:
    """Return the rows of the API as JSON, their next starts resolved."""
    # Only where the order needed no starts has a rule to be read here.
    unread = [row.id for row in page if row.start is None and _is_other(row)]
    schedules = Listing.objects.only(*_SCHEDULE).in_bulk(unread) if unread else {}
    minute, tz = first_minute(search.now), ZoneInfo(search.tz)
    texts = []
    for row in page:
        if row.id in schedules:
            at = next_start(schedule_of(schedules[row.id]), search.now)
        else:
            at = _weekly(row, minute)
        because = why(search, row.keys) if search.explains else None
        texts.append(row_text(row.document, at=at, tz=tz, distance=row.distance, why=because))
    return texts


def _is_other(row: _Row) -> bool:
    return row.week_minute is None and row.kind in (ScheduleKind.WEEKLY, ScheduleKind.RULE)


def _weekly(row: _Row, minute: int) -> datetime | None:
    start = row.start
    if start is None and row.week_minute is not None:
        start = weekly_start(row.timezone, row.week_minute, minute)
    return None if start is None else from_epoch_minute(start)


def _cursor(search: Search, row: _Row | None, *, is_backward: bool = False) -> str:
    if row is None:
        # The rows of this page are gone; turn round where the reader is, that row included.
        step = 1 if is_backward else -1
        cursor = Cursor(search.cursor.keys, search.cursor.meeting_id + step, is_backward)
    else:
        cursor = Cursor(row.keys, row.id, is_backward)
    return cursors.encode(cursor, now=search.now, belongs_to=search.fingerprint)


def _notices(search: Search, total: int) -> list[str]:
    notices = [_("Times are in the zone %(zone)s.") % {"zone": search.tz}]
    if total > COUNT_LIMIT:
        notices.append(_("More than 10,000 meetings match; they are not counted further."))
    if search.near and not search.formats:
        notices.append(
            _("Meetings held only online or by phone are left out; ask for them by format.")
        )
    return notices
