"""When a meeting happens: wall time, zone and recurrence to moments; no database, no clock.

A schedule is kept as people say it ("Mondays at seven, in Denver") and resolved late, from the
``now`` that is passed in. A wall time that a change of clocks skips moves forward by what was
skipped; one that happens twice is the first of the two (RFC 5545, section 3.3.5).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from finder.vocab import ScheduleKind

DEFAULT_DURATION = 60
# "Tonight" begins at five in the afternoon and runs past midnight.
EVENING_BEGINS, NIGHT_ENDS = time(17), time(4)
# A rule that names no day in two years names none that anybody waits for.
HORIZON = timedelta(days=731)
DAY = timedelta(days=1)
WEEK_MINUTES = 7 * 24 * 60
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_NOT_PLACES = ("posix/", "right/", "SystemV/")
_NOT_ZONES = frozenset({"Factory", "localtime", "posixrules", "leapseconds"})


class RuleError(ValueError):
    """A recurrence rule outside the two shapes that are read here."""


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones that can be used."""
    names = available_timezones()
    return frozenset(n for n in names if n not in _NOT_ZONES and not n.startswith(_NOT_PLACES))


def is_zone(name: str) -> bool:
    """Say whether a name is a time zone of the IANA database.

    >>> is_zone("America/Denver"), is_zone("../etc/passwd")
    (True, False)
    """
    return name in zones()


@dataclass(frozen=True)
class Rule:
    """A recurrence beyond every week: some weeks of a month, or every so many weeks.

    ``days`` holds (which, weekday): which is 1 to 5, -1 to -5, or 0 for every such day.
    """

    frequency: str
    interval: int
    days: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str, first_on: date) -> "Rule":
        """Read an RRULE; raises RuleError for anything but MONTHLY by day and WEEKLY."""
        parts = _parts(text)
        frequency, interval = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")
        if frequency not in ("WEEKLY", "MONTHLY") or not re.fullmatch(r"[1-9]\d?", interval):
            raise RuleError(f"Not a rule that can be read: {text!r}")
        position = parts.pop("BYSETPOS", "")
        days = _days(parts.pop("BYDAY", ""))
        if frequency == "WEEKLY" and not days:
            days = ((0, first_on.weekday()),)
        if parts.pop("WKST", "MO") != "MO" or parts or not days:
            raise RuleError(f"Not a rule that can be read: {text!r}")
        if position:
            days = (_positioned(position, days, text),)
        if frequency == "WEEKLY" and any(which for which, _ in days):
            raise RuleError(f"A weekly rule cannot count days of the month: {text!r}")
        return cls(frequency, int(interval), days)

    def holds(self, day: date, first_on: date) -> bool:
        """Say whether the rule, counted from its anchor, names this day."""
        if day < first_on or not any(_is_nth(day, which, wd) for which, wd in self.days):
            return False
        if self.frequency == "WEEKLY":
            weeks = (_monday(day) - _monday(first_on)).days // 7
            return weeks % self.interval == 0
        months = (day.year - first_on.year) * 12 + day.month - first_on.month
        return months % self.interval == 0


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.upper().removeprefix("RRULE:").split(";") if part]
    if len({name for name, _, _ in pairs}) < len(pairs):
        raise RuleError(f"A rule says the same thing twice: {text!r}")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _days(text: str) -> tuple[tuple[int, int], ...]:
    days = []
    for item in filter(None, text.split(",")):
        found = _DAY.fullmatch(item.strip())
        if not found:
            raise RuleError(f"Not a day of a rule: {item!r}")
        days.append((int(found[1] or 0), BYDAY.index(found[2])))
    return tuple(days)


def _positioned(position: str, days: tuple[tuple[int, int], ...], text: str) -> tuple[int, int]:
    # BYDAY=TU;BYSETPOS=2 is another way to write BYDAY=2TU; with several days it is not.
    if len(days) != 1 or days[0][0] or not re.fullmatch(r"[+-]?[1-5]", position):
        raise RuleError(f"Not a rule that can be read: {text!r}")
    return int(position), days[0][1]


def _is_nth(day: date, which: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if which < 0:
        return (monthrange(day.year, day.month)[1] - day.day) // 7 + 1 == -which
    return which == 0 or (day.day - 1) // 7 + 1 == which


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Schedule:
    """When one meeting gathers, in its own zone.

    ``exceptions`` holds (date, start): another start that day, or None when it is off.
    ``closures`` holds (from, until), both included; until None means not known yet.
    """

    kind: ScheduleKind
    zone: str = ""
    weekday: int | None = None
    start: time | None = None
    duration: int | None = None
    rrule: str = ""
    first_on: date | None = None
    exceptions: tuple[tuple[date, time | None], ...] = ()
    closures: tuple[tuple[date, date | None], ...] = ()

    @property
    def has_times(self) -> bool:
        """Say whether it gathers at set times at all."""
        return self.kind in (ScheduleKind.WEEKLY, ScheduleKind.RULE)

    @property
    def minutes(self) -> int:
        """How long it lasts; an hour when nobody said."""
        return self.duration or DEFAULT_DURATION


def moment(day: date, clock: time, zone: str) -> datetime:
    """Return the moment in UTC at which a wall clock in a zone shows this time."""
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _starts(schedule: Schedule, first: date, last: date) -> Iterator[datetime]:
    """Yield starts in UTC on the local days from ``first`` to ``last``, in order of days."""
    moved = dict(schedule.exceptions)
    rule = None
    if schedule.kind == ScheduleKind.RULE:
        rule = Rule.parse(schedule.rrule, schedule.first_on)
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        weekly = day.weekday() == schedule.weekday
        is_on = rule.holds(day, schedule.first_on) if rule else weekly
        clock = moved.get(day, schedule.start if is_on else None)
        if clock is not None and not _is_closed(schedule, day):
            yield moment(day, clock, schedule.zone)


def _is_closed(schedule: Schedule, day: date) -> bool:
    return any(a <= day and (b is None or day <= b) for a, b in schedule.closures)


def occurrences(schedule: Schedule, since: datetime, until: datetime) -> list[datetime]:
    """Return the starts, in UTC and in order, with since <= start < until."""
    if not schedule.has_times:
        return []
    zone = ZoneInfo(schedule.zone)
    # A skipped wall time may land on the next day, so look one day to each side.
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date() + DAY
    return sorted({at for at in _starts(schedule, first, last) if since <= at < until})


def next_start(schedule: Schedule, now: datetime) -> datetime | None:
    """Return the first start at or after ``now``, in UTC; None when there is none in two years."""
    if not schedule.has_times:
        return None
    step = timedelta(days=8 if schedule.kind == ScheduleKind.WEEKLY else 40)
    since = now
    while since < now + HORIZON:
        found = occurrences(schedule, since, since + step)
        if found:
            return found[0]
        since += step
    return None


def tonight(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return this evening for a viewer: from five (or now, if later) until four in the morning.

    Before four in the morning it is still last night.
    """
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() - DAY if local.time() < NIGHT_ENDS else local.date()
    begins = moment(day, EVENING_BEGINS, zone)
    return max(begins, now.astimezone(UTC)), moment(day + DAY, NIGHT_ENDS, zone)


def viewed(at: datetime, zone: str) -> tuple[int, int]:
    """Return the weekday and the minute of the day that a viewer in a zone sees.

    >>> viewed(datetime(2026, 3, 9, 5, tzinfo=UTC), "Pacific/Honolulu")
    (6, 1140)
    """
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday(), local.hour * 60 + local.minute
