"""How many groups near a place anything is known of: whole groups, once each."""

import pytest

from finder.geo import Point
from finder.search import Asked, Search, asked, index
from finder.search.values import Origin
from tests.factories import make_assessment, make_group, make_meeting, make_place

pytestmark = pytest.mark.django_db

SPRINGFIELD = Origin(Point(39.8, -89.65), "62701", "America/Chicago")
CALL = {"attend": "yes", "sources": [["clinician_call", 1]]}


def count(now, **fields) -> Asked:
    index.rebuild()
    return asked(Search(now=now, tz="America/Chicago", **fields))


def test_group_with_many_meetings_counts_once(now):
    group = make_group()
    for weekday in range(3):
        make_meeting(group=group, weekday=weekday)
    make_assessment(group=group, facts=CALL)
    make_assessment(group=group, medication="naltrexone", facts=CALL)

    assert count(now, near=SPRINGFIELD, within=25) == Asked(asked=1, groups=1)


def test_policy_of_the_program_alone_is_no_asking(now):
    group = make_group()
    make_meeting(group=group)
    make_assessment(group=group, label="likely_accepting", basis="program")

    assert count(now, near=SPRINGFIELD, within=25) == Asked(asked=0, groups=1)


def test_second_hand_word_is_no_asking(now):
    group = make_group()
    make_meeting(group=group)
    make_assessment(group=group, facts={"attend": "", "sources": [["hearsay", 5]]})

    assert count(now, near=SPRINGFIELD, within=25) == Asked(asked=0, groups=1)


def test_only_groups_inside_the_circle_count(now):
    make_meeting()
    make_meeting(place=make_place(lat=41.8, lng=-87.6))
    make_meeting(format="online")

    assert count(now, near=SPRINGFIELD, within=25) == Asked(asked=0, groups=1)
    assert count(now) == Asked(asked=0, groups=3)


def test_other_wishes_do_not_change_the_count(now, django_assert_num_queries):
    make_meeting(weekday=1)
    index.rebuild()
    search = Search(
        now=now, tz="America/Chicago", near=SPRINGFIELD, within=25, days=(5,), words="nothing"
    )

    with django_assert_num_queries(1):
        assert asked(search) == Asked(asked=0, groups=1)


def test_group_that_may_not_be_spoken_of_is_in_neither_count(now):
    group = make_group(needs_community_consent=True)
    make_meeting(group=group)
    make_assessment(group=group, facts=CALL)

    assert count(now) == Asked(asked=0, groups=0)
