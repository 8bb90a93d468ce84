"""Makes one meeting ready for its own page, the only one that shows how to get in."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from finder.models import Listing, Meeting, MeetingException, Place
from finder.presenters.cards import planned, viewer_now
from finder.presenters.groups import (
    access_words,
    checked_words,
    focus_words,
    language_words,
    meeting_when,
    type_words,
)
from finder.presenters.links import dial_link, map_links, site_name, web_link
from finder.presenters.words import clock, date_words, format_words
from finder.vocab import Status


@dataclass(frozen=True)
class WayIn:
    """How to join from afar: a link or a number, with what has to be typed in."""

    link: str
    link_site: str
    password: str
    phone: str
    phone_link: str
    phone_code: str


def meeting_context(meeting: Meeting, *, listing: Listing | None, now: datetime) -> dict:
    """Everything the meeting page shows; relations and exceptions must be loaded.

    ``listing`` is None for a meeting that cannot be searched for, such as a paused one.
    """
    today = viewer_now(now, meeting.timezone or "UTC").date()
    chosen = planned(listing, now=now) if listing else None
    return {
        "next": chosen.next if chosen else "",
        "has_calendar": bool(chosen and chosen.has_times),
        "meeting": meeting,
        "group": meeting.group,
        "program": meeting.group.program,
        "when": meeting_when(meeting),
        "format": format_words(meeting.format),
        "place": meeting.place if meeting.is_in_person else None,
        "maps": _maps(meeting),
        "way_in": way_in(meeting),
        "website": web_link(meeting.website or meeting.group.website),
        "notices": [*_status_notices(meeting), *_place_notices(meeting.place, today=today)]
        + [_exception_words(row) for row in meeting.exceptions.all() if row.on >= today],
        "focus": _merged(meeting, focus_words),
        "access": _merged(meeting, access_words),
        "languages": _merged(meeting, language_words),
        "types": type_words(meeting),
        "source": meeting.source or meeting.group.source,
        "checked": checked_words(
            meeting, today=today, listed_on=meeting.updated_on, format_=meeting.format
        ),
    }


def way_in(meeting: Meeting) -> WayIn | None:
    """Say how to join from afar, or nothing when one has to be there."""
    link = web_link(meeting.join_url_secret) or web_link(meeting.join_url)
    if not link and not meeting.phone:
        return None
    return WayIn(
        link=link,
        link_site=site_name(link),
        password=meeting.join_password,
        phone=meeting.phone,
        phone_link=dial_link(meeting.phone),
        phone_code=meeting.phone_code,
    )


def _maps(meeting: Meeting) -> dict[str, str]:
    place = meeting.place
    if place is None or not meeting.is_in_person or place.is_approximate or place.lat is None:
        return {}
    return map_links(place.lat, place.lng)


def _status_notices(meeting: Meeting) -> list[str]:
    if Status.PAUSED not in (meeting.status, meeting.group.status):
        return []
    note = meeting.status_note or meeting.group.status_note
    return [" ".join(part for part in (_("This meeting is paused for now."), note) if part)]


def _place_notices(place: Place | None, *, today: date) -> list[str]:
    if place is None or place.closed_from is None:
        return []
    if place.closed_until and place.closed_until < today:
        return []
    if place.closed_until:
        words = _("The place is closed from %(first)s to %(last)s.") % {
            "first": date_words(place.closed_from),
            "last": date_words(place.closed_until),
        }
    else:
        words = _("The place is closed from %(first)s on.") % {
            "first": date_words(place.closed_from)
        }
    return [" ".join(part for part in (words, place.closed_note) if part)]


def _exception_words(row: MeetingException) -> str:
    day = date_words(row.on)
    words = (
        _("On %(day)s it starts at %(time)s.") % {"day": day, "time": clock(row.start)}
        if row.start
        else _("There is no meeting on %(day)s.") % {"day": day}
    )
    return " ".join(part for part in (words, row.note) if part)


def _merged(meeting: Meeting, words) -> list[str]:
    return list(dict.fromkeys([*words(meeting), *words(meeting.group)]))
