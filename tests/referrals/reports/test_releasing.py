"""What is told of an organization: hidden where few stand behind it, told once, kept as told."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from referrals import reports
from referrals.models import AuditEvent, Kind, Release
from referrals.reports import Quarter
from referrals.tenancy import organization
from tests.factories import make_group
from tests.referrals.conftest import make_patient
from tests.referrals.reports.conftest import make_referral

SPRING = Quarter(2026, 2)


def told(clinic, *, by, now, quarter=SPRING):
    with organization(clinic.pk):
        return reports.released(quarter, organization=clinic, by=by, now=now)


def lines(report, dimension):
    return next(table.lines for table in report.tables if table.dimension == dimension)


def test_report_tells_the_many_and_hides_the_few(spring, administrator, now):
    report = told(spring, by=administrator, now=now)

    assert report.people == 40
    assert report.total.numbers == (40, 15, 15, 0)
    kinds = lines(report, "medication")
    # Six people take buprenorphine: they and the next smallest are hidden, the sum is not.
    assert (kinds["buprenorphine"].referrals, kinds["methadone"].referrals) == (None, None)
    assert kinds["none"].referrals == 22
    assert kinds["naltrexone"].referrals == 0
    models = lines(report, "model")
    assert (models["smart"].referrals, models["12-step"].referrals) == (22, 18)
    # Seven of the 22 did not go, which must not be told either.
    assert (models["smart"].attended, models["12-step"].attended) == (None, None)


def test_second_telling_is_the_first_whatever_came_between(spring, clinician, administrator, now):
    first = told(spring, by=administrator, now=now)
    with organization(spring.pk):
        latecomer = make_patient(spring, clinician, label="latecomer")
        make_referral(latecomer, make_group(), by=clinician)

    assert told(spring, by=clinician, now=now) == first


def test_what_was_told_cannot_be_changed(spring, administrator, now):
    told(spring, by=administrator, now=now)

    with organization(spring.pk), pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.update(figures={})


def test_quarter_is_told_once_it_was_followed_to_the_end(spring, administrator):
    day_before = datetime(2026, 9, 28, 12, tzinfo=UTC)
    with pytest.raises(reports.NotWhole):
        told(spring, by=administrator, now=day_before)

    with organization(spring.pk):
        assert Release.objects.count() == 0
    assert told(spring, by=administrator, now=datetime(2026, 9, 29, 12, tzinfo=UTC)).people == 40


def test_only_quarters_with_a_beginning_are_offered(spring, other_clinic, now):
    with organization(spring.pk):
        found = [each.code for each in reports.released_quarters(spring, now=now)]
    with organization(other_clinic.pk):
        none = list(reports.released_quarters(other_clinic, now=now))

    assert (found, none) == (["2026-q2"], [])


def test_other_organizations_are_refused(spring, stranger, now):
    with pytest.raises(PermissionDenied):
        told(spring, by=stranger, now=now)


def test_each_reading_is_recorded(spring, clinician, now):
    told(spring, by=clinician, now=now)
    told(spring, by=clinician, now=now)

    with organization(spring.pk):
        assert AuditEvent.objects.filter(kind=Kind.REPORT_READ, actor_id=clinician.pk).count() == 2


def test_what_is_kept_says_nothing_of_anyone(spring, administrator, now):
    told(spring, by=administrator, now=now)

    with organization(spring.pk):
        kept = Release.objects.get()
    numbers = [
        number
        for table in kept.figures["tables"].values()
        for line in table.values()
        for number in line
        if number is not None
    ]
    assert all(number == 0 or number > 10 for number in numbers)
    assert set(kept.figures) == {"people", "total", "tables"}
