"""The long proofs: no row breaks the reader, and no accident or order of things the directory."""

import argparse
import sys

from django.core.management import call_command

from benchmarks import (
    decisions,
    disclosing,
    fuzz,
    held,
    interrupted,
    isolation,
    judged,
    outcomes,
    record,
)

# The largest comes first: the peak of memory is counted from the beginning of the process.
PROOFS = {
    "large": judged.large,
    "orders": judged.permutations,
    "rollback": judged.rollbacks,
    "kill": interrupted.kill,
    "stop": interrupted.stop_database,
    "interleavings": judged.interleavings,
    "fuzz": fuzz.whole,
    "record": record.chain,
    "isolation": isolation.organizations,
    "decisions": decisions.whole,
    "disclosing": disclosing.whole,
    "suite": held.suite,
}


def main(arguments: list[str]) -> None:
    """Run all proofs, or those named, and print one table; exit 1 when one does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench reliability")
    parser.add_argument("--only", action="append", choices=PROOFS, metavar="NAME",
                        help=f"one of: {', '.join(PROOFS)}; may be repeated")  # fmt: skip
    chosen = parser.parse_args(arguments).only or [*PROOFS]
    call_command("load_programs", verbosity=0)
    met = True
    for name in chosen:
        for outcome in outcomes.run(name, PROOFS[name]):
            print(outcomes.line(outcome), flush=True)
            met = met and outcome.is_met
    if not met:
        sys.exit(1)
