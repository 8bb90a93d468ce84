"""Weights, labels, caution, clearing and order, at their edges."""

from datetime import timedelta

import pytest

from finder.acceptance import METHOD, Answers, is_cleared, match_term, sort_key, tier
from finder.vocab import Label, Medication
from tests.finder.acceptance.cast import (
    CASE_L,
    LISTEN_ONLY,
    TODAY,
    TOLD_TO_STOP,
    B,
    M,
    X,
    call,
    hearsay,
    read,
    report,
    statement,
    visit,
)


def test_assess_says_whether_the_group_or_its_program_speaks():
    assert read(program="smart").basis == "program"
    assert read(hearsay()).basis == "program"
    assert read(call()).basis == "group"


def test_assess_names_kinds_and_the_newest_day_of_what_counts():
    found = read(report(30), call(45), call(1, Answers(attend="yes")), call(2, target=X))

    assert found.kinds == ("clinician_call", "patient_report")
    assert found.newest_on == TODAY - timedelta(days=30)


def test_evidence_dated_in_the_future_weighs_no_more_than_today():
    assert read(call(-400)).weight == 4


def test_evidence_of_decades_ago_leaves_the_prior():
    found = read(statement(365 * 60))

    assert found.mean == pytest.approx(0.5, abs=1e-9)
    assert found.label == Label.NOT_KNOWN


@pytest.mark.parametrize(
    ("target", "medication", "factor"),
    [
        (M, M, 1),
        ("any", M, 0.6),
        ("any", X, 0.6),
        (M, B, 0.6),
        (B, M, 0.6),
        (M, X, 0.3),
        (B, X, 0.3),
        (X, M, 0),
        (X, B, 0),
        (X, X, 1),
    ],
)
def test_factor_carries_evidence_across_medications(target, medication, factor):
    assert METHOD.factor(target, medication) == factor


def test_naltrexone_never_raises_a_caution_for_an_agonist():
    pressed = visit(5, TOLD_TO_STOP, target=X)

    assert read(pressed, medication=X).caution
    assert not read(pressed, medication=M).caution


def test_cap_holds_over_medications_together():
    found = read(*[report() for _ in range(8)], *[report(target=B) for _ in range(8)])

    assert found.weight == pytest.approx(10)


@pytest.mark.parametrize(
    ("program", "medication", "a", "b", "prior_class"),
    [
        ("mara", X, 7.76, 0.24, "built_for"),
        ("methadone-anonymous", M, 5.7, 0.3, "built_for"),
        ("methadone-anonymous", B, 1, 1, "open"),
        ("mars", B, 3.88, 0.12, "built_for"),
        ("aim", M, 3.88, 0.12, "built_for"),
        ("smart", M, 1.8, 0.2, "explicit"),
        ("lifering", B, 1.7, 0.3, "explicit"),
        ("hrw", X, 1.9, 0.1, "explicit"),
        ("na", M, 1, 1, "open"),
        ("wellbriety", M, 1, 1, "open"),
        ("", M, 1, 1, "open"),
    ],
)
def test_prior_knows_only_programs_with_a_text(program, medication, a, b, prior_class):
    prior = METHOD.prior(program, medication)

    assert (prior.a, prior.b, prior.prior_class) == (a, b, prior_class)


@pytest.mark.parametrize("program", [*METHOD.priors, "na", "aa", "celebrate-recovery", ""])
@pytest.mark.parametrize("medication", list(Medication))
def test_prior_alone_never_gives_a_negative_or_mixed_label(program, medication):
    found = read(program=program, medication=medication, cleared=True)

    assert found.label in ("affirming", "accepting", "likely_accepting", "not_known")


def test_affirming_needs_a_live_statement():
    old = statement(365 * 2 + 1, is_affirming=True)

    assert read(old, *[call() for _ in range(4)]).label == Label.ACCEPTING
    assert read(statement(700, is_affirming=True), *[call()] * 4).label == Label.AFFIRMING


def test_accepting_needs_less_of_the_group_when_the_program_speaks():
    assert read(report(), program="smart").label == Label.ACCEPTING
    assert read(report(1), program="smart").label == Label.LIKELY_ACCEPTING


def test_caution_lasts_180_days():
    def pressed(age):
        return read(report(age, TOLD_TO_STOP, pressure_from="chair")).caution

    assert pressed(180)
    assert not pressed(181)


def test_caution_is_lifted_by_three_later_visits_of_different_people():
    pressed = report(60, TOLD_TO_STOP, pressure_from="chair", reporter="p")
    good = [report(age, reporter=name) for age, name in ((50, "q"), (40, "r"), (30, "s"))]

    assert read(pressed, *good[:2]).caution
    assert read(pressed, *good[:2], report(20, reporter="r")).caution
    assert read(pressed, *good[:2], report(70, reporter="s")).caution
    assert not read(pressed, *good).caution


def test_caution_is_not_lifted_by_the_same_person():
    pressed = report(60, TOLD_TO_STOP, pressure_from="chair", reporter="p")

    assert read(pressed, report(5, reporter="p")).caution


def test_caution_comes_only_from_people_who_were_there():
    assert not read(call(5, TOLD_TO_STOP)).caution


def cleared_report(name, **rest):
    asked = TODAY - timedelta(days=21)
    rest = {"is_reviewed_twice": True, "reply_asked_on": asked} | rest
    return report(30, TOLD_TO_STOP, reporter=name, **rest)


def test_negative_side_is_cleared_by_three_reviewed_people_and_time_to_reply():
    def cleared(*evidence):
        return is_cleared(evidence, today=TODAY, medication=M)

    three = [cleared_report(name) for name in "pqr"]
    assert cleared(*three)
    assert not cleared(*three[:2])
    assert not cleared(*three[:2], cleared_report("q"))
    assert not cleared(*three[:2], cleared_report("r", is_reviewed_twice=False))
    assert not cleared(*three[:2], cleared_report("r", reply_asked_on=None))
    assert not cleared(*three[:2], cleared_report("r", reply_asked_on=TODAY - timedelta(days=20)))


def test_negative_side_is_cleared_by_a_statement_of_the_group():
    asked = TODAY - timedelta(days=30)
    said = statement(40, LISTEN_ONLY, is_reviewed_twice=True, reply_asked_on=asked)

    assert is_cleared([said], today=TODAY, medication=M)
    assert not is_cleared([statement(40, LISTEN_ONLY)], today=TODAY, medication=M)


def test_order_puts_a_group_never_asked_above_reported_limits():
    asked = read(*CASE_L, cleared=True)
    accepting, likely = read(call()), read(program="smart")

    assert [tier(label) for label in Label] == [0, 1, 2, 3, 4, 5]
    assert sorted([asked, read(), likely, accepting], key=sort_key) == [
        *(accepting, likely, read(), asked)
    ]


def test_match_term_is_one_without_medication():
    assert match_term(None, "na") == 1
