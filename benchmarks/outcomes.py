"""What a long proof showed, as one row of the table that is printed in the end."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What was tried, what came of it in figures, and whether that is what must hold."""

    tried: str
    found: str
    is_met: bool = True
    seconds: float = 0.0


def run(name: str, prove: Callable[[], Iterable[Outcome]]) -> Iterator[Outcome]:
    """Yield the outcomes of one proof as they come; one that breaks is an outcome too."""
    began = time.monotonic()
    try:
        for outcome in prove():
            now = time.monotonic()
            yield Outcome(outcome.tried, outcome.found, outcome.is_met, now - began)
            began = now
    except Exception as error:
        yield Outcome(name, f"broke off: {error!r}", False, time.monotonic() - began)


def line(outcome: Outcome) -> str:
    """Write one row: whether it held, what was tried, in how many seconds, and what was found."""
    mark = "met   " if outcome.is_met else "MISSED"
    return f"{mark}  {outcome.tried:64} {outcome.seconds:7.0f} s  {outcome.found}"
