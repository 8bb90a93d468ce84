"""From needs to three explained groups: choice, what is let go, and what never is."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.search.candidates import Facts, Reading
from finder.vocab import POSITIVE_LABELS, Label
from referrals.matching import Needs, Window, suggest_from
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


def words_of(candidate, part, **asked):
    (match,) = suggest_from([candidate], needs(**asked)).chosen
    return {line.code: line.words for line in getattr(match, part)}


def test_reasons_say_why():
    told = words_of(
        group(1, meeting(1, miles=10), focus=yes("veterans", "newcomers"), acceptance=ACCEPTING),
        "reasons",
        focus=("veterans",),
        models_wanted=("12-step",),
        times=(Window(0),),
    )

    assert told["acceptance"] == "Medication: Accepting"
    assert told["identity"] == "Made for: Veterans and first responders"
    assert told["travel"] == "About 26 minutes by car (an estimate)"
    assert told["schedule"] == "1 meeting at a time that works"
    assert {"model", "newcomer"} <= set(told)


def test_reasons_name_the_program_when_the_group_was_not_asked():
    told = words_of(smart(), "reasons")

    assert told["acceptance"] == (
        "Medication: The program supports medication. This group has not been asked."
    )
    assert told["travel"] == "Online: no travel"
    assert told["secular"] == "Secular: no religious content"


@pytest.mark.parametrize(
    ("candidate", "asked", "code"),
    [
        (group(), {}, "acceptance"),
        (smart(), {}, "acceptance_group"),
        (group(acceptance=ACCEPTING), {}, "still_held"),
        (group(), {"court_asked": True}, "proof"),
        (group(1, meeting(kind="appointment", slot=None)), {}, "appointment"),
        (group(1, meeting(types=frozenset({"closed"}))), {"is_first_timer": True}, "closed"),
        (group(), {"languages": ("es",)}, "language"),
        (group(), {"access": ("near-transit",)}, "near-transit"),
    ],
)
def test_not_known_says_what_to_ask(candidate, asked, code):
    assert code in words_of(candidate, "not_known", **asked)


LIMITS = Reading("reported_limits", "group", 0.1, "2026-10-01", True)


@pytest.mark.parametrize(
    ("candidate", "asked", "codes"),
    [
        (group(), {}, set()),
        (group(acceptance=LIMITS), {}, {"pressure", "reports"}),
        (group(), {"is_under_18": True}, {"adult"}),
        (group(focus=yes("teens")), {"is_under_18": True}, set()),
        (group(focus=yes("women")), {}, {"made_for"}),
        (group(focus=yes("veterans", "newcomers")), {}, {"made_for"}),
        (group(focus=yes("women")), {"focus": ("women",)}, set()),
        (group(), {"no_religion": True}, {"higher_power"}),
        (group(1, meeting(miles=40)), {}, {"travel"}),
        (group(), {"times": (Window(3),)}, {"time"}),
    ],
)
def test_cautions_say_what_to_mind(candidate, asked, codes):
    assert set(words_of(candidate, "cautions", **asked)) == codes


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


def test_needs_are_stored_as_plain_values_and_read_back():
    told = needs(
        times=EVENINGS, formats=("phone",), focus=("women",), vetoed_groups=(3,), access=("asl",)
    )

    assert Needs.from_document(told.document()) == told


def test_needs_refuse_names_they_do_not_know():
    with pytest.raises(ValueError, match="shoe_size"):
        Needs.from_document(needs().document() | {"shoe_size": 9})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lat": 91}, "latitude"),
        ({"lng": 1e308}, "longitude"),
        ({"lat": float("nan")}, "latitude"),
        ({"miles": 0}, "Miles"),
        ({"miles": float("inf")}, "Miles"),
        ({"wanted_per_week": 0}, "At least one"),
        ({"medication": "aspirin"}, "Unknown medication: aspirin"),
        ({"travel": "plane"}, "Unknown travel: plane"),
        ({"access": ("step-free", "wings")}, "Unknown access: wings"),
        ({"does_not_fit": ("giants",)}, "Unknown does_not_fit: giants"),
        ({"zone": "Mars/Olympus"}, "not a time zone"),
        ({"zone": "/etc/passwd"}, "not a time zone"),
    ],
)
def test_needs_refuse_nonsense(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        needs(**wrong)


@pytest.mark.parametrize(("start", "end"), [(60, 60), (-1, 5), (0, 1441)])
def test_window_refuses_minutes_outside_the_day(start, end):
    with pytest.raises(ValueError, match="window"):
        Window(0, start, end)


EVENINGS = tuple(Window(day, 17 * 60) for day in range(7))

facts = st.builds(
    lambda told: Facts(
        frozenset(code for code, is_yes in told.items() if is_yes),
        frozenset(code for code, is_yes in told.items() if not is_yes),
    ),
    st.dictionaries(
        st.sampled_from(["women", "men", "veterans", "secular", "teens", "newcomers"]),
        st.booleans(),
        max_size=2,
    ),
)
access = st.sampled_from([Facts(), yes("step-free"), no("step-free"), yes("child-care")])
languages = st.sampled_from([Facts(), yes("en"), yes("es"), no("en")])
readings = st.builds(
    lambda label, is_group, lower: Reading(
        label, "group" if is_group else "program", lower, None, False
    ),
    st.sampled_from(Label.values),
    st.booleans(),
    st.floats(0, 1),
)


@st.composite
def some_groups(draw):
    groups = []
    for pk in range(1, draw(st.integers(0, 9)) + 1):
        meetings = tuple(
            meeting(
                pk * 10 + n,
                format=draw(st.sampled_from(["in_person", "online", "hybrid", "phone"])),
                miles=draw(st.floats(0, 60)),
                weekday=draw(st.integers(0, 6)),
                minute=draw(st.integers(0, 1439)),
                access=draw(access),
                languages=draw(languages),
                focus=draw(facts),
            )
            for n in range(draw(st.integers(1, 3)))
        )
        model, is_secular = draw(
            st.sampled_from([("12-step", False), ("smart", True), ("faith", False)])
        )
        groups.append(
            group(
                pk,
                *meetings,
                acceptance=draw(readings),
                model=model,
                is_secular=is_secular,
                focus=draw(facts),
                languages=draw(languages),
                is_family=draw(st.integers(0, 9)) == 9,
            )
        )
    return groups


some_needs = st.builds(
    needs,
    miles=st.floats(1, 60),
    travel=st.sampled_from(["car", "bus", "foot", "none"]),
    device=st.sampled_from(["smartphone", "voice_phone", "none"]),
    times=st.sampled_from([(), EVENINGS]),
    busy=st.sampled_from([(), (Window(0), Window(1, 600, 700))]),
    taking=st.sampled_from(["takes", "thinking", "none"]),
    acceptance=st.sampled_from(["first", "only", "any"]),
    access=st.sampled_from([(), ("step-free",)]),
    with_children=st.booleans(),
    focus=st.sampled_from([(), ("women",), ("veterans",)]),
    does_not_fit=st.sampled_from([(), ("men",), ("women",)]),
    models_unwanted=st.sampled_from([(), ("12-step",), ("faith",)]),
    vetoed_groups=st.sampled_from([(), (1,), (2, 3)]),
    is_under_18=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(some_groups(), some_needs)
def test_what_is_never_let_go_holds_for_everything_shown(groups, told):
    found = suggest_from(groups, told)

    for match in (*found.chosen, *found.rest):
        best = match.best.meeting
        assert match.group.id not in told.vetoed_groups
        assert not match.group.is_family
        if told.acceptance == "only" and told.medications:
            assert all(reading.label in POSITIVE_LABELS for reading in match.readings)
        if match.way == "in_person":
            assert told.travel != "none"
            assert "step-free" not in told.access or "step-free" not in best.access.no
        if match.way == "online":
            assert told.device == "smartphone"
        if match.way == "phone":
            assert told.device != "none"
        spoken = best.languages.yes or match.group.languages.yes
        assert not spoken or "en" in spoken
        assert not best.focus.yes & set(told.does_not_fit)
        if not told.is_under_18:
            assert "teens" not in best.focus.yes


@settings(max_examples=200, deadline=None)
@given(some_groups(), some_needs)
def test_choice_holds_a_secular_and_an_accepting_group_whenever_one_may_be_shown(groups, told):
    found = suggest_from(groups, told)

    alone = [suggest_from([one], told).chosen for one in groups]
    possible = [match for matches in alone for match in matches]
    assert len(found.chosen) == min(3, len(possible))
    assert len({match.group.id for match in found.chosen}) == len(found.chosen)
    assert any(match.is_secular for match in found.chosen) == any(
        match.is_secular for match in possible
    )
    if told.medications:
        assert any(match.is_positive for match in found.chosen) == any(
            match.is_positive for match in possible
        )


@settings(max_examples=100, deadline=None)
@given(
    some_groups().flatmap(lambda all_: st.tuples(st.just(all_), st.permutations(all_))), some_needs
)
def test_order_of_the_groups_is_irrelevant(two, told):
    given_groups, shuffled = two

    assert suggest_from(given_groups, told) == suggest_from(shuffled, told)


@settings(max_examples=100, deadline=None)
@given(some_groups(), some_needs)
def test_what_is_unknown_is_kept_and_asked(groups, told):
    found = suggest_from(groups, told)

    for match in (*found.chosen, *found.rest):
        asked = {line.code for line in match.not_known}
        assert set(match.best.unknown) <= asked
        assert 0 <= match.score <= 1


def test_unknown_step_free_is_shown_where_nothing_else_is():
    assert chosen(group(1), access=("step-free",)) == [1]
    assert chosen(replace(group(1), access=no("step-free")), access=("step-free",)) == []
