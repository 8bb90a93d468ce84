"""Rows of buttons over the results: when, on which days and how to meet, each one press away."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from finder.forms import FORMATS, WHEN
from finder.presenters.words import ZONES, zone_words
from finder.search import Search
from finder.search.params import Params, without
from finder.views.steps import Step, step
from finder.vocab import Weekday


@dataclass(frozen=True)
class Row:
    """Steps that switch one thing each, and the word that stands before them."""

    words: str
    steps: tuple[Step, ...]


def quick_rows(search: Search) -> tuple[Row, ...]:
    """Return the rows; a step keeps all else that was asked, and begins at the first page."""
    rows = [
        Row(_("When"), tuple(_times(search))),
        Row(_("Days"), tuple(_days(search))),
        Row(_("How"), tuple(_formats(search))),
    ]
    if search.near is None:
        # A place says whose clock; without one nobody knows where the reader is.
        rows.append(Row(_("Clock"), tuple(_clocks(search))))
    return tuple(rows)


def _times(search: Search) -> Iterator[Step]:
    on = search.params.get("when", [""])[0]
    base = without(search.params, "when")
    for value, words in WHEN:
        params = {**base, "when": [value]} if value else base
        yield _toggle(str(words), params, search, is_on=value == on)


def _days(search: Search) -> Iterator[Step]:
    for day in Weekday:
        yield _switch("day", day.code, str(day.label), search)


def _formats(search: Search) -> Iterator[Step]:
    for code, words in FORMATS:
        yield _switch("format", code, str(words), search)


def _clocks(search: Search) -> Iterator[Step]:
    base = without(search.params, "tz")
    # Some zones share a name and, today, a clock: the first of them stands for all.
    first = {str(words): zone for zone, words in reversed(ZONES.items())}
    for words in dict.fromkeys(str(words) for words in ZONES.values()):
        params = {**base, "tz": [first[words]]}
        yield _toggle(words, params, search, is_on=words == zone_words(search.tz))


def _switch(name: str, value: str, words: str, search: Search) -> Step:
    """Add a value to a list, or take it away when it is there."""
    asked = _values(search.params, name)
    kept = [v for v in asked if v != value] if value in asked else [*asked, value]
    params = without(search.params, name) | ({name: kept} if kept else {})
    return _toggle(words, params, search, is_on=value in asked)


def _values(params: Params, name: str) -> list[str]:
    return [part for value in params.get(name, ()) for part in value.split(",")]


def _toggle(words: str, params: Params, search: Search, *, is_on: bool) -> Step:
    return replace(step(words, params, is_sensitive=search.is_sensitive), is_on=is_on)
