"""Patients as a clinic knows them: its own label and who works with them, nothing more."""

from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from finder.models import User
from finder.models.constraints import paired
from referrals.models.access import BreakGlass
from referrals.models.organizations import Membership, Organization
from referrals.sealed import SealedJSONField, SealedTextField, blind_index


class PatientQuerySet(models.QuerySet):
    """Patients as the views ask for them."""

    def visible_to(self, user: User) -> "PatientQuerySet":
        """Those whom this person added or is assigned to, while working there with patients.

        A superuser sees those of an organization that they opened in an emergency, while it is
        open; to write takes a permission, which they have none of.
        """
        works_there = (
            Membership.objects.active()
            .clinical()
            .filter(user=user, organization=OuterRef("organization"))
        )
        assigned = Assignment.objects.current().filter(patient=OuterRef("pk"), member__user=user)
        theirs = Q(Exists(works_there)) & (Q(created_by=user) | Exists(assigned))
        if user.is_superuser:
            # The clock is read here, since each of many callers would only pass it on.
            opened = BreakGlass.objects.open_to(user, now=timezone.now())
            theirs |= Q(Exists(opened.filter(organization=OuterRef("organization"))))
        return self.filter(theirs)

    def labelled(self, label: str, *, organization: Organization) -> "PatientQuerySet":
        """Those with this label, however it was typed."""
        index = blind_index(label, scope=str(organization.pk))
        return self.filter(organization=organization, label_index=index)


class Patient(models.Model):
    """One person a clinic refers, under the clinic's own label; patients have no account."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    label = SealedTextField()
    label_index = models.BinaryField(max_length=16)
    # Kept from deletion, as a court or an inquiry asks; the record says since when.
    is_held = models.BooleanField(default=False)
    created_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["created_by", "created_at"], name="referrals_patient_author"),
            models.Index(fields=["organization", "label_index"], name="referrals_patient_label"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_patient_with_organization"
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:patient", args=[self.pk])


class AssignmentQuerySet(models.QuerySet):
    """Assignments as permissions ask for them."""

    def current(self) -> "AssignmentQuerySet":
        """Those that were not ended."""
        return self.filter(ended_at=None)


class Assignment(models.Model):
    """One colleague works with one patient; an end is a date, never a deletion."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            paired("referrals_assignment_ended", "ended_by", "ended_at"),
            models.UniqueConstraint(
                fields=["patient", "member"],
                condition=Q(ended_at=None),
                name="referrals_assignment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class NeedsDraft(models.Model):
    """What was typed into the needs form, kept sealed between two screens; never in a session."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="drafts")
    needs = SealedJSONField()
    written_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "written_by"], name="referrals_draft_one_for_each_writer"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
