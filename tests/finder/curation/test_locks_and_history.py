"""Locks, conflicts and history: a curator's word stands, and every change has a way back."""

from datetime import UTC, date, datetime, time

import pghistory
import pytest

from finder import curation
from finder.models import FieldLock, Listing
from finder.search import index
from tests.factories import make_group, make_meeting, make_source, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 10)


@pytest.fixture
def meeting():
    meeting = make_meeting(source=make_source(), source_key="m", name="Noon")
    index.refresh([meeting.pk])
    return meeting


def conflict(meeting, field, said):
    return FieldLock.objects.create(
        model="meeting", object_id=meeting.pk, field=field, locked_by=make_user(),
        feed_value=said, conflict_since=datetime(2026, 11, 9, tzinfo=UTC),
    )  # fmt: skip


def test_fields_are_locked_and_let_go(meeting):
    user = make_user()

    curation.lock(meeting, ["notes", "source_key"], by=user, today=TODAY, reason="By phone")

    lock = curation.locks_of(meeting).get()
    assert (lock.field, lock.reason, lock.locked_by) == ("notes", "By phone", user)
    assert curation.row_of(lock) == meeting
    assert curation.unlock([lock]) == 1
    assert not curation.locks_of(meeting)


def test_keeping_ours_settles_a_conflict_until_the_feed_says_something_new(meeting):
    lock = conflict(meeting, "notes", "Side door")

    assert curation.keep_ours([lock]) == 1

    lock.refresh_from_db()
    assert (lock.conflict_since, lock.settled_value) == (None, "Side door")


def test_taking_theirs_sets_the_value_and_lets_the_field_go(meeting):
    lock = conflict(meeting, "start", "18:30:00")

    assert curation.take_theirs(lock, by=make_user(), today=TODAY)

    meeting.refresh_from_db()
    assert meeting.start == time(18, 30)
    assert Listing.objects.get().start == time(18, 30)
    assert not FieldLock.objects.exists()


@pytest.mark.parametrize(
    ("field", "said"), [("join_password", {"hidden": True}), ("weekday", ""), ("start", "no")]
)
def test_what_makes_no_sense_alone_waits_for_the_next_import(meeting, field, said):
    lock = conflict(meeting, field, said)

    assert not curation.take_theirs(lock, by=make_user(), today=TODAY)

    meeting.refresh_from_db()
    assert (meeting.weekday, meeting.start) == (0, time(19))
    assert not FieldLock.objects.exists()


def test_history_tells_who_did_what_and_never_an_address(meeting, django_assert_num_queries):
    user = make_user(username="ann")
    meeting.name = "Evening"
    curation.correct(meeting, fields=["name"], by=user, today=TODAY)
    with pghistory.context(url="/secret/path"):
        meeting.notes = "Side door"
        meeting.save()

    with django_assert_num_queries(2):
        last, corrected, first = curation.history_of(meeting)

    assert (corrected.who, corrected.view) == ("ann", "curation.correct")
    assert corrected.changes == (("name", "Noon", "Evening"),)
    assert (last.who, last.view, last.changes) == ("", "", (("notes", "", "Side door"),))
    assert first.is_first
    assert "join_password" not in {name for name, *_ in first.changes}


def test_row_goes_back_to_how_it_was_and_stays_there(meeting):
    first = curation.history_of(meeting)[-1]
    meeting.name, meeting.start = "Evening", time(21)
    curation.correct(meeting, fields=[], by=make_user(), today=TODAY)

    changed = curation.revert(meeting, first.number, by=make_user(), today=TODAY)

    assert set(changed) == {"name", "start"}
    meeting.refresh_from_db()
    assert (meeting.name, meeting.start) == ("Noon", time(19))
    assert set(FieldLock.objects.values_list("field", flat=True)) == {"name", "start"}
    assert Listing.objects.get().start == time(19)


def test_merges_and_consent_do_not_come_back_with_a_revert():
    group = make_group(name="Noon")
    first = curation.history_of(group)[-1]
    group.name, group.consent_on, group.consent_by = "Evening", TODAY, "The council"
    group.save()

    curation.revert(group, first.number, by=make_user(), today=TODAY)

    group.refresh_from_db()
    assert (group.name, group.consent_on) == ("Noon", TODAY)


def test_change_of_another_row_is_refused(meeting):
    other = curation.history_of(make_meeting())[-1]

    with pytest.raises(curation.CannotRevert):
        curation.revert(meeting, other.number, by=make_user(), today=TODAY)
