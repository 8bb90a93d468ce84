"""What a search would find if it asked for less: each of its conditions left out in turn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connection

from finder.search.params import Params, without
from finder.search.query import predicates
from finder.search.values import COUNT_LIMIT, Search
from finder.search.when import TimeSql

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
_NAME = re.compile(r"%\((\w+)\)s")


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
            afar = replace(search, near=None, within=None, formats=(format_,))
            yield Variant(afar, params, ("near", "within"), (("format", format_),))


def _place_alone(search: Search) -> Iterator[Variant]:
    """Keep only the place, where more than one other thing was asked for."""
    names = [name for name, attribute in _ALONE.items() if getattr(search, attribute)]
    if search.near and len(names) + search.has_times > 1:
        empty = {_ALONE[name]: "" if name == "q" else () for name in names}
        dropped = (*names, *(name for name in TIMES if name in search.params))
        alone = replace(search, **empty, **_NO_TIMES)
        yield Variant(alone, without(search.params, *dropped), dropped, has_times=False)


def count_variants(search: Search, variants: list[Variant]) -> list[int]:
    """Count what each of these finds, up to COUNT_LIMIT, in two queries."""
    conditions, params = variant_conditions(variants)
    anything = [f"({' OR '.join(conditions)})"]
    times = TimeSql.of(search, anything, params)
    counted = []
    for variant, condition in zip(variants, conditions, strict=True):
        # Each by itself, so that each finds its own way by an index, and stops at the limit.
        is_timed = variant.has_times and search.has_times
        join, where = (times.join, times.where) if is_timed else ("", [])
        found = f"SELECT FROM finder_listing l {join} WHERE {' AND '.join([condition, *where])}"
        counted.append(f"(SELECT count(*) FROM ({found} LIMIT {COUNT_LIMIT}) AS few)")
    with connection.cursor() as db:
        db.execute(f"SELECT {', '.join(counted)}", params | times.params)
        return list(db.fetchone())


def variant_conditions(variants: list[Variant]) -> tuple[list[str], dict]:
    """Return a condition for each, and the values of all: each name gets a number of its own."""
    conditions, params = [], {}
    for number, variant in enumerate(variants):
        where, values = predicates(variant.search)
        text = _NAME.sub(rf"%(v{number}_\1)s", " AND ".join(where) or "true")
        conditions.append(f"({text})")
        params |= {f"v{number}_{name}": value for name, value in values.items()}
    return conditions, params
