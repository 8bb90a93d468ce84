"""What each role may do, and whose rows each person sees."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from referrals.models import Assignment, Membership, Patient, Role
from referrals.permissions import ROLES, SUPERUSER, Permission, allows, demand
from referrals.tenancy import organization

CLINICAL = {Permission.ADD_PATIENT, Permission.WRITE_PLAN, Permission.MOVE_REFERRAL}


def test_every_role_says_what_it_is_in_a_sentence():
    assert set(ROLES) == set(Role)
    assert all(allowance.sentence.endswith(".") for allowance in [*ROLES.values(), SUPERUSER])


@pytest.mark.parametrize("permission", Permission)
def test_permission_is_given_only_to_those_whose_role_names_it(
    permission, clinic, clinician, peer, administrator
):
    for user, role in [(clinician, Role.CLINICIAN), (peer, Role.PEER), (administrator, Role.ADMIN)]:
        expected = permission in ROLES[role].permissions
        assert allows(user, permission, organization=clinic) is expected


@pytest.mark.parametrize("permission", Permission)
def test_permission_ends_at_the_organization(permission, clinic, stranger, strange_administrator):
    assert not allows(stranger, permission, organization=clinic)
    assert not allows(strange_administrator, permission, organization=clinic)


@pytest.mark.parametrize("permission", Permission)
def test_curator_may_nothing_here(permission, clinic, curator):
    assert not allows(curator, permission, organization=clinic)


def test_superuser_runs_the_site_and_sees_no_patient(clinic, superuser, patient):
    assert allows(superuser, Permission.MANAGE_MEMBERS, organization=clinic)
    assert not any(allows(superuser, permission, organization=clinic) for permission in CLINICAL)
    with organization(clinic.pk):
        assert not Patient.objects.visible_to(superuser).exists()


def test_administrator_does_nothing_clinical():
    assert not CLINICAL & ROLES[Role.ADMIN].permissions


def test_lead_has_both_halves():
    both = ROLES[Role.CLINICIAN].permissions | ROLES[Role.ADMIN].permissions
    assert ROLES[Role.LEAD].permissions == both


def test_demand_refuses_with_the_right_error(clinic, administrator):
    with pytest.raises(PermissionDenied):
        demand(administrator, Permission.ADD_PATIENT, organization=clinic)


# --- Whose rows -----------------------------------------------------------------------


def seen_by(user, clinic):
    with organization(clinic.pk):
        return list(Patient.objects.visible_to(user))


def test_patient_is_seen_by_the_author_and_the_assigned(clinic, patient, clinician, assigned_peer):
    assert seen_by(clinician, clinic) == [patient]
    assert seen_by(assigned_peer, clinic) == [patient]


def test_patient_is_seen_by_nobody_else(
    clinic, patient, colleague, peer, administrator, stranger, curator, superuser
):
    for user in (colleague, peer, administrator, stranger, curator, superuser):
        assert seen_by(user, clinic) == []


def test_ended_assignment_ends_the_view(clinic, patient, clinician, assigned_peer):
    with organization(clinic.pk):
        Assignment.objects.update(ended_by=clinician, ended_at=timezone.now())

    assert seen_by(assigned_peer, clinic) == []


@pytest.mark.parametrize("change", ["membership ends", "role", "user", "organization", "agreement"])
def test_change_of_rights_bites_at_once(clinic, patient, clinician, change):
    mine = Membership.objects.filter(user=clinician)
    match change:
        case "membership ends":
            mine.update(is_active=False, ended_by=clinician, ended_at=timezone.now())
        case "role":
            mine.update(role=Role.ADMIN)
        case "user":
            clinician.is_active = False
            clinician.save()
        case "organization":
            clinic.is_active = False
            clinic.save()
        case "agreement":
            clinic.agreement_on = None
            clinic.save()

    assert seen_by(clinician, clinic) == []
    assert not allows(clinician, Permission.WRITE_PLAN, organization=clinic)
