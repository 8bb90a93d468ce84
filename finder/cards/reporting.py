"""Takes the report of a paper card: a code works once, and nothing ties it to what it gave."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from finder import curation
from finder.acceptance import Answers
from finder.cards.codes import hashes, read, reporter_of
from finder.models import Evidence, Group, PaperCard
from finder.vocab import EvidenceKind, PressureFrom


class CardRefused(Exception):
    """The code was used before, or never worked."""


@dataclass(frozen=True)
class CardReport:
    """What a person reports of one visit."""

    group: Group
    target: str
    on: date
    answers: Answers
    disclosed: str
    pressure_from: str = PressureFrom.NOBODY


def find(typed: str, *, today: date) -> PaperCard | None:
    """Find the card of a code as typed, if it still works."""
    code = read(typed)
    good = PaperCard.objects.good(today)
    return good.filter(code_hash__in=hashes(code)).first() if code else None


@transaction.atomic
def report(typed: str, told: CardReport, *, now: datetime) -> Evidence:
    """Use up a code for one report; raises CardRefused, or EvidenceRefused and keeps the code."""
    code = read(typed)
    good = PaperCard.objects.good(now.date()).filter(code_hash__in=hashes(code))
    card = good.select_for_update(of=("self",)).select_related("sheet").first() if code else None
    if card is None:
        raise CardRefused
    row = curation.record_evidence(
        group=told.group,
        kind=EvidenceKind.PATIENT_REPORT,
        target=told.target,
        on=told.on,
        answers=told.answers,
        disclosed=told.disclosed,
        pressure_from=told.pressure_from,
        reporter=reporter_of(code),
        clinic=card.sheet.clinic,
        by=None,
        now=now,
    )
    card.is_used = True
    card.save(update_fields=["is_used"])
    return row
