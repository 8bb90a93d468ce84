"""A fact that is no removes; one that nobody knows stays, to be asked first."""

from dataclasses import replace

import pytest

from finder.search.candidates import Facts, Slot
from referrals.matching import Window
from referrals.matching.judging import judge, usable_within
from tests.referrals.matching.cast import ACCEPTING, group, meeting, needs, no, smart, yes


def ruled_out_by(candidate, **asked):
    return judge(candidate, needs(**asked)).ruled_out_by


def ways(candidate, **asked):
    return [item.way for item in judge(candidate, needs(**asked)).meetings]


@pytest.mark.parametrize(
    ("candidate", "asked", "code"),
    [
        (group(7), {"vetoed_groups": (7,)}, "veto"),
        (group(), {"vetoed_places": ("walnut hall ",)}, "veto"),
        (group(is_family=True), {}, "family"),
        (group(substances=frozenset({"gambling"})), {}, "other_concern"),
        (group(), {"acceptance": "only"}, "acceptance"),
        (group(1, meeting(focus=yes("women"))), {"does_not_fit": ("women",)}, "admission"),
        (group(focus=yes("women")), {"does_not_fit": ("women",)}, "admission"),
        (group(focus=yes("health-professionals")), {}, "admission"),
        (group(focus=yes("teens")), {}, "admission"),
        (group(languages=yes("es")), {}, "language"),
        (group(languages=no("en")), {}, "language"),
        (group(access=no("step-free")), {"access": ("step-free",)}, "access"),
        (group(1, meeting(access=no("asl"))), {"access": ("asl",)}, "access"),
        (group(access=no("children-welcome")), {"with_children": True}, "access"),
        (group(), {"travel": "none"}, "way_in"),
        (smart(), {"device": "voice_phone"}, "way_in"),
        (smart(), {"device": "none"}, "way_in"),
        (group(1, meeting(format="phone")), {"device": "none"}, "way_in"),
        (replace(group(), meetings=()), {}, "way_in"),
    ],
)
def test_what_is_known_not_to_fit_is_ruled_out(candidate, asked, code):
    assert ruled_out_by(candidate, **asked) == code


@pytest.mark.parametrize(
    ("candidate", "asked"),
    [
        (group(acceptance=ACCEPTING), {"acceptance": "only"}),
        (group(), {"acceptance": "only", "taking": "none"}),
        (group(focus=yes("women")), {}),
        (group(focus=yes("health-professionals")), {"focus": ("health-professionals",)}),
        (group(focus=yes("teens")), {"is_under_18": True}),
        (group(), {"is_under_18": True}),
        (group(languages=yes("es", "en")), {}),
        (group(languages=yes("es-MX")), {"languages": ("es",)}),
        (group(1, meeting(focus=no("women")), focus=yes("women")), {"does_not_fit": ("women",)}),
        (group(substances=frozenset({"nicotine"})), {"substance": "nicotine"}),
    ],
)
def test_what_fits_or_may_fit_stays(candidate, asked):
    assert ruled_out_by(candidate, **asked) == ""


@pytest.mark.parametrize(
    ("candidate", "asked", "unknown"),
    [
        (group(), {"access": ("step-free",)}, ("step-free",)),
        (group(access=yes("step-free")), {"access": ("step-free",)}, ()),
        (group(), {"with_children": True}, ("children",)),
        (group(access=yes("child-care")), {"with_children": True}, ()),
        (group(), {"languages": ("es",)}, ("language",)),
        (group(), {}, ()),
        (smart(), {"with_children": True, "access": ("step-free",)}, ()),
        (smart(), {"access": ("captions",)}, ("captions",)),
    ],
)
def test_what_nobody_knows_is_to_be_asked_first(candidate, asked, unknown):
    judged = judge(candidate, needs(**asked))

    assert [item.unknown for item in judged.meetings] == [unknown]


def test_a_meetings_own_word_goes_before_its_groups():
    candidate = group(1, meeting(access=yes("asl")), access=no("asl"))

    assert ruled_out_by(candidate, access=("asl",)) == ""


def test_hybrid_meeting_is_joined_in_person_online_or_by_phone():
    candidate = group(1, meeting(format="hybrid", has_phone=True))

    assert ways(candidate) == ["in_person", "online", "phone"]
    assert ways(candidate, device="voice_phone") == ["in_person", "phone"]
    assert ways(candidate, travel="none", device="voice_phone") == ["phone"]


def test_vetoed_place_may_be_joined_from_home():
    candidate = group(1, meeting(format="hybrid"))

    assert ways(candidate, vetoed_places=("1 ELM ST",)) == ["online"]


@pytest.mark.parametrize(
    ("veto", "is_kept_away"),
    [
        ("Walnut", True),
        ("1 Elm St.", True),
        ("walnut-hall", True),
        ("1 Elm Street", False),
        ("Wal", False),
        ("., ", False),
    ],
)
def test_part_of_a_name_or_address_is_enough_to_keep_away(veto, is_kept_away):
    code = ruled_out_by(group(), vetoed_places=(veto,))

    assert code == ("veto" if is_kept_away else "")


def at_good_time(candidate_meeting, **asked):
    found = judge(group(1, candidate_meeting), needs(**asked)).meetings
    return bool(usable_within(found))


EVENING = tuple(Window(day, 17 * 60) for day in range(7))


def test_times_one_can_go_hold_from_the_start_of_a_meeting():
    assert at_good_time(meeting(minute=17 * 60), times=EVENING)
    assert not at_good_time(meeting(minute=17 * 60 - 1), times=EVENING)
    assert not at_good_time(meeting(weekday=1), times=(Window(0),))


def test_times_one_cannot_go_touch_no_minute_of_a_meeting():
    dosing = (Window(0, 6 * 60, 9 * 60),)

    assert not at_good_time(meeting(minute=8 * 60 + 59), busy=dosing)
    assert not at_good_time(meeting(minute=5 * 60 + 1), busy=dosing)
    assert at_good_time(meeting(minute=9 * 60), busy=dosing)
    assert at_good_time(meeting(minute=5 * 60), busy=dosing)


def test_meeting_past_midnight_on_sunday_reaches_into_monday():
    late = meeting(weekday=6, minute=23 * 60 + 30)

    assert not at_good_time(late, busy=(Window(0, 0, 60),))


def test_meeting_without_a_set_time_fits_any_week():
    assert at_good_time(meeting(kind="always", slot=None), times=EVENING)
    assert at_good_time(meeting(kind="appointment", slot=None), times=EVENING)


def test_meeting_without_a_known_length_is_taken_as_an_hour():
    unknown = meeting(slot=Slot(0, 18 * 60, None))

    assert not at_good_time(unknown, busy=(Window(0, 18 * 60 + 59, 20 * 60),))
    assert at_good_time(unknown, busy=(Window(0, 19 * 60, 20 * 60),))


def test_facts_of_nobody_are_not_known():
    assert Facts().of("asl") == ""
