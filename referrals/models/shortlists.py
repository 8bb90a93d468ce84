"""A clinic's own lists of meetings it often refers to; they say nothing of any patient."""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from referrals.models.organizations import Organization


class Shortlist(models.Model):
    """Meetings that a clinic keeps together under a name, such as its usual evening groups."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint(
                "organization", Lower("name"), name="referrals_shortlist_name_once"
            ),
            models.UniqueConstraint(
                fields=["id", "organization"], name="referrals_shortlist_with_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("referrals:shortlist", args=[self.pk])


class ShortlistEntry(models.Model):
    """One meeting on a shortlist, and the day a member last confirmed that it is still right."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    # An entry is nothing without its list.
    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="entries")
    meeting = models.ForeignKey("finder.Meeting", on_delete=models.PROTECT, related_name="+")
    # Set from the start: who puts a meeting on a list vouches for it.
    confirmed_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortlist", "meeting"], name="referrals_shortlist_meeting_once"
            )
        ]

    def __str__(self) -> str:
        return f"meeting {self.meeting_id} on a shortlist"
