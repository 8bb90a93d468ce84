"""The calendar file of the day that was agreed: the right hour whatever the clocks do."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from finder.vocab import Format
from referrals import calendars
from referrals.models import AuditEvent, Kind, Referral
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting, make_place, make_program

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def agreed(clinic, referral):
    """A referral to an NA group in Springfield with an agreed day, on a clock of Chicago."""
    na = make_program(slug="na", name="Narcotics Anonymous", short_name="NA")
    group = make_group(program=na, name="Walnut NA")
    place = make_place(name="NA Walnut Hall")
    meetings = [
        make_meeting(group=group, place=place, weekday=6, start=time(9), duration_minutes=45),
        make_meeting(group=group, place=place, weekday=1, start=time(19), duration_minutes=90),
    ]
    with organization(clinic.pk):
        referral.group = group
        referral.meetings = [meeting.pk for meeting in meetings]
        referral.plan.needs = {"needs": {"zone": "America/Chicago"}}

        def on(*moment):
            referral.first_meeting_at = datetime(*moment, tzinfo=CHICAGO)
            referral.save()
            referral.plan.save()
            return Referral.objects.select_related("plan").get(pk=referral.pk)

        yield on


def event_of(content):
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return event, calendar


@pytest.mark.parametrize(
    ("moment", "utc"),
    [
        ((2026, 11, 17, 19), datetime(2026, 11, 18, 1, tzinfo=UTC)),
        # The day the clocks go forward, before and after; and the day they go back.
        ((2027, 3, 14, 1), datetime(2027, 3, 14, 7, tzinfo=UTC)),
        ((2027, 3, 14, 19), datetime(2027, 3, 15, 0, tzinfo=UTC)),
        ((2027, 11, 7, 19), datetime(2027, 11, 8, 1, tzinfo=UTC)),
    ],
)
def test_event_is_at_the_hour_that_was_agreed(agreed, now, moment, utc):
    event, calendar = event_of(calendars.first_meeting(agreed(*moment), now=now))

    start = event["dtstart"].dt
    assert start.astimezone(UTC) == utc
    assert (start.hour, event["dtstart"].params["TZID"]) == (moment[3], "America/Chicago")
    (zone,) = calendar.walk("VTIMEZONE")
    # A calendar that knows no zones reads the hour from the rules in the file itself.
    assert start.replace(tzinfo=zone.to_tz()).astimezone(UTC) == utc


def test_event_tells_time_and_place_and_nothing_else(agreed, now):
    content = calendars.first_meeting(agreed(2026, 11, 17, 19), now=now)

    event, _calendar = event_of(content)
    assert str(event["summary"]) == "Meeting"
    assert str(event["location"]) == "Walnut Hall, 100 Walnut Street, Springfield, IL"
    assert event["duration"].dt.total_seconds() == 90 * 60
    for telling in (b"Narcotics", b"NA Walnut", b"methadone", b"Clinic", b"ZQ7"):
        assert telling not in content


def test_event_lasts_as_the_meeting_of_that_day(agreed, now):
    event, _calendar = event_of(calendars.first_meeting(agreed(2026, 11, 15, 9), now=now))

    assert event["duration"].dt.total_seconds() == 45 * 60


def test_meeting_from_home_names_no_place(agreed, clinic, now):
    referral = agreed(2026, 11, 17, 19)
    with organization(clinic.pk):
        referral.meetings = [make_meeting(format=Format.ONLINE).pk]

        event, _calendar = event_of(calendars.first_meeting(referral, now=now))

    assert "location" not in event


def test_file_has_a_neutral_name_and_is_recorded(agreed, client, clinic, clinician):
    referral = agreed(2026, 11, 17, 19)
    client.force_login(clinician)

    answer = client.get(reverse("referrals:referral-calendar", args=[referral.pk]))

    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"] == 'attachment; filename="meeting.ics"'
    with organization(clinic.pk):
        assert AuditEvent.objects.filter(kind=Kind.DISCLOSED, actor_id=clinician.pk).exists()


def test_without_an_agreed_day_there_is_no_file(referral, client, clinician):
    client.force_login(clinician)

    assert client.get(f"/referrals/one/{referral.pk}/calendar/").status_code == 404


def test_plan_offers_the_file_once_a_day_was_agreed(agreed, client, clinician):
    referral = agreed(2026, 11, 17, 19)
    client.force_login(clinician)

    body = client.get(referral.plan.get_absolute_url()).content.decode()

    assert reverse("referrals:referral-calendar", args=[referral.pk]) in body
