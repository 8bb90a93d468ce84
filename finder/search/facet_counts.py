"""How many meetings each code would find beside the rest of a search, in two queries."""

from collections import defaultdict
from dataclasses import replace

from django.db import connection

from finder.search.document import TIERS
from finder.search.parameters import POSITIVE
from finder.search.relaxing import Variant, variant_conditions
from finder.search.values import Search
from finder.search.when import TimeSql, weekday_sql
from finder.vocab import POSITIVE_LABELS, Format, Weekday

_FORMATS = (Format.IN_PERSON, Format.ONLINE, Format.PHONE)
# Each counted parameter with its field of a search and its column; lists are counted one by one.
_COLUMNS = {
    "program": ("programs", "program"),
    "model": ("models", "model"),
    "focus": ("focus", "unnest(focus)"),
    "access": ("access", "unnest(access)"),
    "language": ("languages", "unnest(languages)"),
}
_DAYS = f"ARRAY[{', '.join(repr(day.code) for day in Weekday)}]"
_EVERY_DAY = "kind = 'always' AND closures = '[]'::jsonb"


def counts_under(search: Search) -> dict[str, dict[str, int]]:
    """Return for each parameter what each of its codes would find; no code stands for none."""
    variants = _variants(search)
    conditions, params = variant_conditions(list(variants.values()))
    named = dict(zip(variants, conditions, strict=True))
    anything = f"({' OR '.join(conditions)})"
    # The day is a facet too, so the others are found whatever their day.
    times = TimeSql.of(replace(search, days=(), sort="next_start"), [anything], params)
    sql = _sql(search, named, times, anything)
    counts = defaultdict(dict)
    with connection.cursor() as db:
        db.execute(sql, params | times.params)
        for name, code, count in db.fetchall():
            counts[name][code] = count
    if search.medication:
        counts["acceptance"] = _labelled(counts["acceptance"])
    return counts


def _variants(search: Search) -> dict[str, Variant]:
    """Return the search without each parameter; and with each format alone."""
    searches = {name: replace(search, **{a: ()}) for name, (a, _c) in _COLUMNS.items()}
    searches |= {f.value: replace(search, formats=(f.value,)) for f in _FORMATS}
    searches["day"] = search
    if search.medication:
        searches["acceptance"] = replace(search, acceptance=())
    return {name: Variant(less, {}, ()) for name, less in searches.items()}


def _sql(search: Search, named: dict[str, str], times: TimeSql, anything: str) -> str:
    fits_day = "true"
    if search.days:
        days = ", ".join(str(int(day)) for day in search.days)
        fits_day = f"(({_EVERY_DAY}) OR weekday_seen IN ({days}))"
    flags = ", ".join(f"{condition} AS has_{name}" for name, condition in named.items())
    tier = f"l.{search.medication}_tier" if search.medication else "NULL::smallint"
    counted = [
        f"SELECT '{name}', {column}::text, count(*) FROM found WHERE has_{name} AND fits GROUP BY 2"
        for name, (_attribute, column) in _COLUMNS.items()
    ]
    counted += [
        f"SELECT 'format', '{code}', count(*) FROM found WHERE has_{code} AND fits"
        for code in (f.value for f in _FORMATS)
    ]
    counted.append(
        f"""SELECT 'day', ({_DAYS})[seen + 1], count(*) FROM found, unnest(
          CASE WHEN {_EVERY_DAY} THEN ARRAY[0, 1, 2, 3, 4, 5, 6]
          WHEN weekday_seen IS NOT NULL THEN ARRAY[weekday_seen] END) AS seen
        WHERE has_day GROUP BY 2"""
    )
    if search.medication:
        counted.append(
            "SELECT 'acceptance', tier::text, count(*) FROM found "
            "WHERE has_acceptance AND fits AND tier IS NOT NULL GROUP BY 2"
        )
    return f"""
      WITH timed AS MATERIALIZED (
        SELECT l.program, l.model, l.focus, l.access, l.languages, l.kind, l.closures,
          {tier} AS tier, {weekday_sql(search)}::int AS weekday_seen, {flags}
        FROM finder_listing l {times.join}
        WHERE {" AND ".join([anything, *times.where])}
      ), found AS (SELECT *, {fits_day} AS fits FROM timed)
      {" UNION ALL ".join(counted)}
    """


def _labelled(tiers: dict[str, int]) -> dict[str, int]:
    labels = {label: tiers.get(str(tier), 0) for label, tier in TIERS.items()}
    return labels | {POSITIVE: sum(labels[label.value] for label in POSITIVE_LABELS)}
