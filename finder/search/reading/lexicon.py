"""The vocabulary of the one box, English and Spanish, from data/words.json."""

import json
from dataclasses import dataclass
from pathlib import Path

from finder.search.reading.values import Choice, Pair

_PATH = Path(__file__).resolve().parents[2] / "data" / "words.json"
_DATA = json.loads(_PATH.read_text(encoding="utf-8"))
Words = tuple[str, ...]

# Bands overlap on purpose: seven o'clock is both evening and, to most, Tuesday night.
BANDS = {
    "morning": ("04:00", "11:59"),
    "midday": ("11:00", "13:59"),
    "afternoon": ("12:00", "16:59"),
    "evening": ("17:00", "20:59"),
    "night": ("18:00", "03:59"),
}
# Each value of these stands alone; a second one cannot be meant too.
SINGLE = ("near", "within", "from", "to", "when", "medication")
_LISTS = ("day", "when", "format", "program", "model", "focus", "language", "access", "medication")


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for: parameters, or choices to ask about."""

    pairs: tuple[Pair, ...] = ()
    choices: tuple[Choice, ...] = ()


def _words(phrase: str) -> Words:
    return tuple(phrase.split())


def band_pairs(name: str) -> tuple[Pair, ...]:
    """Return the parameters of a part of the day."""
    begins, ends = BANDS[name]
    return (("from", begins), ("to", ends))


def _meanings() -> dict[Words, Meaning]:
    found = {}
    for name in _LISTS:
        for values, phrases in _DATA[name].items():
            meaning = Meaning(tuple((name, value) for value in values.split()))
            found |= {_words(phrase): meaning for phrase in phrases}
    for band, phrases in _DATA["band"].items():
        found |= {_words(phrase): Meaning(band_pairs(band)) for phrase in phrases}
    for values, phrases in _DATA["when and band"].items():
        when, band = values.split()
        meaning = Meaning((("when", when), *band_pairs(band)))
        found |= {_words(phrase): meaning for phrase in phrases}
    for city, phrases in _DATA["cities"].items():
        found |= {_words(phrase): Meaning((("near", city),)) for phrase in phrases}
    for values, phrases in _DATA["asks"].items():
        pairs = [tuple(pair.split()) for pair in values.split(", ")]
        meaning = Meaning(choices=tuple(Choice((pair,)) for pair in pairs))
        found |= {_words(phrase): meaning for phrase in phrases}
    return found


def _set(name: str) -> frozenset[Words]:
    return frozenset(map(_words, _DATA[name]))


MEANINGS = _meanings()
# Cities that also go by another name.
CITY_NAMES = frozenset(_DATA["cities"])
ACCEPTANCE, NOISE, NEAR, NEAR_ME = map(_set, ("acceptance", "noise", "near", "near me"))
LEAVE_OUT, AFTER, BEFORE, AT = map(_set, ("leave out", "after", "before", "at"))
MILES, WITHIN = map(_set, ("miles", "within"))
LONGEST = max(map(len, MEANINGS))
MEDICATION_WORDS = frozenset(
    phrase for phrases in _DATA["medication"].values() for phrase in phrases if " " not in phrase
)
WORDS = frozenset(
    word
    for phrases in (
        MEANINGS,
        ACCEPTANCE,
        NOISE,
        NEAR,
        NEAR_ME,
        LEAVE_OUT,
        AFTER,
        BEFORE,
        AT,
        MILES,
        WITHIN,
    )
    for phrase in phrases
    for word in phrase
)


def starting(words: Words, phrases: frozenset[Words], *, most: int = 5) -> int:
    """Return how many words the longest of these phrases takes at the beginning; 0 for none."""
    return next((n for n in range(min(most, len(words)), 0, -1) if words[:n] in phrases), 0)
