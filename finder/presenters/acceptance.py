"""Shows the reading of one group and one medication: facts first, the label in words second."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from finder.acceptance import label_words
from finder.models import Assessment
from finder.presenters.facts import Dimension, about_words, behind_words, dimensions, facts_words
from finder.presenters.words import medication_words
from finder.vocab import POSITIVE_LABELS, Basis, Label, Medication


@dataclass(frozen=True)
class AcceptanceWords:
    """What a card or a page says of one group and one medication."""

    medication: str
    facts: str
    # Empty where the facts say all: nobody was asked.
    label: str
    # "positive", "care" or "": a colour beside the words, never instead of them.
    tone: str
    caution: str
    # One by one, and from whom: for the page of a group.
    about: str
    dimensions: tuple[Dimension, ...]
    behind: str


def words_for(
    assessment: Assessment | None, *, program: str, medication: str, today: date
) -> AcceptanceWords:
    """Put an assessment into words; a group without one has not been asked.

    ``program`` is a slug.
    """
    if assessment is None:
        assessment = Assessment(label=Label.NOT_KNOWN, basis=Basis.PROGRAM)
    # The facts already say that nobody asked; the label would only say it again.
    is_silent = (assessment.label, assessment.basis) == (Label.NOT_KNOWN, Basis.PROGRAM)
    is_silent = is_silent and not assessment.facts.get("sources")
    return AcceptanceWords(
        medication=medication_words(medication),
        facts=facts_words(assessment.facts, today=today),
        label="" if is_silent else str(label_words(assessment.label, assessment.basis, program)),
        tone=_tone(assessment.label),
        caution=_caution() if assessment.has_caution else "",
        about=about_words(assessment.facts),
        dimensions=dimensions(assessment.facts),
        behind=behind_words(assessment.facts, today=today),
    )


def for_every_medication(
    assessments: Iterable[Assessment], *, program: str, today: date
) -> list[AcceptanceWords]:
    """One entry for each of the three medications, in their usual order."""
    by_medication = {row.medication: row for row in assessments}
    return [
        words_for(
            by_medication.get(medication), program=program, medication=medication, today=today
        )
        for medication in Medication.values
    ]


def _tone(label: str) -> str:
    if label in POSITIVE_LABELS:
        return "positive"
    return "care" if label in (Label.MIXED, Label.REPORTED_LIMITS) else ""


def _caution() -> str:
    return _(
        "In the last six months a person who went here was told to stop or lower a medication."
    )
