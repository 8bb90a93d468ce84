"""The score of a match: the worked cases and each term at its edges."""

import pytest

from finder.search.candidates import Reading
from referrals.matching import WEIGHTS, Terms, total
from referrals.matching.scoring import (
    identity_term,
    model_term,
    moud_term,
    newcomer_term,
    schedule_term,
    substance_term,
    travel_minutes,
    travel_term,
)
from tests.referrals.matching.cast import group, needs, smart

NOTHING = frozenset()


@pytest.mark.parametrize(
    ("terms", "score"),
    [
        (Terms(0.543574, 2 / 3, 2 ** (-15 / 20), 0.5, 1, 0.7, 1, 1), 0.662263),
        (Terms(0.5, 1, 1, 1, 0.5, 0.9, 0.6, 0.5), 0.750000),
        (Terms(0.3, 1, 2 ** (-5 / 20), 0.5, 0.5, 1, 1, 1), 0.641134),
    ],
)
def test_total_gives_the_worked_scores(terms, score):
    assert round(total(terms), 6) == score


def test_weights_share_out_one():
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("miles", "travel", "minutes"),
    [(10, "car", 26), (10, "bus", 65), (1, "foot", 26), (10, "none", 0), (0, "car", 0)],
)
def test_travel_minutes_are_estimated_by_how_one_travels(miles, travel, minutes):
    assert travel_minutes(miles, travel) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("minutes", "term"), [(0, 1), (10, 0.707107), (20, 0.5), (40, 0.25), (60, 0.125)]
)
def test_travel_term_halves_each_20_minutes(minutes, term):
    assert round(travel_term(minutes), 6) == term


@pytest.mark.parametrize(
    ("label", "basis", "lower", "program", "term"),
    [
        ("accepting", "group", 0.63, "na", 0.63),
        ("likely_accepting", "program", 0.657, "smart", 0.5),
        ("likely_accepting", "group", 0.657, "smart", 0.657),
        ("affirming", "program", 0.907, "mara", 0.907),
        ("not_known", "group", 0.21, "na", 0.3),
        ("mixed", "group", 0.37, "na", 0.3),
        ("mixed", "group", 0.21, "na", 0.21),
        ("reported_limits", "group", 0.13, "na", 0.1),
    ],
)
def test_moud_term_follows_the_label(label, basis, lower, program, term):
    reading = Reading(label, basis, lower, None, False)

    assert moud_term([reading], program, needs()) == term


def test_moud_term_is_one_without_medication_or_when_it_does_not_matter():
    limits = Reading("reported_limits", "group", 0.1, None, False)

    assert moud_term([], "na", needs(taking="none")) == 1
    assert moud_term([limits], "na", needs(acceptance="any")) == 1


def test_moud_term_takes_the_least_of_several_medications():
    readings = [
        Reading("accepting", "group", 0.7, None, False),
        Reading("not_known", "group", 0.2, None, False),
    ]

    assert moud_term(readings, "na", needs(taking="thinking", medication="")) == 0.3


@pytest.mark.parametrize(
    ("per_week", "wanted", "term"), [(0, 3, 0), (2, 3, 2 / 3), (3, 3, 1), (9, 3, 1), (0.5, 1, 0.5)]
)
def test_schedule_term_is_the_share_of_what_is_wanted(per_week, wanted, term):
    assert schedule_term(per_week, wanted) == term


@pytest.mark.parametrize(
    ("candidate", "focus", "asked", "term"),
    [
        (group(), NOTHING, {}, 0.5),
        (group(), NOTHING, {"models_wanted": ("12-step",)}, 1),
        (group(), NOTHING, {"models_unwanted": ("12-step",)}, 0),
        (group(), NOTHING, {"models_wanted": ("12-step",), "models_unwanted": ("12-step",)}, 0),
        (smart(), NOTHING, {"models_wanted": ("secular",)}, 1),
        (group(), frozenset({"secular"}), {"models_wanted": ("secular",)}, 1),
        (group(), NOTHING, {"models_wanted": ("secular",)}, 0.5),
        (group(model="faith"), NOTHING, {"no_religion": True}, 0),
        (group(), frozenset({"christian"}), {"no_religion": True}, 0),
        (group(), NOTHING, {"no_religion": True}, 0.5),
    ],
)
def test_model_term_is_one_wanted_half_neutral_none_unwanted(candidate, focus, asked, term):
    assert model_term(candidate, focus, needs(**asked)) == term


@pytest.mark.parametrize(
    ("yes", "no", "asked", "term"),
    [
        ((), (), {}, 0.5),
        (("men",), (), {}, 0.5),
        (("veterans",), (), {"focus": ("veterans",)}, 1),
        (("men",), (), {"focus": ("women",)}, 0),
        ((), ("women",), {"focus": ("women",)}, 0),
        (("newcomers", "opioids"), (), {"focus": ("women",)}, 0.5),
        (("lgbtq",), (), {"focus": ("gay",)}, 1),
        (("dual-diagnosis",), (), {"dual_diagnosis": True}, 1),
        (("teens",), (), {"is_under_18": True}, 1),
    ],
)
def test_identity_term_acts_on_what_was_stated_alone(yes, no, asked, term):
    assert identity_term(frozenset(yes), frozenset(no), needs(**asked)) == term


@pytest.mark.parametrize(
    ("substances", "focus", "named", "term"),
    [
        ({"opioids"}, (), "opioids", 1),
        ({"any"}, ("opioids",), "opioids", 1),
        ({"any"}, (), "opioids", 0.7),
        ((), (), "opioids", 0.7),
        ({"alcohol"}, (), "opioids", 0.5),
        ({"alcohol"}, (), "", 0.7),
    ],
)
def test_substance_term_is_one_named_and_half_for_another(substances, focus, named, term):
    candidate = group(substances=frozenset(substances))

    assert substance_term(candidate, frozenset(focus), needs(substance=named)) == term


def test_newcomer_term_is_one_where_newcomers_are_expected():
    assert newcomer_term(frozenset({"newcomers"}), NOTHING) == 1
    assert newcomer_term(NOTHING, frozenset({"beginner"})) == 1
    assert newcomer_term(NOTHING, NOTHING) == 0.5
