"""Meetings that have begun and are not over: one can still join online or walk in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from finder.schedule import DEFAULT_DURATION
from finder.search import Search, query

# Few meetings last longer, and who looks for one to join wants some of it left.
LOOK_BACK = 90
MOST = 100
SHOWN = 5


def going_on(search: Search) -> tuple[list[Mapping], int]:
    """Return a few meetings in progress that fit the search, latest begun first, and how many.

    Nothing when the search asks for a time of its own: then it says what is wanted.
    """
    if search.has_times or search.cursor:
        return [], 0
    earlier = search.now - timedelta(minutes=LOOK_BACK)
    begun = replace(
        search,
        now=earlier,
        starts_within=LOOK_BACK,
        sort="next_start",
        weighs_freshness=False,
        page_size=MOST,
    )
    rows = [row for row in query(begun).rows if _is_on(row, search.now)]
    return rows[::-1][:SHOWN], len(rows)


def _is_on(row: Mapping, now: datetime) -> bool:
    if not row["next_start"]:
        return False
    start = datetime.fromisoformat(row["next_start"])
    return start <= now < start + timedelta(minutes=row["duration"] or DEFAULT_DURATION)
