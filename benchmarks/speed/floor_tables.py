"""The tables of the floor: the listings once more, laid out for the fastest SQL we know.

One row in the order of a Z-curve, an index-only scan over points that carries the codes as bits,
minutes of the week in UTC, and the document as text. It forgets what the product must not:
it is right only until clocks change, and only for meetings that are alike every week.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SCHEMA = """
DROP SCHEMA IF EXISTS speed CASCADE;
CREATE SCHEMA speed;
CREATE FUNCTION speed.spread(x bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT (d | (d << 1)) & x'55555555'::bigint FROM
    (SELECT (c | (c << 2)) & x'33333333'::bigint AS d FROM
      (SELECT (b | (b << 4)) & x'0f0f0f0f'::bigint AS c FROM
        (SELECT (x | (x << 8)) & x'00ff00ff'::bigint AS b) AS one) AS two) AS three
$$;
CREATE TABLE speed.about AS SELECT now() AS laid_out_at;
CREATE TABLE speed.zone (name text PRIMARY KEY, minutes int NOT NULL);
CREATE TABLE speed.code (
  id int GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, code text NOT NULL,
  place int NOT NULL, PRIMARY KEY (kind, code)
);
"""
# Bits stand in two numbers: what is known of the medication, formats and access; and the rest.
CODES = """
INSERT INTO speed.code (kind, code, place)
SELECT kind, code, row_number() OVER (PARTITION BY half ORDER BY kind, code) - 1 FROM (
  SELECT 1 AS half, 'tier' AS kind, generate_series(0, 5)::text AS code
  UNION SELECT 1, 'format', format FROM finder_listing
  UNION SELECT 1, 'access', c FROM finder_listing, unnest(access) AS c
  UNION SELECT 2, 'focus', c FROM finder_listing, unnest(focus) AS c
  UNION (SELECT 1, 'language', c FROM finder_listing, unnest(languages) AS c
    GROUP BY c ORDER BY count(*) DESC LIMIT 30)
) AS bits;
INSERT INTO speed.code (kind, code, place)
SELECT kind, code, 0 FROM (
  SELECT 'program' AS kind, program AS code FROM finder_listing
  UNION SELECT 'model', model FROM finder_listing
  UNION SELECT 'day', weekday::text FROM finder_listing WHERE weekday IS NOT NULL
  UNION SELECT 'language', c FROM finder_listing, unnest(languages) AS c
) AS others ON CONFLICT DO NOTHING;
"""
ROWS = """
CREATE TABLE speed.meeting AS
SELECT l.meeting_id AS id,
  CASE WHEN l.lat IS NOT NULL AND l.format IN ('in_person', 'hybrid')
    THEN point(l.lng, l.lat) END AS pt,
  ((l.week_minute - z.minutes + 20160) % 10080)::smallint AS utc_min,
  (l.format IN ('online', 'hybrid')) AS is_online,
  p.id AS program,
  coalesce((SELECT bit_or(1::bigint << b.place) FROM speed.code b
    WHERE (b.kind = 'tier' AND b.code = l.methadone_tier::text)
      OR (b.kind = 'format' AND b.code = l.format)
      OR (b.kind = 'access' AND b.code = ANY(l.access))
      OR (b.kind = 'language' AND b.code = ANY(l.languages))), 0) AS mask,
  coalesce((SELECT bit_or(1::bigint << b.place) FROM speed.code b
    WHERE b.kind = 'focus' AND b.code = ANY(l.focus)), 0) AS mask2,
  ARRAY(SELECT c.id FROM speed.code c
    WHERE (c.kind = 'program' AND c.code = l.program) OR (c.kind = 'model' AND c.code = l.model)
      OR (c.kind = 'day' AND c.code = l.weekday::text)
      OR (c.kind = 'format' AND c.code = l.format)
      OR (c.kind = 'focus' AND c.code = ANY(l.focus))
      OR (c.kind = 'access' AND c.code = ANY(l.access))
      OR (c.kind = 'language' AND c.code = ANY(l.languages))) AS tags,
  t.words AS tsv, t.document AS doc
FROM finder_listing l JOIN finder_listingtext t ON t.listing_id = l.meeting_id
LEFT JOIN speed.zone z ON z.name = l.timezone
JOIN speed.code p ON p.kind = 'program' AND p.code = l.program
ORDER BY speed.spread(((coalesce(l.lat, -90) + 90) * 300)::bigint) * 2
  + speed.spread(((coalesce(l.lng, -180) + 180) * 150)::bigint), l.meeting_id;
"""
INDEXES = """
ALTER TABLE speed.meeting ADD PRIMARY KEY (id);
CREATE INDEX speed_point ON speed.meeting USING spgist (pt)
  INCLUDE (id, mask, mask2, utc_min, program);
CREATE INDEX speed_words ON speed.meeting USING gin (tsv) WITH (fastupdate = off);
CREATE INDEX speed_online ON speed.meeting (utc_min) INCLUDE (id) WHERE is_online;
CREATE TABLE speed.vocab AS SELECT word, listings AS ndoc FROM finder_listedword;
CREATE INDEX speed_spelling ON speed.vocab USING gin (word gin_trgm_ops);
CREATE UNIQUE INDEX speed_word ON speed.vocab (word);
CREATE MATERIALIZED VIEW speed.totals AS
  SELECT c.kind, c.code, count(*) AS n
  FROM speed.meeting m, unnest(m.tags) AS t JOIN speed.code c ON c.id = t GROUP BY 1, 2;
"""


def fill(cursor) -> None:
    """Lay out the floor anew from the listings; the caller commits, then runs VACUUM ANALYZE."""
    cursor.execute(SCHEMA)
    cursor.execute("SELECT DISTINCT timezone FROM finder_listing")
    zones = [(name, minutes_east(name, datetime.now(UTC))) for (name,) in cursor.fetchall()]
    for name, minutes in zones:
        cursor.execute("INSERT INTO speed.zone VALUES (%s, %s)", [name, minutes])
    cursor.execute(CODES)
    cursor.execute(ROWS)
    cursor.execute(INDEXES)


def minutes_east(zone: str, now: datetime) -> int:
    """Give how many minutes a zone is ahead of UTC."""
    return int(now.astimezone(ZoneInfo(zone)).utcoffset() / timedelta(minutes=1)) if zone else 0
