"""The place in what was typed: a ZIP code, or a city that is known, with its state if told."""

from collections.abc import Sequence
from dataclasses import dataclass

from finder.search.folding import fold
from finder.search.reading.lexicon import CITY_NAMES
from finder.search.reading.tokens import Token, cut
from finder.search.reading.values import Choice, City, Takes
from finder.search.states import state_code

LONGEST_CITY, LONGEST_STATE = 4, 3
# A name this much larger than its namesakes is meant; a bare word must be a city of some size.
MUCH_LARGER, LARGE = 5, 5
MOST_CHOICES = 6
# Short forms of states that are also everyday words of English or Spanish.
_WORDS_TOO = {"in", "or", "me", "hi", "ok", "de", "la", "al", "id", "as"}
# Cities that people mean as plain words: asked for with "near", or with a state, they are found.
_PLAIN_WORDS = {"reading", "hope", "liberty", "independence", "media", "union", "orange", "mobile"}
_PLAIN_WORDS |= {"sparks", "branch", "enterprise", "price", "normal", "commerce", "ocean"}


@dataclass(frozen=True)
class Found:
    """A place at the beginning of some words: one name, or several to choose from."""

    size: int
    name: str = ""
    choices: tuple[Choice, ...] = ()


def city_keys(text: str) -> set[str]:
    """Return every run of words that could be the name of a city, folded as cities are."""
    tokens = cut(text)
    runs = range(len(tokens))
    meant = {fold(name.partition(",")[0]) for name in CITY_NAMES}
    return meant | {
        key
        for start in runs
        for size in range(1, LONGEST_CITY + 1)
        if start + size <= len(tokens)
        for key in [_key(tokens[start : start + size])]
        if key and not key.isdecimal()
    }


def _key(tokens: Sequence[Token]) -> str:
    return "" if any(t.is_quoted for t in tokens) else fold(" ".join(t.word for t in tokens))


def find_place(tokens: Sequence[Token], takes: Takes, *, is_marked: bool) -> Found | None:
    """Find a place at the beginning; unmarked words must be a large city, or name the state."""
    if not tokens or tokens[0].is_quoted:
        return None
    if len(tokens[0].word) == 5 and tokens[0].word.isdecimal():
        return Found(1, name=tokens[0].word)
    for size in range(min(LONGEST_CITY, len(tokens)), 0, -1):
        cities = takes.cities.get(_key(tokens[:size]), ())
        found = cities and _among(cities, tokens, size, is_marked=is_marked)
        if found:
            return found
    return None


def _among(cities: tuple[City, ...], tokens, size: int, *, is_marked: bool) -> Found | None:
    state, used = _state(tokens[size:], {city.state for city in cities})
    if state:
        city = next(city for city in cities if city.state == state)
        return Found(size + used, name=str(city))
    ranked = sorted(cities, key=lambda city: (-city.zips, city.state))
    if not is_marked and not _is_large(ranked[0], tokens[:size]):
        return None
    if len(ranked) == 1 or ranked[0].zips >= max(MUCH_LARGER * ranked[1].zips, LARGE):
        return Found(size, name=str(ranked[0]))
    choices = tuple(Choice((("near", str(city)),)) for city in ranked[:MOST_CHOICES])
    return Found(size, choices=choices)


def _is_large(city: City, tokens: Sequence[Token]) -> bool:
    return city.zips >= LARGE and _key(tokens) not in _PLAIN_WORDS


def _state(tokens: Sequence[Token], states: set[str]) -> tuple[str, int]:
    for size in range(min(LONGEST_STATE, len(tokens)), 0, -1):
        code = state_code(_key(tokens[:size]))
        if code in states and _is_meant(tokens, size):
            return code, size
    return "", 0


def _is_meant(tokens: Sequence[Token], size: int) -> bool:
    """Tell "Gary IN" and "Gary, in" from "gary in person"."""
    first = tokens[0]
    if size > 1 or first.word not in _WORDS_TOO or first.after_comma or first.raw.isupper():
        return True
    return len(tokens) == 1
