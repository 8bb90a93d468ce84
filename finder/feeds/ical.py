"""Calendar files (RFC 5545), written only, that name nothing but times and places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vRecur

from finder.feeds.published import Published
from finder.feeds.record import PlaceRecord
from finder.schedule import DAY, HORIZON, Schedule, moment, next_start, occurrences
from finder.vocab import ScheduleKind, Weekday

PRODUCT = "-//MHG Finder//Meetings//EN"


@dataclass(frozen=True, slots=True)
class Dated:
    """A meeting as a calendar needs it."""

    id: int
    schedule: Schedule
    where: str = ""


def write(meetings: Iterable[Published], *, now: datetime) -> Iterator[bytes]:
    """Write the meetings that have set times, each zone before the first that needs it."""
    dated = (Dated(each.id, each.schedule, _where(each.place)) for each in meetings)
    yield from lines(dated, now=now)


def once(number: int, start: datetime, *, minutes: int, where: str, now: datetime) -> bytes:
    """Write one meeting on one day; ``start`` is on the clock of its zone (ZoneInfo)."""
    calendar = _calendar()
    calendar.add_component(_timezone(start.tzinfo.key, now=now))
    calendar.add_component(
        _event(number, start, minutes=minutes, where=where, now=now, uid=f"-{start:%Y%m%d}")
    )
    return calendar.to_ical()


def _calendar() -> Calendar:
    head = Calendar()
    head.add("prodid", PRODUCT)
    head.add("version", "2.0")
    head.add("method", "PUBLISH")
    return head


def lines(meetings: Iterable[Dated], *, now: datetime) -> Iterator[bytes]:
    """Write a calendar piece by piece."""
    head = _calendar()
    beginning, end = head.to_ical().split(b"END:VCALENDAR")
    yield beginning
    told: set[str] = set()
    for meeting in meetings:
        for event in _events(meeting, now=now):
            if meeting.schedule.zone not in told:
                told.add(meeting.schedule.zone)
                yield _zone(meeting.schedule.zone, now=now)
            yield event.to_ical()
    yield b"END:VCALENDAR" + end


def _zone(name: str, *, now: datetime) -> bytes:
    return _timezone(name, now=now).to_ical()


def _timezone(name: str, *, now: datetime) -> Timezone:
    first = date(now.year - 1, 1, 1)
    return Timezone.from_tzid(name, first_date=first, last_date=date(now.year + 12, 1, 1))


def _where(place: PlaceRecord | None) -> str:
    if not place:
        return ""
    town = ", ".join(part for part in (place.city, place.state) if part)
    return ", ".join(dict.fromkeys(filter(None, (place.name, place.address, town))))


def _events(meeting: Dated, *, now: datetime) -> Iterator[Event]:
    schedule = meeting.schedule
    # The series starts on a usual day; days off and moved ones are told beside it.
    usual = replace(schedule, exceptions=(), closures=())
    first = next_start(usual, now)
    until = _shut_for_good(schedule)
    if first is None or (until and first >= until):
        return
    zone = ZoneInfo(schedule.zone)
    rule = _rule(schedule)
    if until:
        rule["UNTIL"] = until - timedelta(seconds=1)
    series = _held(meeting, first.astimezone(zone), now=now)
    series.add("rrule", rule)
    changed = [
        (moment(day, schedule.start, schedule.zone).astimezone(zone), day, start)
        for day, start in schedule.exceptions
        if day >= first.astimezone(zone).date()
    ]
    off = {at for at, _day, start in changed if start is None}
    for at in sorted(off | set(_shut(usual, schedule, first))):
        series.add("exdate", at.astimezone(zone))
    yield series
    for at, day, start in changed:
        if start is not None:
            moved = moment(day, start, schedule.zone).astimezone(zone)
            event = _held(meeting, moved, now=now)
            event.add("recurrence-id", at)
            yield event


def _shut_for_good(schedule: Schedule) -> datetime | None:
    """Return when the place shuts without a day on which it opens again."""
    begins = [since for since, until in schedule.closures if until is None]
    if not begins:
        return None
    # A closure without a beginning began before any calendar of ours.
    since = max(min(begins), date(1970, 1, 2))
    return moment(since, time(0), schedule.zone)


def _shut(usual: Schedule, schedule: Schedule, first: datetime) -> Iterator[datetime]:
    """Yield the usual starts that fall into a closure which ends."""
    for since, until in schedule.closures:
        if until is None or until < first.date() - DAY:
            continue
        begins = moment(max(since, first.date() - DAY), time(0), schedule.zone)
        last = min(until, (first + HORIZON).date())
        yield from occurrences(usual, max(begins, first), moment(last + DAY, time(0), usual.zone))


def _held(meeting: Dated, start: datetime, *, now: datetime) -> Event:
    minutes = meeting.schedule.minutes
    return _event(meeting.id, start, minutes=minutes, where=meeting.where, now=now)


def _event(
    number: int, start: datetime, *, minutes: int, where: str, now: datetime, uid: str = ""
) -> Event:
    event = Event()
    event.add("uid", f"meeting-{number}{uid}@mhg-finder")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=minutes))
    event.add("summary", _("Meeting"))
    if where:
        event.add("location", where)
    event.add("class", "PRIVATE")
    return event


def _rule(schedule: Schedule) -> vRecur:
    if schedule.kind == ScheduleKind.RULE:
        return vRecur.from_ical(schedule.rrule.removeprefix("RRULE:"))
    return vRecur({"FREQ": "WEEKLY", "BYDAY": Weekday(schedule.weekday).name[:2]})
