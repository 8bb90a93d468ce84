"""The stored public reading of the evidence; curation.reassess is its only writer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from finder.models.constraints import one_of
from finder.vocab import Basis, Label, Medication


class AssessmentQuerySet(models.QuerySet):
    """Assessments as cards and pages ask for them."""

    def for_cards(self, group_ids: list[int], medication: str) -> dict[int, "Assessment"]:
        """Map group id to its assessment for one medication, in one query."""
        rows = self.filter(group_id__in=group_ids, medication=medication)
        return {row.group_id: row for row in rows}


class Assessment(models.Model):
    """What the public evidence says of one group and one medication, on one day."""

    # CASCADE: derived from the group and its evidence; recomputed at any time.
    group = models.ForeignKey("finder.Group", on_delete=models.CASCADE, related_name="assessments")
    medication = models.CharField(max_length=14, choices=Medication)
    label = models.CharField(max_length=20, choices=Label)
    basis = models.CharField(max_length=8, choices=Basis)
    a = models.FloatField()
    b = models.FloatField()
    mean = models.FloatField()
    lower = models.FloatField()
    upper = models.FloatField()
    weight = models.FloatField()
    # The first day of the newest evidence's month.
    newest_month = models.DateField(null=True)
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    has_caution = models.BooleanField(default=False)
    # {"attend": "yes", ..., "pressure": "none_reported", "sources": [[kind, count], ...]}
    facts = models.JSONField(default=dict)
    assessed_on = models.DateField()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "medication"], name="finder_assessment_once"),
            one_of("finder_assessment_label", "label", Label.values),
            one_of("finder_assessment_basis", "basis", Basis.values),
            one_of("finder_assessment_medication", "medication", Medication.values),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.medication}: {self.label}"
