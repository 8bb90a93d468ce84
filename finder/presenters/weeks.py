"""Meetings in the boxes of a week: the time, the name and where; no queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from finder.models import Listing
from finder.presenters.words import clock, date_words, format_words, sentence_list
from finder.schedule import next_start
from finder.search.document import schedule_of
from finder.vocab import Weekday

WEEK = timedelta(days=7)
WEEKEND = {Weekday.SATURDAY, Weekday.SUNDAY}


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


@dataclass(frozen=True)
class PlanDay:
    """One day of a plan, with its meetings by the clock."""

    number: int
    name: str
    entries: tuple[Entry, ...]


def days_of(listings: Iterable[Listing], *, now: datetime, zone: str) -> list[PlanDay]:
    """Put chosen meetings into a week from Monday on; those without set times are left out."""
    by_day: dict[int, list[Entry]] = {day: [] for day in Weekday.values}
    for listing in listings:
        start = next_start(schedule_of(listing), now)
        if start is not None:
            row = {**listing.document, "next_start": start.isoformat()}
            shown = entry(row, now=now.astimezone(ZoneInfo(zone)))
            by_day[shown.start.weekday()].append(shown)
    return [
        PlanDay(number, str(Weekday(number).label), tuple(sorted(found, key=_clock)))
        for number, found in by_day.items()
    ]


def _clock(shown: Entry) -> tuple[int, int]:
    return shown.start.hour, shown.start.minute


def free_days(days: Sequence[PlanDay]) -> list[int]:
    """Return the days of the week without a meeting."""
    return [day.number for day in days if not day.entries]


def free_words(days: Sequence[PlanDay]) -> str:
    """Say which days have no meeting; nothing when every day has one.

    >>> free_words([PlanDay(5, "Saturday", ()), PlanDay(6, "Sunday", ())])
    'Nothing on the weekend.'
    >>> free_words([PlanDay(1, "Tuesday", ()), PlanDay(3, "Thursday", ())])
    'Nothing on Tuesday and Thursday.'
    """
    free = [day for day in days if not day.entries]
    if not free:
        return ""
    names = [day.name for day in free if day.number not in WEEKEND]
    weekend = [day.name for day in free if day.number in WEEKEND]
    if len(weekend) == len(WEEKEND):
        weekend = [_("the weekend")]
    return _("Nothing on %(days)s.") % {"days": sentence_list([*names, *weekend])}
