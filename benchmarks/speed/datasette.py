"""Datasette over SQLite with the same rows, each question as a query of its metadata.

It is installed into a folder of its own when it is measured, and never becomes a dependency.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.speed.mix import COUNT_LIMIT
from benchmarks.speed.preparing import local
from finder.geo import EARTH_MILES, Point, boxes

VERSION = "datasette==0.65.5"
ALIVE = "/-/versions.json"
PAGE = 20
TABLES = """
CREATE TABLE listing (id INTEGER PRIMARY KEY, lat REAL, lng REAL, utc_min INTEGER, online INTEGER,
  program TEXT, tier INTEGER, doc TEXT);
CREATE TABLE tag (listing INTEGER, kind TEXT, code TEXT);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='porter unicode61');
"""
INDEXES = """
CREATE INDEX listing_point ON listing (lat, lng);
CREATE INDEX listing_soon ON listing (online, utc_min);
CREATE INDEX tag_listing ON tag (listing, kind, code);
CREATE INDEX tag_code ON tag (kind, code);
ANALYZE;
"""
LISTINGS = """
SELECT m.id, m.pt[1], m.pt[0], m.utc_min, m.is_online::int, l.program, l.methadone_tier, m.doc,
  concat_ws(' ', t.title_words, t.tag_words, t.place_words, t.note_words)
FROM speed.meeting m JOIN finder_listing l ON l.meeting_id = m.id
JOIN finder_listingtext t ON t.listing_id = m.id ORDER BY m.id
"""
TAGS = """
SELECT m.id, c.kind, c.code FROM speed.meeting m, unnest(m.tags) AS t
JOIN speed.code c ON c.id = t ORDER BY m.id
"""
_MILES = f"""2 * {EARTH_MILES!r} * asin(min(1, sqrt(
  pow(sin(radians(lat - :lat) / 2), 2) + cos(radians(:lat + 0.0)) * cos(radians(lat))
  * pow(sin(radians(lng - :lng) / 2), 2))))"""
_BOX = "lat BETWEEN :south + 0.0 AND :north + 0.0 AND lng BETWEEN :west + 0.0 AND :east + 0.0"
_NEAR = f"""
WITH hits AS MATERIALIZED (SELECT id, d FROM (SELECT id, {_MILES} AS d FROM listing
  WHERE {_BOX} {{where}}) WHERE d <= :miles + 0.0)
SELECT (SELECT count(*) FROM hits) AS count, h.d AS distance, l.doc
FROM (SELECT id, d FROM hits ORDER BY d, id LIMIT {PAGE} OFFSET :skip + 0) AS h
JOIN listing l USING (id) ORDER BY h.d, h.id
"""
_DAY = "AND ((utc_min + :offset + 10080) % 10080) / 1440 = :day + 0"
_HAS = "AND EXISTS (SELECT 1 FROM tag WHERE listing = listing.id AND kind = '{}' AND code = '{}')"
_WORDS = f"""
WITH hits AS MATERIALIZED (
  SELECT rowid AS id, rank AS r FROM words WHERE words MATCH :words
)
SELECT (SELECT count(*) FROM hits) AS count, l.doc
FROM (SELECT id, r FROM hits ORDER BY r LIMIT {PAGE}) AS h JOIN listing l USING (id)
"""
_SOON = f"""
WITH hits AS MATERIALIZED (SELECT id, (utc_min - :minute + 10080) % 10080 AS away FROM listing
  WHERE online = 1 AND (utc_min BETWEEN :minute + 0 AND :minute + :within
    OR utc_min <= :minute + :within - 10080))
SELECT (SELECT count(*) FROM hits) AS count, l.doc
FROM (SELECT id, away FROM hits ORDER BY away, id LIMIT {PAGE}) AS h JOIN listing l USING (id)
"""
_COUNTS = "SELECT kind, code, count(*) AS count FROM tag {} GROUP BY 1, 2"
_IN_CIRCLE = f"WHERE listing IN (SELECT id FROM listing WHERE {_BOX} AND {_MILES} <= :miles + 0.0)"
_MAP = f"SELECT id, lat, lng, program FROM listing WHERE {_BOX} LIMIT 5000"
QUERIES = {
    **{f"near{miles}_moud": _NEAR.format(where=f"AND tier <= 2 {_DAY}") for miles in (10, 25, 50)},
    "text3": _WORDS,
    "text_typo": _WORDS,
    "online_2h": _SOON,
    "spanish50": _NEAR.format(where=_HAS.format("language", "es")),
    "knn20": _NEAR.format(where=f"AND program = 'na' {_DAY} {_HAS.format('access', 'step-free')}"),
    "deep_page": _NEAR.format(where=""),
    "facets25": _COUNTS.format(_IN_CIRCLE),
    "bbox5k": _MAP,
    "totals": _COUNTS.format(""),
}


def kept(cursor, meetings: int) -> Path:
    """Give the SQLite file of the floor's rows, written unless it is there from an earlier run."""
    cursor.execute("SELECT laid_out_at FROM speed.about")
    file = local(f"{meetings}/{cursor.fetchone()[0]:%Y%m%d%H%M%S}/listings.db")
    if not file.exists():
        shutil.rmtree(file.parent.parent, ignore_errors=True)
        file.parent.mkdir(parents=True)
        build(cursor, file.with_suffix(".part"))
        file.with_suffix(".part").rename(file)
    return file


def build(cursor, file: Path) -> None:
    """Write the floor's rows to a new file."""
    database = sqlite3.connect(file)
    database.executescript(TABLES)
    cursor.execute(LISTINGS)
    while rows := cursor.fetchmany(5000):
        database.executemany("INSERT INTO listing VALUES (?,?,?,?,?,?,?,?)", [r[:8] for r in rows])
        database.executemany(
            "INSERT INTO words (rowid, text) VALUES (?,?)", [(r[0], r[8]) for r in rows]
        )
    cursor.execute(TAGS)
    while rows := cursor.fetchmany(20000):
        database.executemany("INSERT INTO tag VALUES (?,?,?)", rows)
    database.commit()
    database.executescript(INDEXES)
    database.close()


def metadata() -> dict:
    """Give the queries as datasette reads them."""
    queries = {name: {"sql": text} for name, text in QUERIES.items()}
    return {"databases": {"listings": {"queries": queries}}}


def installed() -> Path | None:
    """Give its Python, in a folder of its own; None when it cannot be installed."""
    folder = local("datasette")
    python = folder / "bin" / "python"
    if (folder / "bin" / "datasette").exists():
        return python
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--no-input", VERSION],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return python


def command(file: Path) -> list[str]:
    """Give the command that serves the file, with limits that let every question through."""
    described = local("datasette.json")
    described.write_text(json.dumps(metadata()), encoding="utf-8")
    limits = {"sql_time_limit_ms": 60000, "max_returned_rows": 5000, "num_sql_threads": 3}
    settings = [word for name, n in limits.items() for word in ("--setting", name, str(n))]
    program = str(installed().parent / "datasette")
    return [
        *[program, "serve", "--immutable", str(file), "--port", "{port}"],
        *["--metadata", str(described), *settings],
    ]


def path(shape: str, given: dict) -> str:
    """Write a set of the mix as an address of datasette."""
    asked = {n: v for n, v in given.items() if not n.startswith("api_")}
    if "lat" in given:
        box = boxes(Point(given["lat"], given["lng"]), given["miles"])[0]
        asked |= {"south": box.south, "north": box.north, "west": box.west, "east": box.east}
        asked["skip"] = given.get("api_depth", 0)
    if "words" in given:
        asked["words"] = " ".join(f'"{word}"' for word in given["words"].split())
    return f"/listings/{shape}.json?{urlencode({**asked, '_shape': 'objects'})}"


def count(shape: str, answer: dict) -> int:
    """Count what an answer found, as the mix counts it."""
    rows = answer["rows"]
    if shape in ("facets25", "totals"):
        return sum(row["count"] for row in rows if row["kind"] == "program")
    if shape == "bbox5k":
        return len(rows)
    return min(rows[0]["count"], COUNT_LIMIT) if rows else 0
