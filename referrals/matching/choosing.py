"""The choice of three: best overall, best of another family, best in another format."""

from collections.abc import Callable, Sequence

from referrals.matching.values import Match

SIZE = 3
Rule = Callable[[Match], bool]


def choose_three(
    ranked: Sequence[Match], *, wider: Sequence[Match] = (), needs_positive: bool = False
) -> list[Match]:
    """Choose at most three of ``ranked``, best first.

    At least one is secular and, for someone on medication, one is known to accept it; when
    none of ``ranked`` is, one of ``wider`` is (these break a wish of the person).
    """
    chosen = _best_three(ranked)
    musts: list[Rule] = [lambda match: match.is_secular]
    if needs_positive:
        musts.append(lambda match: match.is_positive)
    seen = {match.group.id for match in ranked}
    pool = [*ranked, *(match for match in wider if match.group.id not in seen)]
    return _with_musts(chosen, pool, [must for must in musts if any(map(must, pool))])


def _best_three(ranked: Sequence[Match]) -> list[Match]:
    chosen: list[Match] = []
    for slot in range(min(SIZE, len(ranked))):
        left = [match for match in ranked if match not in chosen]
        wanted = [match for match in left if _is_different(match, chosen, slot)]
        chosen.append((wanted or left)[0])
    return chosen


def _is_different(match: Match, chosen: Sequence[Match], slot: int) -> bool:
    """Say whether a match suits its slot: another family second, another format third."""
    if slot == 1:
        return match.group.model != chosen[0].group.model
    if slot == 2:
        return match.way not in {other.way for other in chosen[:2]}
    return True


def _with_musts(chosen: list[Match], pool: Sequence[Match], musts: Sequence[Rule]) -> list[Match]:
    """Change as few of the three as the musts ask for, the last ones first."""
    if _holds(chosen, musts):
        return chosen
    if len(chosen) < SIZE:
        added = next(match for match in pool if _adds(match, chosen, musts))
        return _with_musts([*chosen, added], pool, musts)
    for slot in (2, 1, 0):
        if replaced := _replaced(chosen, slot, pool, musts):
            return replaced
    return _two_replaced(chosen, pool, musts)


def _holds(chosen: Sequence[Match], musts: Sequence[Rule]) -> bool:
    return all(any(map(must, chosen)) for must in musts)


def _adds(match: Match, chosen: Sequence[Match], musts: Sequence[Rule]) -> bool:
    return any(must(match) and not any(map(must, chosen)) for must in musts)


def _replaced(
    chosen: Sequence[Match], slot: int, pool: Sequence[Match], musts: Sequence[Rule]
) -> list[Match] | None:
    """Put the best match into one slot that makes every must hold, if there is one."""
    options = [
        match
        for match in pool
        if match not in chosen and _holds([*_others(chosen, slot), match], musts)
    ]
    fitting = [match for match in options if _is_different(match, _others(chosen, slot), slot)]
    best = next(iter(fitting or options), None)
    return None if best is None else [*chosen[:slot], best, *chosen[slot + 1 :]]


def _others(chosen: Sequence[Match], slot: int) -> list[Match]:
    return [match for place, match in enumerate(chosen) if place != slot]


def _two_replaced(
    chosen: Sequence[Match], pool: Sequence[Match], musts: Sequence[Rule]
) -> list[Match]:
    """Keep the best match and give each must a match of its own.

    No single change was enough, so none of the three can be among these.
    """
    return [chosen[0], *(next(filter(must, pool)) for must in musts)][:SIZE]
