"""Makes a group and its meetings ready for their pages."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from finder.models import Group, Meeting
from finder.presenters.freshness import likely_words
from finder.presenters.schedules import when_words
from finder.presenters.words import date_words, format_words, language_name
from finder.vocab import Access, Focus, MeetingType


@dataclass(frozen=True)
class MeetingLine:
    """One meeting of a group, as its page lists it."""

    id: int
    name: str
    when: str
    format: str
    where: str
    is_paused: bool


def meeting_line(meeting: Meeting) -> MeetingLine:
    """Put one meeting on one line; its place must be loaded."""
    return MeetingLine(
        id=meeting.pk,
        name=meeting.name,
        when=meeting_when(meeting),
        format=format_words(meeting.format),
        where=place_line(meeting),
        is_paused=meeting.status == "paused",
    )


def meeting_when(meeting: Meeting) -> str:
    """Say when a meeting is held, in its own zone."""
    return when_words(
        meeting.kind,
        weekday=meeting.weekday,
        start=meeting.start,
        minutes=meeting.duration_minutes,
        timezone=meeting.timezone,
        rrule=meeting.rrule,
    )


def place_line(meeting: Meeting) -> str:
    """Name the place and its city; empty for a meeting held only online or by phone."""
    place = meeting.place
    if place is None or not meeting.is_in_person:
        return ""
    town = ", ".join(part for part in (place.city, place.state) if part)
    return ", ".join(part for part in (place.name or place.address, town) if part)


def checked_words(
    row: Group | Meeting, *, today: date, listed_on: date | None = None, format_: str = "in_person"
) -> str:
    """Say how fresh a listing is: a person's word first, else the list's own date."""
    days = [day for day in (row.verified_on, listed_on) if day]
    likely = likely_words(max(days, default=None), format_, today=today)
    return f"{_who_checked(row, listed_on)} {likely}"


def _who_checked(row: Group | Meeting, listed_on: date | None) -> str:
    if row.verified_on:
        return _("Last checked by a person on %(day)s.") % {"day": date_words(row.verified_on)}
    if listed_on:
        return _("The list says it was changed on %(day)s.") % {"day": date_words(listed_on)}
    return _("Nobody has checked this listing yet.")


def focus_words(row: Group | Meeting) -> list[str]:
    """Name whom a group or meeting is made for; unknown codes are left out."""
    return _labels(row.focus, Focus)


def access_words(row: Group | Meeting) -> list[str]:
    """Name what is known to be there for those who need it."""
    return _labels(row.access, Access)


def type_words(meeting: Meeting) -> list[str]:
    """Name what happens in a meeting."""
    return _labels(meeting.types, MeetingType)


def language_words(row: Group | Meeting) -> list[str]:
    """Name the languages spoken."""
    return [language_name(code) for code in row.languages]


def _labels(codes: list[str], vocabulary: type) -> list[str]:
    return [str(vocabulary(code).label) for code in codes if code in vocabulary.values]
