"""Two floors as bare WSGI: hand-written SQL over the tables of floor_tables, and bytes from memory.

``by_sql`` answers /<shape>?<parameters>; ``from_memory`` gives back the product's own answers.
"""

import os
import pickle
import threading
from urllib.parse import parse_qsl

import orjson
import psycopg2

from finder.geo import EARTH_MILES, Point, boxes

PAGE = 20
DISTANCE = f"""(2 * {EARTH_MILES!r} * asin(least(1, sqrt(
  power(sin(radians(pt[1] - %(lat)s) / 2), 2) + cos(radians(%(lat)s)) * cos(radians(pt[1]))
  * power(sin(radians(pt[0] - %(lng)s) / 2), 2)))))"""
NEAR = f"""
WITH hits AS MATERIALIZED (
  SELECT id, {DISTANCE} AS d FROM speed.meeting WHERE ({{box}}) {{where}}
), page AS (
  SELECT id, d, count(*) OVER () AS n FROM hits WHERE d <= %(miles)s {{after}}
  ORDER BY d, id LIMIT {PAGE}
)
SELECT page.n, page.d, m.doc FROM page JOIN speed.meeting m USING (id) ORDER BY page.d, page.id
"""
DEEP = f"""
WITH hits AS MATERIALIZED (
  SELECT id, d FROM (SELECT id, {DISTANCE} AS d FROM speed.meeting WHERE ({{box}})) AS b
  WHERE d <= %(miles)s
), page AS (
  SELECT id, d FROM hits WHERE (d, id) > (%(after_d)s, %(after_id)s) ORDER BY d, id LIMIT {PAGE}
)
SELECT (SELECT count(*) FROM hits), page.d, m.doc
FROM page JOIN speed.meeting m USING (id) ORDER BY page.d, page.id
"""
WORDS = f"""
WITH hits AS MATERIALIZED (
  SELECT id, ts_rank(tsv, q) AS r
  FROM speed.meeting, websearch_to_tsquery('mhg', %(words)s) AS q WHERE tsv @@ q
), page AS (SELECT id, r, count(*) OVER () AS n FROM hits ORDER BY r DESC, id LIMIT {PAGE})
SELECT page.n, NULL, m.doc FROM page JOIN speed.meeting m USING (id) ORDER BY page.r DESC, page.id
"""
SPELLING = """
SELECT coalesce((SELECT word FROM speed.vocab WHERE word = w),
  (SELECT word FROM speed.vocab WHERE word %% w ORDER BY similarity(word, w) DESC, ndoc DESC,
   word LIMIT 1), w)
FROM unnest(%(typed)s::text[]) WITH ORDINALITY AS t(w, o) ORDER BY o
"""
SOON = f"""
WITH hits AS MATERIALIZED (
  SELECT id, (utc_min - %(minute)s + 10080) %% 10080 AS away FROM speed.meeting
  WHERE is_online AND (utc_min BETWEEN %(minute)s AND %(minute)s + %(within)s
    OR utc_min <= %(minute)s + %(within)s - 10080)
), page AS (SELECT id, away, count(*) OVER () AS n FROM hits ORDER BY away, id LIMIT {PAGE})
SELECT page.n, NULL, m.doc FROM page JOIN speed.meeting m USING (id) ORDER BY page.away, page.id
"""
_HERE = f"""(SELECT id, {DISTANCE} AS d FROM speed.meeting WHERE ({{box}})) AS b
  WHERE d <= %(miles)s"""
# Where a deep page begins: how many there are, and the row before it.
DEPTHS = {
    "deep_count": f"SELECT count(*) FROM {_HERE}",
    "deep_row": f"SELECT d, id FROM {_HERE} ORDER BY d, id LIMIT 1 OFFSET %(skip)s",
}
FACETS = f"""
WITH hits AS MATERIALIZED (
  SELECT id FROM (SELECT id, {DISTANCE} AS d FROM speed.meeting WHERE ({{box}})) AS b
  WHERE d <= %(miles)s
)
SELECT c.kind, c.code, t.n FROM speed.code c JOIN (
  SELECT t, count(*) AS n FROM hits JOIN speed.meeting m USING (id), unnest(m.tags) AS t GROUP BY t
) AS t ON t.t = c.id
"""
TOTALS = "SELECT kind, code, n FROM speed.totals"
BOX = """
SELECT id, round(pt[1]::numeric, 5)::float8, round(pt[0]::numeric, 5)::float8, mask
FROM speed.meeting WHERE pt <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
LIMIT 5000
"""
NUMBERS = ("lat", "lng", "miles", "after_d", "west", "south", "east", "north")
WHOLE = ("day", "offset", "mask", "any", "mask2", "program", "minute", "within", "after_id")
_here = threading.local()


def read(query: str) -> dict:
    """Read the parameters of an address of the floor."""
    given = dict(parse_qsl(query))
    given |= {name: float(given[name]) for name in NUMBERS if name in given}
    return given | {name: int(given[name]) for name in WHOLE if name in given}


def rows(cursor, shape: str, given: dict) -> list[tuple]:
    """Ask the database for one answer of a shape."""
    if shape == "text_typo":
        cursor.execute(SPELLING, {"typed": given["words"].split()})
        given = {"words": " ".join(word for (word,) in cursor.fetchall())}
    cursor.execute(statement(shape, given), given)
    return cursor.fetchall()


def body(shape: str, found: list[tuple]) -> bytes:
    """Join the stored texts to an answer."""
    if shape in ("facets25", "totals"):
        lists: dict[str, list] = {}
        for kind, code, count in found:
            lists.setdefault(kind, []).append({"code": code, "count": count})
        return orjson.dumps(lists)
    if shape == "bbox5k":
        ids, lats, lngs, masks = zip(*found, strict=True) if found else ((), (), (), ())
        return orjson.dumps({"count": len(ids), "id": ids, "lat": lats, "lng": lngs, "bits": masks})
    count = found[0][0] if found else 0
    texts = (f'{{"distance_miles":{_told(d)},{doc[1:]}' for _n, d, doc in found)
    return f'{{"count":{count},"results":[{",".join(texts)}]}}'.encode()


def _told(distance: float | None) -> str:
    return "null" if distance is None else f"{distance:.2f}"


def statement(shape: str, given: dict) -> str:
    """Write the statement of a shape, or of DEPTHS; the corners of boxes stand in its text."""
    fixed = {"online_2h": SOON, "totals": TOTALS, "bbox5k": BOX}
    fixed |= {"text3": WORDS, "text_typo": WORDS}
    if shape in fixed:
        return fixed[shape]
    corners = boxes(Point(given["lat"], given["lng"]), given["miles"])
    box = " OR ".join(
        f"pt <@ box(point({b.west!r}, {b.south!r}), point({b.east!r}, {b.north!r}))"
        for b in corners
    )
    around = {"deep_page": DEEP, "facets25": FACETS, **DEPTHS}
    if shape in around:
        return around[shape].format(box=box)
    return NEAR.format(box=box, where=_where(given), after="")


def _where(given: dict) -> str:
    said = []
    for name in ("mask", "mask2"):
        if name in given:
            said.append(f"AND {name} & {given[name]} = {given[name]}")
    if "any" in given:
        said.append(f"AND mask & {given['any']} <> 0")
    if "program" in given:
        said.append(f"AND program = {given['program']}")
    if "day" in given:
        local = f"((utc_min + {given['offset'] + 10080}) %% 10080) / 1440"
        said.append(f"AND {local} = {given['day']}")
    return " ".join(said)


def by_sql(environ, start_response):
    """Answer from the database; a connection for each thread, kept."""
    if environ["PATH_INFO"] == "/livez":
        return _send(start_response, b"{}")
    if not hasattr(_here, "cursor"):
        connection = psycopg2.connect(os.environ["SPEED_DATABASE_URL"])
        connection.autocommit = True
        _here.cursor = connection.cursor()
    shape = environ["PATH_INFO"].strip("/")
    return _send(
        start_response, body(shape, rows(_here.cursor, shape, read(environ["QUERY_STRING"])))
    )


def from_memory(environ, start_response):
    """Answer with the bytes that the product gave."""
    if not hasattr(_here, "bodies"):
        with open(os.environ["SPEED_BODIES"], "rb") as file:
            _here.bodies = pickle.load(file)
    path = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
    return _send(start_response, _here.bodies.get(path, b"{}"))


def _send(start_response, data: bytes):
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    )
    return [data]
