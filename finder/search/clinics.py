"""How one clinic reads groups: the public evidence and, at once, what its own patients told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from finder.acceptance import Piece, assess, clinic_view, is_cleared
from finder.models import Evidence, Group, Program
from finder.search.candidates import CandidateGroup, Reading
from finder.vocab import Medication


def knows_any(clinic: UUID) -> bool:
    """Say whether a clinic knows of any group what the public may not know; one query."""
    return Evidence.objects.filter(clinic=clinic, withdrawn_at=None).exists()


def as_read_by(
    groups: Iterable[CandidateGroup], *, clinic: UUID, today: date
) -> tuple[CandidateGroup, ...]:
    """Read anew the groups that this clinic itself knows something of; at most three queries.

    Model section 3: for the clinic's own patients only. Nothing of it is stored or shown to
    anyone else, and groups of which nothing may be shown stay as they are.
    """
    groups = tuple(groups)
    shown = [group.id for group in groups if group.acceptance]
    own = Evidence.objects.filter(clinic=clinic, withdrawn_at=None, group__in=shown)
    known = set(own.values_list("group_id", flat=True))
    if not known:
        return groups
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for row in Evidence.objects.filter(group__in=known, withdrawn_at=None).order_by("pk"):
        pieces[row.group_id].append(row.as_piece())
    programs = {row.pk: row.program for row in _with_programs(known)}
    return tuple(
        _read(group, programs[group.id], pieces[group.id], clinic=clinic, today=today)
        if group.id in known
        else group
        for group in groups
    )


def _with_programs(keys: Iterable[int]) -> Iterable[Group]:
    return Group.objects.filter(pk__in=list(keys)).select_related("program")


def _read(
    group: CandidateGroup, program: Program, pieces: list[Piece], *, clinic: UUID, today: date
) -> CandidateGroup:
    seen = clinic_view(pieces, clinic=clinic, today=today)
    found = {}
    for medication in Medication.values:
        reading = assess(
            seen,
            today=today,
            program=program.scoring_slug,
            medication=medication,
            cleared=is_cleared(seen, today=today, medication=medication),
        )
        newest = reading.newest_on
        found[medication] = Reading(
            label=reading.label,
            basis=reading.basis,
            lower=reading.lower,
            newest_month=newest.strftime("%Y-%m") if newest else None,
            has_caution=reading.caution,
        )
    return replace(group, acceptance=found)
