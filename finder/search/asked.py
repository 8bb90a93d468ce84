"""Counts of how many groups anything is known, so that silence is not read as no."""

from dataclasses import dataclass

from django.db import connection

from finder.search.conditions import conditions
from finder.search.values import Search
from finder.vocab import EvidenceKind


@dataclass(frozen=True)
class Asked:
    """Groups one could go to, and those of them that anyone has been asked about."""

    asked: int
    groups: int


def asked(search: Search) -> Asked:
    """Count the groups near the place of a search (or all), in one query.

    Groups that nothing may be said of are left out of both counts. What was heard at second
    hand asked nobody.
    """
    around = Search(now=search.now, tz=search.tz, near=search.near, within=search.within)
    near_by = conditions(around)
    sql = f"""
      SELECT count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM finder_assessment a, jsonb_array_elements(
          CASE jsonb_typeof(a.facts -> 'sources') WHEN 'array' THEN a.facts -> 'sources'
          ELSE '[]'::jsonb END) AS source
        WHERE a.group_id = g.group_id AND source ->> 0 <> '{EvidenceKind.HEARSAY}'))
      FROM (SELECT DISTINCT l.group_id FROM {near_by.listings()} AND l.methadone_tier IS NOT NULL
        ) AS g
    """
    with connection.cursor() as db:
        db.execute(sql, near_by.params)
        groups, known = db.fetchone()
    return Asked(asked=known, groups=groups)
