"""Who may add patients and assign colleagues, and what each leaves in the record."""

import pytest
from django.core.exceptions import PermissionDenied

from referrals import audit, caseload
from referrals.models import Assignment, Kind, Patient
from tests.referrals.conftest import LABEL


def test_patient_is_found_again_under_any_spelling(in_clinic, clinician):
    first, is_new = caseload.add_patient("Chart  12", organization=in_clinic, by=clinician)
    second, is_newer = caseload.add_patient("chart 12", organization=in_clinic, by=clinician)

    assert (first, is_new, is_newer) == (second, True, False)


@pytest.mark.parametrize("who", ["administrator", "stranger", "curator", "superuser"])
def test_patient_is_added_by_clinical_members_alone(who, request, in_clinic):
    with pytest.raises(PermissionDenied):
        caseload.add_patient(LABEL, organization=in_clinic, by=request.getfixturevalue(who))
    assert not Patient.objects.exists()


def test_assigning_twice_changes_nothing(in_clinic, patient, clinician, peer):
    member = peer.memberships.get()

    first = caseload.assign(patient, member, by=clinician)
    second = caseload.assign(patient, member, by=clinician)

    assert first == second
    assert [event.kind for event in audit.trail(first)] == [Kind.PATIENT_ASSIGNED]


def test_ended_assignment_can_begin_again(in_clinic, patient, clinician, peer, now):
    member = peer.memberships.get()
    first = caseload.assign(patient, member, by=clinician)
    caseload.end_assignment(first, by=clinician, now=now)

    second = caseload.assign(patient, member, by=clinician)

    assert first != second
    assert list(Assignment.objects.current()) == [second]


@pytest.mark.parametrize("who", ["administrator", "stranger"])
def test_nobody_is_assigned_who_does_no_clinical_work_here(
    who, request, in_clinic, patient, clinician
):
    member = request.getfixturevalue(who).memberships.get()

    with pytest.raises(PermissionDenied):
        caseload.assign(patient, member, by=clinician)


@pytest.mark.parametrize("who", ["colleague", "stranger", "strange_administrator", "superuser"])
def test_nobody_assigns_a_patient_they_have_no_part_in(who, request, in_clinic, patient, peer):
    with pytest.raises(PermissionDenied):
        caseload.assign(patient, peer.memberships.get(), by=request.getfixturevalue(who))


def test_colleagues_are_those_who_could_still_be_assigned(
    in_clinic, patient, clinician, colleague, peer, administrator, stranger
):
    caseload.assign(patient, peer.memberships.get(), by=clinician)

    assert [member.user for member in caseload.colleagues(patient)] == [colleague]
