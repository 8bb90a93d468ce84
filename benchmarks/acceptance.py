"""Assessing groups, beside the plain way: strips of the beta density until the bound is met."""

import math
import random
from datetime import date, timedelta

from benchmarks.timing import table, timed
from finder.acceptance import Answers, Medication, Piece, assess, quantile
from finder.vocab import EvidenceKind, EvidenceTarget, Fact

TODAY = date(2026, 11, 24)
GROUPS, STRIPS = 300, 2000


def pieces(chance: random.Random) -> list[Piece]:
    """Invent up to eight pieces of evidence on one group."""
    return [
        Piece(
            kind=chance.choice(EvidenceKind.values),
            target=chance.choice(EvidenceTarget.values),
            on=TODAY - timedelta(days=chance.randrange(900)),
            answers=Answers(
                attend=Fact.YES,
                speak=chance.choice([Fact.YES, Fact.NO]),
                no_pressure=chance.choice([Fact.YES, Fact.YES, Fact.NO]),
            ),
            reporter=str(number),
        )
        for number in range(chance.randrange(9))
    ]


def plain_bound(share: float, a: float, b: float) -> float:
    """Find the point below which a share of Beta(a, b) lies, by strips of its density."""
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    total, width = 0.0, 1 / STRIPS
    for strip in range(STRIPS):
        x = (strip + 0.5) * width
        total += width * math.exp(scale + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))
        if total >= share:
            return (strip + 1) * width
    return 1.0


def main() -> None:
    """Print how long both take and how far apart they are."""
    chance = random.Random(7)
    groups = [pieces(chance) for _number in range(GROUPS)]

    def shapes():
        # New ones each time: what was asked before is remembered.
        return [(1 + chance.random() * 9, 1 + chance.random() * 9) for _number in range(GROUPS)]

    def bounds(bound, of):
        return [(bound(0.1, a, b), bound(0.9, a, b)) for a, b in of]

    def assess_all():
        for group in groups:
            for medication in Medication:
                assess(group, today=TODAY, program="na", medication=medication)

    table(
        f"Both bounds of {GROUPS} groups",
        timed("ours, to the last digit", lambda: bounds(quantile, shapes()), times=10),
        timed(f"plain, {STRIPS} strips", lambda: bounds(plain_bound, shapes()), times=3),
    )
    same = shapes()
    furthest = max(
        abs(ours - plain)
        for both in zip(bounds(quantile, same), bounds(plain_bound, same), strict=True)
        for ours, plain in zip(*both, strict=True)
    )
    print(f"  furthest apart: {furthest:.6f}; one strip is {1 / STRIPS:.6f}")
    table(f"Assess {GROUPS} groups, three medications", timed("ours", assess_all, times=10))
