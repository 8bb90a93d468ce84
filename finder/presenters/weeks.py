"""Meetings in the boxes of a week: the time, the name and where; no queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from finder.presenters.words import clock, date_words, format_words

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """One meeting in a week, on the clock of whoever looks."""

    id: int
    name: str
    start: datetime
    time: str
    where: str
    # Said of a meeting that is not held this week.
    first: str


def entry(row: Mapping, *, now: datetime) -> Entry:
    """Make the entry of a row of results with set times; ``now`` is in the viewer's zone."""
    start = datetime.fromisoformat(row["next_start"]).astimezone(now.tzinfo)
    return Entry(
        id=row["id"],
        name=row["name"],
        start=start,
        time=clock(start.time()),
        where=_where(row),
        first=later_words(start, now),
    )


def later_words(start: datetime, now: datetime) -> str:
    """Say from which day on, when that is not within a week.

    >>> noon = datetime(2026, 11, 24, 12)
    >>> later_words(datetime(2026, 12, 9, 19), noon), later_words(datetime(2026, 11, 30, 8), noon)
    ('next on December 9, 2026', '')
    """
    if start.timestamp() - now.timestamp() <= WEEK.total_seconds():
        return ""
    return _("next on %(day)s") % {"day": date_words(start.date())}


def _where(row: Mapping) -> str:
    place = row["place"]
    if not place:
        return format_words(row["format"])
    return place.get("name") or place.get("address") or place.get("city") or ""
