"""Judges all meetings of a snapshot at once: who may come, by which way, when; as judging does.

Each rule stands in judging, for one meeting, in words. Here it is said again for columns, and
tests hold the two to the same answer.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from finder.search.snapshot import ACCESS, FOCUS, Columns
from finder.vocab import ADMISSION, Access, Fact
from referrals.matching.judging import OF_A_ROOM, language_fact, may_be_admitted
from referrals.matching.needs import Device, Needs, Travel, Way, Window
from referrals.matching.scoring import WEIGHTS, format_term, travel_minutes, travel_term

WAYS = tuple(Way)
_WEEK = 7 * 1440
_NOT = 9


@dataclass(frozen=True, eq=False, repr=False)
class Rows:
    """Meetings of a snapshot, group by group, as one person meets them.

    ``away`` is infinite where nobody goes; ``starts`` are minutes of the epoch and ``viewed``
    minutes of the person's week, -1 for none. ``firsts`` are where groups begin.
    """

    row: dict[str, np.ndarray]
    firsts: np.ndarray
    away: np.ndarray
    starts: np.ndarray
    viewed: np.ndarray

    @cached_property
    def place(self) -> np.ndarray:
        """The place of each row's group among the groups here."""
        return np.repeat(np.arange(len(self.firsts)), np.diff(self.firsts, append=len(self.away)))

    def least(self, values: np.ndarray) -> np.ndarray:
        """The least value of each group."""
        return np.minimum.reduceat(values, self.firsts)

    def most(self, values: np.ndarray) -> np.ndarray:
        """The greatest value of each group."""
        return np.maximum.reduceat(values, self.firsts)


@dataclass(frozen=True, eq=False, repr=False)
class WayRows:
    """One way to take part, for every row: whether it is open, and what it is like."""

    is_open: np.ndarray
    minutes: np.ndarray
    unknown: np.ndarray
    # 1 for too far, 2 for another time; their sum.
    broken: np.ndarray
    worth: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Usable:
    """What is left to each group: the rows that keep the most wishes, and the best of them."""

    has_any: np.ndarray
    is_usable: np.ndarray
    broken: np.ndarray
    best: np.ndarray
    way: np.ndarray
    minutes: np.ndarray
    must_ask: np.ndarray


def usable(columns: Columns, rows: Rows, needs: Needs) -> Usable:
    """Find the ways that are open, and among them what each group is judged by."""
    ways = _ways(columns, rows, needs)
    nothing = np.int8(_NOT)
    least = [rows.least(np.where(way.is_open, way.broken, nothing)) for way in ways]
    broken = np.minimum.reduce(least)
    kept = [way.is_open & (way.broken == broken[rows.place]) for way in ways]
    is_usable = np.logical_or.reduce(kept)
    best, place = _best(rows, ways, kept)
    return Usable(
        has_any=broken < _NOT,
        is_usable=is_usable,
        broken=broken,
        best=best,
        way=place,
        minutes=np.choose(place, [way.minutes[best] for way in ways]),
        must_ask=np.choose(place, [way.unknown[best] for way in ways]) > 0,
    )


def _best(rows: Rows, ways: list[WayRows], kept: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The row and the way that each group is judged by; any row where nothing is left."""
    for name, sign in (("worth", -1), ("unknown", 1)):
        values = [sign * getattr(way, name) for way in ways]
        kept = _with_least(rows, values, kept)
    kept = _with_least(rows, [rows.starts] * len(ways), kept)
    # Within a group rows go by id, and ways by their order.
    number = np.arange(len(rows.away))
    last = len(number)
    first = rows.least(np.where(np.logical_or.reduce(kept), number, last))
    best = np.where(first < last, first, rows.firsts)
    return best, np.argmax([one[best] for one in kept], axis=0)


def _with_least(rows: Rows, values: list[np.ndarray], kept: list[np.ndarray]) -> list[np.ndarray]:
    """Keep, in each group, what has the least value of all that was kept."""
    top = np.inf
    told = [np.where(one, value, top) for one, value in zip(kept, values, strict=True)]
    least = np.minimum.reduce([rows.least(value) for value in told])[rows.place]
    return [one & (value == least) for one, value in zip(kept, told, strict=True)]


def _ways(columns: Columns, rows: Rows, needs: Needs) -> list[WayRows]:
    row, is_fitting = rows.row, _may_come(rows.row, needs)
    language = _languages(columns, rows.row, needs)
    is_fitting &= language != 0
    ask_language = (language == 2).astype(np.int8)
    other_time = 2 * _is_other_time(rows, needs).astype(np.int8)
    is_there = row["is_in_person"] & np.isfinite(rows.away) & (needs.travel != Travel.NONE)
    open_ways = {
        Way.IN_PERSON: is_there,
        Way.ONLINE: row["is_online"] & (needs.device == Device.SMARTPHONE),
        Way.PHONE: row["is_phone"] & (needs.device != Device.NONE),
    }
    found = []
    for way in WAYS:
        is_barred, unknown = _access(row, way, needs)
        miles = np.where(is_there, rows.away, 0.0) if way == Way.IN_PERSON else None
        minutes = np.zeros(len(rows.away)) if miles is None else _minutes(miles, needs)
        worth = WEIGHTS["travel"] * _travel_terms(minutes, is_all_zero=miles is None)
        too_far = 0 if miles is None else (miles > needs.miles).astype(np.int8)
        found.append(
            WayRows(
                is_open=is_fitting & open_ways[way] & ~is_barred,
                minutes=minutes,
                unknown=unknown + ask_language,
                broken=other_time + too_far,
                worth=worth + WEIGHTS["format"] * format_term(way, needs),
            )
        )
    return found


def _minutes(miles: np.ndarray, needs: Needs) -> np.ndarray:
    return travel_minutes(1.0, needs.travel) * miles


def _travel_terms(minutes: np.ndarray, *, is_all_zero: bool) -> np.ndarray | float:
    return 1.0 if is_all_zero else travel_term(minutes)


def _may_come(row: dict[str, np.ndarray], needs: Needs) -> np.ndarray:
    closed = sum(FOCUS[code] for code in ADMISSION if not may_be_admitted(code, needs))
    return (row["focus"] & closed) == 0


def _languages(columns: Columns, row: dict[str, np.ndarray], needs: Needs) -> np.ndarray:
    """0 for no, 1 for yes, 2 for not known."""
    numbers = {Fact.NO: 0, Fact.YES: 1, Fact.NOT_KNOWN: 2}
    facts = [numbers[language_fact(yes, no, needs)] for yes, no in columns.languages]
    return np.array(facts or [0], np.int8)[row["language"]]


def _access(row: dict[str, np.ndarray], way: Way, needs: Needs) -> tuple[np.ndarray, np.ndarray]:
    """Say what bars each row, and count what nobody knows of it."""
    is_there = way == Way.IN_PERSON
    asked = [code for code in needs.access if is_there or code not in OF_A_ROOM]
    mask = sum({ACCESS[code] for code in asked})
    yes, no = row["access"], row["access_no"]
    is_barred = (no & ~yes & mask) != 0
    unknown = np.bitwise_count(mask & ~(yes | no)).astype(np.int8)
    if needs.with_children and is_there:
        welcome, either = ACCESS[Access.CHILDREN_WELCOME], ACCESS[Access.CHILD_CARE]
        either |= welcome
        is_yes = (yes & either) != 0
        is_no = ~is_yes & ((no & welcome) != 0)
        is_barred |= is_no
        unknown += ~is_yes & ~is_no
    return is_barred, unknown


def _is_other_time(rows: Rows, needs: Needs) -> np.ndarray:
    starts = rows.viewed
    is_good = np.where(starts < 0, rows.row["is_any_time"], True)
    if not (needs.times or needs.busy):
        return ~is_good
    has_time = starts >= 0
    if needs.times:
        is_good &= ~has_time | _week_of(needs.times)[starts]
    if needs.busy:
        # How many busy minutes have passed, over three weeks, since a meeting may run on.
        passed = np.concatenate([[0], np.cumsum(np.tile(_week_of(needs.busy), 3))])
        begins = np.where(has_time, starts, 0)
        is_good &= ~has_time | (passed[begins + rows.row["duration"]] == passed[begins])
    return ~is_good


def _week_of(windows: tuple[Window, ...]) -> np.ndarray:
    """Say of each minute of the week whether a window holds it."""
    week = np.zeros(_WEEK, np.bool_)
    for window in windows:
        day = window.weekday * 1440
        week[day + window.start : day + window.end] = True
    return week
