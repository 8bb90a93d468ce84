"""What runs changed and what parked runs would change; applying and taking back is ingest's."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from finder.models.constraints import one_of
from finder.models.sources import ImportRun


class ImportChange(models.Model):
    """One row that a run made or changed, with what takes it back exactly."""

    # CASCADE: a change is a line of its run.
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    model = models.CharField(max_length=10)
    object_id = models.BigIntegerField()
    is_new = models.BooleanField()
    # The fields that changed, without credentials.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # Sealed: the credentials that stood before, where they changed.
    secrets = models.BinaryField(null=True)
    # What stood before in the meeting's record, where it changed; null when there was none.
    record = models.JSONField(null=True)

    class Meta:
        constraints = [
            one_of("finder_importchange_model", "model", ["group", "place", "meeting"]),
            models.UniqueConstraint(
                fields=["run", "model", "object_id"], name="finder_importchange_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class ParkedRow(models.Model):
    """One meeting as a parked feed tells it, cleaned; gone once a curator has decided."""

    # CASCADE: it waits for the decision on its run.
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="parked_rows")
    row = models.PositiveIntegerField()
    rows = ArrayField(models.PositiveIntegerField())
    keys = ArrayField(models.TextField())
    digest = models.CharField(max_length=64)
    cleaned = models.JSONField()
    # Sealed: the credentials of the meeting, where it has any.
    secrets = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"row {self.row}"
