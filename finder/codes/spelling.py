"""The way back: which codes of a program say what we know; reading them is the package's."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from finder.codes.meeting_types import BY_PROGRAM, SHARED

_FIELDS = ("types", "focus", "access", "access_no", "languages")


def meeting_types(program: str, lists: Mapping[str, Sequence[str]]) -> list[str]:
    """Return Meeting Guide types of a program that say nothing but what these lists say.

    >>> meeting_types("aa", {"focus": ["women"], "types": ["closed"], "access_no": ["open"]})
    ['C', 'W']
    >>> meeting_types("aa", {"types": ["closed"]}), meeting_types("aa", {"focus": ["veterans"]})
    ([], [])
    """
    said = frozenset((field, code) for field in _FIELDS for code in lists.get(field, ()))
    found, told = [], set()
    for code, meaning in _spellings(program):
        if meaning <= said and not meaning <= told:
            found.append(code)
            told |= meaning
    return sorted(found)


@lru_cache(maxsize=100)
def _spellings(program: str) -> tuple[tuple[str, frozenset], ...]:
    """Return the codes of a program that say something, those that say most first."""
    codes = {**SHARED, **BY_PROGRAM.get(program, {})}
    found = [
        (
            code,
            frozenset((field, value) for field in _FIELDS for value in getattr(meaning, field)),
        )
        for code, meaning in codes.items()
        if not meaning.hint
    ]
    return tuple(sorted((each for each in found if each[1]), key=lambda each: -len(each[1])))
