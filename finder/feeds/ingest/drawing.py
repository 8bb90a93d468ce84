"""Draws up what records of a source would change: zoned, gathered, matched and planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from finder.feeds import identity
from finder.feeds.identity import Gathering
from finder.feeds.ingest.guard import reason_to_park
from finder.feeds.ingest.mapping import with_meanings
from finder.feeds.ingest.matching import match_all
from finder.feeds.ingest.planning import Planner, is_withdrawn
from finder.feeds.ingest.state import load_state
from finder.feeds.ingest.values import COUNTS, Fate, Match, Outcome, Plan, State
from finder.feeds.ingest.zoning import with_zones
from finder.feeds.record import Problem, Reading
from finder.feeds.rows import OBSERVATIONS
from finder.models import Meeting, Program, Source
from finder.vocab import Status


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed tells, gathered into meetings, before the directory is asked."""

    reading: Reading
    gatherings: tuple[Gathering, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A feed matched and planned, or why it is not."""

    told: Told
    state: State
    matches: tuple[Match, ...]
    plan: Plan
    rejected: frozenset[int]
    problems: tuple[Problem, ...]
    reason: str

    @property
    def kept(self) -> list[Gathering]:
        """The meetings that the plan is about."""
        return [match.gathering for match in self.matches]


def tell(reading: Reading, *, program: Program, zone: str) -> Told:
    """Give records their zones and meanings and join those that tell of one meeting."""
    records, unzoned = with_zones(reading.records, default=zone)
    records, told_of = with_meanings(records, reading.problems, program=program)
    gatherings = tuple(identity.gather(records))
    return Told(reading, gatherings, (*told_of, *unzoned))


def draw(
    told: Told,
    source: Source,
    *,
    program: Program,
    today: date,
    accept_shrink: bool,
    is_for_writing: bool = False,
    chosen: Iterable[str] | None = None,
) -> Drawn:
    """Plan what the meetings told would change; ``chosen`` names the only ones to change."""
    state = load_state(source, program=program, is_for_writing=is_for_writing)
    gatherings = [each for each in told.gatherings if not is_withdrawn(each, state.tombstones)]
    withdrawn = _rows_of(told.gatherings) - _rows_of(gatherings)
    matches = match_all(gatherings, state)
    reason = reason_to_park(matches, _live(state), accept_shrink=accept_shrink)
    spared: frozenset[int] = frozenset()
    if chosen is not None:
        reason, (matches, spared) = "", _only(matches, state, frozenset(chosen))
    planner = Planner(source, program, state, today=today)
    plan = Plan() if reason else planner.run(matches, spared=spared)
    asked_out = [
        Problem(row, "name", "asked_out", "This group asked not to be listed.")
        for row in sorted(withdrawn)
    ]
    noted = (*told.problems, *asked_out, *_about_joined(gatherings))
    problems = tuple(sorted(noted, key=lambda each: each.row))
    rejected = told.reading.rejected | withdrawn
    return Drawn(told, state, tuple(matches), plan, rejected, problems, reason)


def token(match: Match) -> str:
    """Name a change of a parked feed: by the meeting it is of, else by its key."""
    return f"m{match.meeting.pk}" if match.meeting else f"k{match.gathering.record.key}"


def token_of(meeting: Meeting) -> str:
    """Name the change of a meeting that the feed lacks."""
    return f"m{meeting.pk}"


def outcome_of(drawn: Drawn) -> Outcome:
    """Count what became of each row: exactly one fate for each."""
    rows = set(range(1, drawn.told.reading.read + 1))
    kept = rows - drawn.rejected
    fates = drawn.plan.fates
    repaired = {p.row for p in drawn.problems if p.code not in OBSERVATIONS} & kept
    counts = {
        "read": drawn.told.reading.read,
        **{fate: sum(fates[row] == fate for row in kept & set(fates)) for fate in Fate},
        "retired": len(drawn.plan.retired),
        "rejected": len(drawn.rejected),
        "repaired": len(repaired),
        "parked": len(kept) if drawn.reason else 0,
    }
    ordered = {str(name): counts[name] for name in COUNTS}
    return Outcome(ordered, len(drawn.matches), drawn.problems, drawn.reason)


def _only(
    matches: list[Match], state: State, chosen: frozenset[str]
) -> tuple[list[Match], frozenset[int]]:
    wanted = [match for match in matches if token(match) in chosen]
    told = {match.meeting.pk for match in matches if match.meeting}
    gone = {row.pk for row in state.meetings if row.pk not in told and token_of(row) in chosen}
    return wanted, frozenset(row.pk for row in state.meetings if row.pk not in gone)


def _about_joined(gatherings: list[Gathering]) -> list[Problem]:
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


def _rows_of(gatherings: Iterable[Gathering]) -> frozenset[int]:
    return frozenset(row for each in gatherings for row in each.rows)


def _live(state: State) -> list[Meeting]:
    """Return the meetings that a whole feed is expected to hold still."""
    return [
        meeting
        for meeting in state.meetings
        if meeting.status != Status.RETIRED
        and not state.tombstones
        & {meeting.group.source_key, f"named:{identity.name_key(meeting.group.name)}"}
    ]
