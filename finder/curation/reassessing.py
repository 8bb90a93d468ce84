"""The only writer of Assessment: the public reading of listed groups, for each medication."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from django.db import connection, transaction

from finder import bulk, copying
from finder.acceptance import (
    Assessment as Reading,
)
from finder.acceptance import (
    Facts,
    Piece,
    assess,
    facts,
    is_cleared,
    publishable,
)
from finder.models import Assessment, Evidence, Group, Meeting, MonthFigures, Program, Source
from finder.search import index
from finder.vocab import Basis, Label, Medication

_BATCH = 2000
_WRITTEN = (
    *("label", "basis", "a", "b", "mean", "lower", "upper", "weight"),
    *("newest_month", "kinds", "has_caution", "facts"),
)
# What the stop rule turns into facts alone.
_STOPPED = (Label.ACCEPTING, Label.LIKELY_ACCEPTING)


def reassess(groups: Iterable[Group] | None = None, *, today: date) -> int:
    """Read the public evidence of groups anew; returns how many readings changed.

    None means every group. Groups that are not listed lose their readings. A fixed number of
    queries for each batch; a second run on one day writes nothing.
    """
    keys = [group.pk for group in groups] if groups is not None else _every_group()
    return sum(
        _reassess_batch(keys[start : start + _BATCH], today=today)
        for start in range(0, len(keys), _BATCH)
    )


def _every_group() -> list[int]:
    return list(Group.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def assess_unasked(source: Source, *, today: date) -> int:
    """Read the groups of a source that nobody was ever asked about; return how many readings.

    Theirs are the readings of their programs, so each program is read once and a group that has
    evidence or a reading is left alone. Their listings are for whoever calls to write.
    """
    has_stopped = MonthFigures.objects.has_stopped()
    rows = [
        [getattr(row, field.attname) for field in _READ]
        for program in Program.objects.filter(groups__source=source).distinct()
        # Told of its program for now: the statement puts each group in its place.
        for row in _readings(
            Group(pk=program.pk, program=program), [], today=today, has_stopped=has_stopped
        )
    ]
    names = [f'"{field.column}"' for field in _READ]
    told = ", ".join("g.id" if name == '"group_id"' else f"t.{name}" for name in names)
    with connection.cursor() as cursor:
        table = f"SELECT {', '.join(names)} FROM finder_assessment LIMIT 0"
        cursor.execute(f"CREATE TEMP TABLE program_readings AS {table}")
        copying.copy_rows("program_readings", _READ, rows)
        cursor.execute(_ASSESS_UNASKED.format(names=", ".join(names), told=told), [source.pk])
        written = cursor.rowcount
        cursor.execute("DROP TABLE program_readings")
    return written


_READ = copying.columns_of(Assessment, without=["id"])
_ASSESS_UNASKED = """
  INSERT INTO finder_assessment ({names})
  SELECT {told} FROM finder_group g JOIN program_readings t ON t.group_id = g.program_id
  WHERE g.source_id = %s AND g.status IN ('active', 'paused') AND g.merged_into_id IS NULL
    AND NOT EXISTS (SELECT FROM finder_evidence e WHERE e.group_id = g.id)
    AND NOT EXISTS (SELECT FROM finder_assessment a WHERE a.group_id = g.id)
"""


@transaction.atomic
def _reassess_batch(keys: Sequence[int], *, today: date) -> int:
    # Locked in order of id: two runs at once wait for each other instead of crossing.
    locked = Group.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    groups = list(locked.select_related("program"))
    listed = [group for group in groups if group.is_listed]
    stored = {
        (row.group_id, row.medication): row for row in Assessment.objects.filter(group_id__in=keys)
    }
    evidence = _evidence_of([group.pk for group in listed if group.may_show_evidence])
    has_stopped = MonthFigures.objects.has_stopped()
    fresh = {
        (row.group_id, row.medication): row
        for group in listed
        for row in _readings(group, evidence[group.pk], today=today, has_stopped=has_stopped)
    }
    gone = [row for key, row in stored.items() if key not in fresh]
    new = [row for key, row in fresh.items() if key not in stored]
    changed = [row for key, row in fresh.items() if key in stored and _differ(stored[key], row)]
    _write(new, changed, gone)
    written = (*new, *changed, *gone)
    _refresh_listings({row.group_id for row in written})
    return len(written)


def _evidence_of(keys: Sequence[int]) -> dict[int, list[Piece]]:
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for row in Evidence.objects.filter(group_id__in=keys, withdrawn_at=None).order_by("pk"):
        pieces[row.group_id].append(row.as_piece())
    return pieces


def _readings(
    group: Group, pieces: list[Piece], *, today: date, has_stopped: bool
) -> Iterator[Assessment]:
    public = publishable(pieces, today=today)
    program = group.program.scoring_slug
    for medication in Medication:
        if public:
            found, told = _read(public, program, medication, today)
        else:
            found, told = _read_nothing(program, medication, today)
        label = _shown_label(group.program, found, has_stopped=has_stopped)
        yield _row(group, medication, label, found, told, today=today)


def _read(
    public: Sequence[Piece], program: str, medication: Medication, today: date
) -> tuple[Reading, Facts]:
    cleared = is_cleared(public, today=today, medication=medication)
    found = assess(public, today=today, program=program, medication=medication, cleared=cleared)
    return found, facts(public, today=today, medication=medication)


@lru_cache(maxsize=1024)
def _read_nothing(program: str, medication: Medication, today: date) -> tuple[Reading, Facts]:
    """Read no evidence: the same for every group of a program that nobody was asked about."""
    return _read((), program, medication, today)


def _shown_label(program: Program, found: Reading, *, has_stopped: bool) -> Label:
    """Fall back to facts alone while sources disagree too often (the method, section 5).

    What a group or its program wrote itself stands, and so do invented programs, which the
    figures leave out.
    """
    rests_on_reports = found.label in _STOPPED and found.basis == Basis.GROUP
    if has_stopped and rests_on_reports and not program.is_demo:
        return Label.NOT_KNOWN
    return found.label


def _row(
    group: Group,
    medication: str,
    label: Label,
    found: Reading,
    told: Facts,
    *,
    today: date,
) -> Assessment:
    return Assessment(
        group=group,
        medication=medication,
        label=label,
        basis=found.basis,
        a=found.a,
        b=found.b,
        mean=found.mean,
        lower=found.lower,
        upper=found.upper,
        weight=found.weight,
        newest_month=found.newest_on.replace(day=1) if found.newest_on else None,
        kinds=list(found.kinds),
        has_caution=found.caution,
        facts=told.document(),
        assessed_on=today,
    )


def _differ(old: Assessment, new: Assessment) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in _WRITTEN)


def _write(new: list[Assessment], changed: list[Assessment], gone: list[Assessment]) -> None:
    if new:
        for row, number in zip(new, copying.reserve_ids(Assessment, len(new)), strict=True):
            row.pk = number
        copying.copy_models(new, model=Assessment)
    if gone:
        Assessment.objects.filter(pk__in=[row.pk for row in gone]).delete()
    if changed:
        bulk.upsert(changed, unique=["group", "medication"], update=[*_WRITTEN, "assessed_on"])


def _refresh_listings(group_ids: set[int]) -> None:
    if group_ids:
        meetings = Meeting.objects.filter(group_id__in=group_ids)
        index.refresh(list(meetings.values_list("pk", flat=True)))
