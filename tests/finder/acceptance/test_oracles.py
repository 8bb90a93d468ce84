"""The worked cases of the method, to six decimals."""

from datetime import timedelta

import pytest

from finder.acceptance import match_term
from tests.finder.acceptance.cast import (
    CASE_B,
    CASE_L,
    LISTEN_ONLY,
    NO_MILESTONE,
    TODAY,
    TOLD_TO_STOP,
    B,
    X,
    call,
    claim,
    hearsay,
    read,
    report,
    statement,
    visit,
)

LATER = TODAY + timedelta(days=730)

# name, evidence, options, W, a, b, mean, lower, upper, label, match term
ORACLES = [
    ("A", [], {}, 0, 1, 1, 0.5, 0.1, 0.9, "not_known", 0.3),
    (
        *("B", CASE_B, {}, 7.023177, 7.560240, 1.462937, 0.837869, 0.674130, 0.965143),
        *("accepting", 0.674130),
    ),
    (
        *("B2", CASE_B, {"today": LATER}, 1.364502, 2.336661, 1.027841, 0.694504),
        *(0.367529, 0.952700, "not_known", 0.3),
    ),
    (
        *("C", [claim(400, target=B)], {"medication": B}, 0.214311, 1.214311, 1, 0.548392),
        *(0.150137, 0.916892, "not_known", 0.3),
    ),
    (
        *("C2", [call(target=B)], {"medication": B}, 4, 5, 1, 0.833333, 0.630957, 0.979148),
        *("accepting", 0.630957),
    ),
    (
        *("D", [report(10, TOLD_TO_STOP), report(20, TOLD_TO_STOP)], {"program": "smart"}),
        *(1.888099, 1.8, 2.088099, 0.462951, 0.161679, 0.775422, "not_known", 0.3),
    ),
    (
        *("D0", [], {"program": "smart"}, 0, 1.8, 0.2, 0.9, 0.657011, 0.999995),
        *("likely_accepting", 0.5),
    ),
    (
        *("E", [], {"program": "mara"}, 0, 7.76, 0.24, 0.97, 0.906868, 0.999994),
        *("affirming", 0.906868),
    ),
    (
        *("F", [report() for _ in range(12)], {}, 10, 11, 1, 0.916667, 0.811131, 0.990467),
        *("accepting", 0.811131),
    ),
    (
        *("H", [report(60) for _ in range(5)], {}, 3.968503, 4.968503, 1, 0.832454),
        *(0.629118, 0.979018, "accepting", 0.629118),
    ),
    (
        *("I", [call(30, LISTEN_ONLY)], {}, 3.703499, 2.645999, 3.057499, 0.463926),
        *(0.208794, 0.725870, "not_known", 0.3),
    ),
    (
        *("J", [call(45), report(14), report(60, TOLD_TO_STOP)], {}, 5.304811, 5.511111),
        *(1.793701, 0.754449, 0.543574, 0.929903, "likely_accepting", 0.543574),
    ),
    (
        *("K", [report(0, target=B), report(180, target=B)], {}, 0.9, 1.9, 1, 0.655172),
        *(0.297635, 0.946057, "not_known", 0.3),
    ),
    (
        *("L", CASE_L, {}, 6.382992, 2.688803, 5.694189, 0.320745, 0.131507, 0.531435),
        *("not_known", 0.3),
    ),
    (
        *("L cleared", CASE_L, {"cleared": True}, 6.382992, 2.688803, 5.694189, 0.320745),
        *(0.131507, 0.531435, "reported_limits", 0.1),
    ),
    (
        *("M", [call(10), call(200, TOLD_TO_STOP)], {}, 6.292346, 4.898618, 3.393728),
        *(0.590740, 0.371722, 0.798730, "mixed", 0.3),
    ),
    (
        *("O", [call()], {"medication": X}, 1.2, 2.2, 1, 0.6875, 0.351119, 0.953238),
        *("not_known", 0.3),
    ),
    ("Q", [call(target=X)], {}, 0, 1, 1, 0.5, 0.1, 0.9, "not_known", 0.3),
    (
        *("T", [statement()], {}, 6, 7, 1, 0.875, 0.719686, 0.985061),
        *("accepting", 0.719686),
    ),
    (
        *("T at A4", [statement(is_affirming=True)], {}, 6, 7, 1, 0.875, 0.719686, 0.985061),
        *("affirming", 0.719686),
    ),
    (
        *("U", [hearsay() for _ in range(10)], {}, 1, 2, 1, 0.666667, 0.316228, 0.948683),
        *("not_known", 0.3),
    ),
    (
        *("V", [visit(90, NO_MILESTONE, target=B)], {"medication": B}, 1.414214, 2.131371),
        *(1.282843, 0.624264, 0.290523, 0.914132, "not_known", 0.3),
    ),
]


@pytest.mark.parametrize("case", ORACLES, ids=[case[0] for case in ORACLES])
def test_assess_gives_the_worked_case(case):
    _name, evidence, options, weight, a, b, mean, lower, upper, label, term = case

    found = read(*evidence, **options)

    numbers = (found.weight, found.a, found.b, found.mean, found.lower, found.upper)
    assert [round(number, 6) for number in numbers] == [weight, a, b, mean, lower, upper]
    assert found.label == label
    assert round(match_term(found, options.get("program", "na")), 6) == term
