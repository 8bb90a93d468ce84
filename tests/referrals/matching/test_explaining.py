"""The words of a match: reasons, what to ask, and cautions."""

import pytest

from finder.search.candidates import Reading
from referrals.matching import Window, suggest_from
from tests.referrals.matching.cast import ACCEPTING, group, meeting, needs, smart, yes


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
