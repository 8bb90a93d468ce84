"""A code mapped once for a program holds for what is listed and for what is imported."""

from datetime import UTC, datetime

import pytest

from finder import curation
from finder.models import FieldLock, Listing, Meeting
from finder.search import index
from tests.factories import make_group, make_meeting, make_program, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def make_coded(program, *codes, **fields):
    meeting = make_meeting(
        group=make_group(program=program),
        source_codes=["X", *codes],
        unknown_codes=list(codes),
        **fields,
    )
    index.refresh([meeting.pk])
    return meeting


def test_code_is_applied_to_all_listed_meetings_of_its_program():
    program = make_program()
    one, two = make_coded(program, "QM"), make_coded(program, "QM", "ZZ")
    other = make_coded(make_program(), "QM")

    changed = curation.map_code(
        program, "QM", {"focus": ["women"], "types": ["topic"]}, by=make_user(), now=NOW
    )

    assert changed == 2
    for meeting in (one, two, other):
        meeting.refresh_from_db()
    assert (one.focus, one.types, one.unknown_codes) == (["women"], ["topic"], [])
    assert two.unknown_codes == ["ZZ"]
    assert (other.focus, other.unknown_codes) == ([], ["QM"])
    assert Listing.objects.get(pk=one.pk).focus == ["women"]


def test_code_that_says_nothing_is_known_all_the_same():
    program = make_program()
    meeting = make_coded(program, "QM")

    assert curation.map_code(program, "QM", {}, by=make_user(), now=NOW) == 1

    meeting.refresh_from_db()
    assert (meeting.unknown_codes, meeting.types) == ([], [])
    assert curation.unknown_codes() == []


def test_curators_word_on_a_field_stands():
    program, curator = make_program(), make_user()
    meeting = make_coded(program, "QM")
    FieldLock.objects.create(
        model="meeting", object_id=meeting.pk, field="focus", locked_by=curator
    )

    curation.map_code(program, "QM", {"focus": ["women"]}, by=curator, now=NOW)

    meeting.refresh_from_db()
    assert (meeting.focus, meeting.unknown_codes) == ([], [])


def test_closed_wins_over_open():
    program = make_program()
    meeting = make_coded(program, "QM", access=["open"])

    curation.map_code(program, "QM", {"access_no": ["open"]}, by=make_user(), now=NOW)

    meeting.refresh_from_db()
    assert (meeting.access, meeting.access_no) == ([], ["open"])


def test_unknown_codes_are_counted_the_most_used_first(django_assert_max_num_queries):
    program = make_program()
    make_coded(program, "QM", "ZZ")
    make_coded(program, "ZZ")
    make_coded(program, "AA", status="retired", retired_on=NOW.date())

    with django_assert_max_num_queries(2):
        found = curation.unknown_codes()

    assert [(each.code, each.meetings) for each in found] == [("ZZ", 2), ("QM", 1)]
    assert Meeting.objects.get(pk=found[1].example).unknown_codes == ["QM", "ZZ"]
