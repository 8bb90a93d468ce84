"""Days, times, lengths and dates as feeds write them; zones live in zones."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from finder.feeds.text import fold
from finder.vocab import Weekday

SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)
_WORDS = {day.name.casefold(): int(day) for day in Weekday}
_DAILY = {"daily", "every day", "everyday", "all days", "7 days a week", "seven days a week"}
_TIME = re.compile(
    r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?(?:\s*:\s*\d{2}(?:\.\d+)?)?\s*([ap])?\.?\s*(?:m\b\.?)?",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Days:
    """Weekdays read (Monday is 0), and whether their form was not the format's own."""

    days: tuple[int, ...] = ()
    is_repaired: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A wall time; ``next_day`` for 24:00, which belongs to the day after."""

    at: time | None = None
    next_day: bool = False
    is_repaired: bool = False
    is_unread: bool = False


def read_days(value: object) -> Days:
    """Read a Meeting Guide day: 0 (Sunday) to 6, a name, or a list of these.

    >>> read_days([0, "Monday"]).days, read_days("7").days, read_days("the").is_unread
    ((0, 6), (6,), True)
    """
    if value is None or value == "" or value == []:
        return Days()
    if isinstance(value, list | tuple):
        parts = [read_days(item) for item in value[:50] if not isinstance(item, list | tuple)]
        return _united(parts, is_unread=not parts)
    number = whole(value)
    if number is not None:
        if 0 <= number <= 7:
            return Days((SUNDAY_FIRST[number % 7],), is_repaired=number == 7)
        return Days(is_unread=True)
    return _days_from_words(value) if isinstance(value, str) else Days(is_unread=True)


def _united(parts: list[Days], *, is_unread: bool) -> Days:
    days = sorted({day for part in parts for day in part.days})
    return Days(
        tuple(days),
        any(part.is_repaired for part in parts),
        is_unread or any(part.is_unread for part in parts),
    )


def _days_from_words(value: str) -> Days:
    text = fold(value[:200])
    if text in _DAILY:
        return Days(tuple(range(7)), is_repaired=True)
    if match := re.search(
        r"([A-Za-z]+)\s*(?:-|–|\bto\b|\bthru\b|\bthrough\b)\s*([A-Za-z]+)", value[:200]
    ):
        first, last = _day(match[1].casefold()), _day(match[2].casefold())
        if first is not None and last is not None:
            return Days(tuple(sorted((first + i) % 7 for i in range((last - first) % 7 + 1))), True)
    if re.fullmatch(r"[\[\]\s\d,;]+", value[:200]):
        return read_days([int(digit) for digit in re.findall(r"\d{1,3}", value[:200])][:50])
    words = [word for word in text.split() if word not in ("and", "at", "on", "every")]
    days = [_day(word) for word in words]
    found = sorted({day for day in days if day is not None})
    return Days(tuple(found), bool(found), is_unread=None in days or not days)


def _day(word: str) -> int | None:
    word = word.removesuffix("s") if word not in ("tues", "thurs", "weds") else word
    matches = [day for name, day in _WORDS.items() if len(word) >= 3 and name.startswith(word)]
    return matches[0] if len(matches) == 1 else {"weds": 2, "thur": 3}.get(word)


def read_bmlt_day(value: object) -> Days:
    """Read ``weekday_tinyint``: 1 is Sunday, 7 is Saturday.

    >>> read_bmlt_day("1").days, read_bmlt_day("0").is_unread
    ((6,), True)
    """
    if value in (None, ""):
        return Days()
    number = whole(value)
    if number is None:
        return read_days(value)
    return Days((SUNDAY_FIRST[number - 1],)) if 1 <= number <= 7 else Days(is_unread=True)


def whole(value: object) -> int | None:
    """Read a whole number of at most nine digits from a number or a string."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value == value and abs(value) < 1e9 and value == int(value) else None
    if isinstance(value, int):
        return value if abs(value) < 10**9 else None
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,9}(?:\.0+)?\s*", value, re.ASCII):
        return int(float(value))
    return None


def read_time(value: object) -> Clock:
    """Read a wall time in 12 or 24 hours, with or without seconds.

    >>> read_time("7:30 PM").at, read_time("08:00").at, read_time("25:61").is_unread
    (datetime.time(19, 30), datetime.time(8, 0), True)
    >>> read_time("24:00")
    Clock(at=datetime.time(0, 0), next_day=True, is_repaired=True, is_unread=False)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}" if 0 <= value <= 2400 else ""
    if not isinstance(value, str) or not value.strip():
        return Clock(is_unread=value not in (None, ""))
    text = value.strip()[:40].casefold()
    if text in ("noon", "midnight"):
        return Clock(time(12 if text == "noon" else 0), is_repaired=True)
    text = text.replace("noon", "pm").replace("midnight", "am")
    if match := re.fullmatch(r"(\d{2})(\d{2})", text, re.ASCII):
        return _clock(int(match[1]), int(match[2]), "", is_repaired=True)
    match = re.search(r"[t ](\d{2}):(\d{2})(?::\d{2})?", text, re.ASCII)
    if match and _DATE.match(text):
        return _clock(int(match[1]), int(match[2]), "", is_repaired=True)
    match = re.fullmatch(_TIME.pattern, text, re.IGNORECASE | re.ASCII)
    if not match or (match[2] is None and not match[3]):
        return Clock(is_unread=True)
    is_plain = bool(re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", text))
    return _clock(int(match[1]), int(match[2] or 0), match[3] or "", is_repaired=not is_plain)


def _clock(hour: int, minute: int, half: str, *, is_repaired: bool) -> Clock:
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == 0:
        return Clock(time(0), next_day=True, is_repaired=True)
    if hour > 23 or minute > 59:
        return Clock(is_unread=True)
    return Clock(time(hour, minute), is_repaired=is_repaired)


def as_24_hours(written: str) -> str:
    """Write a time of twelve hours as one of twenty-four; leave what is none as it is.

    >>> as_24_hours("6:00 PM"), as_24_hours("24:00"), as_24_hours("late")
    ('18:00', '24:00', 'late')
    """
    read = read_time(written)
    return written if read.at is None or read.next_day else f"{read.at:%H:%M}"


def minutes_between(start: time, end: time) -> int | None:
    """Length of a meeting that may run past midnight; None when the end makes no sense.

    An end before the start is taken for the next day only up to eight hours later.

    >>> minutes_between(time(23), time(0, 30)), minutes_between(time(20), time(19))
    (90, None)
    """
    length = (end.hour - start.hour) * 60 + end.minute - start.minute
    if length > 0:
        return length
    return length + 1440 if 0 < length + 1440 <= 480 else None


def end_of(start: time, minutes: int | None) -> time | None:
    """Return when a meeting ends, where an end time can tell its length.

    >>> end_of(time(23), 90), end_of(time(20), 600), end_of(time(20), None)
    (datetime.time(0, 30), None, None)
    """
    if not minutes:
        return None
    at = (start.hour * 60 + start.minute + minutes) % 1440
    end = time(at // 60, at % 60)
    return end if minutes_between(start, end) == minutes else None


def read_length(value: object) -> tuple[int | None, bool]:
    """Read a BMLT duration (``HH:MM:SS`` or minutes); the flag says that it was not readable.

    Nothing, 00:00 and 24:00 (open-ended) are None without a fault.

    >>> read_length("01:30:00"), read_length("90"), read_length("24:00:00"), read_length("-1:00")
    ((90, False), (90, False), (None, False), (None, True))
    """
    if value in (None, ""):
        return None, False
    minutes = whole(value)
    if minutes is None and isinstance(value, str):
        match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*", value, re.ASCII)
        minutes = int(match[1]) * 60 + int(match[2]) if match else None
    if minutes in (0, 1440):
        return None, False
    return (minutes, False) if minutes and 0 < minutes < 1440 else (None, True)


def read_date(value: object, *, today: date) -> tuple[date | None, bool]:
    """Read the day a row was last changed; one in the future or unreadable is None and at fault.

    >>> read_date("2020-04-0416:50:58", today=date(2026, 1, 1))[0]
    datetime.date(2020, 4, 4)
    """
    if value in (None, "", "0000-00-00 00:00:00"):
        return None, False
    text = value.strip()[:40] if isinstance(value, str) else ""
    try:
        if match := _DATE.match(text):
            found = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _US_DATE.match(text):
            found = date(int(match[3]), int(match[1]), int(match[2]))
        else:
            found = datetime.strptime(text, "%B %d, %Y").date()
    except ValueError:
        return None, True
    # A day ahead is only a clock in another zone.
    is_sane = found.year >= 1990 and (found - today).days <= 1
    return (min(found, today), False) if is_sane else (None, True)
