"""What a search would find if it asked for less: each of its conditions left out in turn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from finder.search import afar, prepared
from finder.search.conditions import conditions
from finder.search.params import Params, without
from finder.search.values import COUNT_LIMIT, Search
from finder.search.when import NO_TIMES, TimeSql

WIDER_MILES = (50, 100)
TIMES = ("day", "from", "to", "starts_within", "when")
_NO_TIMES = {"days": (), "from_minute": None, "to_minute": None, "starts_within": None}
# Each parameter that can be left out alone, and the fields of a search it fills.
_ALONE = {
    "q": "words",
    "program": "programs",
    "model": "models",
    "focus": "focus",
    "language": "languages",
    "access": "access",
    "acceptance": "acceptance",
    "format": "formats",
}


@dataclass(frozen=True)
class Relaxed:
    """A search that asks for less: what was left out, what is asked instead, what that finds."""

    dropped: tuple[str, ...]
    instead: tuple[tuple[str, str], ...]
    params: Params
    count: int


@dataclass(frozen=True)
class Variant:
    """A search near to another one; whether the times asked for still count."""

    search: Search
    params: Params
    dropped: tuple[str, ...]
    instead: tuple[tuple[str, str], ...] = ()
    has_times: bool = True


def relaxed(search: Search) -> list[Relaxed]:
    """Return each search that asks for one thing less and finds something, in two queries."""
    variants = list(_variants(search))
    counts = count_variants(search, variants) if variants else []
    return [
        Relaxed(variant.dropped, variant.instead, variant.params, count)
        for variant, count in zip(variants, counts, strict=True)
        if count
    ]


def _variants(search: Search) -> Iterator[Variant]:
    if search.near:
        for miles in WIDER_MILES:
            if miles > search.within:
                params = without(search.params) | {"within": [str(miles)]}
                wider = replace(search, within=float(miles))
                yield Variant(wider, params, (), (("within", str(miles)),))
    if search.has_times:
        any_time = replace(search, **_NO_TIMES)
        dropped = tuple(name for name in TIMES if name in search.params)
        yield Variant(any_time, without(search.params, *TIMES), dropped, has_times=False)
    for name, attribute in _ALONE.items():
        if getattr(search, attribute):
            empty = "" if name == "q" else ()
            less = replace(search, **{attribute: empty})
            yield Variant(less, without(search.params, name), (name,))
    yield from _place_alone(search)
    if search.near:
        for format_ in ("online", "phone"):
            params = without(search.params, "near", "within", "sort") | {"format": [format_]}
            joined = replace(search, near=None, within=None, formats=(format_,))
            yield Variant(joined, params, ("near", "within"), (("format", format_),))


def _place_alone(search: Search) -> Iterator[Variant]:
    """Keep only the place, where more than one other thing was asked for."""
    names = [name for name, attribute in _ALONE.items() if getattr(search, attribute)]
    if search.near and len(names) + search.has_times > 1:
        empty = {_ALONE[name]: "" if name == "q" else () for name in names}
        dropped = (*names, *(name for name in TIMES if name in search.params))
        alone = replace(search, **empty, **_NO_TIMES)
        yield Variant(alone, without(search.params, *dropped), dropped, has_times=False)


def count_variants(search: Search, variants: list[Variant]) -> list[int]:
    """Count what each of these finds, up to COUNT_LIMIT, in two queries at most."""
    asked = [conditions(each.search) for each in variants]
    numbered = [each.numbered(number) for number, each in enumerate(asked)]
    params = {name: value for each in numbered for name, value in each.params.items()}
    plain = " OR ".join(f"({each.plain})" for each in numbered)
    timed = TimeSql.of(search, plain, params)
    times = [timed if each.has_times and search.has_times else NO_TIMES for each in variants]
    kept = afar.Counts(search)
    known = [kept.get(each, time) for each, time in zip(asked, times, strict=True)]
    new = [number for number, count in enumerate(known) if count is None]
    # Each by itself, so that each finds its own way by an index, and stops at the limit.
    found = [numbered[number].listings(times[number]) for number in new]
    counted = [
        f"(SELECT count(*) FROM (SELECT FROM {each} LIMIT {COUNT_LIMIT}) AS few)" for each in found
    ]
    is_steady = all(numbered[number].is_steady for number in new)
    sql, values = f"SELECT {', '.join(counted)}", params | timed.params
    counts = prepared.fetch(sql, values, is_steady=is_steady)[0] if new else ()
    for number, count in zip(new, counts, strict=True):
        known[number] = count
        kept.put(asked[number], times[number], count)
    return known
