"""Steps from one search to another: links, or forms when a search must stay out of addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Step:
    """A chip, a page or a wider circle; with an address, or else with hidden fields to post."""

    words: str
    address: str
    fields: tuple[tuple[str, str], ...]
    is_removal: bool = False
    # One of several that exclude each other, and the one that holds now.
    is_on: bool = False


def step(words: str, params: Params, *, is_sensitive: bool, is_removal: bool = False) -> Step:
    """Make a step; a sensitive search gets no address."""
    fields = tuple((name, value) for name, values in params.items() for value in values)
    address = "" if is_sensitive else search_address(params)
    return Step(words, address, fields, is_removal)


def search_address(params: Params) -> str:
    """The shareable address of a search."""
    query = urlencode({name: list(values) for name, values in params.items()}, doseq=True)
    return f"{reverse('search')}?{query}" if query else reverse("search")
