"""A curator's correction is searchable at once and outlives the next import."""

from datetime import date

import pytest

from finder.curation import correct
from finder.models import Assessment, FieldLock, Listing
from finder.search import index
from tests.factories import make_group, make_meeting, make_program, make_source, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)


def locks():
    return list(FieldLock.objects.values_list("model", "field").order_by("model", "field"))


def test_correction_of_a_row_from_a_feed_is_locked_by_its_curator():
    curator = make_user()
    meeting = make_meeting(source=make_source(), source_key="7", name="Old name")

    meeting.name = "New name"
    correct(meeting, fields=["name"], by=curator, today=TODAY)
    correct(meeting, fields=["name"], by=curator, today=TODAY)

    assert locks() == [("meeting", "name")]
    assert FieldLock.objects.get().locked_by == curator


def test_correction_of_a_row_no_feed_writes_needs_no_lock():
    meeting = make_meeting()

    correct(meeting, fields=["name"], by=make_user(), today=TODAY)

    assert locks() == []


def test_corrected_meeting_place_group_and_program_reach_the_listing():
    meeting = make_meeting()
    index.refresh([meeting.pk])
    curator = make_user()

    meeting.place.city = "Riverton"
    correct(meeting.place, fields=["city"], by=curator, today=TODAY)
    meeting.group.name = "Porch"
    correct(meeting.group, fields=["name"], by=curator, today=TODAY)
    program = meeting.group.program
    program.name = "Lanterns"
    correct(program, fields=["name"], by=curator, today=TODAY)

    told = Listing.objects.get(pk=meeting.pk).document
    assert told["place"]["city"] == "Riverton"
    assert (told["group"]["name"], told["program"]["name"]) == ("Porch", "Lanterns")


def test_corrected_program_is_read_anew_in_its_groups():
    program = make_program(slug="smart")
    group = make_group(program=program)
    correct(group, fields=[], by=make_user(), today=TODAY)

    program.position_is_verified = True
    correct(program, fields=["position_is_verified"], by=make_user(), today=TODAY)

    assert Assessment.objects.get(group=group, medication="methadone").label == "likely_accepting"


def test_retired_group_leaves_search_with_its_correction():
    meeting = make_meeting()
    index.refresh([meeting.pk])

    meeting.group.status, meeting.group.retired_on = "retired", TODAY
    correct(meeting.group, fields=["status", "retired_on"], by=make_user(), today=TODAY)

    assert not Listing.objects.exists()
