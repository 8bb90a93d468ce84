"""The acceptance method: its worked cases to six decimals, its edges, and its properties."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.acceptance import (
    METHOD,
    Answers,
    Piece,
    assess,
    clinic_view,
    facts,
    incomplete_beta,
    is_cleared,
    label_words,
    level,
    match_term,
    publishable,
    quantile,
    score,
    sort_key,
    tier,
)
from finder.vocab import (
    FIRST_HAND_KINDS,
    Disclosed,
    EvidenceKind,
    EvidenceTarget,
    Label,
    Medication,
    PressureFrom,
)

TODAY = date(2026, 10, 15)
M, B, X = Medication.METHADONE, Medication.BUPRENORPHINE, Medication.NALTREXONE

ALL_YES = Answers("yes", "yes", "yes", "yes", "yes", "yes")
LISTEN_ONLY = Answers("yes", "no", "no", "no", "", "yes")
NO_MILESTONE = Answers("yes", "yes", "yes", "no", "yes", "yes")
TOLD_TO_STOP = Answers("yes", "yes", "", "", "", "no")


def piece(kind, age=0, answers=ALL_YES, target=M, **rest):
    """A piece on methadone; a visit is one at which the medication was known of."""
    rest.setdefault("disclosed", "yes" if kind in FIRST_HAND_KINDS else "")
    return Piece(kind=kind, target=target, on=TODAY - timedelta(days=age), answers=answers, **rest)


def statement(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.GROUP_STATEMENT, age, answers, **rest)


def call(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.CLINICIAN_CALL, age, answers, **rest)


def visit(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.PEER_VISIT, age, answers, **rest)


def report(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.PATIENT_REPORT, age, answers, **rest)


def claim(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.LISTING_CLAIM, age, answers, **rest)


def hearsay(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.HEARSAY, age, answers, **rest)


def read(*evidence, program="na", medication=M, today=TODAY, cleared=False):
    return assess(evidence, today=today, program=program, medication=medication, cleared=cleared)


CASE_B = [statement(100), report(30), report(90), report(200, TOLD_TO_STOP)]
CASE_L = [call(20, LISTEN_ONLY), *[report(age, TOLD_TO_STOP) for age in (10, 40, 70)]]
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


def test_assess_says_whether_the_group_or_its_program_speaks():
    assert read(program="smart").basis == "program"
    assert read(hearsay()).basis == "program"
    assert read(call()).basis == "group"


def test_assess_names_kinds_and_the_newest_day_of_what_counts():
    found = read(report(30), call(45), call(1, Answers(attend="yes")), call(2, target=X))

    assert found.kinds == ("clinician_call", "patient_report")
    assert found.newest_on == TODAY - timedelta(days=30)


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


def test_publishable_holds_back_what_was_not_reviewed():
    reviewed = call(5)
    waiting = call(5, is_reviewed=False)

    assert publishable([reviewed, waiting], today=TODAY) == [reviewed]


def test_publishable_releases_reports_by_month_14_days_late():
    september = [report(30, reporter=name, is_reviewed=False) for name in "pqr"]

    assert publishable(september, today=date(2026, 10, 14)) == []
    released = publishable(september, today=date(2026, 10, 15))
    assert {item.on for item in released} == {date(2026, 9, 1)}
    assert len(released) == 3


def test_publishable_needs_three_reporters_on_one_medication():
    two = [report(60, reporter=name) for name in "pq"]

    assert publishable(two, today=TODAY) == []
    assert publishable([*two, report(61, reporter="q")], today=TODAY) == []
    assert publishable([*two, report(60, reporter="r", target=B)], today=TODAY) == []
    assert len(publishable([*two, report(60, reporter="r")], today=TODAY)) == 3


def test_publishable_does_not_change_when_one_patient_checks_in():
    known = [report(60, reporter=name) for name in "pqr"]

    with_one_more = [*known, report(0, TOLD_TO_STOP, reporter="s", is_reviewed=False)]

    assert publishable(with_one_more, today=TODAY) == publishable(known, today=TODAY)


def test_clinic_view_adds_its_own_reports_at_once():
    ours, theirs = UUID(int=1), UUID(int=2)
    own = report(0, reporter="p", clinic=ours, is_reviewed=False)
    other = report(0, reporter="q", clinic=theirs, is_reviewed=False)

    assert clinic_view([own, other, call(3)], clinic=ours, today=TODAY) == [own, call(3)]


def test_clinic_view_keeps_the_own_day_of_a_published_report():
    ours = UUID(int=1)
    reports = [report(60, reporter=name, clinic=ours) for name in "pqr"]

    assert clinic_view(reports, clinic=ours, today=TODAY) == reports


def collect(*evidence, medication=M):
    return facts(evidence, today=TODAY, medication=medication)


def test_facts_are_yes_no_and_who_said_so():
    found = collect(call(10, Answers("yes", "no", "", "", "", "yes")))

    assert (found.attend, found.speak, found.service) == ("yes", "no", "")
    assert found.pressure == "none_reported"
    assert found.sources == (("clinician_call", 1),)
    assert found.newest_month == date(2026, 10, 1)


def test_facts_show_what_weighs_nothing():
    assert collect(call(10, Answers(attend="yes"))).attend == "yes"


def test_facts_say_when_answers_differ():
    assert collect(call(), visit(0, LISTEN_ONLY)).speak == "differs"


@pytest.mark.parametrize(
    ("evidence", "pressure"),
    [
        ([], ""),
        ([call(0, Answers(attend="yes"))], ""),
        ([call(), visit(0, TOLD_TO_STOP, pressure_from="chair")], "reported"),
        ([call(), visit(0, TOLD_TO_STOP, pressure_from="one_member")], "remark"),
        ([visit(0, TOLD_TO_STOP, pressure_from="room", disclosed="no")], "reported"),
        ([visit(disclosed="no")], ""),
        ([hearsay()], ""),
    ],
)
def test_facts_tell_of_pressure(evidence, pressure):
    assert collect(*evidence).pressure == pressure


def test_facts_hide_how_many_patients_reported():
    few = [report(reporter=str(n)) for n in range(2)]
    many = [report(reporter=str(n)) for n in range(9)]

    assert collect(*few).sources == (("patient_report", "few"),)
    assert collect(*many[:4]).sources == (("patient_report", "several"),)
    assert collect(*many).sources == (("patient_report", "many"),)


def test_facts_count_visits_at_which_nobody_knew():
    found = collect(visit(disclosed="no"), call())

    assert found.not_discussed == 1
    assert found.sources == (("clinician_call", 1), ("peer_visit", 1))


def test_facts_name_the_medication_they_are_about():
    assert collect(call(target=B)).about == ("buprenorphine",)
    assert collect(call(target=B), call(target="any")).about == ()
    assert collect(call(target=X)).sources == ()


def test_facts_that_wait_for_a_reply_are_left_out():
    found = collect(call(), visit(0, LISTEN_ONLY), report(0, TOLD_TO_STOP)).without_waiting()

    assert (found.attend, found.speak, found.pressure) == ("yes", "", "")
    assert found.document()["newest_month"] == "2026-10-01"


@pytest.mark.parametrize(
    ("label", "basis", "program", "words"),
    [
        ("affirming", "program", "mara", "Made for people on medication"),
        ("affirming", "group", "na", "Stands by people on medication"),
        ("accepting", "group", "na", "Accepting"),
        ("likely_accepting", "group", "smart", "Likely accepting"),
        ("not_known", "program", "na", "Not asked yet"),
        ("not_known", "group", "na", "Too little to say yet"),
        ("mixed", "group", "na", "Mixed reports"),
        ("reported_limits", "group", "na", "Reported limits"),
        (
            *("likely_accepting", "program", "smart"),
            "The program supports medication. This group has not been asked.",
        ),
    ],
)
def test_label_words_say_what_the_label_rests_on(label, basis, program, words):
    assert str(label_words(label, basis, program)) == words


def test_order_puts_a_group_never_asked_above_reported_limits():
    asked = read(*CASE_L, cleared=True)
    accepting, likely = read(call()), read(program="smart")

    assert [tier(label) for label in Label] == [0, 1, 2, 3, 4, 5]
    assert sorted([asked, read(), likely, accepting], key=sort_key) == [
        *(accepting, likely, read(), asked)
    ]


def test_match_term_is_one_without_medication():
    assert match_term(None, "na") == 1


@pytest.mark.parametrize(
    ("x", "a", "b", "share"),
    [
        (0.5, 2, 3, 0.6875),
        (0.25, 2, 2, 0.15625),
        (0.5, 8, 2, 0.01953125),
        (0.2, 1.64, 2.36, 0.20062716),
        (0.7, 5.5, 1.5, 0.25190445),
        (0.9, 7.76, 0.24, 0.09127500),
        (0.0, 2, 3, 0),
        (1.0, 2, 3, 1),
    ],
)
def test_incomplete_beta_gives_known_values(x, a, b, share):
    assert incomplete_beta(x, a, b) == pytest.approx(share, abs=5e-7)


@pytest.mark.parametrize(
    ("a", "b", "point"),
    [
        (1, 1, 0.1),
        (2, 2, 0.195800),
        (8, 2, 0.631638),
        (0.5, 0.5, 0.024472),
        (3, 1, 0.464159),
    ],
)
def test_quantile_gives_known_values(a, b, point):
    assert round(quantile(0.1, a, b), 6) == point


@given(st.floats(0.05, 500), st.floats(0.05, 500), st.floats(0.001, 0.999))
def test_quantile_undoes_the_incomplete_beta(a, b, share):
    point = quantile(share, a, b)

    # Where the curve is steep at an end, neighbouring floats differ by more than a rounding.
    if 1e-12 < point < 1 - 1e-12:
        assert incomplete_beta(point, a, b) == pytest.approx(share, abs=1e-6)


@given(st.integers(0, 1024), st.floats(0.05, 500), st.floats(0.05, 500))
def test_incomplete_beta_mirrors(parts, a, b):
    # Parts of 1024 are exact, and so is their distance to one.
    x = parts / 1024

    assert incomplete_beta(x, a, b) + incomplete_beta(1 - x, b, a) == pytest.approx(1, abs=1e-9)


answer = st.sampled_from(["yes", "no", ""])
answers = st.builds(Answers, *[answer] * 6)
programs = st.sampled_from([*METHOD.priors, "na", "aa"])
medications = st.sampled_from(list(Medication))
ages = st.integers(0, 3000)


any_kind = st.sampled_from(list(EvidenceKind))


@st.composite
def pieces(draw, kinds=any_kind, said=answers):
    kind = draw(kinds)
    return Piece(
        kind=kind,
        target=draw(st.sampled_from(list(EvidenceTarget))),
        on=TODAY - timedelta(days=draw(ages)),
        answers=draw(said),
        disclosed=draw(st.sampled_from(list(Disclosed))),
        pressure_from=draw(st.sampled_from(list(PressureFrom))),
        is_affirming=kind == EvidenceKind.GROUP_STATEMENT and draw(st.booleans()),
    )


bags = st.lists(pieces(), max_size=8)


@given(answers)
def test_score_stays_between_zero_and_one(given_answers):
    y = score(given_answers)

    assert y is None or 0 <= y <= 1


@given(answers, st.sampled_from(["attend", "speak", "service", "milestone", "sponsor"]))
def test_unknown_answer_never_lowers_y_below_a_no(given_answers, name):
    unknown = score(Answers(**vars(given_answers) | {name: ""}))
    no = score(Answers(**vars(given_answers) | {name: "no"}))

    assert unknown is None or no is None or unknown >= no


@given(bags, programs, medications, pieces(said=st.just(ALL_YES)))
def test_adding_a_good_piece_never_lowers_the_lower_bound(bag, program, medication, more):
    before = read(*bag, program=program, medication=medication)
    after = read(*bag, more, program=program, medication=medication)

    assert after.lower >= before.lower - 1e-9


barred = answers.filter(lambda said: said.is_barred)


@given(bags, programs, medications, pieces(said=barred))
def test_adding_a_bad_piece_never_raises_the_lower_bound(bag, program, medication, more):
    before = read(*bag, program=program, medication=medication)
    after = read(*bag, more, program=program, medication=medication)

    assert after.lower <= before.lower + 1e-9


@given(bags.flatmap(lambda bag: st.tuples(st.just(bag), st.permutations(bag))), programs)
def test_order_is_irrelevant(two, program):
    bag, shuffled = two

    assert read(*bag, program=program) == read(*shuffled, program=program)


@given(st.integers(10, 60), st.integers(0, 5))
def test_cap_is_idempotent(count, more):
    at_cap = read(*[report() for _ in range(count)])
    beyond = read(*[report() for _ in range(count + more)])

    assert beyond.weight == pytest.approx(at_cap.weight) == pytest.approx(10)
    assert beyond.label == at_cap.label


@given(st.data(), st.sampled_from(list(EvidenceKind)), programs, medications, st.integers(1, 2000))
def test_mean_of_one_kind_only_nears_the_prior_with_age(data, kind, program, medication, days):
    bag = data.draw(st.lists(pieces(kinds=st.just(kind)), max_size=8))
    prior = METHOD.prior(program, medication)
    middle = prior.a / (prior.a + prior.b)

    now = read(*bag, program=program, medication=medication)
    later = read(*bag, program=program, medication=medication, today=TODAY + timedelta(days=days))

    assert abs(later.mean - middle) <= abs(now.mean - middle) + 1e-12


@given(bags, programs, medications)
def test_mean_goes_to_the_prior_in_the_end(bag, program, medication):
    prior = METHOD.prior(program, medication)

    found = read(*bag, program=program, medication=medication, today=date(2200, 1, 1))

    assert found.mean == pytest.approx(prior.a / (prior.a + prior.b), abs=1e-6)


@settings(max_examples=200)
@given(bags, programs, medications, st.data())
def test_weakening_never_yields_a_better_positive_label(bag, program, medication, data):
    """A label below 'not known' may become 'not known' when its good side falls away."""
    weaker = [Piece(**vars(item) | {"answers": _weakened(item.answers, data.draw)}) for item in bag]

    before = read(*bag, program=program, medication=medication)
    after = read(*weaker, program=program, medication=medication)

    floor = tier(Label.NOT_KNOWN)
    assert min(tier(after.label), floor) >= min(tier(before.label), floor)


def _weakened(said, draw):
    """Turn some yes into no, but none that decides whether the piece counts at all."""
    flips = {name: "no" for name, old in vars(said).items() if old == "yes" and draw(st.booleans())}
    if score(said) is None or "no_pressure" in flips:
        return said
    return Answers(**vars(said) | flips)


@given(bags, programs, medications)
def test_a_group_is_never_mixed_without_two_sides(bag, program, medication):
    found = read(*bag, program=program, medication=medication)

    if found.label == Label.MIXED:
        assert found.positive >= 1 and found.negative >= 1
    assert found.label != Label.REPORTED_LIMITS
    assert 0 <= found.lower <= found.upper <= 1
