"""Says when a meeting is held, in words; when it next starts is computed in schedule."""

import re
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.presenters.words import clock_range, sentence_list, zone_words
from finder.vocab import ScheduleKind, Weekday

EVERY = {
    Weekday.MONDAY: gettext_lazy("Every Monday"),
    Weekday.TUESDAY: gettext_lazy("Every Tuesday"),
    Weekday.WEDNESDAY: gettext_lazy("Every Wednesday"),
    Weekday.THURSDAY: gettext_lazy("Every Thursday"),
    Weekday.FRIDAY: gettext_lazy("Every Friday"),
    Weekday.SATURDAY: gettext_lazy("Every Saturday"),
    Weekday.SUNDAY: gettext_lazy("Every Sunday"),
}
ORDINALS = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    5: gettext_lazy("fifth"),
    -1: gettext_lazy("last"),
}
DAYS = {day.name[:2]: day for day in Weekday}
BYDAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")


def days_words(kind: str, *, weekday: int | None, rrule: str = "") -> str:
    """Say on which days a meeting is held.

    >>> days_words("weekly", weekday=1)
    'Every Tuesday'
    >>> days_words("rule", weekday=1, rrule="FREQ=MONTHLY;BYDAY=1TU,3TU")
    'The first and third Tuesday of each month'
    >>> days_words("rule", weekday=1, rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    'Tuesday, every 2 weeks'
    >>> days_words("appointment", weekday=None), days_words("always", weekday=None)
    ('By appointment', 'Round the clock')
    """
    match ScheduleKind(kind):
        case ScheduleKind.APPOINTMENT:
            return _("By appointment")
        case ScheduleKind.ALWAYS:
            return _("Round the clock")
        case ScheduleKind.WEEKLY:
            return str(EVERY[Weekday(weekday)])
        case ScheduleKind.RULE:
            return _rule_words(rrule, weekday)
    raise ValueError(kind)


def when_words(
    kind: str,
    *,
    weekday: int | None,
    start: time | None,
    minutes: int | None,
    timezone: str,
    rrule: str = "",
) -> str:
    """Say the whole schedule in the meeting's own zone.

    >>> when_words("weekly", weekday=1, start=time(19), minutes=60, timezone="America/Chicago")
    'Every Tuesday, 7:00 PM to 8:00 PM, Central time'
    """
    days = days_words(kind, weekday=weekday, rrule=rrule)
    if start is None:
        return days
    return f"{days}, {clock_range(start, minutes)}, {zone_words(timezone)}"


def _rule_words(rrule: str, weekday: int | None) -> str:
    rule = dict(part.split("=", 1) for part in rrule.upper().split(";") if "=" in part)
    found = BYDAY.findall(rule.get("BYDAY", ""))
    names = dict.fromkeys(str(DAYS[code].label) for _number, code in found)
    if not names and weekday is not None:
        names = {str(Weekday(weekday).label): None}
    days = sentence_list(names)
    numbers = [int(number or rule.get("BYSETPOS", "0") or 0) for number, _code in found]
    ordinals = sentence_list(str(ORDINALS[number]) for number in numbers if number in ORDINALS)
    if rule.get("FREQ") == "MONTHLY" and ordinals:
        return _("The %(which)s %(day)s of each month") % {"which": ordinals, "day": days}
    if rule.get("FREQ") == "MONTHLY":
        return _("%(day)s, once a month") % {"day": days}
    every = rule.get("INTERVAL", "1")
    return _("%(day)s, every %(count)s weeks") % {"day": days, "count": every}
