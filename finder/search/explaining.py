"""Why a meeting stands where it does: the keys it was ordered by, each under a name."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from finder.search.values import Search
from finder.vocab import Label

# Beyond any start: a meeting without times.
_NEVER = 1e11
_EXACT = {
    "distance": ("miles", "start"),
    "next_start": ("start",),
    "acceptance": ("acceptance", "lower_bound", ""),
    "relevance": ("match",),
    "name": ("name",),
}


def why(search: Search, keys: Sequence[float | str]) -> dict:
    """Say what a row was ordered by; the first key that differs decides."""
    names = _names(search)
    pairs = zip(names, keys, strict=True)
    return {
        "order": search.sort,
        "keys": {name: _said(search, name, key) for name, key in pairs if name},
    }


def _names(search: Search) -> tuple[str, ...]:
    if not search.weighs_freshness or search.sort in ("relevance", "name"):
        return _EXACT[search.sort]
    near = ("distance_band", "start") if search.near else ("", "minutes_weighed")
    best = {"distance": near, "next_start": near[1:], "acceptance": ("acceptance", *near)}
    return best[search.sort] if search.sort != "next_start" else ("minutes_weighed",)


def _said(search: Search, name: str, key: float | str):
    match name:
        case "start":
            if key > _NEVER:
                return None
            return datetime.fromtimestamp(key * 60, UTC).astimezone(ZoneInfo(search.tz)).isoformat()
        case "acceptance":
            return Label.values[int(key)]
        case "distance_band":
            return int(key)
        case "miles" | "minutes_weighed":
            return None if key >= 1e9 else round(key, 2)
        case "lower_bound" | "match":
            return round(-key, 6)
    return key
