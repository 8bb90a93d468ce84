"""What holds for every suggestion, whatever the groups and the needs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from finder.search.candidates import Facts, Reading
from finder.vocab import POSITIVE_LABELS, Label
from referrals.matching import Window, suggest_from
from tests.referrals.matching.cast import group, meeting, needs, no, yes

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
