"""The facts that cards show first."""

from datetime import date

import pytest

from finder.acceptance import Answers, facts
from tests.finder.acceptance.cast import (
    LISTEN_ONLY,
    TODAY,
    TOLD_TO_STOP,
    B,
    M,
    X,
    call,
    hearsay,
    report,
    visit,
)


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
