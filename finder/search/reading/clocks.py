"""Times of day as people type them: "after 6pm", "7:30", "a las 7 de la noche", "5-7pm"."""

from collections.abc import Sequence
from dataclasses import dataclass

from finder.search.reading.lexicon import AFTER, AT, BEFORE, starting
from finder.search.reading.values import Pair

_HALVES = {
    ("am",): 0,
    ("pm",): 12,
    ("a", "m"): 0,
    ("p", "m"): 12,
    ("de", "la", "manana"): 0,
    ("de", "la", "tarde"): 12,
    ("de", "la", "noche"): 12,
    ("in", "the", "morning"): 0,
    ("in", "the", "afternoon"): 12,
    ("in", "the", "evening"): 12,
    ("at", "night"): 12,
}
_NAMED = {"noon": 720, "mediodia": 720, "midnight": 0, "medianoche": 0}
_JOINS = ("to", "and", "a", "y", "until", "till")
_BETWEEN = (("between",), ("entre",), ("from",), ("de",), ("desde", "las"))


@dataclass(frozen=True)
class Clock:
    """A time that was read: its parameters, and how many words it took."""

    pairs: tuple[Pair, ...]
    size: int


def read_clock(words: Sequence[str]) -> Clock | None:
    """Read a time at the beginning of some words.

    >>> read_clock(["after", "6", "pm"])
    Clock(pairs=(('from', '18:00'),), size=3)
    """
    words = tuple(words)
    return _between(words) or _bounded(words) or _around(words)


def _bounded(words: tuple[str, ...]) -> Clock | None:
    for phrases, name in ((AFTER, "from"), (BEFORE, "to")):
        taken = starting(words, phrases)
        found = taken and _time(words[taken:], is_sure=True)
        if found:
            return Clock(((name, _written(found[0])),), taken + found[1])
    return None


def _around(words: tuple[str, ...]) -> Clock | None:
    """A meeting at seven begins from seven on, within the hour."""
    taken = starting(words, AT)
    if words[taken : taken + 1] and words[taken] in _NAMED:
        return None
    found = _time(words[taken:], is_sure=taken > 0)
    if not found:
        return None
    minute = found[0]
    pairs = (("from", _written(minute)), ("to", _written((minute + 59) % 1440)))
    return Clock(pairs, taken + found[1])


def _between(words: tuple[str, ...]) -> Clock | None:
    taken = next((len(b) for b in _BETWEEN if words[: len(b)] == b), 0)
    rest = words[taken:]
    first = _number(rest[0]) if rest else None
    if first is None:
        return None
    half, size = _half(rest[1:])
    at = 1 + size
    if rest[at : at + 1] and rest[at] in _JOINS:
        at += 1
        at += rest[at : at + 1] == ("las",)
    second = _time(rest[at:], is_sure=rest[at : at + 1] != () and rest[at] in _NAMED)
    if second is None:
        return None
    ends, used = second
    begins = _minute(first, half if half is not None else (12 if ends > 720 else 0))
    return Clock((("from", _written(begins)), ("to", _written(ends))), taken + at + used)


def _time(words: tuple[str, ...], *, is_sure: bool) -> tuple[int, int] | None:
    """Return the minute of the day and the words used; a bare number only where one is due."""
    if is_sure and words and words[0] in _NAMED:
        return _NAMED[words[0]], 1
    given = _number(words[0]) if words else None
    if given is None:
        return None
    half, size = _half(words[1:])
    if half is None and ":" not in words[0]:
        if not is_sure:
            return None
        # Nobody says which half of the day; most meetings are in the second.
        half = 12 if 1 <= given[0] <= 11 else 0 if given[0] > 12 else 12
    if half is None:
        half = 12 if 1 <= given[0] <= 8 else None
    return _minute(given, half), 1 + size


def _number(word: str) -> tuple[int, int] | None:
    hour, colon, minute = word.partition(":")
    if not hour.isdecimal() or len(hour) > 2 or (colon and not minute.isdecimal()):
        return None
    read = int(hour), int(minute or 0)
    return read if read[0] < 24 and read[1] < 60 else None


def _half(words: tuple[str, ...]) -> tuple[int | None, int]:
    for phrase, half in _HALVES.items():
        if words[: len(phrase)] == phrase:
            return half, len(phrase)
    return None, 0


def _minute(given: tuple[int, int], half: int | None) -> int:
    hour, minute = given
    if half is not None and hour <= 12:
        hour = hour % 12 + half
    return hour * 60 + minute


def _written(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
