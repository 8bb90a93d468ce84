"""One piece of evidence and what it says by itself; weighing pieces together is assessing's."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from uuid import UUID

from finder.acceptance.method import METHOD, Method
from finder.vocab import (
    FIRST_HAND_KINDS,
    Disclosed,
    EvidenceKind,
    EvidenceTarget,
    Fact,
    PressureFrom,
)


@dataclass(frozen=True)
class Answers:
    """What was answered on each dimension: yes, no, or not answered."""

    attend: str = Fact.NOT_KNOWN
    speak: str = Fact.NOT_KNOWN
    service: str = Fact.NOT_KNOWN
    milestone: str = Fact.NOT_KNOWN
    sponsor: str = Fact.NOT_KNOWN
    no_pressure: str = Fact.NOT_KNOWN

    def __post_init__(self) -> None:
        wrong = [
            field.name for field in fields(self) if getattr(self, field.name) not in Fact.values
        ]
        if wrong:
            raise ValueError(f"Answers must be yes, no or empty: {', '.join(wrong)}.")

    @property
    def is_empty(self) -> bool:
        return self == Answers()

    @property
    def is_barred(self) -> bool:
        """Say whether the person was turned away or pressed to lower or stop."""
        return Fact.NO in (self.attend, self.no_pressure)


@dataclass(frozen=True)
class Piece:
    """What one source said, on one date, of one group and one medication (or any)."""

    kind: str
    target: str
    on: date
    answers: Answers = Answers()
    disclosed: str = Disclosed.NOT_ASKED
    pressure_from: str = PressureFrom.NOBODY
    # Tells reporters apart without saying who they are; those without one count as one person.
    reporter: str = ""
    is_affirming: bool = False
    is_reviewed: bool = True
    is_reviewed_twice: bool = False
    reply_asked_on: date | None = None
    # The organization whose own report it is; None for public evidence.
    clinic: UUID | None = None
    # Breaks ties between two reports of one day: the one entered later has the higher number.
    number: int = 0

    def __post_init__(self) -> None:
        if self.kind not in EvidenceKind.values or self.target not in EvidenceTarget.values:
            raise ValueError("Evidence needs a known kind and a known medication, or any.")
        if self.is_affirming and self.kind != EvidenceKind.GROUP_STATEMENT:
            raise ValueError("Only a written statement by the group can affirm.")

    @property
    def is_first_hand(self) -> bool:
        return self.kind in FIRST_HAND_KINDS

    @property
    def is_hearsay(self) -> bool:
        return self.kind == EvidenceKind.HEARSAY

    @property
    def is_not_discussed(self) -> bool:
        """Say whether nobody at the group knew, so that the visit tells little."""
        return self.is_first_hand and self.disclosed != Disclosed.YES

    @property
    def is_pressure(self) -> bool:
        return self.answers.no_pressure == Fact.NO

    @property
    def is_said_to_room(self) -> bool:
        return self.is_pressure and self.pressure_from == PressureFrom.ROOM

    @property
    def is_remark(self) -> bool:
        """Say whether the pressure was one member's remark."""
        return self.is_pressure and self.pressure_from == PressureFrom.ONE_MEMBER


def score(answers: Answers, *, method: Method = METHOD) -> float | None:
    """Give y from 0 to 1, or None when the answers are a fact but no evidence.

    "May attend" alone is what every group offers, so attend, speak and no_pressure are all
    needed, unless one of attend and no_pressure is already "no".
    """
    if answers.is_barred:
        return 0.0
    if Fact.NOT_KNOWN in (answers.attend, answers.speak, answers.no_pressure):
        return None
    answered = {
        name: weight
        for name, weight in method.dimensions.items()
        if getattr(answers, name) != Fact.NOT_KNOWN
    }
    yes = sum(weight for name, weight in answered.items() if getattr(answers, name) == Fact.YES)
    return yes / sum(answered.values())


def value(piece: Piece, *, remark_counts: bool = False, method: Method = METHOD) -> float | None:
    """Give the y a piece counts with, or None when it weighs nothing.

    One member's remark is no pressure by the group until enough reporters agree.
    """
    if piece.is_not_discussed:
        return 0.0 if piece.is_said_to_room else None
    if piece.is_remark and not remark_counts:
        return score(replace(piece.answers, no_pressure=Fact.NOT_KNOWN), method=method)
    return score(piece.answers, method=method)


def level(piece: Piece, *, method: Method = METHOD) -> str:
    """Code one piece A0 to A4, or U; never shown as a group's label."""
    y = value(piece, remark_counts=True, method=method)
    if y is None:
        return "U"
    if y >= 0.9:
        return "A4" if piece.is_affirming else "A3"
    if y >= 0.6:
        return "A2"
    return "A1" if y >= 0.3 else "A0"


def distinct_reporters(pieces: Iterable[Piece]) -> int:
    """Count the people behind pieces; all without a key count as one, never as several."""
    return len({piece.reporter for piece in pieces})


def standing(pieces: Iterable[Piece], *, method: Method = METHOD) -> list[Piece]:
    """Keep one report of each patient and medication in 180 days: the latest wins."""
    kept: list[Piece] = []
    last_kept: dict[tuple[str, str], date] = {}
    for piece in sorted(pieces, key=_newest_first):
        if piece.kind == EvidenceKind.PATIENT_REPORT and piece.reporter:
            later = last_kept.get((piece.reporter, piece.target))
            if later and (later - piece.on).days < method.windows.one_report_days:
                continue
            last_kept[piece.reporter, piece.target] = piece.on
        kept.append(piece)
    return kept


def _newest_first(piece: Piece) -> tuple:
    # Reports of one day and number: the less favorable one stands, whatever the order given.
    y = value(piece, remark_counts=True)
    told = (piece.is_remark, astuple(piece.answers), piece.disclosed, piece.pressure_from)
    return (-piece.on.toordinal(), -piece.number, 2.0 if y is None else y, told)


def remarks_agree(pieces: Iterable[Piece], *, method: Method = METHOD) -> bool:
    """Say whether enough different people report one member's remark for it to count."""
    remarks = [piece for piece in pieces if piece.is_remark and not piece.is_not_discussed]
    return distinct_reporters(remarks) >= method.windows.remark_reporters
