"""Keeps what was once put into words: the same few hundred phrases stand on every page."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import get_language

P = ParamSpec("P")
Words = TypeVar("Words")
# Phrases of one function and all languages; each is some hundred bytes.
MOST = 4096


def by_language(function: Callable[P, Words]) -> Callable[P, Words]:
    """Remember what a function of plain, hashable values says in each language.

    Only for functions whose words depend on nothing but what they are given: no clock, no row.
    """

    @lru_cache(maxsize=MOST)
    def kept(_language: str | None, *args, **kwargs) -> Words:
        return function(*args, **kwargs)

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> Words:
        return kept(get_language(), *args, **kwargs)

    return told
