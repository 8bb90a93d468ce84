"""What is done along a plan: steps, tasks and check-ins; which may be done lives in linkage."""

from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from finder.models import User
from finder.models.constraints import between, one_of, paired
from referrals.models.organizations import Organization
from referrals.models.patients import Patient
from referrals.models.referrals import Plan, Referral
from referrals.sealed import SealedJSONField, SealedTextField

LAST_STEP = 10


class Hand(models.TextChoices):
    """Whose work something is."""

    PRESCRIBER = "prescriber", _("Prescriber")
    PEER = "peer", _("Peer linkage worker")


class Step(models.Model):
    """One of the steps 0 to 10, done once for a plan; done again it is one more row."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    details = SealedJSONField(default=dict)
    role = models.CharField(max_length=12)
    # Empty for what the patient did through the share link.
    by = models.ForeignKey("finder.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # Names one filling-in of a form, so that sending it twice is one step.
    key = models.UUIDField(default=uuid4)

    class Meta:
        ordering = ["at"]
        constraints = [
            between("referrals_step_number", "number", 0, LAST_STEP),
            models.UniqueConstraint(fields=["plan", "key"], name="referrals_step_once"),
        ]

    def __str__(self) -> str:
        return f"step {self.number}"


class CheckIn(models.Model):
    """How it went at one group, told by the patient or to a member; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="check_ins")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="check_ins")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="check_ins")
    answers = SealedJSONField()
    role = models.CharField(max_length=12)
    # Empty for what the patient told through the share link.
    by = models.ForeignKey("finder.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    key = models.UUIDField(default=uuid4)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "key"], name="referrals_checkin_once"),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_checkin_with_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"check-in {self.pk}"


class Contribution(models.Model):
    """A check-in that its patient lets help others choose; deleted once the daily batch took it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    check_in = models.OneToOneField(CheckIn, on_delete=models.PROTECT, related_name="contribution")

    def __str__(self) -> str:
        return f"contribution {self.pk}"


class TaskKind(models.TextChoices):
    """What there is to do."""

    BAD_EXPERIENCE = "bad_experience", _("Call today: a meeting went badly")
    CHECK_IN_7 = "check_in_7", _("First check-in, day 7")
    CHECK_IN_28 = "check_in_28", _("Second check-in, day 28")
    CHECK_IN_84 = "check_in_84", _("Last check-in, day 84")
    NO_NEWS = "no_news", _("No news for ten days: get in touch")
    RESET_CODE = "reset_code", _("The code was locked: give a new one")
    CONSENT_ENDED = "consent_ended", _("A permission was taken back: see who relied on it")
    HOLD_BACK = "hold_back", _("Asked to hold something back: answer it")


class TaskQuerySet(models.QuerySet):
    """Tasks as the dashboard asks for them."""

    def visible_to(self, user: User) -> "TaskQuerySet":
        """Those of patients whom this person may see."""
        seen = Patient.objects.visible_to(user).filter(pk=OuterRef("patient"))
        return self.filter(Exists(seen))

    def open(self) -> "TaskQuerySet":
        """Those still to do."""
        return self.filter(done_at=None)


class Task(models.Model):
    """One thing to do for a patient by a day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tasks")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    kind = models.CharField(max_length=20, choices=TaskKind)
    hand = models.CharField(max_length=12, choices=Hand)
    due_on = models.DateField()
    is_urgent = models.BooleanField(default=False)
    note = SealedTextField()
    opened_at = models.DateTimeField()
    done_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "-is_urgent", "opened_at"]
        indexes = [
            models.Index(
                fields=["organization", "due_on"],
                condition=Q(done_at=None),
                name="referrals_task_open",
            )
        ]
        constraints = [
            one_of("referrals_task_kind", "kind", TaskKind.values),
            one_of("referrals_task_hand", "hand", Hand.values),
            paired("referrals_task_done", "done_by", "done_at"),
            models.UniqueConstraint(
                fields=["plan", "kind"],
                condition=Q(done_at=None) & ~Q(kind=TaskKind.BAD_EXPERIENCE),
                name="referrals_task_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
