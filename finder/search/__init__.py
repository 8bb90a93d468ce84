"""The read side of the directory: a question becomes a Search, a Search becomes Results."""

from finder.search.values import Chip, Origin, Results, Search

__all__ = ["Chip", "Origin", "Results", "Search"]
