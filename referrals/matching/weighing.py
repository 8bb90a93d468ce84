"""Scores all groups of a snapshot at once, as scoring and matches do for one."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import product
from types import SimpleNamespace

import numpy as np

from finder.acceptance import match_term
from finder.search.snapshot import (
    FOCUS,
    NEVER,
    Columns,
    Point,
    next_starts,
    parted,
    viewed_minutes,
)
from finder.vocab import Focus
from referrals.matching.judging import is_other_concern
from referrals.matching.needs import AcceptanceMode, Needs
from referrals.matching.scoring import (
    AUDIENCES,
    RELIGIOUS,
    SUBSTANCES,
    WEIGHTS,
    format_term,
    model_term,
    substance_term,
    travel_term,
)
from referrals.matching.ways import MOST_WAIT, WAYS, Rows, Usable, usable

_ROUND_THE_CLOCK = 7.0
_USED = ("is_in_person", "is_online", "is_phone", "is_any_time")
_USED += ("is_always", "per_week", "duration", "focus", "focus_no", "access", "access_no")
_USED += ("is_beginner", "language", "verified")


@dataclass(frozen=True, eq=False, repr=False)
class Weighed:
    """Candidate groups as columns; ``group`` is a place in the snapshot.

    ``is_left`` says which were not ruled out; what follows it holds for these alone. ``depth``
    counts the wishes, in their order, that must go for a group to be shown.
    """

    group: np.ndarray
    miles: np.ndarray
    is_left: np.ndarray
    score: np.ndarray
    verified: np.ndarray
    minutes: np.ndarray
    way: np.ndarray
    must_ask: np.ndarray
    depth: np.ndarray
    is_secular: np.ndarray
    is_positive: np.ndarray


_KINDS = (np.int32, float, bool, float, np.int32, float, np.int8, bool, np.int8, bool, bool)


def weigh(columns: Columns, needs: Needs, *, now: datetime) -> Weighed:
    """Weigh the groups within reach and all that can be joined from anywhere.

    Places to keep away from are not known here: they are words, to be looked for in names.
    """
    center = Point(needs.lat, needs.lng)
    near, away = columns.near(center, needs.reach)
    parts = (
        (slice(0, columns.anywhere), columns.distances(center, needs.reach)),
        (near, away),
    )
    weighed = [_weigh(columns, rows, away, needs, now) for rows, away in parts]
    return Weighed(*(np.concatenate([getattr(w, f.name) for w in weighed]) for f in _FIELDS))


_FIELDS = fields(Weighed)


def _weigh(
    columns: Columns,
    which: slice | np.ndarray,
    away: np.ndarray,
    needs: Needs,
    now: datetime,
) -> Weighed:
    if not len(away):
        return Weighed(*(np.empty(0, kind) for kind in _KINDS))
    row = {name: columns.row[name][which] for name in _USED}
    is_first = isinstance(which, slice)
    groups = columns.anywhere_groups if is_first else parted(columns, which)
    starts = next_starts(columns, which, now)
    waits = np.minimum(starts - int(now.timestamp() // 60), MOST_WAIT)
    has_windows = needs.times or needs.busy
    viewed = viewed_minutes(starts, needs.zone, now) if has_windows else _has_start(starts)
    rows = Rows(row, groups.firsts, groups.place, away, waits, viewed)
    found = usable(columns, rows, needs)
    terms, is_secular, is_positive = _terms(columns, rows, groups.told, found, needs)
    there = np.flatnonzero(row["is_in_person"] & np.isfinite(away))
    miles, verified = np.full(len(groups.firsts), np.inf), groups.verified.copy()
    np.minimum.at(miles, groups.place[there], away[there])
    np.maximum.at(verified, groups.place[there], row["verified"][there])
    return Weighed(
        group=groups.number,
        miles=miles,
        is_left=found.has_any & ~_is_ruled_out(columns, groups.told, is_positive, needs),
        score=sum(WEIGHTS[name] * term for name, term in terms.items()),
        verified=verified,
        minutes=found.minutes,
        way=found.way,
        must_ask=found.must_ask,
        depth=_depth(found, terms),
        is_secular=is_secular,
        is_positive=is_positive,
    )


def _has_start(starts: np.ndarray) -> np.ndarray:
    """Stand for the minutes of the week where only their being there counts."""
    return np.where(starts == NEVER, -1, 0)


def _depth(found: Usable, terms: dict[str, np.ndarray]) -> np.ndarray:
    """How far down the wishes (travel, identity, model, time) the broken ones reach."""
    broken = (
        (found.broken & 1 != 0, 1),
        (terms["identity"] == 0, 2),
        (terms["model"] == 0, 3),
        (found.broken & 2 != 0, 4),
    )
    return np.maximum.reduce([is_broken * np.int8(depth) for is_broken, depth in broken])


def _is_ruled_out(
    columns: Columns, told: dict[str, np.ndarray], is_positive: np.ndarray, needs: Needs
) -> np.ndarray:
    is_out = _of_program(
        columns, told, lambda each: each.is_family or is_other_concern(each.substances, needs)
    )
    if needs.vetoed_groups:
        is_out |= np.isin(told["id"], needs.vetoed_groups)
    if needs.acceptance == AcceptanceMode.ONLY and needs.medications:
        is_out |= ~is_positive
    return is_out


def _of_program(columns: Columns, told: dict[str, np.ndarray], of: Callable) -> np.ndarray:
    """Ask something of each program once, and tell it of its groups."""
    return np.array([of(program) for program in columns.programs])[told["program"]]


def _terms(
    columns: Columns, rows: Rows, told: dict[str, np.ndarray], found: Usable, needs: Needs
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    row, is_usable = rows.row, found.is_usable
    yes = told["own_focus"] | _any_of(rows, np.where(is_usable, row["focus"], 0))
    no = told["own_focus_no"]
    if needs.focus:
        no = (no | _any_of(rows, np.where(is_usable, row["focus_no"], 0))) & ~yes
    weekly = np.where(row["is_always"], _ROUND_THE_CLOCK, row["per_week"])
    per_week = np.add.reduceat(np.where(is_usable, weekly, 0.0), rows.firsts)
    is_beginner = np.logical_or.reduceat(is_usable & row["is_beginner"], rows.firsts)
    program_secular = _of_program(columns, told, lambda program: program.is_secular is True)
    is_secular = program_secular | _has(told["own_focus"] | row["focus"][found.best], _SECULAR)
    moud, is_positive = _moud(told, needs)
    formats = np.array([format_term(way, needs) for way in WAYS])
    terms = {
        "moud": moud,
        "schedule": np.minimum(per_week / needs.wanted_per_week, 1.0),
        "travel": _travel(found.minutes),
        "model": _model(columns, told, yes, program_secular | _has(yes, _SECULAR), needs),
        "identity": _identity(yes, no, needs),
        "substance": _substance(columns, told, yes, needs),
        "format": formats[found.way],
        "newcomer": np.where(_has(yes, _NEWCOMERS) | is_beginner, 1.0, 0.5),
    }
    return terms, is_secular, is_positive


_SECULAR, _NEWCOMERS = FOCUS[Focus.SECULAR], FOCUS[Focus.NEWCOMERS]
_AUDIENCES = sum(FOCUS[code] for code in AUDIENCES)
_RELIGIOUS = sum(FOCUS[code] for code in RELIGIOUS)


def _travel(minutes: np.ndarray) -> np.ndarray:
    term, at = np.ones(len(minutes)), np.flatnonzero(minutes)
    term[at] = travel_term(minutes[at])
    return term


def _any_of(rows: Rows, bits: np.ndarray) -> np.ndarray:
    return np.bitwise_or.reduceat(bits, rows.firsts)


def _has(bits: np.ndarray, mask: int) -> np.ndarray:
    return (bits & mask) != 0


def _moud(told: dict[str, np.ndarray], needs: Needs) -> tuple[np.ndarray, np.ndarray]:
    count, medications = len(told["id"]), needs.medications
    if not medications:
        return np.full(count, match_term(None, "")), np.zeros(count, bool)
    positive = np.logical_and.reduce([told[f"{name}_positive"] for name in medications])
    if needs.acceptance == AcceptanceMode.ANY:
        return np.full(count, match_term(None, "")), positive
    return np.minimum.reduce([told[f"{name}_term"] for name in medications]), positive


def _model(
    columns: Columns,
    told: dict[str, np.ndarray],
    yes: np.ndarray,
    secular: np.ndarray,
    needs: Needs,
) -> np.ndarray:
    """Ask the rule once for each model, secular or not, religious or not."""
    models = sorted({program.model for program in columns.programs})
    table = [
        model_term(SimpleNamespace(model=model, is_secular=is_secular), focus, needs)
        for model, is_secular, focus in product(models, (False, True), _FAITHS)
    ]
    number = _of_program(columns, told, lambda program: models.index(program.model))
    return np.array(table)[number * 4 + secular * 2 + _has(yes, _RELIGIOUS)]


_FAITHS = (frozenset(), frozenset({str(Focus.CHRISTIAN)}))


def _identity(yes: np.ndarray, no: np.ndarray, needs: Needs) -> np.ndarray:
    term = np.full(len(yes), 0.5)
    if needs.focus:
        stated = sum({FOCUS[code] for code in needs.focus})
        term[_has(yes, _AUDIENCES) | ((no & stated) == stated)] = 0.0
    term[_has(yes, sum(FOCUS[code] for code in needs.wished_focus))] = 1.0
    return term


def _substance(
    columns: Columns, told: dict[str, np.ndarray], yes: np.ndarray, needs: Needs
) -> np.ndarray:
    """Ask the rule once for each kind of program and each set of substances in the focus."""
    codes = sorted(SUBSTANCES)
    kinds = sorted({program.substances for program in columns.programs}, key=sorted)
    sets = [
        frozenset(code for bit, code in enumerate(codes) if number >> bit & 1)
        for number in range(1 << len(codes))
    ]
    table = [
        substance_term(SimpleNamespace(substances=kind), focus, needs)
        for kind, focus in product(kinds, sets)
    ]
    number = sum(_has(yes, FOCUS[code]).astype(np.int64) << n for n, code in enumerate(codes))
    kind = _of_program(columns, told, lambda program: kinds.index(program.substances))
    return np.array(table)[kind * len(sets) + number]
