"""Says once for a program what an unknown code means, and applies it to what is listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pghistory
from django.db import connection, transaction

from finder.models import MAPPED, CodeMapping, FieldLock, Meeting, Program, User
from finder.search import index

_COUNTED = """
    SELECT g.program_id, code, count(*), count(DISTINCT m.source_id), min(m.id)
    FROM finder_meeting m JOIN finder_group g ON g.id = m.group_id
    CROSS JOIN LATERAL unnest(m.unknown_codes) AS code
    WHERE m.status <> 'retired' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


@dataclass(frozen=True)
class UnknownCode:
    """One code that nobody knows, and how many meetings carry it."""

    program: Program
    code: str
    meetings: int
    sources: int
    example: int


def unknown_codes() -> list[UnknownCode]:
    """List the codes of listed meetings that nobody knows, the most used first; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        rows = cursor.fetchall()
    programs = Program.objects.in_bulk({row[0] for row in rows})
    return [UnknownCode(programs[row[0]], *row[1:]) for row in rows]


@transaction.atomic
def map_code(
    program: Program, code: str, meaning: Mapping[str, Iterable[str]], *, by: User, now: datetime
) -> int:
    """Keep what a code means in a program; returns how many listed meetings now say so.

    ``meaning`` holds codes for some of MAPPED; empty means that it says nothing we keep. Locked
    fields keep a curator's word. What an older meaning added goes with the next import.
    """
    said = {name: sorted(meaning.get(name, ())) for name in MAPPED}
    with pghistory.context(user=by.pk, view="curation.map_code"):
        CodeMapping.objects.update_or_create(
            program=program, code=code, defaults=said | {"mapped_by": by, "mapped_at": now}
        )
        changed = _apply(program, code, said)
    index.refresh(changed)
    return len(changed)


def _apply(program: Program, code: str, said: Mapping[str, list[str]]) -> list[int]:
    rows = Meeting.objects.filter(group__program=program, source_codes__contains=[code])
    meetings = list(rows.select_for_update(of=("self",)).order_by("pk"))
    locks = FieldLock.objects.filter(model="meeting", object_id__in=[row.pk for row in meetings])
    locked = set(locks.values_list("object_id", "field"))
    changed = [row for row in meetings if _say(row, code, said, locked)]
    Meeting.objects.bulk_update(changed, [*MAPPED, "unknown_codes"], batch_size=500)
    return [row.pk for row in changed]


def _say(row: Meeting, code: str, said: Mapping[str, list[str]], locked: set) -> bool:
    before = [list(getattr(row, name)) for name in (*MAPPED, "unknown_codes")]
    row.unknown_codes = [each for each in row.unknown_codes if each != code]
    for name, codes in said.items():
        if codes and (row.pk, name) not in locked:
            setattr(row, name, sorted({*getattr(row, name), *codes}))
    # As in a feed: a meeting that is both open and closed is closed.
    if (row.pk, "access") not in locked:
        row.access = [each for each in row.access if each not in row.access_no]
    return before != [getattr(row, name) for name in (*MAPPED, "unknown_codes")]
