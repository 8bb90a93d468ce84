"""What was told of an organization in numbers; counting and hiding live in reports."""

from uuid import uuid4

from django.db import models

from referrals.models.organizations import Organization


class Release(models.Model):
    """The de-identified figures of one quarter as they were told; never counted again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    # As in addresses: 2026-q3.
    quarter = models.CharField(max_length=7)
    figures = models.JSONField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "quarter"], name="referrals_release_once"
            )
        ]

    def __str__(self) -> str:
        return f"release {self.quarter}"
