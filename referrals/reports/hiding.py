"""Which numbers may be told, so that no 1 to 10 people can be found out; pure.

The rule is that of the United States' health agency for its data (ResDAC, January 2024): no
number of 1 to 10 people is told or can be found by taking numbers from each other. Zero may be
told. People are counted, however many referrals each has; a number of referrals is told when
the people behind it are none or eleven. Kinds do not overlap, quarters neither, each quarter is
told once, and there are no tables by two dimensions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter

from referrals.reports.counting import DIMENSIONS, Case
from referrals.reports.tables import Line, Report, build

LEAST = 11
Parted = Mapping[str, Sequence[Case]]
Test = Callable[[Case], bool]

# Each measure is a part of another: linked and attended of all, engaged of those who attended.
_LINKED, _ATTENDED, _ENGAGED = map(attrgetter, ("is_linked", "is_attended", "is_engaged"))


def may_tell(rows: Iterable[Case]) -> bool:
    """Say whether the people behind these referrals are none, or enough."""
    people = len({case.person for case in rows})
    return people == 0 or people >= LEAST


def deidentified(found: Sequence[Case]) -> Report:
    """Count, and hide what would tell of few."""
    total, tables = build(found, DIMENSIONS, told)
    people = {case.person for case in found}
    return Report(len(people) if may_tell(found) else None, total, tables)


def told(parted: Parted) -> tuple[Line, dict[str, Line]]:
    """Count parts that do not overlap and all of them together, hiding what must be hidden."""
    hidden = _hidden_parts(parted)
    measures = [_measure(parted, hidden, test) for test in (_LINKED, _ATTENDED)]
    attended = _chosen(parted, _ATTENDED)
    measures.append(_measure(attended, measures[1], _ENGAGED))
    counts = [
        _numbers(parted, hidden),
        _numbers(_chosen(parted, _LINKED), measures[0]),
        _numbers(attended, measures[1]),
        _numbers(_chosen(parted, _ENGAGED), measures[2]),
    ]
    lines = {code: Line(*(count[code] for count in counts)) for code in (None, *parted)}
    return lines.pop(None), lines


def _chosen(parted: Parted, test: Test) -> dict[str, list[Case]]:
    return {code: [case for case in rows if test(case)] for code, rows in parted.items()}


def _numbers(parted: Parted, hidden: frozenset) -> dict[str | None, int | None]:
    """Count each part that is not hidden; None stands for all of them together."""
    numbers: dict = {code: None if code in hidden else len(rows) for code, rows in parted.items()}
    numbers[None] = None if None in hidden else sum(map(len, parted.values()))
    return numbers


def _hidden_parts(parted: Parted) -> frozenset:
    """Name the parts whose size is hidden; None among them hides the sum as well."""
    if not may_tell(_all(parted, parted)):
        return frozenset({None, *parted})
    hidden = {code for code, rows in parted.items() if not may_tell(rows)}
    return _grown(hidden, parted, _can_stand)


def _can_stand(hidden: set, parted: Parted) -> bool:
    """Say whether the hidden parts, whose sum can be found out, keep each other hidden."""
    together = _all(parted, hidden)
    # As many referrals as parts would be one in each.
    return len(hidden) > 1 and may_tell(together) and len(together) > len(hidden)


def _measure(base: Parted, hidden_base: frozenset, test: Test) -> frozenset:
    """Name the parts in which a measure of the base is hidden."""
    yes = _chosen(base, test)
    no = _chosen(base, lambda case: not test(case))

    def is_told(codes: Iterable[str]) -> bool:
        names = list(codes)
        return may_tell(_all(yes, names)) and may_tell(_all(no, names))

    if None in hidden_base or not is_told(base):
        # A part that is told to be empty says nothing of anyone.
        empty = {code for code, rows in base.items() if not rows and code not in hidden_base}
        return frozenset({None, *base} - empty)
    hidden = {code for code in base if code in hidden_base or not is_told([code])}
    return _grown(hidden, base, lambda codes, _base: len(codes) > 1 and is_told(codes))


def _grown(hidden: set, parted: Parted, can_stand: Callable[[set, Parted], bool]) -> frozenset:
    """Hide the next smallest part too until the hidden ones keep each other hidden."""
    if not hidden:
        return frozenset()
    others = [code for code, rows in parted.items() if rows and code not in hidden]
    for code in sorted(others, key=lambda code: (len(parted[code]), code)):
        if can_stand(hidden, parted):
            return frozenset(hidden)
        hidden.add(code)
    return frozenset(hidden if can_stand(hidden, parted) else hidden | {None})


def _all(parted: Parted, codes: Iterable[str]) -> list[Case]:
    return [case for code in codes for case in parted[code]]
