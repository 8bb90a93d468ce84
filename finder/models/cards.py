"""Paper cards that clinics hand out: single-use codes, known to us only by their hash."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

CARDS_LAST = timedelta(days=365)


class CardSheet(models.Model):
    """One printed sheet of cards."""

    note = models.CharField(max_length=200, help_text=_("For which clinic. No patient."))
    # The organization whose patients get them, so that it sees their reports at once; a plain
    # value: the directory knows nothing of organizations.
    clinic = models.UUIDField(null=True, blank=True)
    made_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    expires_on = models.DateField()
    revoked_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.note} ({self.made_on})"


class PaperCardQuerySet(models.QuerySet):
    """Which cards."""

    def good(self, today: date) -> "PaperCardQuerySet":
        """Those that still open the form."""
        return self.filter(
            is_used=False, sheet__revoked_on__isnull=True, sheet__expires_on__gt=today
        )


class PaperCard(models.Model):
    """One code. Nothing ties it to the report it gave: not even the day it was used is kept."""

    # CASCADE: a card is a piece of its sheet.
    sheet = models.ForeignKey(CardSheet, on_delete=models.CASCADE, related_name="cards")
    code_hash = models.CharField(max_length=64, unique=True)
    is_used = models.BooleanField(default=False)

    objects = PaperCardQuerySet.as_manager()

    def __str__(self) -> str:
        return f"card {self.pk}"
