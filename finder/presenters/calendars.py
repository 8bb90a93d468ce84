"""Writes meetings as a calendar file (RFC 5545) that names nothing but times and places."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vRecur

from finder.models import Listing
from finder.presenters.cards import where_words
from finder.schedule import Schedule, moment, next_start
from finder.search.document import schedule_of
from finder.vocab import ScheduleKind, Weekday

PRODUCT = "-//MHG Finder//Meetings//EN"


def calendar(listings: Iterable[Listing], *, now: datetime) -> bytes:
    """Write the meetings that have set times; others have nothing a calendar could hold."""
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for listing in listings:
        for event in _events(listing, now=now):
            file.add_component(event)
    file.add_missing_timezones()
    return file.to_ical()


def _events(listing: Listing, *, now: datetime) -> Iterator[Event]:
    schedule = schedule_of(listing)
    # The series starts on a usual day; days off and moved ones are told beside it.
    first = next_start(replace(schedule, exceptions=(), closures=()), now)
    if first is None:
        return
    zone = ZoneInfo(schedule.zone)
    series = _event(listing, schedule, first.astimezone(zone), now=now)
    series.add("rrule", _rule(schedule))
    changed = [(day, start) for day, start in schedule.exceptions if day >= first.date()]
    usual = [moment(day, schedule.start, schedule.zone).astimezone(zone) for day, _s in changed]
    for at, (_day, start) in zip(usual, changed, strict=True):
        if start is None:
            series.add("exdate", at)
    yield series
    for at, (day, start) in zip(usual, changed, strict=True):
        if start is not None:
            moved = moment(day, start, schedule.zone).astimezone(zone)
            event = _event(listing, schedule, moved, now=now)
            event.add("recurrence-id", at)
            yield event


def _event(listing: Listing, schedule: Schedule, start: datetime, *, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"meeting-{listing.pk}@mhg-finder")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=schedule.minutes))
    event.add("summary", _("Meeting"))
    where = where_words(listing.document["place"])
    if where:
        event.add("location", where)
    event.add("class", "PRIVATE")
    return event


def _rule(schedule: Schedule) -> vRecur:
    if schedule.kind == ScheduleKind.RULE:
        return vRecur.from_ical(schedule.rrule.removeprefix("RRULE:"))
    return vRecur({"FREQ": "WEEKLY", "BYDAY": Weekday(schedule.weekday).name[:2]})
