"""Adding patients and saying who works with them; what is planned for them lives in lifecycle."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from finder.models import User
from referrals import audit
from referrals.models import Assignment, Kind, Membership, Organization, Patient
from referrals.permissions import Permission, allows, demand
from referrals.sealed import blind_index


@transaction.atomic
def add_patient(label: str, *, organization: Organization, by: User) -> tuple[Patient, bool]:
    """Add a patient, or find the one whom this person already has under that label."""
    demand(by, Permission.ADD_PATIENT, organization=organization)
    mine = Patient.objects.visible_to(by).labelled(label, organization=organization)
    if found := mine.first():
        return found, False
    patient = Patient.objects.create(
        organization=organization,
        label=label,
        label_index=blind_index(label, scope=str(organization.pk)),
        created_by=by,
    )
    audit.record(Kind.PATIENT_CREATED, target=patient, by=by, organization=organization)
    return patient, True


@transaction.atomic
def assign(patient: Patient, member: Membership, *, by: User) -> Assignment:
    """Let a colleague work with a patient; doing so twice changes nothing."""
    _demand_assigning(patient, by=by)
    if member.organization_id != patient.organization_id or not member.is_clinical:
        raise PermissionDenied
    assignment, is_new = Assignment.objects.get_or_create(
        patient=patient,
        member=member,
        ended_at=None,
        defaults={"organization": patient.organization, "assigned_by": by},
    )
    if is_new:
        audit.record(
            Kind.PATIENT_ASSIGNED, target=assignment, by=by, organization=patient.organization
        )
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User, now: datetime) -> None:
    """Stop a colleague's work with a patient; the author sees the patient as before."""
    _demand_assigning(assignment.patient, by=by)
    current = Assignment.objects.current().filter(pk=assignment.pk)
    if current.update(ended_by=by, ended_at=now):
        organization = assignment.patient.organization
        audit.record(Kind.PATIENT_UNASSIGNED, target=assignment, by=by, organization=organization)


def colleagues(patient: Patient) -> QuerySet[Membership]:
    """Return those who could be assigned to a patient and are not yet."""
    taken = patient.assignments.current().values("member")
    here = Membership.objects.active().clinical().filter(organization=patient.organization_id)
    others = here.exclude(user=patient.created_by_id).exclude(pk__in=taken)
    return others.select_related("user").order_by("user__email")


def _demand_assigning(patient: Patient, *, by: User) -> None:
    """Allow it to those who work with the patient, and to those who run the organization."""
    demand(by, Permission.ASSIGN, organization=patient.organization)
    runs_it = allows(by, Permission.OVERSEE, organization=patient.organization)
    if not runs_it and not Patient.objects.visible_to(by).filter(pk=patient.pk).exists():
        raise PermissionDenied
