"""Gives records the meanings that curators gave to codes of their program; no writes."""

from collections.abc import Iterable
from dataclasses import replace

from finder.feeds.record import MeetingRecord, Problem
from finder.models import MAPPED, CodeMapping, Program


def with_meanings(
    records: Iterable[MeetingRecord], problems: Iterable[Problem], *, program: Program
) -> tuple[list[MeetingRecord], list[Problem]]:
    """Return the records as curators read them, and the problems that are left; one query."""
    records, problems = list(records), list(problems)
    known = {row.code: row for row in CodeMapping.objects.filter(program=program.pk)}
    if not known:
        return records, problems
    puzzling = {record.row for record in records if set(record.unknown_codes) - known.keys()}
    settled = {record.row for record in records if record.unknown_codes} - puzzling
    left = [p for p in problems if p.code != "unknown_code" or p.row not in settled]
    return [_with_meaning(record, known) for record in records], left


def _with_meaning(record: MeetingRecord, known: dict[str, CodeMapping]) -> MeetingRecord:
    said = [known[code] for code in record.unknown_codes if code in known]
    if not said:
        return record
    values = {
        name: tuple(
            sorted({*getattr(record, name), *(c for row in said for c in getattr(row, name))})
        )
        for name in MAPPED
    }
    values["access"] = tuple(c for c in values["access"] if c not in values["access_no"])
    unknown = tuple(code for code in record.unknown_codes if code not in known)
    return replace(record, **values, unknown_codes=unknown)
