"""The read side of the directory: a question becomes a Search, a Search becomes Results."""

from finder.search.asked import Asked, asked
from finder.search.candidates import candidates, candidates_of
from finder.search.filters import ListingFilterSet, Refused, read_search
from finder.search.query import query
from finder.search.values import Chip, Results, Search

__all__ = [
    "Asked",
    "Chip",
    "ListingFilterSet",
    "Refused",
    "Results",
    "Search",
    "asked",
    "candidates",
    "candidates_of",
    "query",
    "read_search",
]
