"""How many meetings each code would find beside the rest of a search, in two queries."""

from collections import defaultdict
from dataclasses import replace

from finder.search import prepared
from finder.search.document import TIERS
from finder.search.parameters import POSITIVE
from finder.search.query import predicates
from finder.search.relaxing import Variant, variant_conditions
from finder.search.values import COUNT_LIMIT, Search
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
_EVERY_DAY = "l.kind = 'always' AND l.closures = '[]'::jsonb"


def counts_under(search: Search) -> dict[str, dict[str, int]]:
    """Return for each parameter what each of its codes would find; no code stands for none.

    What one could join from anywhere, beside a place, is counted to COUNT_LIMIT like any count.
    """
    near_by, afar = _variants(search)
    every = {name: Variant(less, {}, ()) for name, less in (near_by | afar).items()}
    names, conditions, params = _conditions(every)
    anything = f"({' OR '.join(dict.fromkeys(conditions[names[name]] for name in near_by))})"
    everything = f"({' OR '.join(conditions)})"
    # The day is a facet too, so the others are found whatever their day.
    times = TimeSql.of(replace(search, days=(), sort="next_start"), [everything], params)
    apart = {name: conditions[names[name]] for name in afar}
    flags = {name: names[name] for name in near_by}
    sql = _sql(search, conditions, flags, apart, times, anything)
    counts = defaultdict(dict)
    for name, code, count in prepared.fetch(sql, params | times.params):
        counts[name][code] = int(count)
    if search.medication:
        counts["acceptance"] = _labelled(counts["acceptance"])
    return counts


def _variants(search: Search) -> tuple[dict[str, Search], dict[str, Search]]:
    """Return the search without each parameter and with each format; and those from afar apart."""
    found = {name: replace(search, **{a: ()}) for name, (a, _c) in _COLUMNS.items()}
    found["day"] = search
    if search.medication:
        found["acceptance"] = replace(search, acceptance=())
    formats = {f.value: replace(search, formats=(f.value,)) for f in _FORMATS}
    if not search.near or set(search.formats) - {Format.IN_PERSON}:
        return found | formats, {}
    # Counting the few near by must not mean looking at all that are joined from anywhere.
    here = {Format.IN_PERSON.value: formats.pop(Format.IN_PERSON.value)}
    return found | here, formats


def _conditions(variants: dict[str, Variant]) -> tuple[dict[str, int], list[str], dict]:
    """Return for each variant the number of its condition; most of them ask the same."""
    same, first = {}, []
    for variant in variants.values():
        asked = repr(predicates(variant.search))
        if asked not in same:
            same[asked] = len(first)
            first.append(variant)
    names = {name: same[repr(predicates(v.search))] for name, v in variants.items()}
    return names, *variant_conditions(first)


def _sql(
    search: Search,
    conditions: list[str],
    flags: dict[str, int],
    apart: dict[str, str],
    times: TimeSql,
    anything: str,
) -> str:
    """Group what is alike first: then a list of codes is taken apart once for each kind of row."""
    days = ", ".join(str(int(day)) for day in search.days)
    fits_day = f"(is_daily OR weekday_seen IN ({days}))" if search.days else "true"
    told = ", ".join(f"({conditions[n]}) AS has_{n}" for n in sorted(set(flags.values())))
    tier = f"l.{search.medication}_tier" if search.medication else "NULL::smallint"
    kinds = "program, model, focus, access, languages, is_daily, tier, weekday_seen"
    kinds += "".join(f", has_{n}" for n in sorted(set(flags.values())))
    counted = [
        f"SELECT '{name}', {column}::text, sum(n) FROM found "
        f"WHERE has_{flags[name]} AND fits GROUP BY 2"
        for name, (_attribute, column) in _COLUMNS.items()
    ]
    counted += [
        f"SELECT 'format', '{code}', coalesce(sum(n), 0) FROM found "
        f"WHERE has_{flags[code]} AND fits"
        for code in (f.value for f in _FORMATS)
        if code in flags
    ]
    counted += [_counted_apart(search, code, apart[code], times, fits_day) for code in apart]
    counted.append(
        f"""SELECT 'day', ({_DAYS})[seen + 1], sum(n) FROM found, unnest(
          CASE WHEN is_daily THEN ARRAY[0, 1, 2, 3, 4, 5, 6]
          WHEN weekday_seen IS NOT NULL THEN ARRAY[weekday_seen] END) AS seen
        WHERE has_{flags["day"]} GROUP BY 2"""
    )
    if search.medication:
        counted.append(
            "SELECT 'acceptance', tier::text, sum(n) FROM found "
            f"WHERE has_{flags['acceptance']} AND fits AND tier IS NOT NULL GROUP BY 2"
        )
    return f"""
      WITH timed AS MATERIALIZED (
        SELECT l.program, l.model, l.focus, l.access, l.languages, ({_EVERY_DAY}) AS is_daily,
          {tier} AS tier, {weekday_sql(search)}::int AS weekday_seen, {told}
        FROM finder_listing l {times.join}
        WHERE {" AND ".join([anything, *times.where])}
      ), found AS MATERIALIZED (
        SELECT *, {fits_day} AS fits FROM (
          SELECT {kinds}, count(*) AS n FROM timed GROUP BY {kinds}) AS kinds
      )
      {" UNION ALL ".join(counted)}
    """


def _counted_apart(search: Search, code: str, condition: str, times: TimeSql, fits_day: str) -> str:
    where = [condition, *times.where]
    join = times.join if search.has_times else ""
    if search.days:
        join += f""" CROSS JOIN LATERAL (SELECT {weekday_sql(search)}::int AS weekday_seen,
          ({_EVERY_DAY}) AS is_daily) AS seen"""
        where.append(fits_day)
    return f"""SELECT 'format', '{code}', count(*) FROM (
      SELECT FROM finder_listing l {join} WHERE {" AND ".join(where)} LIMIT {COUNT_LIMIT}) AS few"""


def _labelled(tiers: dict[str, int]) -> dict[str, int]:
    labels = {label: tiers.get(str(tier), 0) for label, tier in TIERS.items()}
    return labels | {POSITIVE: sum(labels[label.value] for label in POSITIVE_LABELS)}
