"""What fits a search on a map: places as columns when near enough, clusters when far away."""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from finder.geo import Box
from finder.search import prepared
from finder.search.conditions import conditions
from finder.search.values import Search
from finder.search.when import TimeSql

# From this zoom on single meetings are told, unless there are more than fit on a screen.
POINTS_FROM_ZOOM = 9
MOST_POINTS = 5000
# A tile of a web map is 256 pixels wide at every zoom; a cluster stands for a square of 64.
_CELLS_ACROSS_A_TILE = 4
# Degrees are told as whole numbers: a hundred thousandth is a step or two on foot.
SCALE = 100_000
MAX_ZOOM = 22
_DEGREES = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_BBOX = re.compile(rf"({_DEGREES}),({_DEGREES}),({_DEGREES}),({_DEGREES})", re.ASCII)


class ViewError(ValueError):
    """A part of the map that cannot be told; the message is a sentence."""

    def __init__(self, parameter: str, sentence: str) -> None:
        self.parameter = parameter
        super().__init__(sentence)


@dataclass(frozen=True)
class View:
    """What a map shows: one box, or two where it crosses the date line, and how near it is."""

    boxes: tuple[Box, ...]
    zoom: int


def read_view(bbox: str, zoom: str) -> View:
    """Read west,south,east,north in degrees and a zoom; raises ViewError with a sentence.

    West may be greater than east, or either of them beyond 180: maps are dragged round the world.
    """
    found = _BBOX.fullmatch(bbox.strip())
    if not found:
        raise ViewError("bbox", _("Give bbox as west,south,east,north in degrees."))
    west, south, east, north = map(float, found.groups())
    if not -90 <= south < north <= 90 or west == east:
        raise ViewError("bbox", _("Give bbox with its south below its north, within 90 degrees."))
    if not re.fullmatch(r"\d{1,2}", zoom, re.ASCII) or int(zoom) > MAX_ZOOM:
        raise ViewError("zoom", _("Give zoom as a whole number from 0 to 22."))
    return View(tuple(_boxes(west, south, east, north)), int(zoom))


def _boxes(west: float, south: float, east: float, north: float) -> list[Box]:
    if east - west >= 360:
        return [Box(south, -180.0, north, 180.0)]
    west, east = (west + 180) % 360 - 180, (east + 180) % 360 - 180
    # The date line is an east end too, and then it is 180.
    east = 180.0 if east == -180.0 else east
    if west < east:
        return [Box(south, west, north, east)]
    return [Box(south, west, north, 180.0), Box(south, -180.0, north, east)]


@dataclass(frozen=True)
class Found:
    """The meetings on a map, as JSON texts of equal length; ``hidden`` have no exact place."""

    count: int
    hidden: int
    is_clustered: bool
    columns: dict[str, str]


def on_map(search: Search, view: View) -> Found:
    """Find what fits a search within a view: in one query, or two where it must be clustered.

    Where days or times are asked for, one more resolves them.
    """
    asked = conditions(search).inside(view.boxes)
    # No order is asked for, so nothing needs to be resolved for one.
    times = TimeSql.of(replace(search, sort="name"), asked.plain, asked.params)
    source, params = f"FROM {asked.listings(times)}", asked.params | times.params
    if view.zoom >= POINTS_FROM_ZOOM:
        found = _points(search, source, params)
        if found.count <= MOST_POINTS:
            return found
    return _clusters(source, params, view.zoom)


def _points(search: Search, source: str, params: dict) -> Found:
    """Tell each meeting; numbers that grow little by little are told as steps."""
    label, tiers = "NULL::smallint", "NULL"
    if search.medication:
        label = f"l.{search.medication}_tier"
        tiers = "string_agg(coalesce(tier::text, 'null'), ',')"
    # Written as text by the database: five thousand rows never become objects. What the window
    # has put in order stays in order, and is joined as it comes.
    sql = f"""
      WITH hits AS MATERIALIZED (
        SELECT l.meeting_id AS id, round(l.lat * {SCALE})::int AS lat,
          round(l.lng * {SCALE})::int AS lng, l.program, {label} AS tier, l.is_approximate
        {source} LIMIT {MOST_POINTS + 1}
      ), named AS MATERIALIZED (
        SELECT program, row_number() OVER (ORDER BY program) - 1 AS place
        FROM (SELECT DISTINCT program FROM hits WHERE NOT is_approximate) AS programs
      ), stepped AS (
        SELECT hits.id - lag(hits.id, 1, 0::bigint) OVER w AS id,
          lat - lag(lat, 1, 0) OVER w AS lat, lng - lag(lng, 1, 0) OVER w AS lng,
          named.place AS program, tier
        FROM hits JOIN named USING (program) WHERE NOT is_approximate
        WINDOW w AS (ORDER BY lat, lng, hits.id)
      )
      SELECT (SELECT count(*) FROM hits), (SELECT count(*) FROM hits WHERE is_approximate),
        string_agg(id::text, ','), string_agg(lat::text, ','), string_agg(lng::text, ','),
        string_agg(program::text, ','), {tiers},
        (SELECT json_agg(program ORDER BY program)::text FROM named)
      FROM stepped
    """
    ((count, hidden, ids, lats, lngs, programs, tiers, names),) = prepared.fetch(
        sql, params, is_steady=True
    )
    columns = {"id": _list(ids), "lat": _list(lats), "lng": _list(lngs)}
    columns |= {"program": _list(programs), "programs": names or "[]"}
    if search.medication:
        columns["label"] = _list(tiers)
    return Found(count, hidden, is_clustered=False, columns=columns)


def _clusters(source: str, params: dict, zoom: int) -> Found:
    """Count the meetings of each square of the map, and tell where their middle is."""
    cell = 360 / 2**zoom / _CELLS_ACROSS_A_TILE
    sql = f"""
      WITH cells AS (
        SELECT count(*) AS count, round(avg(l.lat) * {SCALE})::int AS lat,
          round(avg(l.lng) * {SCALE})::int AS lng, sum(l.is_approximate::int) AS hidden
        {source} GROUP BY floor(l.lat / {cell!r}), floor(l.lng / {cell!r})
      )
      SELECT coalesce(sum(count), 0), string_agg(count::text, ',' ORDER BY count DESC, lat, lng),
        string_agg(lat::text, ',' ORDER BY count DESC, lat, lng),
        string_agg(lng::text, ',' ORDER BY count DESC, lat, lng)
      FROM cells
    """
    ((count, counts, lats, lngs),) = prepared.fetch(sql, params)
    columns = {"lat": _list(lats), "lng": _list(lngs), "count": _list(counts)}
    return Found(int(count), hidden=0, is_clustered=True, columns=columns)


def _list(numbers: str | None) -> str:
    return f"[{numbers or ''}]"
