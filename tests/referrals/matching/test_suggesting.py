"""From needs to three explained groups: choice, what is let go, and what never is."""

from dataclasses import replace
from datetime import date

import pytest

from finder.search.candidates import Reading
from referrals.matching import Window, suggest_from
from tests.referrals.matching.cast import (
    ACCEPTING,
    NOT_ASKED,
    group,
    meeting,
    needs,
    no,
    smart,
    yes,
)


def ids(matches):
    return [match.group.id for match in matches]


def chosen(*groups, **asked):
    return ids(suggest_from(groups, needs(**asked)).chosen)


def mara(pk=60, format="online", **rest):
    reading = Reading("affirming", "program", 0.906868, None, False)
    told = {
        "program": "mara",
        "model": "medication",
        "is_secular": None,
        "prior_class": "built_for",
        "acceptance": reading,
    }
    return group(pk, meeting(pk * 10, format=format), **told | rest)


def test_three_are_the_best_another_family_and_another_format():
    near, nearer = group(1, meeting(1, miles=3)), group(2, meeting(2, miles=1))
    other_family = smart(3, meetings=(meeting(3, miles=2),))
    by_phone = mara(4, "phone")

    found = suggest_from([near, nearer, other_family, by_phone], needs())

    assert ids(found.chosen) == [4, 3, 2]
    assert ids(found.rest) == [1]


def test_one_of_three_is_secular():
    groups = [group(n, meeting(n, miles=n / 2), acceptance=ACCEPTING) for n in range(1, 9)]
    far = smart(9, meetings=(meeting(9, miles=24),), acceptance=None)

    assert 9 in chosen(*groups, far)


def test_one_of_three_is_known_to_accept_the_medication():
    near = [smart(n, meetings=(meeting(n, miles=0.1),), acceptance=None) for n in range(1, 9)]
    far = smart(9, meetings=(meeting(9, miles=25),), acceptance=ACCEPTING)

    assert 9 in chosen(*near, far)
    assert 9 not in chosen(*near, far, taking="none")


def test_secular_and_accepting_may_be_two_groups():
    plain = [group(n, meeting(n, miles=0.1)) for n in range(1, 9)]
    secular = smart(20, meetings=(meeting(20, miles=20),), acceptance=None)
    accepting = group(21, meeting(21, miles=24, weekday=2), acceptance=ACCEPTING)

    found = chosen(*plain, secular, accepting, substance="opioids")

    assert {20, 21} <= set(found)
    assert len(found) == 3


def test_accepting_group_against_a_wish_is_added_with_a_note():
    plain = [smart(n, meetings=(meeting(n),), acceptance=None) for n in range(1, 5)]

    found = suggest_from([*plain, mara(9)], needs(models_unwanted=("medication",)))

    assert 9 in ids(found.chosen)
    assert [note.code for note in found.notes] == ["added_positive"]
    assert "model" in [line.code for line in found.chosen[ids(found.chosen).index(9)].cautions]


@pytest.mark.parametrize(
    ("asked", "groups", "let_go"),
    [
        ({"miles": 5}, [group(n, meeting(n, miles=10)) for n in (1, 2, 3)], ("travel",)),
        (
            {"focus": ("women",)},
            [group(n, focus=yes("men")) for n in (1, 2, 3)],
            ("travel", "identity"),
        ),
        (
            {"models_unwanted": ("12-step",)},
            [group(n) for n in (1, 2, 3)],
            ("travel", "identity", "model"),
        ),
        (
            {"times": (Window(5),)},
            [group(n) for n in (1, 2, 3)],
            ("travel", "identity", "model", "time"),
        ),
        ({}, [group(n) for n in (1, 2, 3)], ()),
    ],
)
def test_wishes_are_let_go_in_their_order(asked, groups, let_go):
    found = suggest_from(groups, needs(**asked))

    assert found.let_go == let_go
    assert len(found.chosen) == 3
    assert bool(found.notes) == bool(let_go)


def test_nobody_is_sent_across_the_country_when_miles_are_let_go():
    found = suggest_from(
        [group(1, meeting(1, miles=61)), group(2, meeting(2, miles=59))], needs(miles=5)
    )

    assert ids(found.chosen) == [2]


def test_far_hybrid_meeting_is_joined_from_home():
    far = group(1, meeting(1, format="hybrid", miles=900))

    (match,) = suggest_from([far], needs(formats=("in_person",))).chosen

    assert match.way == "online"


def test_wishes_are_not_let_go_when_it_brings_nothing():
    found = suggest_from([group(1), group(2)], needs())

    assert found.let_go == ()
    assert [note.code for note in found.notes] == ["few"]


def test_what_must_be_asked_comes_below_what_is_known_to_fit():
    unknown = group(1, meeting(1, miles=0.1))
    known = group(2, meeting(2, miles=9, access=yes("child-care")))

    found = suggest_from([unknown, known], needs(with_children=True))

    assert ids([*found.chosen]) == [2, 1]
    assert [line.code for line in found.chosen[1].not_known][0] == "children"
    assert "bring a child" in found.chosen[1].not_known[0].words


def test_joining_from_home_does_not_outrank_a_near_group_for_what_is_not_asked_there():
    unknown = group(1, meeting(1, miles=0.1), acceptance=ACCEPTING)
    online = group(2, meeting(2, format="online"))

    assert chosen(unknown, online, with_children=True)[0] == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (group(2, verified_on=date(2026, 11, 1)), group(1)),
        (group(1), group(2)),
        (group(1, verified_on=None), group(2, verified_on=None)),
        (group(9), group(1, verified_on=None)),
    ],
)
def test_ties_go_to_the_newest_verified_then_the_lower_id(first, second):
    assert chosen(second, first)[0] == first.id


def test_best_overall_has_the_highest_score():
    found = suggest_from([group(n, meeting(n, miles=n)) for n in range(1, 6)], needs())

    scores = [match.score for match in (found.chosen[0], *found.rest)]
    assert scores == sorted(scores, reverse=True)


def test_every_match_has_a_reason_and_something_not_known():
    groups = [group(1), smart(2), mara(3, "phone"), group(4, acceptance=ACCEPTING)]

    found = suggest_from(groups, needs(taking="none", medication=""))

    for match in (*found.chosen, *found.rest):
        assert match.reasons and match.not_known
        assert all(line.words for line in (*match.reasons, *match.not_known))


def test_why_not_names_the_nearest_left_out_and_the_reason():
    groups = [group(n, acceptance=ACCEPTING) for n in (1, 2, 3)]
    vetoed = group(7, meeting(7, miles=4))
    far = group(8, meeting(8, miles=30))
    unwanted = group(9, meeting(9, miles=1), model="faith")

    found = suggest_from(
        [*groups, vetoed, far, unwanted],
        needs(vetoed_groups=(7,), models_unwanted=("faith",)),
    )

    assert [(why.group.id, why.reason.code) for why in found.why_not] == [(9, "model"), (7, "veto")]
    assert found.why_not[0].reason.words == "It is another kind of group than was asked for."


def test_groups_near_and_asked_are_counted():
    groups = [group(1), group(2, acceptance=ACCEPTING), group(3, meeting(3, miles=30)), smart(4)]

    found = suggest_from(groups, needs())

    assert (found.near_count, found.asked_count) == (2, 1)


def test_asking_about_another_medication_is_asking_too():
    asked = replace(group(1), acceptance={"naltrexone": ACCEPTING, "methadone": NOT_ASKED})
    unspoken = replace(group(2), acceptance={})

    found = suggest_from([asked, unspoken], needs(medication="methadone"))

    assert (found.near_count, found.asked_count) == (1, 1)


def test_unknown_step_free_is_shown_where_nothing_else_is():
    assert chosen(group(1), access=("step-free",)) == [1]
    assert chosen(replace(group(1), access=no("step-free")), access=("step-free",)) == []
