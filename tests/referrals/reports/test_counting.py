"""What a referral counts as: what became of it, when, and of which kind it is."""

from datetime import timedelta

import pytest

from finder.vocab import Format
from referrals.models import Referral, State
from referrals.reports.counting import DIMENSIONS, OF_GROUPS, cases
from tests.factories import make_group, make_meeting
from tests.referrals.reports.conftest import SPRING, make_referral

LINKED, ATTENDED, ENGAGED = State.LINKED, State.ATTENDED, State.ENGAGED


def counted(**kwargs):
    return cases(Referral.objects.all(), dimensions=DIMENSIONS, **kwargs)


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([], (False, False, False)),
        ([(LINKED, 14)], (True, False, False)),
        ([(LINKED, 15)], (False, False, False)),
        ([(ATTENDED, 14)], (True, True, False)),
        ([(LINKED, 20), (ATTENDED, 21)], (False, True, False)),
        ([(ATTENDED, 90)], (False, True, False)),
        ([(ATTENDED, 91)], (False, False, False)),
        ([(ATTENDED, 10), (ENGAGED, 90)], (True, True, True)),
        ([(ATTENDED, 10), (ENGAGED, 91)], (True, True, False)),
        # The first time counts, whatever came after.
        ([(ATTENDED, 10), (State.AGREED, 20), (ATTENDED, 95)], (True, True, False)),
        ([(ATTENDED, 10), (State.POOR_FIT, 12)], (True, True, False)),
    ],
)
def test_what_became_of_it(in_clinic, patient, clinician, came, expected):
    make_referral(patient, make_group(), by=clinician, came=came)

    (case,) = counted()

    assert (case.is_linked, case.is_attended, case.is_engaged) == expected


def test_entered_in_error_never_was(in_clinic, patient, clinician):
    make_referral(patient, make_group(), by=clinician, came=[(State.ENTERED_IN_ERROR, 1)])

    assert counted() == []


@pytest.mark.parametrize(
    ("focus", "kind"), [([], "none"), (["women"], "women"), (["women", "newcomers"], "several")]
)
def test_focus_is_one_kind_or_several(in_clinic, patient, clinician, focus, kind):
    make_referral(patient, make_group(focus=focus), by=clinician)

    assert counted()[0].kinds["focus"] == kind


@pytest.mark.parametrize(
    ("formats", "kind"),
    [
        ([], "not_written"),
        ([Format.ONLINE, Format.ONLINE], "online"),
        ([Format.ONLINE, Format.PHONE], "several"),
    ],
)
def test_format_is_that_of_the_chosen_meetings(in_clinic, patient, clinician, formats, kind):
    group = make_group()
    meetings = [make_meeting(group=group, format=each).pk for each in formats]
    make_referral(patient, group, by=clinician, meetings=meetings)

    assert counted()[0].kinds["format"] == kind


def test_label_is_the_one_that_was_shown_when_it_began(in_clinic, patient, clinician):
    group, other = make_group(), make_group()

    def shown(label):
        return {"three": [{"group": group.pk, "labels": [label]}], "rest": []}

    make_referral(
        patient, group, by=clinician, medication="methadone", suggestions=shown("accepting")
    )
    later = SPRING + timedelta(days=5)
    make_referral(
        patient, other, by=clinician, medication="methadone", at=later, suggestions=shown("mixed")
    )
    make_referral(patient, make_group(), by=clinician, at=later)

    kinds = {case.kinds["acceptance"] for case in counted()}

    assert kinds == {"accepting", "not_written", "none"}


def test_every_kind_of_every_case_has_its_line(spring, in_clinic):
    for case in counted():
        for name, way in DIMENSIONS.items():
            assert case.kinds[name] in way.kinds


def test_cases_take_the_same_queries_however_many(spring, in_clinic, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert len(counted()) == 40


def test_nothing_sealed_is_read_for_those_who_see_groups_alone(
    spring, in_clinic, administrator, django_assert_num_queries
):
    rows = Referral.objects.overseen_by(administrator)

    # A deferred field that was asked for would be a query of its own.
    with django_assert_num_queries(3):
        found = cases(rows, dimensions=OF_GROUPS)

    assert {frozenset(case.kinds) for case in found} == {frozenset(OF_GROUPS)}
