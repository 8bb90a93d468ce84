"""Judges all meetings of a snapshot at once: who may come, by which way, when; as judging does.

Each rule stands in judging, for one meeting, in words. Here it is said again for columns, and
tests hold the two to the same answer.
"""

from dataclasses import dataclass

import numpy as np

from finder.search.snapshot import ACCESS, FOCUS, Columns
from finder.vocab import ADMISSION, Access, Fact
from referrals.matching.judging import OF_A_ROOM, language_fact, may_be_admitted
from referrals.matching.needs import Device, Needs, Travel, Way, Window
from referrals.matching.scoring import WEIGHTS, format_term, travel_minutes, travel_term

WAYS = tuple(Way)
_WEEK = 7 * 1440
_NO, _YES, _NOT_KNOWN = range(3)


@dataclass(frozen=True, eq=False, repr=False)
class Rows:
    """Meetings of a snapshot, group by group, as one person meets them.

    ``away`` is infinite where nobody goes; ``waits`` are minutes until the next start and
    ``viewed`` minutes of the person's week, -1 for none. ``firsts`` are where groups begin and
    ``place`` is the place of each row's group among them.
    """

    row: dict[str, np.ndarray]
    firsts: np.ndarray
    place: np.ndarray
    away: np.ndarray
    waits: np.ndarray
    viewed: np.ndarray

    def least(self, values: np.ndarray) -> np.ndarray:
        """The least value of each group."""
        return np.minimum.reduceat(values, self.firsts)


@dataclass(frozen=True, eq=False, repr=False)
class Usable:
    """What is left to each group: the rows that keep the most wishes, and the best of them.

    ``broken`` is 1 where that is too far, 2 where it is at another time; their sum for both.
    """

    has_any: np.ndarray
    is_usable: np.ndarray
    broken: np.ndarray
    best: np.ndarray
    way: np.ndarray
    minutes: np.ndarray
    must_ask: np.ndarray


# One number tells how good a way is, the least the best: wishes broken, then what it takes off
# the score, what must be asked, and the wait, which ends at four years.
_WAIT_BITS, _ASK_BITS, _WORTH_BITS = 21, 4, 34
_ASK, _WORTH = _WAIT_BITS, _WAIT_BITS + _ASK_BITS
_BROKEN = _WORTH + _WORTH_BITS
_WORTH_STEPS = 1 << 36
_MOST_WORTH = WEIGHTS["travel"] + WEIGHTS["format"]
MOST_WAIT = (1 << _WAIT_BITS) - 1
_NO_WAY = np.iinfo(np.int64).max


def usable(columns: Columns, rows: Rows, needs: Needs) -> Usable:
    """Find the ways that are open, and among them what each group is judged by."""
    language = _languages(columns, rows.row, needs)
    is_fitting = _may_come(rows.row, needs) & (language != _NO)
    # Asked for, like access.
    shared = rows.waits | _is_other_time(rows, needs).astype(np.int64) << (_BROKEN + 1)
    shared += (language == _NOT_KNOWN).astype(np.int64) << _ASK
    key, way = _from_home(rows.row, is_fitting, shared, needs)
    from_home = key
    going, going_key, going_minutes = _going(rows, is_fitting, shared, needs)
    key, minutes = key.copy(), np.zeros(len(key))
    minutes[going] = going_minutes
    is_better = going_key <= key[going]
    key[going] = np.where(is_better, going_key, key[going])
    way[going] = np.where(is_better, 0, way[going])
    least = rows.least(key)
    broken = (least >> _BROKEN).astype(np.int8)
    wanted = broken[rows.place]
    is_usable = (from_home < _NO_WAY) & (from_home >> _BROKEN == wanted)
    is_usable[going] |= (going_key < _NO_WAY) & (going_key >> _BROKEN == wanted[going])
    best = _first(rows, key == least[rows.place])
    return Usable(
        has_any=least < _NO_WAY,
        is_usable=is_usable,
        broken=broken,
        best=best,
        way=way[best],
        minutes=np.where(way[best] == 0, minutes[best], 0.0),
        must_ask=(least >> _ASK) & ((1 << _ASK_BITS) - 1) > 0,
    )


def _first(rows: Rows, is_best: np.ndarray) -> np.ndarray:
    """The first row of each group that is its best; within a group rows go by id."""
    found = np.flatnonzero(is_best)
    places, at = np.unique(rows.place[found], return_index=True)
    first = rows.firsts.copy()
    first[places] = found[at]
    return first


def _from_home(
    row: dict[str, np.ndarray], is_fitting: np.ndarray, shared: np.ndarray, needs: Needs
) -> tuple[np.ndarray, np.ndarray]:
    """How good the better of online and phone is for each row, and which that is."""
    online = row["is_online"] & (needs.device == Device.SMARTPHONE)
    phone = row["is_phone"] & (needs.device != Device.NONE)
    of_online, of_phone = (int(_worth(1.0, way, needs)) for way in (Way.ONLINE, Way.PHONE))
    by_link = online if of_online <= of_phone else online & ~phone
    is_barred, unknown = _access(row, Way.ONLINE, needs)
    worth = np.where(by_link, of_online << _WORTH, of_phone << _WORTH)
    is_open = is_fitting & ~is_barred & (online | phone)
    key = np.where(is_open, shared + worth + (unknown << _ASK), _NO_WAY)
    return key, np.where(by_link, np.int8(1), np.int8(2))


def _going(
    rows: Rows, is_fitting: np.ndarray, shared: np.ndarray, needs: Needs
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows one could go to, how good that is, and the minutes it takes."""
    is_there = rows.row["is_in_person"] & np.isfinite(rows.away) & is_fitting
    at = np.flatnonzero(is_there & (needs.travel != Travel.NONE))
    miles = rows.away[at]
    minutes = travel_minutes(1.0, needs.travel) * miles
    row = {name: rows.row[name][at] for name in ("access", "access_no")}
    is_barred, unknown = _access(row, Way.IN_PERSON, needs)
    worth = _worth(travel_term(minutes), Way.IN_PERSON, needs).astype(np.int64)
    key = shared[at] + (worth << _WORTH)
    key += (unknown << _ASK) + ((miles > needs.miles).astype(np.int64) << _BROKEN)
    return at, np.where(is_barred, _NO_WAY, key), minutes


def _worth(term: float | np.ndarray, way: Way, needs: Needs) -> np.ndarray:
    """What a way takes off the most that travel and format can give, in small steps."""
    worth = WEIGHTS["travel"] * term + WEIGHTS["format"] * format_term(way, needs)
    return np.rint((_MOST_WORTH - worth) * _WORTH_STEPS)


def _may_come(row: dict[str, np.ndarray], needs: Needs) -> np.ndarray:
    closed = sum(FOCUS[code] for code in ADMISSION if not may_be_admitted(code, needs))
    return (row["focus"] & closed) == 0


def _languages(columns: Columns, row: dict[str, np.ndarray], needs: Needs) -> np.ndarray:
    numbers = {Fact.NO: _NO, Fact.YES: _YES, Fact.NOT_KNOWN: _NOT_KNOWN}
    facts = [numbers[language_fact(yes, no, needs)] for yes, no in columns.languages]
    return np.array(facts or [0], np.int8)[row["language"]]


def _access(row: dict[str, np.ndarray], way: Way, needs: Needs) -> tuple[np.ndarray, np.ndarray]:
    """Say what bars each row, and count what nobody knows of it."""
    is_there = way == Way.IN_PERSON
    asked = [code for code in needs.access if is_there or code not in OF_A_ROOM]
    mask = sum({ACCESS[code] for code in asked})
    yes, no = row["access"], row["access_no"]
    is_barred = (no & ~yes & mask) != 0
    unknown = np.bitwise_count(mask & ~(yes | no)).astype(np.int64)
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
