"""Orders all weighed groups and picks those that may be shown, as suggesting does with matches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finder.search.snapshot import Columns
from referrals.matching.choosing import SIZE, choose_three
from referrals.matching.needs import Needs
from referrals.matching.values import NEAREST, SCORE_STEPS, WISHES
from referrals.matching.ways import WAYS
from referrals.matching.weighing import Weighed

# Three are chosen, so of groups alike in all that the choice asks only the first few can be.
_OF_A_KIND = SIZE + 1


@dataclass(frozen=True, eq=False)
class Stub:
    """As much of a match as the choice of three asks for; each is like itself alone."""

    group: "StubGroup"
    way: str
    is_secular: bool
    is_positive: bool
    # Where it stands among the weighed.
    place: int


@dataclass(frozen=True)
class StubGroup:
    """As much of a group."""

    id: int
    model: str


@dataclass(frozen=True)
class Sifted:
    """Ids of groups to show, in order; and what is said of all that were weighed."""

    chosen: tuple[int, ...]
    rest: tuple[int, ...]
    left_out: tuple[int, ...]
    let_go: int
    # Of the chosen, those that break a wish that was not let go.
    added: frozenset[int]
    is_wider: bool
    near_count: int
    asked_count: int


def sift(columns: Columns, weighed: Weighed, needs: Needs, *, rest: int, left_out: int) -> Sifted:
    """Choose among all groups; ``rest`` and ``left_out`` say how many more are wanted."""
    order = order_of(columns, weighed)
    depth = weighed.depth[order]
    let_go = _fewest_let_go(depth)
    kept = order[depth <= let_go]
    wider = order[np.argsort(depth, kind="stable")]
    kinds = _kinds(columns, weighed)
    chosen = choose_three(
        _stubs(columns, weighed, _first_of_kinds(kinds, kept)),
        wider=_stubs(columns, weighed, _first_of_kinds(kinds, wider)),
        needs_positive=bool(needs.medications),
    )
    places = [stub.place for stub in chosen]
    others = kept[~np.isin(kept, places)]
    is_shown = np.zeros(len(weighed.group), np.bool_)
    is_shown[kept] = is_shown[places] = True
    ids = columns.group["id"][weighed.group]
    near = _near(columns, weighed, needs)
    return Sifted(
        chosen=tuple(ids[places].tolist()),
        rest=tuple(ids[others[:rest]].tolist()),
        left_out=tuple(ids[_nearest(weighed, ids, ~is_shown, needs)[:left_out]].tolist()),
        let_go=let_go,
        added=frozenset(ids[[p for p in places if weighed.depth[p] > let_go]].tolist()),
        is_wider=bool((weighed.depth[kept] > 0).any()),
        near_count=len(near),
        asked_count=int(columns.group["was_asked"][weighed.group[near]].sum()),
    )


def order_of(columns: Columns, weighed: Weighed) -> np.ndarray:
    """The places of the groups that are left, as matches.in_order puts them."""
    left = np.flatnonzero(weighed.is_left)
    by_score = left[_by_rank(columns, weighed, left)]
    way, must_ask = weighed.way[by_score], weighed.must_ask[by_score]
    order = by_score.copy()
    for number in range(len(WAYS)):
        where = np.flatnonzero(way == number)
        asks = must_ask[where]
        order[where] = by_score[np.concatenate([where[~asks], where[asks]])]
    return order


def _by_rank(columns: Columns, weighed: Weighed, left: np.ndarray) -> np.ndarray:
    """Sort by score, newest verification, shorter travel and id.

    Score, day and id make one number, which is quick to sort; travel, between the last two,
    seldom decides and is put right afterwards.
    """
    ranks = columns.id_ranks[weighed.group[left]]
    id_bits = int(len(columns.id_ranks)).bit_length()
    days, day = np.unique(weighed.verified[left], return_inverse=True)
    day_bits = int(len(days)).bit_length()
    score = SCORE_STEPS - np.rint(weighed.score[left] * SCORE_STEPS).astype(np.int64)
    alike = score << day_bits | (len(days) - 1 - day)
    order = np.argsort(alike << id_bits | ranks)
    return _by_travel(order, alike[order], weighed.minutes[left][order], ranks[order])


def _by_travel(
    order: np.ndarray, alike: np.ndarray, minutes: np.ndarray, ranks: np.ndarray
) -> np.ndarray:
    """Put those alike in score and day in the order of their travel."""
    is_same = alike[1:] == alike[:-1]
    runs = np.unique(alike[1:][is_same & (minutes[1:] != minutes[:-1])])
    if len(runs):
        where = np.flatnonzero(np.isin(alike, runs))
        order[where] = order[where][np.lexsort((ranks[where], minutes[where], alike[where]))]
    return order


def _fewest_let_go(depth: np.ndarray) -> int:
    sizes = np.cumsum(np.bincount(depth, minlength=len(WISHES) + 1))
    enough = np.flatnonzero(sizes >= SIZE)
    return int(enough[0]) if len(enough) else int(np.argmax(sizes))


def _kinds(columns: Columns, weighed: Weighed) -> np.ndarray:
    """Number each group by all that the choice of three asks of it."""
    models = sorted({program.model for program in columns.programs})
    table = np.array([models.index(program.model) for program in columns.programs], np.int16)
    kind = table[columns.group["program"][weighed.group]] * np.int16(len(WAYS)) + weighed.way
    return (kind * 2 + weighed.is_secular) * 2 + weighed.is_positive


def _first_of_kinds(kinds: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Keep, in order, the first few of each kind."""
    by_kind = np.argsort(kinds[order], kind="stable")
    sorted_kinds = kinds[order][by_kind]
    is_early = np.ones(len(order), np.bool_)
    is_early[_OF_A_KIND:] = sorted_kinds[_OF_A_KIND:] != sorted_kinds[:-_OF_A_KIND]
    return order[np.sort(by_kind[is_early])]


def _stubs(columns: Columns, weighed: Weighed, places: np.ndarray) -> Sequence[Stub]:
    group = weighed.group[places]
    ids, programs = columns.group["id"][group], columns.group["program"][group]
    return [
        Stub(
            group=StubGroup(int(id_), columns.programs[program].model),
            way=WAYS[weighed.way[place]],
            is_secular=bool(weighed.is_secular[place]),
            is_positive=bool(weighed.is_positive[place]),
            place=int(place),
        )
        for id_, program, place in zip(ids, programs, places, strict=True)
    ]


def _near(columns: Columns, weighed: Weighed, needs: Needs) -> np.ndarray:
    return np.flatnonzero(columns.group["may_show"][weighed.group] & (weighed.miles <= needs.miles))


def _nearest(
    weighed: Weighed, ids: np.ndarray, is_left_out: np.ndarray, needs: Needs
) -> np.ndarray:
    where = np.flatnonzero(is_left_out & (weighed.miles <= max(needs.miles, NEAREST)))
    return where[np.lexsort((ids[where], weighed.miles[where]))]
