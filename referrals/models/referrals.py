"""Plans, referrals and the history of each referral; how one moves lives in lifecycle."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finder.models import User
from finder.models.constraints import one_of, paired
from referrals.models.organizations import ADMIN_ROLES, Membership, Organization
from referrals.models.patients import Patient
from referrals.sealed import SealedJSONField, SealedTextField


class State(models.TextChoices):
    """How far a referral has come."""

    DRAFT = "draft", _("Draft")
    OFFERED = "offered", _("Offered: handout given")
    AGREED = "agreed", _("Agreed: the person chose a meeting")
    LINKED = "linked", _("Linked: someone will meet them")
    MISSED = "missed", _("Missed the meeting")
    ATTENDED = "attended", _("Went to a first meeting")
    PAUSED = "paused", _("Paused")
    ENGAGED = "engaged", _("Engaged: goes regularly")
    POOR_FIT = "poor_fit", _("Poor fit or bad experience")
    LOST_CONTACT = "lost_contact", _("Lost contact")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


LIVE_STATES = (
    State.DRAFT,
    State.OFFERED,
    State.AGREED,
    State.LINKED,
    State.MISSED,
    State.ATTENDED,
    State.PAUSED,
)


class Channel(models.TextChoices):
    """Who made contact. Patient-made contact is the only kind offered so far."""

    PATIENT = "patient", _("The person makes contact")


class PlanQuerySet(models.QuerySet):
    """Plans as the views ask for them."""

    def visible_to(self, user: User) -> "PlanQuerySet":
        """Those of patients whom this person may see."""
        seen = Patient.objects.visible_to(user).filter(pk=OuterRef("patient"))
        return self.filter(Exists(seen))

    def live(self) -> "PlanQuerySet":
        """Those that were not replaced."""
        return self.filter(closed_at=None)


class Plan(models.Model):
    """What was looked for, what was suggested and why, and how far the person wants to go."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plans")
    needs = SealedJSONField()
    suggestions = SealedJSONField()
    ladder = SealedJSONField(default=dict)
    created_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # Names one filling-in of the form, so that sending it twice is one plan.
    key = models.UUIDField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "key"], name="referrals_plan_once"),
            paired("referrals_plan_closed", "closed_by", "closed_at"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(closed_at=None), name="referrals_plan_one_live"
            ),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_plan_with_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:plan", args=[self.pk])

    @property
    def zone(self) -> str:
        """The IANA zone of the person, read from the sealed needs."""
        return (self.needs.get("needs") or {}).get("zone") or settings.DEFAULT_VIEWER_ZONE


class ReferralQuerySet(models.QuerySet):
    """Referrals as the views ask for them."""

    def visible_to(self, user: User) -> "ReferralQuerySet":
        """Those of patients whom this person may see."""
        seen = Patient.objects.visible_to(user).filter(pk=OuterRef("patient"))
        return self.filter(Exists(seen))

    def overseen_by(self, user: User) -> "ReferralQuerySet":
        """Those of the organization this person administers: group, state and dates alone."""
        runs_it = Membership.objects.active().filter(
            user=user, organization=OuterRef("organization"), role__in=ADMIN_ROLES
        )
        return self.filter(Exists(runs_it)).defer("medication", "reason")

    def live(self) -> "ReferralQuerySet":
        """Those that may still move."""
        return self.filter(state__in=LIVE_STATES)

    def poor_fits(self) -> "ReferralQuerySet":
        """Those where it went badly, whose groups are not suggested to the patient again."""
        return self.filter(state=State.POOR_FIT)


class Referral(models.Model):
    """One plan and one group with its chosen meetings; nothing is ever told to the group."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="referrals")
    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="+")
    # Meeting ids are never reused, and a retired meeting keeps its row.
    meetings = ArrayField(models.BigIntegerField(), default=list)
    medication = SealedTextField()
    reason = SealedTextField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    # Empty where the patient or the passing of time moved it; the history says which.
    state_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state_at = models.DateTimeField()
    created_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # When they mean to go for the first time, if a day was agreed.
    first_meeting_at = models.DateTimeField(null=True, blank=True)
    # The closed referral that this one takes up again.
    reopens = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reopened_as"
    )
    # Goes up with each change: a form that was shown before it is out of date.
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("referrals_referral_state", "state", State.values),
            models.UniqueConstraint(
                fields=["patient", "group"],
                condition=Q(state__in=LIVE_STATES),
                name="referrals_referral_one_live_for_each_group",
            ),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_referral_with_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:referral", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Say whether it may still move."""
        return self.state in LIVE_STATES


class ReferralEvent(models.Model):
    """One line of a referral's history; the database refuses to change or delete it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=20, choices=State, blank=True)
    to_state = models.CharField(max_length=20, choices=State)
    reason = SealedTextField()
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PATIENT)
    role = models.CharField(max_length=12)
    # Empty where the patient or the passing of time did it; the role says which.
    by = models.ForeignKey("finder.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # Names one filling-in of the form, so that sending it twice is one move.
    key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "key"], name="referrals_event_once"),
            one_of("referrals_event_from", "from_state", ["", *State.values]),
            one_of("referrals_event_to", "to_state", State.values),
            one_of("referrals_event_channel", "channel", Channel.values),
        ]

    def __str__(self) -> str:
        return f"{self.from_state} to {self.to_state}"
