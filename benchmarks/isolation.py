"""Three organizations at work in any order, 2,000 times: no answer holds what is another's."""

from collections.abc import Iterator

from django.db import transaction

from benchmarks.outcomes import Outcome
from tests.referrals.matrix.stateful import run

RUNS, STEPS = 2000, 50


class _Undone(Exception):
    """Leaves the benchmark's database as it was."""


def organizations(*, runs: int = RUNS, steps: int = STEPS) -> Iterator[Outcome]:
    """Run the machine of the suite whole."""
    try:
        with transaction.atomic():
            seen = run(runs=runs, steps=steps)
            raise _Undone
    except _Undone:
        pass
    except AssertionError as leak:
        yield Outcome("organizations kept apart in any order of acts", f"{leak}", is_met=False)
        return
    told = ", ".join(f"{count:,} of {status}" for status, count in sorted(seen.by_status.items()))
    yield Outcome(
        f"{runs:,} runs of {steps} steps by 12 people of 3 organizations",
        f"{seen.answers:,} answers ({told}), none with what is another's",
        is_met=True,
    )
