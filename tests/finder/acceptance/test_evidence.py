"""One piece by itself: its y, its level, and who counts as one reporter."""

import pytest

from finder.acceptance import Answers, level, score
from tests.finder.acceptance.cast import (
    ALL_YES,
    LISTEN_ONLY,
    NO_MILESTONE,
    TOLD_TO_STOP,
    B,
    piece,
    read,
    report,
    statement,
    visit,
)


@pytest.mark.parametrize(
    ("answers", "y"),
    [
        (ALL_YES, 1.0),
        (LISTEN_ONLY, 0.444444),
        (Answers("yes", "yes", "no", "no", "", "yes"), 0.666667),
        (NO_MILESTONE, 0.8),
        (Answers(attend="yes"), None),
        (Answers("yes", "yes", "yes", "yes", "yes", ""), None),
        (Answers("yes", "", "", "", "", "yes"), None),
        (Answers(), None),
        (Answers(attend="no"), 0.0),
        (Answers(no_pressure="no"), 0.0),
        (Answers("no", "yes", "yes", "yes", "yes", "yes"), 0.0),
        # Six tenths is a share of exactly .6, which counts as positive.
        (Answers("yes", "yes", "no", "no", "no", "yes"), 0.6),
    ],
)
def test_score_weighs_the_answers(answers, y):
    found = score(answers)

    assert (found if found is None else round(found, 6)) == y


def test_answers_refuse_other_words():
    with pytest.raises(ValueError, match="speak"):
        Answers(speak="perhaps")


def test_piece_refuses_an_affirming_report():
    with pytest.raises(ValueError, match="statement"):
        report(is_affirming=True)


def test_piece_refuses_an_unknown_kind():
    with pytest.raises(ValueError, match="kind"):
        piece("rumor")


@pytest.mark.parametrize(
    ("answers", "rest", "code"),
    [
        (ALL_YES, {"is_affirming": True}, "A4"),
        (ALL_YES, {}, "A3"),
        (NO_MILESTONE, {}, "A2"),
        (LISTEN_ONLY, {}, "A1"),
        (TOLD_TO_STOP, {}, "A0"),
        (LISTEN_ONLY, {"is_affirming": True}, "A1"),
        (Answers(attend="yes"), {}, "U"),
    ],
)
def test_level_codes_one_piece(answers, rest, code):
    assert level(statement(0, answers, **rest)) == code


@pytest.mark.parametrize("disclosed", ["", "no", "rather_not_say"])
def test_visit_not_discussed_weighs_nothing(disclosed):
    assert read(visit(disclosed=disclosed)).weight == 0
    assert read(visit(0, TOLD_TO_STOP, disclosed=disclosed, pressure_from="chair")).weight == 0


@pytest.mark.parametrize("disclosed", ["yes", "no", "rather_not_say"])
def test_pressure_said_to_the_room_counts_against_either_way(disclosed):
    found = read(visit(0, TOLD_TO_STOP, disclosed=disclosed, pressure_from="room"))

    assert (found.a, found.b) == (1, 3)
    assert found.caution


def test_remark_of_one_member_counts_once_three_reporters_agree():
    def remarks(*reporters):
        return [
            report(10, TOLD_TO_STOP, pressure_from="one_member", reporter=name)
            for name in reporters
        ]

    assert read(*remarks("p", "q")).weight == 0
    assert read(*remarks("p", "q", "q")).weight == 0
    assert not read(*remarks("p", "q")).caution
    agreed = read(*remarks("p", "q", "r"))
    assert agreed.negative == pytest.approx(3 * 2 ** (-10 / 180))
    assert agreed.caution


@pytest.mark.parametrize("source", ["chair", "group", "several", "room", ""])
def test_pressure_by_more_than_one_member_counts_at_once(source):
    assert read(report(0, TOLD_TO_STOP, pressure_from=source)).negative == 1


def test_reports_without_a_key_are_one_reporter():
    remarks = [report(1, TOLD_TO_STOP, pressure_from="one_member") for _ in range(5)]

    assert read(*remarks).weight == 0


def test_latest_report_of_one_person_wins_within_180_days():
    first = report(100, TOLD_TO_STOP, reporter="p")
    second = report(0, reporter="p")

    found = read(first, second)

    assert (found.positive, found.negative) == (1, 0)


def test_reports_of_one_person_180_days_apart_both_count():
    found = read(report(180, reporter="p"), report(0, reporter="p"))

    assert found.weight == 1.5


def test_reports_of_one_person_on_two_medications_both_count():
    found = read(report(0, reporter="p"), report(0, reporter="p", target=B))

    assert found.weight == 1.6


def test_two_reports_of_one_day_keep_the_later_entered_and_else_the_less_favorable():
    good, bad = report(reporter="p"), report(0, TOLD_TO_STOP, reporter="p")
    entered_later = report(reporter="p", number=7)

    assert read(good, bad) == read(bad, good)
    assert read(good, bad).negative == 1
    assert read(bad, entered_later).positive == 1
