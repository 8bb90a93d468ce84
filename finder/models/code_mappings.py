"""What a curator says an unknown code of a program's feeds means; known codes live in codes."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

MAPPED = ("types", "focus", "access", "access_no", "languages")


def _codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


@pghistory.track(append_only=True)
class CodeMapping(models.Model):
    """One code of one program; with nothing chosen it is known to say nothing that we keep."""

    program = models.ForeignKey("finder.Program", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    types = _codes()
    focus = _codes()
    access = _codes()
    access_no = _codes()
    languages = _codes()
    mapped_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    mapped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="finder_codemapping_once"),
            models.CheckConstraint(condition=~models.Q(code=""), name="finder_codemapping_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code}"
