"""Makes the rows of a search ready for cards; the rows are exactly those of the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from finder.models import Assessment, Listing, Program
from finder.presenters import links
from finder.presenters.acceptance import AcceptanceWords, words_for
from finder.presenters.freshness import short_words
from finder.presenters.remembered import by_language
from finder.presenters.schedules import days_words, when_words
from finder.presenters.words import (
    day_words,
    format_words,
    language_name,
    miles,
    start_words,
)
from finder.schedule import next_start
from finder.search.document import schedule_of
from finder.vocab import Access, Focus, Format

# English is the rule here, so only other languages are worth a tag.
COMMON_LANGUAGE = "en"
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """The one next thing to do: an address, and whether it leads away from this site."""

    kind: str
    words: str
    address: str
    is_outside: bool = False


@dataclass(frozen=True)
class Card:
    """One meeting as the search shows it."""

    id: int
    address: str
    name: str
    when: str
    where: str
    distance: str
    format: str
    program: Program | None
    program_name: str
    group_address: str
    group_name: str
    tags: tuple[str, ...]
    checked: str
    # None when no medication was named, or nothing may be shown of the group.
    reading: AcceptanceWords | None
    action: Action


def card(
    row: Mapping,
    *,
    now: datetime,
    program: Program | None,
    medication: str = "",
    assessment: Assessment | None = None,
    phone: str = "",
) -> Card:
    """Put one row of results into words; ``now`` is in the viewer's zone."""
    group = row["group"]
    return Card(
        id=row["id"],
        address=links.address("meeting", row["id"]),
        name=row["name"],
        when=row_when(row, now=now),
        where=where_words(row["place"]),
        distance=_distance(row),
        format=format_words(row["format"]),
        program=program,
        program_name=row["program"]["name"],
        group_address=links.address("group", group["id"]),
        group_name=group["name"] if group["name"] != row["name"] else "",
        tags=_tags(tuple(row["focus"]), tuple(row["languages"]), tuple(row["access"])),
        checked=_checked(row, today=now.date()),
        reading=words_for(
            assessment,
            program=row["program"]["slug"],
            medication=medication,
            today=now.date(),
        )
        if medication in row["acceptance"]
        else None,
        action=_action(row, phone=phone),
    )


def _action(row: Mapping, *, phone: str) -> Action:
    """Call, find the way, or read on its page how to get in: codes stand nowhere else."""
    page = links.address("meeting", row["id"])
    place = row["place"] or {}
    if number := links.dial_link(phone):
        return Action("call", _("Call %(number)s") % {"number": phone}, number)
    if way := links.directions_link(place):
        return Action("directions", _("Directions"), way, is_outside=True)
    if row["format"] in (Format.ONLINE, Format.HYBRID):
        return Action("join", _("Join online"), f"{page}#way-in")
    if row["format"] == Format.PHONE:
        return Action("join", _("Join by phone"), f"{page}#way-in")
    return Action("read", _("Ask before you go"), page)


def row_when(row: Mapping, *, now: datetime) -> str:
    """Say when a row's meeting next starts, in the viewer's zone, or that it has no set time."""
    if row["next_start"]:
        start = datetime.fromisoformat(row["next_start"]).astimezone(now.tzinfo)
        return start_words(start, now, minutes=row["duration"])
    return days_words(row["recurrence"], weekday=None)


@dataclass(frozen=True)
class PlannedMeeting:
    """One meeting of a handout, on the clock of the place where it is held."""

    id: int
    name: str
    when: str
    next: str
    where: str
    format: str
    has_times: bool


def planned(listing: Listing, *, now: datetime) -> PlannedMeeting:
    """Put one chosen meeting into words that say nothing of who chose it."""
    schedule, document = schedule_of(listing), listing.document
    start = next_start(schedule, now)
    return PlannedMeeting(
        id=listing.pk,
        name=document["name"],
        when=when_words(
            listing.kind,
            weekday=listing.weekday,
            start=listing.start,
            minutes=listing.duration_minutes,
            timezone=listing.timezone,
            rrule=listing.rrule,
        ),
        next=next_words(start, now=now, zone=listing.timezone),
        where=where_words(document["place"]),
        format=format_words(listing.format),
        has_times=start is not None,
    )


def next_words(start: datetime | None, *, now: datetime, zone: str) -> str:
    """Say on which day a meeting is next held, on its own clock; nothing if it has no times."""
    if start is None:
        return ""
    return day_words(viewer_now(start, zone), viewer_now(now, zone))


def viewer_now(now: datetime, zone: str) -> datetime:
    """The same instant on the viewer's clock."""
    return now.astimezone(ZoneInfo(zone))


def where_words(place: Mapping | None) -> str:
    """Write a place on one line; nothing for a meeting held only online or by phone."""
    if not place:
        return ""
    town = ", ".join(part for part in (place.get("city"), place.get("state")) if part)
    parts = (place.get("name"), place.get("address"), town)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _distance(row: Mapping) -> str:
    distance = row.get("distance_miles")
    if distance is None:
        return ""
    if row["place"] and row["place"].get("approximate"):
        return _("about %(miles)s") % {"miles": miles(distance)}
    return miles(distance)


def _checked(row: Mapping, *, today: date) -> str:
    on = row["verified_on"]
    return short_words(on and date.fromisoformat(on), row["format"], today=today)


@by_language
def _tags(focus: Codes, languages: Codes, access: Codes) -> tuple[str, ...]:
    people = [str(Focus(code).label) for code in focus if code in Focus.values]
    ways = [str(Access(code).label) for code in access if code in Access.values]
    spoken = [language_name(code) for code in languages if code != COMMON_LANGUAGE]
    return (*people, *spoken, *ways)
