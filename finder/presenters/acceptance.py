"""Shows the reading of one group and one medication: facts first, the label in words second."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from finder.models import Assessment, Program
from finder.presenters.words import facts_words, label_words, medication_words
from finder.vocab import POSITIVE_LABELS, Basis, EvidenceKind, Label, Medication, PriorClass


@dataclass(frozen=True)
class AcceptanceWords:
    """What a card or a page says of one group and one medication."""

    medication: str
    facts: str
    label: str
    # "positive", "care" or "": a colour beside the words, never instead of them.
    tone: str
    caution: str
    kinds: tuple[str, ...]
    newest_month: str
    is_asked: bool


def words_for(
    assessment: Assessment | None, *, program: Program, medication: str
) -> AcceptanceWords:
    """Put an assessment into words; a group without one has not been asked."""
    label = assessment.label if assessment else Label.NOT_KNOWN
    basis = assessment.basis if assessment else Basis.PROGRAM
    newest = assessment.newest_month if assessment else None
    facts = facts_words(assessment.facts if assessment else {}, newest=newest)
    words = label_words(label, basis, is_built_for=program.prior_class == PriorClass.BUILT_FOR)
    return AcceptanceWords(
        medication=medication_words(medication),
        facts=facts,
        label=words,
        tone=_tone(label),
        caution=_caution() if assessment and assessment.has_caution else "",
        kinds=tuple(str(EvidenceKind(kind).label) for kind in assessment.kinds)
        if assessment
        else (),
        newest_month=newest.isoformat() if newest else "",
        is_asked=bool(assessment and assessment.facts.get("sources")),
    )


def for_every_medication(
    assessments: Iterable[Assessment], *, program: Program
) -> list[AcceptanceWords]:
    """One entry for each of the three medications, in their usual order."""
    by_medication = {row.medication: row for row in assessments}
    return [
        words_for(by_medication.get(medication), program=program, medication=medication)
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
