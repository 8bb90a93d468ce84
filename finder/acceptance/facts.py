"""The facts behind a label, as cards show them first; no label and no sentence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from math import fsum

from finder.acceptance.assessing import relevant, weigh
from finder.acceptance.evidence import Answers, Piece, remarks_agree, standing
from finder.acceptance.method import METHOD, Method
from finder.vocab import EvidenceKind, EvidenceTarget, Fact

DIFFERS = "differs"
NONE_REPORTED = "none_reported"
REPORTED = "reported"
REMARK = "remark"
_DIMENSIONS = tuple(field.name for field in fields(Answers) if field.name != "no_pressure")


@dataclass(frozen=True)
class Facts:
    """What was said of a group: each dimension yes, no, differs, or '' when nobody said."""

    attend: str = ""
    speak: str = ""
    service: str = ""
    milestone: str = ""
    sponsor: str = ""
    # none_reported, reported, remark (one member, not yet agreed), or ''.
    pressure: str = ""
    # Kind and count; for patient reports a band (few, several, many) instead of the count.
    sources: tuple[tuple[str, int | str], ...] = ()
    # Visits at which nobody knew of the medication.
    not_discussed: int = 0
    newest_month: date | None = None
    # Other medications the facts are about, when nobody spoke of this one.
    about: tuple[str, ...] = ()

    def document(self) -> dict:
        """Give the stored form."""
        return {
            **{name: getattr(self, name) for name in _DIMENSIONS},
            "pressure": self.pressure,
            "sources": [list(source) for source in self.sources],
            "not_discussed": self.not_discussed,
            "newest_month": self.newest_month.isoformat() if self.newest_month else None,
            "about": list(self.about),
        }


def facts(
    evidence: Iterable[Piece], *, today: date, medication: str, method: Method = METHOD
) -> Facts:
    """Collect what was said on one medication, or on its relatives when nobody spoke of it.

    Second-hand reports are counted among the sources but state no fact.
    """
    known = standing(relevant(evidence, medication=medication, method=method), method=method)
    direct = [piece for piece in known if piece.target in (medication, EvidenceTarget.ANY)]
    used = direct or known
    told = [piece for piece in used if not piece.is_hearsay and not piece.is_not_discussed]
    return Facts(
        **{name: _agreed({getattr(piece.answers, name) for piece in told}) for name in _DIMENSIONS},
        pressure=_pressure(used, told, method=method),
        sources=_sources(used, today=today, medication=medication, method=method),
        not_discussed=sum(piece.is_not_discussed for piece in used),
        newest_month=max((piece.on.replace(day=1) for piece in used), default=None),
        about=() if direct else tuple(sorted({piece.target for piece in used})),
    )


def _agreed(answers: set[str]) -> str:
    said = answers - {Fact.NOT_KNOWN}
    if len(said) > 1:
        return DIFFERS
    return str(said.pop()) if said else ""


def _pressure(used: list[Piece], told: list[Piece], *, method: Method) -> str:
    # Pressure said to the whole room is known even to someone who said nothing.
    said_to_room = [piece for piece in used if piece.is_said_to_room]
    pressed = [piece for piece in told if piece.is_pressure] + said_to_room
    if any(not piece.is_remark for piece in pressed) or remarks_agree(pressed, method=method):
        return REPORTED
    if pressed:
        return REMARK
    answered = any(piece.answers.no_pressure == Fact.YES for piece in told)
    return NONE_REPORTED if answered else ""


def _sources(
    used: list[Piece], *, today: date, medication: str, method: Method
) -> tuple[tuple[str, int | str], ...]:
    counts = Counter(piece.kind for piece in used)
    return tuple(
        (
            str(kind),
            _band(used, today=today, medication=medication, method=method)
            if kind == EvidenceKind.PATIENT_REPORT
            else counts[kind],
        )
        for kind in EvidenceKind
        if counts[kind]
    )


def _band(used: list[Piece], *, today: date, medication: str, method: Method) -> str:
    """Say roughly how much the patient reports weigh, so that no single one shows."""
    weighed = weigh(used, today=today, medication=medication, method=method)
    weight = fsum(item.weight for item in weighed if item.piece.kind == EvidenceKind.PATIENT_REPORT)
    if weight < 3:
        return "few"
    return "several" if weight < 8 else "many"
