"""The public sees whole months, late, and several people; a clinic sees its own at once."""

from datetime import date
from uuid import UUID

from finder.acceptance import clinic_view, publishable
from tests.finder.acceptance.cast import TODAY, TOLD_TO_STOP, B, call, report


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
