"""The only place where a Search becomes SQL; pages, API, map and matching all ask through it."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from finder.freshness import AT_FIRST, HALF_LIFE, NEVER
from finder.geo import EARTH_MILES, boxes
from finder.models import Listing
from finder.schedule import next_start
from finder.search import cursor as cursors
from finder.search import prepared
from finder.search.clock import first_minute, from_epoch_minute, weekly_start
from finder.search.document import TIERS, row_text, schedule_of
from finder.search.explaining import why
from finder.search.reading import all_words
from finder.search.values import COUNT_LIMIT, Cursor, Results, Search
from finder.search.when import MEETS, TimeSql, stored_formats
from finder.vocab import Format, ScheduleKind

# How far ahead to look, in minutes, before looking at everything; most start at half or whole
# hours.
_WAITS = (35, 120, 1440)
# Keys of rows that have none: they come last, and a cursor can still stand on them.
_NO_DISTANCE, _NO_START, _NOT_KNOWN = 1e9, 1e12, TIERS["not_known"]
DISTANCE_SQL = f"""(2 * {EARTH_MILES!r} * asin(least(1, sqrt(
  power(sin(radians(l.lat - %(lat)s) / 2), 2) + cos(radians(%(lat)s)) * cos(radians(l.lat))
  * power(sin(radians(l.lng - %(lng)s) / 2), 2)))))"""
# How likely a listing is still right (freshness), never so little that it falls off the list.
_STILL_RIGHT = f"""greatest(0.01::float8, {AT_FIRST} * power(2::float8,
  -greatest(0, coalesce(%(today)s::date - l.verified_on, {NEVER}))
  / CASE WHEN l.format IN ('online', 'phone') THEN {HALF_LIFE[True]}::float8
    ELSE {HALF_LIFE[False]}::float8 END))"""
# A mile and half an hour more, so that what is here and now ages too.
_SOON = f"coalesce((n - %(minute)s + 30) / {_STILL_RIGHT}, {_NO_START})::float8"
# Nobody minds a few minutes more on the way: within a band the soonest comes first.
_BANDS = "ARRAY[2, 4, 7, 12, 20, 35, 60, 110, 210, 1000]::float8[]"
_BAND = f"""width_bucket(coalesce((d + 1) / {_STILL_RIGHT}, {_NO_DISTANCE}), {_BANDS})::float8"""
_START = f"coalesce(n, {_NO_START})::float8"
_TSQUERY = "websearch_to_tsquery('mhg', %(words)s)"
# An array, since a subquery beside another condition would be asked for every listing.
_HAS_WORDS = f"""l.meeting_id = ANY(ARRAY(
  SELECT t.listing_id FROM finder_listingtext t WHERE t.words @@ {_TSQUERY}))"""
_RANK = f"""(SELECT ts_rank(t.words, {_TSQUERY}) FROM finder_listingtext t
  WHERE t.listing_id = l.meeting_id)::float8"""
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
    where, params = predicates(search)
    total, page = _soonest(search, where, params) or _page(search, where, params)
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


def predicates(search: Search) -> tuple[list[str], dict]:
    """Return the conditions on a listing that do not depend on the clock, and their values."""
    where, params = [], {}
    _add_format_and_place(search, where, params)
    for name, column in (("programs", "program"), ("models", "model")):
        if getattr(search, name):
            where.append(f"l.{column} = ANY(%({name})s)")
            params[name] = list(getattr(search, name))
    for name, operator in (("focus", "@>"), ("languages", "&&"), ("access", "@>")):
        if getattr(search, name):
            where.append(f"l.{name} {operator} %({name})s::varchar[]")
            params[name] = list(getattr(search, name))
    if search.acceptance:
        where.append(f"l.{search.medication}_tier = ANY(%(tiers)s)")
        params["tiers"] = [TIERS[label] for label in search.acceptance]
    if search.words:
        # Words that say nothing alone ("the") ask for nothing.
        where.append(f"(numnode({_TSQUERY}) = 0 OR {_HAS_WORDS})")
        params["words"] = all_words(search.words)
    return where, params


def _add_format_and_place(search: Search, where: list[str], params: dict) -> None:
    """Near means where one can go; who asks for online or phone gets those from anywhere."""
    if not search.near:
        if search.formats:
            where.append("l.format = ANY(%(formats)s)")
            params["formats"] = stored_formats(search)
        return
    point = search.near.point
    params |= {"lat": point.lat, "lng": point.lng, "miles": search.within}
    here = f"({_boxes_sql(search, params)}) AND {DISTANCE_SQL} <= %(miles)s"
    remote = {f for asked in search.formats if asked != Format.IN_PERSON for f in MEETS[asked]}
    if not remote:
        where.append(f"l.format IN ('in_person', 'hybrid') AND {here}")
        return
    params["remote"] = sorted(remote)
    from_afar = "l.format = ANY(%(remote)s)"
    if Format.IN_PERSON in search.formats:
        where.append(f"({from_afar} OR (l.format IN ('in_person', 'hybrid') AND {here}))")
    else:
        where.append(from_afar)


def _boxes_sql(search: Search, params: dict) -> str:
    """Prefilter by the index."""
    corners = []
    for number, box in enumerate(boxes(search.near.point, search.within)):
        names = [f"{side}{number}" for side in ("west", "south", "east", "north")]
        params |= zip(names, (box.west, box.south, box.east, box.north), strict=True)
        west, south, east, north = (f"%({name})s" for name in names)
        corners.append(f"box(point({west}, {south}), point({east}, {north}))")
    return " OR ".join(f"point(l.lng, l.lat) <@ {corner}" for corner in corners)


def _key_sql(search: Search) -> list[str]:
    """Return the sort keys, each ascending and never null."""
    tier = f"coalesce(l.{search.medication}_tier, {_NOT_KNOWN})::float8"
    if search.weighs_freshness:
        near = [_BAND, _START] if search.near else ["0::float8", _SOON]
        best = {"distance": near, "next_start": [_SOON], "acceptance": [tier, *near]}
        if search.sort in best:
            return best[search.sort]
    return {
        "distance": [f"coalesce(d, {_NO_DISTANCE})", _START],
        "next_start": [_START],
        "acceptance": [tier, f"-coalesce(l.{search.medication}_lower, 0)", "0::float8"],
        "relevance": [f"-{_RANK} * {_STILL_RIGHT}"],
        "name": ["l.sort_name"],
    }[search.sort]


def _soonest(search: Search, where: list[str], params: dict) -> tuple[int, list[_Row]] | None:
    """Return the page of what starts soonest, if what starts soon is enough to be sure of it.

    Else every start in the directory would be resolved and ordered to show the first twenty.
    """
    is_backward = search.cursor is not None and search.cursor.is_backward
    if search.sort != "next_start" or search.near or search.words or search.has_times:
        return None
    for wait in () if is_backward else _WAITS:
        total, page = _page(search, where, params, soon=replace(search, starts_within=wait))
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
    search: Search, where: list[str], params: dict, *, soon: Search | None = None
) -> tuple[int, list[_Row]]:
    """Return the count (up to one more than is exact) and the rows of one page.

    With ``soon`` only what starts soon is ordered; everything is counted all the same.
    """
    times = TimeSql.of(soon or search, where, params)
    params = params | times.params
    condition = " AND ".join([*where, *times.where]) or "true"
    counted = f"SELECT FROM finder_listing l WHERE {' AND '.join(where) or 'true'}"
    keys = _key_sql(search)
    params = params | {"today": search.now.date(), "minute": first_minute(search.now)}
    names = [f"k{number}" for number in range(len(keys))] + ["id"]
    aliased = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=False))
    backward = search.cursor is not None and search.cursor.is_backward
    order = ", ".join(f"{name} DESC" if backward else name for name in names)
    after = ""
    if search.cursor:
        placed = [f"%(at_{name})s" for name in names]
        after = f"WHERE ({', '.join(names)}) {'<' if backward else '>'} ({', '.join(placed)})"
        at = [*search.cursor.keys, search.cursor.meeting_id]
        params = params | {f"at_{name}": value for name, value in zip(names, at, strict=True)}
    distance = (
        f"CASE WHEN l.lat IS NOT NULL THEN {DISTANCE_SQL} END" if search.near else "NULL::float8"
    )
    sql = f"""
      WITH hits AS MATERIALIZED (
        SELECT l.meeting_id AS id, d, n, {aliased}
        FROM {times.source}
        CROSS JOIN LATERAL (SELECT {distance} AS d) AS distance
        WHERE {condition}
      ), page AS (
        SELECT * FROM hits {after} ORDER BY {order} LIMIT {search.page_size + 1}
      )
      SELECT total, id, d, n, t.document, l.kind, l.week_minute, l.timezone,
        {", ".join(names[:-1])}
      FROM (SELECT count(*) AS total FROM (
        {counted if soon else "SELECT FROM hits"} LIMIT {COUNT_LIMIT + 1}) AS few) AS c
      LEFT JOIN (page JOIN finder_listingtext t ON t.listing_id = page.id
        JOIN finder_listing l ON l.meeting_id = page.id) ON true
      ORDER BY {order}
    """
    found = prepared.fetch(sql, params)
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
