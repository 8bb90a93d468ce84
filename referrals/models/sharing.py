"""Share links: what opens a patient's own page; making and opening them lives in sharing."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from finder.models.constraints import between
from referrals.models.organizations import Organization
from referrals.models.patients import Patient

CODE_TRIES = 5


class ShareLink(models.Model):
    """One link for one patient: known by hashes alone, with an end, and revocable."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)
    # A keyed hash of six digits and the link's id.
    code_hash = models.BinaryField(max_length=16)
    code_misses = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Empty where the patient ended it.
    revoked_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            between("referrals_sharelink_misses", "code_misses", 0, CODE_TRIES),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(revoked_at=None),
                name="referrals_sharelink_one_live",
            ),
        ]

    def __str__(self) -> str:
        return f"share link {self.pk}"

    def is_live(self, now: datetime) -> bool:
        """Say whether it opens anything at this moment."""
        return self.revoked_at is None and self.expires_at > now

    @property
    def is_code_locked(self) -> bool:
        """Say whether the code was missed so often that the clinic must give a new one."""
        return self.code_misses >= CODE_TRIES
