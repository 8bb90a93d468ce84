"""The first meeting that was agreed, as a calendar file that tells nothing but time and place."""

from datetime import datetime
from zoneinfo import ZoneInfo

from finder.models import Meeting
from finder.presenters.calendars import one_day
from finder.schedule import DEFAULT_DURATION
from referrals.handouts import neutral
from referrals.models import Referral


def first_meeting(referral: Referral, *, now: datetime) -> bytes | None:
    """Write the day that was agreed, on the person's clock; None where none was. One query.

    The plan must be loaded.
    """
    at = referral.first_meeting_at
    if at is None:
        return None
    meeting = _meeting_of(referral, at)
    return one_day(
        meeting.pk if meeting else 0,
        at.astimezone(ZoneInfo(referral.plan.zone)),
        minutes=(meeting and meeting.duration_minutes) or DEFAULT_DURATION,
        where=_where(meeting),
        now=now,
    )


def _meeting_of(referral: Referral, at: datetime) -> Meeting | None:
    """Find among the chosen meetings the one that is held then, else the first."""
    found = Meeting.objects.select_related("place", "group__program").in_bulk(referral.meetings)
    chosen = [found[pk] for pk in referral.meetings if pk in found]
    return next((each for each in chosen if _is_then(each, at)), next(iter(chosen), None))


def _is_then(meeting: Meeting, at: datetime) -> bool:
    if meeting.weekday is None or meeting.start is None or not meeting.timezone:
        return False
    local = at.astimezone(ZoneInfo(meeting.timezone))
    return (local.weekday(), local.time()) == (meeting.weekday, meeting.start)


def _where(meeting: Meeting | None) -> str:
    place = meeting.place if meeting and meeting.is_in_person else None
    if place is None:
        return ""
    parts = (neutral(place.name, meeting), place.address, place.city, place.state)
    return ", ".join(part for part in parts if part)
