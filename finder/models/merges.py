"""Groups told by two sources: pairs that may be one, and merges that people made."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import one_of, paired


class PairState(models.TextChoices):
    """What a curator made of a pair."""

    WAITING = "waiting", _("Waiting")
    DIFFERENT = "different", _("Not the same")
    MERGED = "merged", _("Merged")


class DuplicatePair(models.Model):
    """Two groups of one program and two sources that may be the same; nothing merges by itself."""

    # CASCADE: found anew at any time.
    first = models.ForeignKey("finder.Group", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("finder.Group", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(help_text=_("Likeness of the names, from 0 to 1."))
    # [[meeting of the first, meeting of the second], ...]
    meetings = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=PairState, default=PairState.WAITING)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        constraints = [
            one_of("finder_pair_state", "state", PairState.values),
            paired("finder_pair_decided", "decided_by", "decided_at"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="finder_pair_ordered"),
            models.UniqueConstraint(fields=["first", "second"], name="finder_pair_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(models.Model):
    """One merge with all that it moved, so that it can be undone exactly."""

    kept = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="merges")
    # [[meeting that redirects, meeting that it redirects to], ...]
    joined = models.JSONField(default=list)
    # {"meeting": [ids], "evidence": [ids], ...}: what followed the group that stayed.
    moved = models.JSONField(default=dict)
    made_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            paired("finder_merge_undone", "undone_by", "undone_at"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="finder_merge_of_two"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="finder_merge_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"
