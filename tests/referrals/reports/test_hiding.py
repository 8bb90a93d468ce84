"""What may be told of few: the published examples, and attackers that do sums."""

from itertools import combinations
from random import Random

import pytest

from referrals.reports.counting import Case
from referrals.reports.hiding import LEAST, told

MEASURES = ("referrals", "linked", "attended", "engaged")


def people(count, start=0, **became):
    """Make one referral each of so many people."""
    return [Case(person=start + number, kinds={}, **became) for number in range(count)]


def parts(*sizes, **became):
    return {
        f"part{number}": people(size, start=1000 * number, **became)
        for number, size in enumerate(sizes)
    }


def sizes_told(parted):
    total, lines = told(parted)
    return total.referrals, [line.referrals for line in lines.values()]


# --- The examples of the method --------------------------------------------------------


def test_next_smallest_goes_with_a_small_one():
    assert sizes_told(parts(22, 12, 6)) == (40, [22, None, None])


@pytest.mark.parametrize(
    ("went", "of", "expected"),
    [(3, 40, None), (37, 40, None), (0, 40, 0), (40, 40, 40), (11, 22, 11), (10, 22, None)],
)
def test_part_of_a_number_is_told_only_with_enough_on_both_sides(went, of, expected):
    rows = people(went, is_attended=True) + people(of - went, start=500)

    total, _lines = told({"all": rows})

    assert (total.referrals, total.attended) == (of, expected)


def test_nothing_is_told_of_a_quarter_with_few_people():
    assert sizes_told(parts(4, 6)) == (None, [None, None])


def test_nothing_at_all_is_nothing():
    assert sizes_told(parts(0, 0)) == (0, [0, 0])


def test_many_referrals_of_few_people_are_hidden():
    rows = [Case(person=number % 3, kinds={}) for number in range(60)]

    assert sizes_told({"few": rows, "many": people(30, start=100), "more": people(40, 200)}) == (
        130,
        [None, None, 40],
    )


def test_small_ones_that_are_few_even_together_take_another_along():
    assert sizes_told(parts(30, 1, 1)) == (32, [None, None, None])


def test_one_in_each_of_many_parts_hides_the_sum_too():
    assert sizes_told(parts(*[1] * 12)) == (None, [None] * 12)


def test_empty_parts_are_told_beside_hidden_ones():
    assert sizes_told(parts(22, 0, 12, 6)) == (40, [22, 0, None, None])


def test_engaged_are_a_part_of_those_who_attended():
    rows = (
        people(14, is_attended=True, is_engaged=True)
        + people(5, start=100, is_attended=True)
        + people(20, start=200)
    )

    total, _lines = told({"all": rows})

    # 19 - 14 would tell of five who went and did not stay.
    assert (total.attended, total.engaged) == (19, None)


# --- Attackers -------------------------------------------------------------------------


def invented(random):
    """Make a quarter of an invented clinic: some parts large, some with few people."""
    parted, person = {}, 0
    for number in range(random.randint(1, 7)):
        size = random.choice([0, 1, 2, 5, 9, 10, 11, 12, 15, 25, 40])
        chance = random.choice([0, 0.05, 0.3, 0.5, 0.8, 1])
        rows = []
        for _each in range(size):
            person += 1
            went = random.random() < chance
            stayed = went and random.random() < random.choice([0, 0.5, 0.9])
            linked = went or random.random() < 0.3
            for _again in range(random.choice([1, 1, 1, 2, 4])):
                rows.append(Case(person, {}, linked, went, stayed))
        parted[f"part{number}"] = rows
    return parted


def of_measure(rows, measure):
    if measure == "referrals":
        return rows
    return [case for case in rows if getattr(case, f"is_{measure}")]


def shown(parted):
    """Map (part, measure) to what is told; the part None is all together."""
    total, lines = told(parted)
    return {
        (code, measure): getattr(line, measure)
        for code, line in {None: total, **lines}.items()
        for measure in MEASURES
    }


def rows_behind(parted, code, measure):
    rows = [case for part in parted.values() for case in part] if code is None else parted[code]
    return of_measure(rows, measure)


def count_people(rows):
    return len({case.person for case in rows})


@pytest.mark.parametrize("seed", range(100))
def test_taking_told_numbers_from_each_other_finds_no_few_people(seed):
    """One number within another: a part in the sum, or a measure in what it is a part of."""
    parted = invented(Random(seed))
    numbers = {key: value for key, value in shown(parted).items() if value is not None}

    for (part, measure), _number in numbers.items():
        own = rows_behind(parted, part, measure)
        assert count_people(own) not in range(1, LEAST), (part, measure)
        for (outer, wider), _other in numbers.items():
            is_within = outer in (part, None) and (
                wider in (measure, "referrals") or (measure, wider) == ("engaged", "attended")
            )
            if is_within and (outer, wider) != (part, measure):
                left = [case for case in rows_behind(parted, outer, wider) if case not in own]
                assert count_people(left) not in range(1, LEAST), (part, measure, outer, wider)


@pytest.mark.parametrize("seed", range(100))
def test_taking_all_told_parts_from_the_sum_finds_no_few_people(seed):
    parted = invented(Random(seed))
    numbers = shown(parted)

    for measure in MEASURES:
        if numbers[None, measure] is None:
            continue
        hidden = [code for code in parted if numbers[code, measure] is None]
        left = [case for code in hidden for case in of_measure(parted[code], measure)]
        assert count_people(left) not in range(1, LEAST), measure
        assert len(hidden) != 1, measure


@pytest.mark.parametrize("seed", range(100))
def test_no_hidden_number_of_few_can_only_be_one_number(seed):
    """Narrow each unknown by every sum until nothing changes: none may be pinned to one value."""
    parted = invented(Random(seed))

    bounds = narrowed(parted, shown(parted))

    for (code, measure, is_rest), (low, high) in bounds.items():
        base = rows_behind(parted, code, BASE[measure])
        inside = of_measure(parted[code], measure)
        rows = [case for case in base if case not in inside] if is_rest else inside
        if count_people(rows) in range(1, LEAST):
            assert low < high, (code, measure, is_rest)


BASE = {
    "referrals": "referrals",
    "linked": "referrals",
    "attended": "referrals",
    "engaged": "attended",
}


def narrowed(parted, numbers):
    """Bound each number and each rest (base less measure) by what is told; intervals alone."""
    most = sum(len(rows) for rows in parted.values()) + 1
    codes = [*parted, None]
    bounds = {(code, m, False): [0, most] for code in codes for m in MEASURES}
    bounds |= {(code, m, True): [0, most] for code in codes for m in MEASURES[1:]}
    for (code, measure), number in numbers.items():
        if number is not None:
            bounds[code, measure, False] = [number, number]
        elif measure == "referrals":
            # A part of nobody would have been told to be empty.
            bounds[code, measure, False][0] = 1
    sums = [
        ([(code, m, rest) for code in parted], (None, m, rest))
        for m in MEASURES
        for rest in ((False, True) if m != "referrals" else (False,))
    ]
    sums += [
        ([(code, m, False), (code, m, True)], (code, BASE[m], False))
        for code in codes
        for m in MEASURES[1:]
    ]
    changed = True
    while changed:
        changed = any([narrow(bounds, terms, whole) for terms, whole in sums])
    return {key: tuple(value) for key, value in bounds.items() if key[0] is not None}


def narrow(bounds, terms, whole):
    """Tighten the bounds of one sum; say whether anything changed."""
    before = [tuple(bounds[key]) for key in (*terms, whole)]
    lows, highs = (sum(bounds[key][side] for key in terms) for side in (0, 1))
    tighten(bounds[whole], lows, highs)
    low, high = bounds[whole]
    for key in terms:
        lows, highs = (sum(bounds[other][side] for other in terms) for side in (0, 1))
        tighten(bounds[key], low - (highs - bounds[key][1]), high - (lows - bounds[key][0]))
    return before != [tuple(bounds[key]) for key in (*terms, whole)]


def tighten(bound, low, high):
    bound[0], bound[1] = max(bound[0], low), min(bound[1], high)


def test_attacker_finds_what_is_badly_hidden():
    """The attacker is worth something: with one number hidden it names that number."""
    parted = parts(22, 12, 6)
    numbers = shown(parted)
    numbers["part1", "referrals"] = 12

    assert narrowed(parted, numbers)["part2", "referrals", False] == (6, 6)


def test_pairs_of_parts_differ_by_none_or_enough():
    """The sum of any told parts is never within one to ten people of another told number."""
    parted = parts(40, 30, 22, 12, 6, 3, 0)
    numbers = shown(parted)
    whole = numbers[None, "referrals"]
    seen = [numbers[code, "referrals"] for code in parted if numbers[code, "referrals"]]

    for size in range(1, len(seen) + 1):
        for some in combinations(seen, size):
            assert whole - sum(some) not in range(1, LEAST)
