"""Evidence: one dated, sourced claim on medication acceptance; reading it lives in acceptance."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finder.acceptance import Answers, Piece
from finder.models.constraints import one_of, paired
from finder.vocab import Disclosed, EvidenceKind, EvidenceTarget, MedicationForm, PressureFrom

ANSWERS = [("yes", _("Yes")), ("no", _("No")), ("", _("Not answered"))]
DIMENSIONS = ("attend", "speak", "service", "milestone", "sponsor", "no_pressure")


def _answer() -> models.CharField:
    return models.CharField(max_length=3, choices=ANSWERS, blank=True, default="")


class EvidenceQuerySet(models.QuerySet):
    """Evidence as the assessment asks for it."""

    def standing(self) -> "EvidenceQuerySet":
        """Reviewed and not withdrawn: what the public view may draw on."""
        return self.filter(reviewed_at__isnull=False, withdrawn_at__isnull=True)


# Who told it is needed once, to count people; a history would keep it after it is gone.
@pghistory.track(append_only=True, exclude=["reporter"])
class Evidence(models.Model):
    """What one source said, on one date, of one group and one medication."""

    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="evidence")
    target = models.CharField(max_length=14, choices=EvidenceTarget)
    medication_form = models.CharField(
        max_length=10, choices=MedicationForm, blank=True, default=MedicationForm.NOT_SAID
    )
    kind = models.CharField(max_length=20, choices=EvidenceKind)
    on = models.DateField(help_text=_("The day it was said or seen."))
    attend = _answer()
    speak = _answer()
    service = _answer()
    milestone = _answer()
    sponsor = _answer()
    no_pressure = _answer()
    disclosed = models.CharField(max_length=14, choices=Disclosed, blank=True, default="")
    pressure_from = models.CharField(max_length=10, choices=PressureFrom, blank=True, default="")
    is_affirming_statement = models.BooleanField(
        default=False, help_text=_("A written group statement that affirms people on medication.")
    )
    is_random_sample = models.BooleanField(default=False)
    source_note = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    # A truncated keyed hash of (patient, group, medication): distinct reporters, no identities.
    reporter = models.CharField(max_length=32, blank=True)
    # The organization whose own report this is; empty for public evidence. Not a foreign key:
    # the directory knows nothing of organizations.
    clinic = models.UUIDField(null=True, blank=True)
    entered_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    second_reviewed_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_reviewed_at = models.DateTimeField(null=True, blank=True)
    reply_asked_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            one_of("finder_evidence_target", "target", EvidenceTarget.values),
            one_of("finder_evidence_kind", "kind", EvidenceKind.values),
            one_of("finder_evidence_disclosed", "disclosed", Disclosed.values),
            one_of("finder_evidence_pressure", "pressure_from", PressureFrom.values),
            *[one_of(f"finder_evidence_{name}", name, ["yes", "no", ""]) for name in DIMENSIONS],
            models.CheckConstraint(
                condition=~Q(**dict.fromkeys(DIMENSIONS, "")), name="finder_evidence_says_something"
            ),
            models.CheckConstraint(
                condition=Q(is_affirming_statement=False) | Q(kind=EvidenceKind.GROUP_STATEMENT),
                name="finder_evidence_affirming_is_statement",
            ),
            paired("finder_evidence_review", "reviewed_by", "reviewed_at"),
            paired("finder_evidence_second_review", "second_reviewed_by", "second_reviewed_at"),
            models.CheckConstraint(
                condition=Q(second_reviewed_by__isnull=True)
                | (Q(reviewed_by__isnull=False) & ~Q(second_reviewed_by=F("reviewed_by"))),
                name="finder_evidence_reviewed_by_two",
            ),
            paired(
                "finder_evidence_withdrawn",
                "withdrawn_at",
                "withdrawn_reason",
                empty_text=("withdrawn_reason",),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"

    def as_piece(self) -> Piece:
        """Give the plain value that acceptance reads; a named visitor is told apart by id."""
        visitor = f"user:{self.entered_by_id}" if self.entered_by_id else ""
        return Piece(
            kind=self.kind,
            target=self.target,
            on=self.on,
            answers=Answers(**{name: getattr(self, name) for name in DIMENSIONS}),
            disclosed=self.disclosed,
            pressure_from=self.pressure_from,
            reporter=self.reporter or visitor,
            is_affirming=self.is_affirming_statement,
            is_reviewed=self.reviewed_at is not None,
            is_reviewed_twice=self.second_reviewed_at is not None,
            reply_asked_on=self.reply_asked_on,
            clinic=self.clinic,
            number=self.pk or 0,
        )
