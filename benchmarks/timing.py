"""Times two ways of doing the same thing side by side; the benchmarks beside it use it."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Milliseconds of one call: the middle one and the slow end of several."""

    name: str
    median: float
    slow: float


def timed(name: str, call: Callable[[], object], *, times: int = 40) -> Timed:
    """Call once to warm up, then as often as asked."""
    call()
    spent = []
    for _turn in range(times):
        began = time.perf_counter()
        call()
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    return Timed(name, statistics.median(spent), spent[min(len(spent) - 1, len(spent) * 19 // 20)])


def table(title: str, *rows: Timed) -> None:
    """Print the rows, each with its ratio to the first."""
    print(f"\n{title}\n  {'':44} {'median':>12} {'95 %':>12} {'ratio':>8}")
    for row in rows:
        ratio = row.median / rows[0].median
        print(f"  {row.name:44} {row.median:10.2f}ms {row.slow:10.2f}ms {ratio:7.1f}x", flush=True)
