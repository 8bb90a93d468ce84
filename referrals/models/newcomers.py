"""People of a group who meet newcomers, with written permission; sealed like a patient."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import paired
from referrals.models.organizations import Organization
from referrals.models.referrals import Plan
from referrals.sealed import SealedJSONField, SealedTextField


class Gender(models.TextChoices):
    """What a person says of themselves, so that who would rather meet a woman or a man can."""

    NOT_SAID = "", _("Not said")
    WOMAN = "woman", _("A woman")
    MAN = "man", _("A man")
    OTHER = "other", _("Neither of the two")


class NewcomerContact(models.Model):
    """One adult of one group who meets newcomers for one clinic; shown to who needs it then."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="+")
    first_name = SealedTextField()
    # How they want to be reached, in their own words.
    channel = SealedTextField()
    # {"languages": [...], "gender": "", "medications": [...]}
    about = SealedJSONField()
    # Where the paper lies, and its day.
    permission_note = SealedTextField()
    permission_on = models.DateField()
    confirmed_on = models.DateField()
    paused_on = models.DateField(null=True, blank=True)
    reported_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    report = SealedTextField()
    ended_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_at"]
        constraints = [
            paired("referrals_newcomer_reported", "reported_by", "reported_at"),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_newcomer_with_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Introduction(models.Model):
    """A contact was given to one plan: what rotation and the weekly cap count."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        NewcomerContact, on_delete=models.PROTECT, related_name="introductions"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="introductions")
    by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "plan"], name="referrals_introduction_once")
        ]

    def __str__(self) -> str:
        return f"introduction {self.pk}"
