"""Turns times, distances, tags and acceptance into words; no database, no rules."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from finder.presenters.remembered import by_language
from finder.search import phrases
from finder.search.reading import names_medication
from finder.vocab import Format, Medication

ZONES = {
    "America/New_York": gettext_lazy("Eastern time"),
    "America/Detroit": gettext_lazy("Eastern time"),
    "America/Chicago": gettext_lazy("Central time"),
    "America/Denver": gettext_lazy("Mountain time"),
    "America/Boise": gettext_lazy("Mountain time"),
    "America/Phoenix": gettext_lazy("Arizona time"),
    "America/Los_Angeles": gettext_lazy("Pacific time"),
    "America/Anchorage": gettext_lazy("Alaska time"),
    "Pacific/Honolulu": gettext_lazy("Hawaii time"),
    "America/Puerto_Rico": gettext_lazy("Atlantic time"),
}


def clock(value: time | str) -> str:
    """Write a wall time as people say it.

    >>> clock("19:00"), clock(time(0, 30)), clock("12:00")
    ('7:00 PM', '12:30 AM', 'noon')
    """
    at = time.fromisoformat(value) if isinstance(value, str) else value
    if (at.hour, at.minute) == (12, 0):
        return _("noon")
    if (at.hour, at.minute) == (0, 0):
        return _("midnight")
    half = (
        pgettext("morning half of the day", "AM")
        if at.hour < 12
        else pgettext("afternoon half of the day", "PM")
    )
    return f"{at.hour % 12 or 12}:{at.minute:02d} {half}"


@by_language
def clock_range(value: time | str, minutes: int | None) -> str:
    """Write when a meeting starts and, if its length is known, when it ends.

    >>> clock_range("19:00", 90), clock_range("23:30", 60), clock_range("19:00", None)
    ('7:00 PM to 8:30 PM', '11:30 PM to 12:30 AM', '7:00 PM')
    """
    at = time.fromisoformat(value) if isinstance(value, str) else value
    if not minutes:
        return clock(at)
    end = datetime.combine(date(2000, 1, 1), at) + timedelta(minutes=minutes)
    return _("%(start)s to %(end)s") % {"start": clock(at), "end": clock(end.time())}


def zone_words(zone: str) -> str:
    """Name a time zone; one without a common name is named by its city.

    >>> zone_words("America/Chicago"), zone_words("Europe/Paris")
    ('Central time', 'Paris time')
    """
    if zone in ZONES:
        return str(ZONES[zone])
    return _("%(city)s time") % {"city": zone.rsplit("/", 1)[-1].replace("_", " ")}


def day_words(start: datetime, now: datetime) -> str:
    """Name the day of a start as seen from ``now``; both in the viewer's zone.

    Up to four in the morning still belongs to the night before.

    >>> noon = datetime(2026, 11, 24, 12)
    >>> day_words(datetime(2026, 11, 24, 19), noon), day_words(datetime(2026, 11, 25, 1), noon)
    ('Tonight', 'Tonight')
    >>> day_words(datetime(2026, 11, 25, 9), noon), day_words(datetime(2026, 11, 27, 9), noon)
    ('Tomorrow', 'Friday')
    >>> day_words(datetime(2026, 12, 9, 9), noon)
    'Wednesday, December 9'
    """
    night = (start - timedelta(hours=4)).date()
    tonight = (now - timedelta(hours=4)).date()
    if night == tonight and (start.hour >= 17 or start.hour < 4):
        return _("Tonight")
    days = (start.date() - now.date()).days
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Tomorrow")
    if 1 < days < 7:
        return _capital(formats.date_format(start, "l"))
    return day_of_week_words(start)


def day_of_week_words(day: date) -> str:
    """Write a date with its day of the week.

    >>> day_of_week_words(date(2026, 12, 9))
    'Wednesday, December 9'
    """
    return _capital(formats.date_format(day, pgettext("day format", "l, F j")))


def start_words(start: datetime, now: datetime, *, minutes: int | None = None) -> str:
    """Say when a meeting next starts; both instants in the viewer's zone.

    >>> noon = datetime(2026, 11, 24, 12)
    >>> start_words(datetime(2026, 11, 24, 12, 25), noon, minutes=60)
    'Today, 12:25 PM to 1:25 PM (in 25 minutes)'
    >>> start_words(datetime(2026, 11, 24, 11, 40), noon)
    'Today, 11:40 AM (on now)'
    """
    words = f"{day_words(start, now)}, {clock_range(start.time(), minutes)}"
    # Subtracting two clocks of one zone would forget an hour that was set back.
    away = int((start.timestamp() - now.timestamp()) // 60)
    if start.timestamp() <= now.timestamp():
        return _("%(when)s (on now)") % {"when": words}
    if away < 60:
        soon = ngettext("in %(count)d minute", "in %(count)d minutes", max(away, 1))
        return f"{words} ({soon % {'count': max(away, 1)}})"
    return words


def _capital(words: str) -> str:
    # Spanish writes the days of the week small, but not at the beginning of a line.
    return words[:1].upper() + words[1:]


def miles(distance: float) -> str:
    """Write a straight-line distance.

    >>> miles(0.04), miles(1), miles(3.26), miles(12.4)
    ('less than 0.1 miles away', '1 mile away', '3.3 miles away', '12 miles away')
    """
    if distance < 0.05:
        return _("less than 0.1 miles away")
    shown = f"{distance:.0f}" if distance >= 10 else f"{distance:.1f}".removesuffix(".0")
    return _("1 mile away") if shown == "1" else _("%(count)s miles away") % {"count": shown}


def month_words(day: date | str) -> str:
    """Write a month, from a date or from ``2026-10``.

    >>> month_words("2026-10"), month_words(date(2026, 3, 9))
    ('October 2026', 'March 2026')
    """
    if isinstance(day, str):
        day = date.fromisoformat(day if len(day) > 7 else f"{day}-01")
    return formats.date_format(day, pgettext("day format", "F Y"))


def date_words(day: date | str | None) -> str:
    """Write a date; nothing for none.

    >>> date_words("2026-10-05")
    'October 5, 2026'
    """
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return formats.date_format(day, pgettext("day format", "F j, Y")) if day else ""


def short_date(day: date | None) -> str:
    """Write a date of this year; nothing for none.

    >>> short_date(date(2026, 10, 5))
    'October 5'
    """
    return formats.date_format(day, pgettext("day format", "F j")) if day else ""


def loose_date(text: str) -> str:
    """Write a date that may be only a year or a month, or words of its own.

    >>> loose_date("2022-05"), loose_date("2001"), loose_date("undated; read 2026")
    ('May 2022', '2001', 'undated; read 2026')
    """
    try:
        if len(text) == len("2022-05"):
            return month_words(text)
        return date_words(text) if len(text) == len("2022-05-31") else translated(text)
    except ValueError:
        return translated(text)


def translated(text: str) -> str:
    """Give a text of the catalogue of programs in the reader's language, where we have it.

    >>> translated("Words of a curator that nobody translated"), translated("")
    ('Words of a curator that nobody translated', '')
    """
    # The empty message is the header of a catalogue.
    return _(text) if text else ""


def neutral_title(name: str, kind: str) -> str:
    """Title a page by its name, or by its kind when the name would tell of a medication.

    Titles stay in the history of a phone that others may use.

    >>> neutral_title("Morning Light", "Group"), neutral_title("Methadone Anonymous", "Group")
    ('Morning Light', 'Group')
    """
    return kind if names_medication(name) or "medication" in name.lower() else name


def sentence_list(parts: Iterable[str]) -> str:
    """Join words with commas and a last "and".

    >>> sentence_list(["one"]), sentence_list(["one", "two", "three"])
    ('one', 'one, two and three')
    """
    words = [str(part) for part in parts]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


@by_language
def language_name(code: str) -> str:
    """Name a language by its BCP 47 code; an unknown code stands for itself.

    >>> language_name("es"), language_name("es-US"), language_name("zh"), language_name("xx")
    ('Spanish', 'Spanish', 'Chinese', 'xx')
    """
    name = phrases.language_name(code)
    return name if name != code else phrases.language_name(code.split("-")[0].lower())


def format_words(format_: str) -> str:
    """Name how people meet.

    >>> format_words("hybrid")
    'In person and online'
    """
    return str(Format(format_).label)


def medication_words(medication: str) -> str:
    """Name a medication.

    >>> medication_words("methadone")
    'methadone'
    """
    return str(Medication(medication).label)
