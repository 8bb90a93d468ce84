"""A clinic reads what its own patients told at once; nobody else reads anything of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from finder.curation import reassess
from finder.search.candidates import candidates
from finder.search.clinics import as_read_by
from finder.search.index import rebuild
from finder.vocab import EvidenceKind
from tests.factories import make_evidence, make_group, make_meeting

pytestmark = pytest.mark.django_db

CLINIC = uuid4()
SPRINGFIELD = {"lat": 39.8, "lng": -89.65, "miles": 25, "zone": "America/Chicago"}


@pytest.fixture
def group(now):
    group = make_group()
    make_meeting(group=group)
    return group


def told_to_stop(group, now, **fields):
    """Make the report of a patient of the clinic, not yet reviewed by anyone."""
    told = {"no_pressure": "no", "pressure_from": "chair", "disclosed": "yes", "reporter": "r1"}
    told |= {"kind": EvidenceKind.PATIENT_REPORT, "on": now.date(), "is_reviewed": False}
    return make_evidence(**{"group": group, "clinic": CLINIC} | told | fields)


def read(now, clinic=CLINIC):
    reassess(today=now.date())
    rebuild()
    found = candidates(now=now, **SPRINGFIELD)
    return as_read_by(found, clinic=clinic, today=now.date())[0].acceptance["methadone"]


def test_own_report_is_a_caution_at_once_and_for_no_other_clinic(group, now):
    told_to_stop(group, now)

    own, other = read(now), read(now, clinic=uuid4())

    assert (own.has_caution, own.basis, own.label) == (True, "group", "not_known")
    assert (other.has_caution, other.basis) == (False, "program")


def test_own_good_report_stands_beside_what_is_public(group, now):
    make_evidence(group=group, on=now.date())
    told_to_stop(group, now, no_pressure="yes", pressure_from="")

    assert read(now).lower > read(now, clinic=uuid4()).lower


def test_withdrawn_report_counts_no_more(group, now):
    told_to_stop(group, now, withdrawn_at=now, withdrawn_reason="wrong group")

    assert read(now).has_caution is False


def test_clinic_that_knows_nothing_costs_one_query(group, now, django_assert_num_queries):
    rebuild()
    found = candidates(now=now + timedelta(hours=1), **SPRINGFIELD)

    with django_assert_num_queries(1):
        assert as_read_by(found, clinic=uuid4(), today=now.date()) == found
