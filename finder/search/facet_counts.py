"""How many meetings each code would find beside the rest of a search, in two queries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from finder.search import afar, prepared
from finder.search.conditions import Conditions, conditions
from finder.search.document import TIERS
from finder.search.parameters import POSITIVE
from finder.search.values import COUNT_LIMIT, Search
from finder.search.when import ALWAYS, NO_TIMES, TimeSql, weekday_sql
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


def counts_under(search: Search) -> dict[str, dict[str, int]]:
    """Return for each parameter what each of its codes would find; no code stands for none.

    What one could join from anywhere, beside a place, is counted to COUNT_LIMIT like any count.
    """
    near_by, joined = _variants(search)
    asked = {name: conditions(variant) for name, variant in (near_by | joined).items()}
    names, numbered = _numbered(asked)
    params = {name: value for each in numbered for name, value in each.params.items()}
    # The day is a facet too, so the others are found whatever their day.
    undated = replace(search, days=(), sort="next_start")
    times = TimeSql.of(undated, " OR ".join(f"({each.plain})" for each in numbered), params)
    shown = list(dict.fromkeys(names[name] for name in near_by))
    flags = {n: "true" if len(shown) == 1 else f"({numbered[n].plain})" for n in shown}
    found = _found(search, [numbered[n] for n in shown], flags, times)
    counted = list(_counted(search, {name: names[name] for name in near_by}))
    counts = defaultdict(dict)
    kept, their_times = afar.Counts(search), _times_afar(search, times)
    for code in joined:
        known = kept.get(asked[code], their_times)
        if known is None:
            counted.append(_counted_afar(code, numbered[names[code]], their_times))
        else:
            counts["format"][code] = known
    rows = prepared.fetch(f"{found} {' UNION ALL '.join(counted)}", params | times.params)
    for name, code, count in rows:
        counts[name][code] = int(count)
    for code in joined:
        kept.put(asked[code], their_times, counts["format"][code])
    daily = counts.pop("daily")[None]
    counts["day"] = {day.code: counts["day"].get(str(int(day)), 0) + daily for day in Weekday}
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


def _numbered(asked: dict[str, Conditions]) -> tuple[dict[str, int], list[Conditions]]:
    """Return for each name the number of its conditions; most of them ask the same."""
    same: dict[str, Conditions] = {repr(each): each for each in asked.values()}
    numbers = {told: number for number, told in enumerate(same)}
    names = {name: numbers[repr(each)] for name, each in asked.items()}
    return names, [each.numbered(number) for number, each in enumerate(same.values())]


def _found(search: Search, shown: list[Conditions], flags: dict[int, str], times: TimeSql) -> str:
    """Group what is alike first: then a list of codes is taken apart once for each kind of row."""
    days = ", ".join(str(int(day)) for day in search.days)
    fits_day = f"(is_daily OR weekday_seen IN ({days}))" if search.days else "true"
    tier = f"l.{search.medication}_tier" if search.medication else "NULL::smallint"
    told = "".join(f", {condition} AS has_{n}" for n, condition in flags.items())
    kinds = "program, model, focus, access, languages, is_daily, tier, weekday_seen"
    kinds += "".join(f", has_{n}" for n in flags)
    # All of them are near the same place, if any is.
    alike = shown[0]
    if len(shown) > 1:
        alike = replace(
            alike, within=" OR ".join(f"({asked.plain})" for asked in shown), then="true"
        )
    return f"""
      WITH timed AS MATERIALIZED (
        SELECT l.program, l.model, l.focus, l.access, l.languages, {ALWAYS} AS is_daily,
          {tier} AS tier, {weekday_sql(search)}::int AS weekday_seen {told}
        FROM {alike.listings(times)}
      ), found AS MATERIALIZED (
        SELECT *, {fits_day} AS fits FROM (
          SELECT {kinds}, count(*) AS n FROM timed GROUP BY {kinds}) AS kinds
      )
    """


def _counted(search: Search, flags: dict[str, int]) -> Iterator[str]:
    for name, (_attribute, column) in _COLUMNS.items():
        yield f"""SELECT '{name}', {column}::text, sum(n) FROM found
          WHERE has_{flags[name]} AND fits GROUP BY 2"""
    for code in (f.value for f in _FORMATS):
        if code in flags:
            yield f"""SELECT 'format', '{code}', coalesce(sum(n), 0) FROM found
              WHERE has_{flags[code]} AND fits"""
    has = f"has_{flags['day']}"
    yield f"""SELECT 'day', weekday_seen::text, sum(n) FROM found
      WHERE {has} AND NOT is_daily AND weekday_seen IS NOT NULL GROUP BY 2"""
    yield f"SELECT 'daily', NULL, coalesce(sum(n), 0) FROM found WHERE {has} AND is_daily"
    if search.medication:
        yield f"""SELECT 'acceptance', tier::text, sum(n) FROM found
          WHERE has_{flags["acceptance"]} AND fits AND tier IS NOT NULL GROUP BY 2"""


def _times_afar(search: Search, times: TimeSql) -> TimeSql:
    """Return the times, and the days, that what is joined from anywhere must fit."""
    if not search.has_times:
        return NO_TIMES
    if not search.days:
        return times
    days = ", ".join(str(int(day)) for day in search.days)
    on_days = f"({ALWAYS} OR {weekday_sql(search)}::int IN ({days}))"
    return replace(times, where=[*times.where, on_days])


def _counted_afar(code: str, asked: Conditions, times: TimeSql) -> str:
    return f"""SELECT 'format', '{code}', count(*) FROM (
      SELECT FROM {asked.listings(times)} LIMIT {COUNT_LIMIT}) AS few"""


def _labelled(tiers: dict[str, int]) -> dict[str, int]:
    labels = {label: tiers.get(str(tier), 0) for label, tier in TIERS.items()}
    return labels | {POSITIVE: sum(labels[label.value] for label in POSITIVE_LABELS)}
