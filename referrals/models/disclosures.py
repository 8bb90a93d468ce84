"""What was told to whom and why, and what a patient asked to hold back; nothing of what it says."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import one_of, paired
from referrals.models.consents import Category, Consent, Purpose
from referrals.models.organizations import Organization
from referrals.models.patients import Patient
from referrals.models.referrals import Referral
from referrals.sealed import SealedJSONField, SealedTextField

# 42 CFR 2.25 and 45 CFR 164.528: kept for six years, told for the last three.
KEPT_YEARS = 6
SHOWN_YEARS = 3


class Basis(models.TextChoices):
    """On what ground something was told."""

    OWN = "own", _("The person's own view")
    CONSENT = "consent", _("The person's consent")
    EMERGENCY = "emergency", _("A medical emergency")
    # A file of the clinic's own, for its own work.
    INTERNAL = "internal", _("Work inside the clinic")


class Medium(models.TextChoices):
    """How something leaves. The last four are refused whoever asks."""

    SCREEN = "screen", _("On a screen")
    LINK = "link", _("On the person's own page")
    PAPER = "paper", _("On paper")
    FILE = "file", _("As a file")
    API = "api", _("To a program")
    SPOKEN = "spoken", _("By word of mouth")
    EMAIL = "email", _("By e-mail")
    SMS = "sms", _("By text message")
    PUSH = "push", _("As a notification")
    WEBHOOK = "webhook", _("To another system, unasked")


class Disclosure(models.Model):
    """One line of the accounting: written with the decision, and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="disclosures")
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures"
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures"
    )
    # Which door it left by: a name of consent.EXITS.
    exit = models.CharField(max_length=24)
    basis = models.CharField(max_length=12, choices=Basis)
    purpose = models.CharField(max_length=12, choices=Purpose)
    medium = models.CharField(max_length=8, choices=Medium)
    categories = ArrayField(models.CharField(max_length=20, choices=Category))
    # Empty for the patient.
    recipient = SealedTextField()
    recipient_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The four facts of an emergency (42 CFR 2.51(c)).
    facts = SealedJSONField(default=dict)
    notice_version = models.CharField(max_length=20, blank=True)
    # Empty where the patient looked for themselves.
    by = models.ForeignKey("finder.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["patient", "-at"], name="referrals_disclosure_patient")]
        constraints = [
            one_of("referrals_disclosure_basis", "basis", Basis.values),
            one_of("referrals_disclosure_purpose", "purpose", Purpose.values),
            one_of(
                "referrals_disclosure_medium",
                "medium",
                ["screen", "link", "paper", "file", "api", "spoken"],
            ),
            models.CheckConstraint(
                condition=models.Q(basis="consent", consent__isnull=False)
                & ~models.Q(notice_version="")
                | ~models.Q(basis="consent") & models.Q(consent__isnull=True),
                name="referrals_disclosure_on_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"

    @property
    def category_labels(self) -> list[str]:
        """The kinds that were told."""
        return [kind.label for kind in Category if kind in self.categories]


class Restriction(models.Model):
    """Something a patient asked to hold back: nothing is told to others before a clinic answers."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="restrictions")
    words = SealedTextField()
    # Empty where the patient asked through the share link.
    asked_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = SealedTextField()
    checked_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=uuid4)

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            paired("referrals_restriction_checked", "checked_by", "checked_at"),
            models.UniqueConstraint(fields=["patient", "key"], name="referrals_restriction_once"),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
