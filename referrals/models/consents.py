"""Consents as signed, what ended them and what they open; whether one holds lives in consent."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from finder.models import User
from finder.models.constraints import one_of, paired
from referrals.models.organizations import Membership, Organization
from referrals.models.patients import Patient
from referrals.models.referrals import Referral
from referrals.sealed import SealedTextField


class Category(models.TextChoices):
    """What can be told of a person, in kinds that a consent names one by one."""

    GROUPS = "groups", _("The groups, their meetings and how far it came")
    MEDICATION = "medication", _("The medication")
    REASONS = "reasons", _("Why a group was suggested")
    CHECK_INS = "check_ins", _("How meetings went, as the person told it")
    NOTES = "notes", _("Notes that were written along the way")
    # 42 CFR 2.31(b) asks for a consent of its own; nothing of the kind is held here.
    COUNSELLING = "counselling", _("Counseling notes")


# What a consent may name.
OFFERED = tuple(kind for kind in Category if kind != Category.COUNSELLING)


class Purpose(models.TextChoices):
    """What something is told for; a consent may name the first three alone."""

    COORDINATION = "coordination", _("To work together on this referral")
    REQUEST = "request", _("Because the person asks for it")
    TPO = "tpo", _("Treatment, payment and health care operations")
    OWN = "own", _("The person's own use")
    INTERNAL = "internal", _("Work inside the clinic")
    EMERGENCY = "emergency", _("A medical emergency")
    PROCEEDING = "proceeding", _("A proceeding")
    RESEARCH = "research", _("Research")
    FUNDRAISING = "fundraising", _("Fundraising")
    MARKETING = "marketing", _("Marketing")
    UNKNOWN = "unknown", _("Not known")


CONSENTABLE = (Purpose.COORDINATION, Purpose.REQUEST, Purpose.TPO)


class RecipientKind(models.TextChoices):
    """Who is told. There is no kind for groups: nothing is ever told to one."""

    ORGANIZATION = "organization", _("An organization on this site")
    NAMED = "named", _("A person or place by name")


class Expiry(models.TextChoices):
    """What ends a consent if nobody takes it back."""

    DATE = "date", _("On a day")
    EVENT = "event", _("When the referral ends")
    NONE = "none", _("Not before it is taken back")


class Method(models.TextChoices):
    """How it was signed."""

    TYPED = "typed", _("By a typed name")
    PAPER = "paper", _("On paper")


class Signer(models.TextChoices):
    """Who signed."""

    PATIENT = "patient", _("The person")
    MINOR = "minor", _("The person, who is under 18")
    REPRESENTATIVE = "representative", _("Someone who may act for them")


class Ending(models.TextChoices):
    """Why a consent no longer holds, besides its own end."""

    REVOKED = "revoked", _("Taken back")
    FALSE = "false", _("Found to be false")
    SUPERSEDED = "superseded", _("Replaced by a newer one")


class Consent(models.Model):
    """One consent as it was signed, with every element of 42 CFR 2.31(a); never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    # Which words were shown, in which language, and that they are still the same words.
    wording_version = models.CharField(max_length=20)
    wording_language = models.CharField(max_length=12)
    wording_hash = models.CharField(max_length=64)
    patient_name = SealedTextField()
    discloser = models.CharField(max_length=160)
    categories = ArrayField(models.CharField(max_length=20, choices=Category))
    recipient_kind = models.CharField(max_length=12, choices=RecipientKind)
    recipient_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient_name = SealedTextField()
    purpose = models.CharField(max_length=12, choices=Purpose)
    tells_how_to_revoke = models.BooleanField()
    # Asked of a consent for treatment, payment and operations.
    tells_of_passing_on = models.BooleanField(default=False)
    tells_of_refusing = models.BooleanField(default=False)
    expiry = models.CharField(max_length=8, choices=Expiry)
    # The end of the day named, on the clock of the clinic.
    expires_at = models.DateTimeField(null=True, blank=True)
    signer = models.CharField(max_length=16, choices=Signer)
    method = models.CharField(max_length=8, choices=Method)
    signature = SealedTextField()
    scan_number = SealedTextField()
    guardian_signature = SealedTextField()
    # By what right a guardian or another person signs.
    authority = SealedTextField()
    # The state whose law says who signs for someone under 18.
    state = models.CharField(max_length=2, blank=True)
    signed_at = models.DateTimeField()
    taken_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    # Names one filling-in of the form, so that sending it twice is one consent.
    key = models.UUIDField()

    class Meta:
        ordering = ["-taken_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "key"], name="referrals_consent_once"),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_consent_with_organization"
            ),
            one_of("referrals_consent_purpose", "purpose", list(CONSENTABLE)),
            one_of("referrals_consent_expiry", "expiry", Expiry.values),
            one_of("referrals_consent_signer", "signer", Signer.values),
            one_of("referrals_consent_method", "method", Method.values),
            models.CheckConstraint(
                condition=Q(categories__contained_by=list(OFFERED)) & Q(categories__len__gt=0),
                name="referrals_consent_categories",
            ),
            models.CheckConstraint(
                condition=Q(recipient_kind=RecipientKind.ORGANIZATION)
                & Q(recipient_organization__isnull=False)
                | Q(recipient_kind=RecipientKind.NAMED) & Q(recipient_organization__isnull=True),
                name="referrals_consent_recipient",
            ),
            models.CheckConstraint(
                condition=Q(expiry=Expiry.DATE, expires_at__isnull=False)
                | Q(expires_at__isnull=True) & ~Q(expiry=Expiry.DATE),
                name="referrals_consent_expires",
            ),
            models.CheckConstraint(
                condition=~Q(expiry=Expiry.NONE) | Q(purpose=Purpose.TPO),
                name="referrals_consent_without_end_for_tpo_alone",
            ),
            models.CheckConstraint(
                condition=Q(tells_how_to_revoke=True)
                & (~Q(purpose=Purpose.TPO) | Q(tells_of_passing_on=True, tells_of_refusing=True)),
                name="referrals_consent_statements",
            ),
            models.CheckConstraint(
                condition=~Q(recipient_organization=F("organization")),
                name="referrals_consent_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def category_labels(self) -> list[str]:
        """The kinds it names, in the order of the form."""
        return [kind.label for kind in OFFERED if kind in self.categories]


class Revocation(models.Model):
    """The end of a consent before its time; what was told in reliance on it stays listed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revocation")
    ending = models.CharField(max_length=12, choices=Ending)
    note = SealedTextField()
    role = models.CharField(max_length=12)
    # Empty where the patient did it through the share link.
    by = models.ForeignKey("finder.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [one_of("referrals_revocation_ending", "ending", Ending.values)]

    def __str__(self) -> str:
        return f"{self.ending} {self.consent_id}"


class SharedReferralQuerySet(models.QuerySet):
    """What consents opened, as the organizations on both sides ask for it."""

    def open(self, now) -> "SharedReferralQuerySet":
        """Those that were not closed; whether one may be read is decided anew each time."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), ended_at=None)

    def received_by(self, user: User) -> "SharedReferralQuerySet":
        """Those that this person was given to read, while working there with patients."""
        works_there = Membership.objects.active().clinical().filter(user=user)
        given = Reader.objects.filter(shared=OuterRef("pk"), ended_at=None, member__in=works_there)
        return self.filter(Exists(given))


class SharedReferral(models.Model):
    """One referral that a consent covers; an organization named in it sees this row and no more."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="shared")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="shared")
    # Empty where the recipient is a person or place outside this site.
    recipient = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SharedReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "referral"], name="referrals_sharedreferral_once"
            ),
            models.UniqueConstraint(
                fields=["id", "recipient"], name="referrals_sharedreferral_with_recipient"
            ),
        ]

    def __str__(self) -> str:
        return f"shared {self.pk}"


class Reader(models.Model):
    """A member of the organization named in a consent who was given a referral to read."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # The recipient: the row is theirs.
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    shared = models.ForeignKey(SharedReferral, on_delete=models.PROTECT, related_name="readers")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            paired("referrals_reader_ended", "ended_by", "ended_at"),
            models.UniqueConstraint(
                fields=["shared", "member"],
                condition=Q(ended_at=None),
                name="referrals_reader_once",
            ),
        ]

    def __str__(self) -> str:
        return f"reader {self.pk}"
