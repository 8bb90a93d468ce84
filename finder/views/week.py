"""The results as a person's week: seven days of their zone, the best few of each, and how many."""

from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finder.presenters.weeks import Entry, entry
from finder.search import Search, query
from finder.search.params import without
from finder.views.steps import Step, step
from finder.vocab import Weekday

# A day that shows more is a list; its heading leads to all of them.
MOST_IN_A_DAY = 6


@dataclass(frozen=True)
class Day:
    """One column: its name, whether it is today, its meetings by the clock, and the rest."""

    name: str
    is_today: bool
    entries: tuple[Entry, ...]
    more: Step | None


@dataclass(frozen=True)
class Week:
    """Seven days, today first."""

    days: tuple[Day, ...]


def week(search: Search) -> Week:
    """Ask for each day of the week, beginning with today where the viewer is."""
    today = search.now.astimezone(ZoneInfo(search.tz)).weekday()
    numbers = [(today + passed) % 7 for passed in range(7)]
    asked = [number for number in numbers if not search.days or number in search.days]
    return Week(tuple(_day(search, number, is_today=number == today) for number in asked))


def _day(search: Search, number: int, *, is_today: bool) -> Day:
    # Twice as many, since those without set times fit every day and have no place in a week.
    found = query(replace(search, days=(number,), page_size=2 * MOST_IN_A_DAY, cursor=None))
    now = search.now.astimezone(ZoneInfo(search.tz))
    timed = [row for row in found.rows if row["next_start"]]
    entries = [entry(row, now=now) for row in timed[:MOST_IN_A_DAY]]
    name = str(Weekday(number).label)
    more = None
    if found.count > len(entries):
        words = ngettext("All %(count)d on %(day)s", "All %(count)d on %(day)s", found.count)
        params = without(search.params, "day", "view") | {"day": [Weekday(number).code]}
        told = {"count": found.count, "day": name}
        more = step(words % told, params, is_sensitive=search.is_sensitive)
    shown = _("%(day)s (today)") % {"day": name} if is_today else name
    return Day(shown, is_today, tuple(sorted(entries, key=_clock)), more)


def _clock(shown: Entry) -> tuple[time, int]:
    return (shown.start.time(), shown.id)
