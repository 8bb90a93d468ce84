"""Organizations and the people who work for them; no patient data, so no row-level security."""

from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from finder.models import User
from finder.models.constraints import one_of, paired


class Role(models.TextChoices):
    """What a member does there; what that allows is data in permissions."""

    CLINICIAN = "clinician", _("Clinician")
    PEER = "peer", _("Peer linkage worker")
    ADMIN = "admin", _("Administrator")
    LEAD = "lead", _("Clinician and administrator")


# Those who work with patients; an administrator alone sees no patient.
CLINICAL_ROLES = (Role.CLINICIAN, Role.PEER, Role.LEAD)
ADMIN_ROLES = (Role.ADMIN, Role.LEAD)


class OrganizationQuerySet(models.QuerySet):
    """Organizations as views ask for them."""

    def visible_to(self, user: User) -> "OrganizationQuerySet":
        """The one this person works for; to those who keep the site running, every one.

        What they may do there is another question.
        """
        if user.is_staff:
            return self.all()
        works_there = Membership.objects.active().filter(user=user, organization=OuterRef("pk"))
        return self.filter(Exists(works_there))


class Organization(models.Model):
    """A clinic or programme whose members refer people."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=160, unique=True)
    is_active = models.BooleanField(default=True)
    # The day its agreement with whoever runs this site was signed (42 CFR 2.11, 45 CFR
    # 164.504(e)). Without one on file the referral tool stays shut to its members.
    agreement_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet):
    """Memberships as views and permissions ask for them."""

    def active(self) -> "MembershipQuerySet":
        """Those that count today: none of the three was switched off, an agreement is on file."""
        standing = {"organization__is_active": True, "organization__agreement_on__isnull": False}
        return self.filter(is_active=True, user__is_active=True, **standing)

    def clinical(self) -> "MembershipQuerySet":
        """Those that work with patients."""
        return self.filter(role__in=CLINICAL_ROLES)


class Membership(models.Model):
    """One person's work for one organization; a person works for one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("referrals_membership_role", "role", Role.values),
            paired("referrals_membership_ended", "ended_by", "ended_at"),
            models.CheckConstraint(
                condition=Q(is_active=True, ended_at__isnull=True)
                | Q(is_active=False, ended_at__isnull=False),
                name="referrals_membership_active_or_ended",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_active=True),
                name="referrals_membership_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_membership_with_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} at {self.organization_id}"

    @property
    def is_clinical(self) -> bool:
        """Say whether this member works with patients."""
        return self.role in CLINICAL_ROLES
