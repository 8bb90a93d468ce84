"""What was counted of meetings that are joined from anywhere: the same for whoever asks near what.

Counts are kept for one state of the directory and one minute, in this process alone. They name
codes that were chosen: neither a place, nor words that somebody typed, nor anybody who asked.
"""

from functools import lru_cache

from finder.search.clock import first_minute
from finder.search.conditions import Conditions
from finder.search.values import Search
from finder.search.when import TimeSql

# So many different questions in a minute are somebody's program.
MOST = 1000
_TYPED = {"words", "lat", "lng"}


class Counts:
    """The counts kept for a search's state of the directory and minute; none where it has none."""

    def __init__(self, search: Search) -> None:
        self._kept = _kept(search.version, first_minute(search.now)) if search.version else {}

    def get(self, asked: Conditions, times: TimeSql) -> int | None:
        """Return how many fit, if that was counted and kept."""
        return self._kept.get(_name(asked, times))

    def put(self, asked: Conditions, times: TimeSql, count: int) -> None:
        """Keep how many fit, unless a place or words were asked for."""
        if len(self._kept) < MOST and not _TYPED & asked.params.keys():
            self._kept[_name(asked, times)] = count


@lru_cache(maxsize=2)
def _kept(_version: str, _minute: int) -> dict[str, int]:
    return {}


def _name(asked: Conditions, times: TimeSql) -> str:
    return repr((asked.listings(times), asked.params, times.params))
