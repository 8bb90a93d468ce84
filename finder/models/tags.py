"""The tags a group and a meeting share, each yes, no or not known."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from finder.vocab import Fact


def _codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


class Tagged(models.Model):
    """Focus, access and language codes known to be true, and those known to be false.

    A code in neither list is not known, which is never shown as no.
    """

    focus = _codes()
    focus_no = _codes()
    access = _codes()
    access_no = _codes()
    languages = _codes()
    languages_no = _codes()

    class Meta:
        abstract = True

    def fact(self, field: str, code: str) -> Fact:
        """Answer yes, no or not known for one code of ``focus``, ``access`` or ``languages``."""
        if code in getattr(self, field):
            return Fact.YES
        return Fact.NO if code in getattr(self, f"{field}_no") else Fact.NOT_KNOWN
