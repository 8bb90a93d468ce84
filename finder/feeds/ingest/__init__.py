"""Ingest: a feed's records become the directory's rows, in one transaction, or not at all."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from finder import feeds
from finder.feeds import identity
from finder.feeds.ingest.guard import reason_to_park
from finder.feeds.ingest.mapping import with_meanings
from finder.feeds.ingest.matching import match_all
from finder.feeds.ingest.planning import Planner, is_withdrawn
from finder.feeds.ingest.runs import finish, park, refuse
from finder.feeds.ingest.state import load_state
from finder.feeds.ingest.values import (
    COUNTS,
    Fate,
    ImportBusy,
    ImportRefused,
    Match,
    Outcome,
    Plan,
    State,
)
from finder.feeds.ingest.writing import write
from finder.feeds.ingest.zoning import with_zones
from finder.feeds.record import Problem, Reading
from finder.feeds.rows import OBSERVATIONS
from finder.models import Meeting, Program, Source
from finder.vocab import Status

__all__ = ["COUNTS", "ImportBusy", "ImportRefused", "Outcome", "Request", "apply", "preview"]


@dataclass(frozen=True, slots=True)
class Request:
    """One feed to import and how: its bytes, its source, and what the caller allows."""

    data: bytes
    source: str
    program: Program
    format: str = "auto"
    formats: bytes | None = None
    timezone: str = ""
    accept_shrink: bool = False


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A feed read, matched and planned."""

    reading: Reading
    problems: tuple[Problem, ...]
    rejected: frozenset[int]
    gatherings: int
    plan: Plan
    reason: str


def preview(request: Request, *, now: datetime) -> Outcome:
    """Say what an import would do; writes nothing at all."""
    reading = _read(request, today=now.date())
    source = Source.objects.filter(slug=request.source).first() or _new_source(request, reading)
    return _outcome(_draw(request, reading, source, today=now.date()))


def apply(request: Request, *, now: datetime) -> Outcome:
    """Import a feed, or park it for a curator with the reason; all or nothing.

    Raises ImportRefused when it cannot be read, or another import of the source is under way.
    """
    try:
        reading = _read(request, today=now.date())
    except ImportRefused as error:
        refuse(request.data, request.source, reason=str(error), started=now)
        raise
    with transaction.atomic():
        _take_turn(request.source)
        source = Source.objects.filter(slug=request.source).first()
        is_new = source is None
        source = source or _new_source(request, reading)
        drawn = _draw(request, reading, source, today=now.date())
        outcome = _outcome(drawn)
        if drawn.reason and is_new:
            raise ImportRefused(drawn.reason)
        if drawn.reason:
            park(request.data, source, outcome, reading, started=now)
            return outcome
        if is_new:
            source.save()
        write(drawn.plan, source, today=now.date())
        finish(request.data, source, outcome, reading, started=now)
    return outcome


def _read(request: Request, *, today: date) -> Reading:
    try:
        return feeds.read(
            request.data,
            program=request.program.slug,
            today=today,
            format_=request.format,
            formats=request.formats,
        )
    except feeds.FeedError as error:
        raise ImportRefused(str(error)) from error


def _take_turn(slug: str) -> None:
    """Let one import of a source run at a time; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{slug}"]
        )
        if not cursor.fetchone()[0]:
            raise ImportBusy("Another import of this source is under way. Try again later.")


def _new_source(request: Request, reading: Reading) -> Source:
    return Source(
        slug=request.source,
        name=request.source.replace("-", " ").replace("_", " ").capitalize(),
        program=request.program,
        format=reading.format,
        timezone=request.timezone,
    )


def _draw(request: Request, reading: Reading, source: Source, *, today: date) -> _Drawn:
    state = load_state(source, program=request.program)
    zone = request.timezone or source.timezone
    records, unzoned = with_zones(reading.records, default=zone)
    records, told_of = with_meanings(records, reading.problems, program=request.program)
    told = identity.gather(records)
    gatherings = [each for each in told if not is_withdrawn(each, state.tombstones)]
    withdrawn = _rows_of(told) - _rows_of(gatherings)
    matches = match_all(gatherings, state)
    live = _live(state, matches)
    reason = reason_to_park(matches, live, accept_shrink=request.accept_shrink)
    plan = Plan() if reason else Planner(source, request.program, state, today=today).run(matches)
    asked_out = [
        Problem(row, "name", "asked_out", "This group asked not to be listed.")
        for row in sorted(withdrawn)
    ]
    noted = (*told_of, *unzoned, *asked_out, *_about_joined(gatherings))
    problems = sorted(noted, key=lambda each: each.row)
    rejected = reading.rejected | withdrawn
    return _Drawn(reading, tuple(problems), rejected, len(gatherings), plan, reason)


def _about_joined(gatherings: list[identity.Gathering]) -> list[Problem]:
    """Tell which rows became one meeting, and which shared an id."""
    problems = []
    for each in gatherings:
        first, *others = each.rows
        is_hybrid = len(each.keys) > 1
        code = "joined_hybrid" if is_hybrid else "duplicate_row"
        message = (
            "Joined with row {0:,} into one hybrid meeting." if is_hybrid else "Same as row {0:,}."
        )
        problems += [
            Problem(row, "", code, message.format(first)) for row in others if row != first
        ]
        if each.record.key != each.keys[0]:
            problems.append(
                Problem(each.record.row, "slug", "duplicate_id", "Another row has the same id.")
            )
    return problems


def _rows_of(gatherings: list[identity.Gathering]) -> frozenset[int]:
    return frozenset(row for each in gatherings for row in each.rows)


def _live(state: State, matches: list[Match]) -> list[Meeting]:
    """Return the meetings that a whole feed is expected to hold still."""
    return [
        meeting
        for meeting in state.meetings
        if meeting.status != Status.RETIRED
        and not state.tombstones
        & {meeting.group.source_key, f"named:{identity.name_key(meeting.group.name)}"}
    ]


def _outcome(drawn: _Drawn) -> Outcome:
    rows = set(range(1, drawn.reading.read + 1))
    kept = rows - drawn.rejected
    fates = drawn.plan.fates
    repaired = {p.row for p in drawn.problems if p.code not in OBSERVATIONS} & kept
    counts = {
        "read": drawn.reading.read,
        **{fate: sum(fates[row] == fate for row in kept & set(fates)) for fate in Fate},
        "retired": len(drawn.plan.retired),
        "rejected": len(drawn.rejected),
        "repaired": len(repaired),
        "parked": len(kept) if drawn.reason else 0,
    }
    ordered = {str(name): counts[name] for name in COUNTS}
    return Outcome(ordered, drawn.gatherings, drawn.problems, drawn.reason)
