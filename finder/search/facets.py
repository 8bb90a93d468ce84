"""Every code a list parameter takes, with its label and the meetings that carry it."""

from collections import defaultdict
from functools import lru_cache

from django.db import connection
from django.utils.translation import get_language

from finder.search import version
from finder.search.facet_counts import counts_under
from finder.search.parameters import FILTERS
from finder.search.phrases import language_name
from finder.search.values import Search

# What each parameter counts; a hybrid meeting counts for in person and for online.
_COUNTED = """
  SELECT 'day', (ARRAY['mon','tue','wed','thu','fri','sat','sun'])[weekday + 1], count(*)
    FROM finder_listing WHERE weekday IS NOT NULL GROUP BY 2
  UNION ALL SELECT 'format', f, count(*) FROM finder_listing, unnest(
    CASE format WHEN 'hybrid' THEN ARRAY['in_person','online'] ELSE ARRAY[format] END) AS f
    GROUP BY 2
  UNION ALL SELECT 'program', program, count(*) FROM finder_listing GROUP BY 2
  UNION ALL SELECT 'model', model, count(*) FROM finder_listing GROUP BY 2
  UNION ALL SELECT 'focus', c, count(*) FROM finder_listing, unnest(focus) AS c GROUP BY 2
  UNION ALL SELECT 'access', c, count(*) FROM finder_listing, unnest(access) AS c GROUP BY 2
  UNION ALL SELECT 'language', c, count(*) FROM finder_listing, unnest(languages) AS c GROUP BY 2
"""
_UNCOUNTED = ("medication", "acceptance", "sort")


def facets(search: Search | None = None, *, known_version: str = "") -> dict[str, list[dict]]:
    """Return the codes of each list parameter, in two queries; with a search, in three.

    Then each code is counted as if it were chosen alone, all other parameters staying. Without
    one all meetings are counted, once for each version of the directory.
    """
    if search:
        return _lists(counts_under(search))
    return _of_all(known_version or version.current(), get_language())


@lru_cache(maxsize=4)
def _of_all(version_: str, _language: str) -> dict[str, list[dict]]:
    return _lists(_counts(version_))


def _lists(counts: dict[str, dict[str, int]]) -> dict[str, list[dict]]:
    lists = {}
    for name, field in FILTERS.items():
        if name == "language":
            codes = sorted({*dict(field.field.choices), *counts.get(name, {})})
            pairs = [(code, language_name(code)) for code in codes]
        elif field.is_list or name in _UNCOUNTED:
            pairs = [(code, label) for code, label in field.field.choices if code]
        else:
            continue
        lists[name] = [_facet(name, code, label, counts) for code, label in pairs]
    return lists


def _facet(name: str, code: str, label: str, counts: dict[str, dict[str, int]]) -> dict:
    is_counted = name in counts or name not in _UNCOUNTED
    count = counts.get(name, {}).get(code, 0) if is_counted else None
    return {"code": str(code), "label": str(label), "count": count}


@lru_cache(maxsize=2)
def _counts(_version: str) -> dict[str, dict[str, int]]:
    counts = defaultdict(dict)
    with connection.cursor() as db:
        db.execute(_COUNTED)
        for name, code, count in db.fetchall():
            counts[name][code] = count
    return counts
