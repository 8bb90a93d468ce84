"""Figures of what was driven: percentiles, means, requests a second."""

import statistics
from dataclasses import dataclass, field

from benchmarks.speed.driving import Driven


@dataclass(frozen=True)
class Figures:
    """Milliseconds of all answers, requests a second, and the middle of each shape."""

    requests: int
    per_second: float
    mean: float
    p50: float
    p95: float
    p99: float
    failed: int = 0
    shapes: dict[str, tuple[float, float]] = field(default_factory=dict)


def percentile(ordered: list[float], share: float) -> float:
    """Give the value below which a share of an ordered list lies (nearest rank)."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def figures(driven: Driven, names: list[str]) -> Figures:
    """Sum up what was driven; shapes weigh alike, however far the last round came."""
    by_shape: dict[int, list[float]] = {}
    for shape, took, _size in driven.answers:
        by_shape.setdefault(shape, []).append(took)
    ordered = sorted(took for _shape, took, _size in driven.answers)
    middles = {}
    for shape, taken in sorted(by_shape.items()):
        taken.sort()
        middles[names[shape]] = (percentile(taken, 0.5), percentile(taken, 0.95))
    return Figures(
        requests=len(ordered),
        per_second=len(ordered) / driven.seconds,
        mean=statistics.fmean(statistics.fmean(taken) for taken in by_shape.values()),
        p50=percentile(ordered, 0.5),
        p95=percentile(ordered, 0.95),
        p99=percentile(ordered, 0.99),
        failed=driven.failed,
        shapes=middles,
    )
