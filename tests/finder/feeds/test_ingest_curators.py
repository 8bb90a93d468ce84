from datetime import time

import pytest

from finder import curation
from finder.models import (
    FieldLock,
    Group,
    Meeting,
    Tombstone,
)
from finder.vocab import ScheduleKind, Status
from tests.factories import make_group, make_meeting, make_user
from tests.finder.feeds.town import NOW, TEN, counts, row

pytestmark = pytest.mark.django_db


def test_a_locked_field_outlives_the_next_import(bring):
    bring(TEN)
    meeting, user = Meeting.objects.get(slug="slug-3"), make_user()
    meeting.name, meeting.start = "As we know it", time(18)
    curation.correct(meeting, fields=["name", "start"], by=user, today=NOW.date())
    place = meeting.place
    place.notes, place.lat = "Ring twice", 39.9
    curation.correct(place, fields=["notes", "lat"], by=user, today=NOW.date())
    group = meeting.group
    group.name = "Its own name"
    curation.correct(group, fields=["name"], by=user, today=NOW.date())

    bring([*TEN[:3], row(3, time="20:00", notes="New", location_notes="Old"), *TEN[4:]])

    meeting = Meeting.objects.get(slug="slug-3")
    assert (meeting.name, meeting.start, meeting.notes) == ("As we know it", time(18), "New")
    assert (meeting.place.notes, meeting.place.lat, meeting.group.name) == (
        "Ring twice", 39.9, "Its own name",
    )  # fmt: skip


def test_a_locked_status_is_not_retired_with_the_feed(bring):
    bring(TEN)
    meeting = Meeting.objects.get(slug="slug-9")
    FieldLock.objects.create(
        model="meeting", object_id=meeting.pk, field="status", locked_by=make_user()
    )

    assert counts(bring(TEN[:9]), "retired") == (0,)


def test_a_locked_half_of_a_schedule_never_breaks_the_import(bring):
    bring(TEN)
    meeting, user = Meeting.objects.get(slug="slug-3"), make_user()
    meeting.kind, meeting.weekday, meeting.start = ScheduleKind.APPOINTMENT, None, None
    curation.correct(meeting, fields=["weekday", "start"], by=user, today=NOW.date())

    bring([*TEN[:3], row(3, time="20:00"), *TEN[4:]])

    meeting.refresh_from_db()
    assert (meeting.kind, meeting.start) == (ScheduleKind.APPOINTMENT, None)


def test_a_group_that_asked_to_be_taken_out_stays_out(bring, program):
    bring(TEN)
    Tombstone.objects.create(
        program=program, name_key="group pine 3", asked_on=NOW.date(), entered_by=make_user()
    )

    outcome = bring(TEN)

    assert counts(outcome, "rejected", "unchanged", "retired") == (1, 9, 1)
    assert Meeting.objects.get(slug="slug-3").status == Status.RETIRED
    assert [p.code for p in outcome.problems] == ["asked_out"]
    assert counts(bring(TEN), "rejected", "unchanged", "retired") == (1, 9, 0)


def test_a_merged_group_stays_merged(bring, program):
    bring(TEN)
    target = make_group(program=program, name="The one that stays")
    merged = Meeting.objects.get(slug="slug-3").group
    merged.merged_into = target
    merged.save()

    for _ in range(2):
        bring(TEN)

    assert Meeting.objects.get(slug="slug-3").group == target
    merged.refresh_from_db()
    assert merged.merged_into == target


def test_meetings_of_other_sources_are_let_be(bring, program):
    other = make_meeting(group=make_group(program=program))
    bring(TEN)

    bring(TEN[:9])

    other.refresh_from_db()
    assert other.status == Status.ACTIVE


def test_indigenous_groups_wait_for_consent(bring):
    bring([row(1, types=["NDG"])])

    assert Group.objects.get().needs_community_consent
