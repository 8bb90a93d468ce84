"""Whose view it is: which evidence the public, and which a clinic, may draw on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from finder.acceptance.evidence import Piece, distinct_reporters
from finder.acceptance.method import METHOD, Method
from finder.vocab import EvidenceKind


def publishable(evidence: Iterable[Piece], *, today: date, method: Method = METHOD) -> list[Piece]:
    """Select what a public page may rest on.

    Everything but patient reports as reviewed; patient reports by whole months, some days late,
    dated to their month, and only where several people reported on one medication, so that no
    page changes because one person checked in.
    """
    reports: dict[str, list[Piece]] = defaultdict(list)
    public: list[Piece] = []
    for piece in evidence:
        if piece.kind != EvidenceKind.PATIENT_REPORT:
            if piece.is_reviewed:
                public.append(piece)
        elif _public_from(piece.on, method) <= today:
            reports[piece.target].append(replace(piece, on=piece.on.replace(day=1)))
    for batch in reports.values():
        if distinct_reporters(batch) >= method.windows.public_reporters:
            public.extend(batch)
    return public


def _public_from(on: date, method: Method) -> date:
    """Give the day a report's month is released."""
    next_month = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return next_month + timedelta(days=method.windows.public_delay_days)


def clinic_view(
    evidence: Iterable[Piece], *, clinic: UUID, today: date, method: Method = METHOD
) -> list[Piece]:
    """Select what one clinic may rest on: its own pieces at once, and what is public."""
    evidence = list(evidence)
    own = [piece for piece in evidence if piece.clinic == clinic]
    public = publishable(evidence, today=today, method=method)
    return own + [piece for piece in public if piece.clinic != clinic]
