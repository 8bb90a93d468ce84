"""When a row says that people meet: on weekdays at a time, by appointment, or always."""

import re
from dataclasses import dataclass
from datetime import time

from finder.feeds.clock import Clock, Days
from finder.feeds.rows import Row
from finder.vocab import ScheduleKind, Weekday

_ALWAYS = re.compile(r"\b24\s*/\s*7\b|\bround[- ]the[- ]clock\b|\b24 hours a day\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """One weekly time, or a kind without one and a note that keeps the half that is known."""

    kind: ScheduleKind
    weekday: int | None = None
    start: time | None = None
    duration_minutes: int | None = None
    note: str = ""


def settle_when(row: Row, *, days: Days, clock: Clock, length: int | None, text: str) -> list[When]:
    """Return the weekly times of a row; a row without them is by appointment, or always open."""
    _note_forms(row, days, clock)
    if days.days and clock.at is not None:
        moved = 1 if clock.next_day else 0
        return [When(ScheduleKind.WEEKLY, (day + moved) % 7, clock.at, length) for day in days.days]
    if not days.days and clock.at is None and _ALWAYS.search(text):
        return [When(ScheduleKind.ALWAYS)]
    return [When(ScheduleKind.APPOINTMENT, note=_half(row, days, clock))]


def _note_forms(row: Row, days: Days, clock: Clock) -> None:
    if days.is_unread:
        row.note("day", "bad_day", "A day could not be read.")
    elif days.is_repaired:
        row.note("day", "day_form", "The day was written in a form of its own and was read.")
    if clock.is_unread:
        row.note("time", "bad_time", "The time could not be read.")
    elif clock.next_day:
        row.note("time", "midnight", "24:00 was read as 00:00 of the next day.")
    elif clock.is_repaired:
        row.note("time", "time_form", "The time was written in a form of its own and was read.")


def _half(row: Row, days: Days, clock: Clock) -> str:
    if days.days:
        row.note("time", "no_time", "There is a day but no time; kept as by appointment.")
        names = ", ".join(Weekday(day).name.capitalize() for day in days.days)
        return f"{names}; the time is not given."
    if clock.at is not None:
        row.note("day", "no_day", "There is a time but no day; kept as by appointment.")
        return f"At {clock.at:%H:%M}; the day is not given."
    return ""


def read_until(row: Row, clock: Clock, end: Clock, length: int | None) -> int | None:
    """Check a length read from an end time, and say when it made no sense."""
    if clock.at is None or end.at is None:
        if end.is_unread:
            row.note("end_time", "bad_time", "The end time could not be read.")
        return None
    if length is None and end.at != clock.at:
        row.note("end_time", "end_before_start", "The end is before the start; left out.")
    return length
