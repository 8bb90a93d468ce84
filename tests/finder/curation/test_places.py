"""A place shut for some days takes its meetings along; one change may go to many listings."""

from datetime import date

import pytest

from finder import curation
from finder.models import FieldLock, Listing
from finder.search import index
from tests.factories import make_group, make_meeting, make_place, make_source, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)


def test_closed_place_pauses_all_its_meetings_on_these_days():
    hall = make_place(source=make_source(), source_key="hall")
    rows = [make_meeting(place=hall), make_meeting(place=hall), make_meeting()]
    index.rebuild()

    count = curation.close_place(
        hall,
        first=date(2026, 12, 20),
        last=date(2027, 1, 2),
        note="Holidays",
        by=make_user(),
        today=TODAY,
    )

    assert count == 2
    closures = [Listing.objects.get(pk=row.pk).closures for row in rows]
    assert closures == [[["2026-12-20", "2027-01-02"]]] * 2 + [[]]
    locked = FieldLock.objects.filter(model="place", object_id=hall.pk)
    assert set(locked.values_list("field", flat=True)) == {
        "closed_from",
        "closed_until",
        "closed_note",
    }


def test_opened_place_is_as_before():
    meeting = make_meeting()
    told = {"by": make_user(), "today": TODAY}
    curation.close_place(meeting.place, first=TODAY, last=None, note="", **told)

    curation.open_place(meeting.place, **told)

    assert Listing.objects.get(pk=meeting.pk).closures == []


def test_one_change_goes_to_many_and_locks_what_it_changed():
    source = make_source()
    rows = [
        make_meeting(source=source, source_key="1", focus_no=["women"]),
        make_meeting(source=source, source_key="2", focus=["women"]),
    ]

    count = curation.change_many(
        rows, {"add_focus": ["women"], "remove_access": ["open"]}, by=make_user(), today=TODAY
    )

    assert count == 1
    rows[0].refresh_from_db()
    assert (rows[0].focus, rows[0].focus_no) == (["women"], [])
    assert set(FieldLock.objects.values_list("object_id", "field")) == {
        (rows[0].pk, "focus"),
        (rows[0].pk, "focus_no"),
    }


def test_many_groups_retire_with_their_meetings():
    meeting = make_meeting()
    index.rebuild()

    curation.change_many([meeting.group], {"status": "retired"}, by=make_user(), today=TODAY)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.group.status) == ("retired", "retired")
    assert not Listing.objects.exists()


def test_many_are_confirmed_at_once():
    group = make_group()

    curation.change_many([group], {"is_confirmed": "the area"}, by=make_user(), today=TODAY)

    group.refresh_from_db()
    assert (group.verified_on, group.verified_by) == (TODAY, "the area")
