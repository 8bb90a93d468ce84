"""Calendar files repeat as the meetings do, and say nothing that gives a person away."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest

from finder.models import Listing, MeetingException
from finder.presenters.calendars import calendar
from finder.search import index
from tests.factories import make_group, make_meeting, make_program

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 30, 17, tzinfo=UTC)


def events_of(*meetings):
    index.rebuild()
    listings = [Listing.objects.get(pk=meeting.pk) for meeting in meetings]
    content = calendar(listings, now=NOW)
    return icalendar.Calendar.from_ical(content).walk("VEVENT"), content


def test_weekly_meeting_repeats_every_week_in_its_own_zone():
    (event,), content = events_of(make_meeting(weekday=0, start=time(19)))

    assert event["dtstart"].dt == datetime(2026, 11, 2, 19, tzinfo=ZoneInfo("America/Chicago"))
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY;BYDAY=MO"
    assert b"BEGIN:VTIMEZONE" in content and b"TZID:America/Chicago" in content


def test_monthly_meeting_keeps_its_rule():
    meeting = make_meeting(
        kind="rule",
        rrule="FREQ=MONTHLY;BYDAY=2TU",
        first_on=date(2026, 1, 13),
        start=time(18),
        duration_minutes=90,
    )

    (event,), _content = events_of(meeting)

    assert event["dtstart"].dt.date() == date(2026, 11, 10)
    assert event["rrule"].to_ical() == b"FREQ=MONTHLY;BYDAY=2TU"


def test_day_off_is_left_out_and_moved_day_is_moved():
    meeting = make_meeting(weekday=0, start=time(19))
    MeetingException.objects.create(meeting=meeting, on=date(2026, 11, 9))
    MeetingException.objects.create(meeting=meeting, on=date(2026, 11, 16), start=time(17))

    events, _content = events_of(meeting)

    assert events[0]["exdate"].dts[0].dt.date() == date(2026, 11, 9)
    assert events[1]["recurrence-id"].dt.hour == 19
    assert events[1]["dtstart"].dt.hour == 17
    assert events[0]["uid"] == events[1]["uid"]


def test_meeting_without_times_has_no_entry():
    events, _content = events_of(make_meeting(kind="always", format="online"))

    assert events == []


def test_calendar_names_neither_group_nor_program():
    program = make_program(slug="sample", name="Sample Anonymous")
    group = make_group(program=program, name="Bring Your Dose")

    _events, content = events_of(make_meeting(group=group))

    assert b"SUMMARY:Meeting" in content
    for word in (b"Sample", b"sample", b"Dose"):
        assert word not in content


def test_lines_are_folded_and_end_as_the_standard_says():
    meeting = make_meeting()
    meeting.place.name = "Hall; of, many\nnames " + "é" * 120
    meeting.place.save()

    (event,), content = events_of(meeting)

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert event["location"].startswith("Hall; of, many\nnames é")
