"""Fills the naive tables from the directory; run as ``python -m benchmarks.naive.fill``."""

import os

import django
from django.db import connection, transaction

ROWS = """
TRUNCATE naive_program, naive_tag, naive_location, naive_group, naive_meeting, naive_meeting_tags;
INSERT INTO naive_program (id, slug, name) SELECT id, slug, name FROM finder_program;
INSERT INTO naive_group (id, name, program_id) SELECT id, name, program_id FROM finder_group;
INSERT INTO naive_location (id, name, address, city, state, postal_code, latitude, longitude)
  SELECT id, name, address, city, state, zip, lat, lng FROM finder_place;
INSERT INTO naive_meeting (id, group_id, location_id, name, weekday, start_time, duration,
    timezone, format, notes, methadone)
  SELECT m.id, m.group_id, CASE WHEN m.format IN ('in_person', 'hybrid') THEN m.place_id END,
    m.name, l.weekday, l.start, m.duration_minutes, m.timezone, m.format, m.notes,
    l.methadone_tier
  FROM finder_meeting m JOIN finder_listing l ON l.meeting_id = m.id
  WHERE l.weekday IS NOT NULL AND l.start IS NOT NULL;
INSERT INTO naive_tag (kind, code)
  SELECT DISTINCT kind, code FROM ({codes}) AS c ORDER BY 1, 2;
INSERT INTO naive_meeting_tags (meeting_id, tag_id)
  SELECT DISTINCT c.id, t.id FROM ({codes}) AS c
  JOIN naive_tag t USING (kind, code) JOIN naive_meeting m ON m.id = c.id;
ANALYZE naive_program, naive_tag, naive_location, naive_group, naive_meeting, naive_meeting_tags;
"""
CODES = " UNION ALL ".join(
    f"SELECT meeting_id AS id, '{kind}' AS kind, unnest({column})::text AS code FROM finder_listing"
    for kind, column in (
        *(("focus", "focus"), ("access", "access")),
        *(("language", "languages"), ("type", "types")),
    )
)


def main() -> None:
    """Copy every meeting that meets on a weekday at a set time."""
    django.setup()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ROWS.format(codes=CODES))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.naive.settings")
    main()
