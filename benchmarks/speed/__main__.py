"""Reads the arguments of ``dev.py bench speed``, runs what they ask for, and prints the tables."""

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg2

from benchmarks.speed import pages, report, within, writing
from benchmarks.speed.comparing import ALL, FLOORS, Compared, compare, product
from benchmarks.speed.preparing import MOST_NAIVE, Directory, connect, local, prepare
from benchmarks.speed.report import Target
from benchmarks.speed.servers import SpeedError
from finder.localenv import ROOT
from finder.roles import RolesError

PARTS = ("mix", "pages", "matching")
MOST = LARGE = 1_000_000
USUAL = 200_000
# Indexing one group is compared with a directory so many times smaller.
SMALLER = 100


def arguments(words: list[str]) -> argparse.Namespace:
    """Read what was typed."""
    parser = argparse.ArgumentParser(prog="dev.py bench speed", description=__doc__)
    say = parser.add_argument
    say("--meetings", type=sizes, default=[USUAL], metavar="N[,N]", help="200000 unless told")
    say("--seconds", type=float, default=6, metavar="S", help="for each comparator; 6 unless told")
    say("--sets", type=int, default=100, metavar="N", help="sets of parameters of each shape")
    say("--only", type=parts, default=PARTS, metavar="PART[,PART]", help=f"of {', '.join(PARTS)}")
    say("--growth", type=sizes, nargs="?", const=[LARGE], metavar="N", help="1000000 unless told")
    say("--keep", action="store_true", help="seed nothing anew: migrate and index the kept one")
    say("--writing", action="store_true", help="also seed and reindex beside a bare COPY")
    return parser.parse_args(words)


def sizes(text: str) -> list[int]:
    """Read sizes with commas between them."""
    try:
        found = [int(word.replace("_", "")) for word in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no list of whole numbers") from None
    if not all(1 <= number <= MOST for number in found):
        raise argparse.ArgumentTypeError(f"give sizes from 1 to {MOST:,}")
    return found


def parts(text: str) -> tuple[str, ...]:
    """Read parts with commas between them."""
    found = tuple(text.split(","))
    if not set(found) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"the parts are {', '.join(PARTS)}")
    return found


def main(words: list[str]) -> int:
    """Measure each size in turn and print its tables."""
    options, admin = arguments(words), os.environ["DATABASE_ADMIN_URL"]
    try:
        for meetings in options.meetings:
            measure(admin, meetings, options)
    except (SpeedError, RolesError, psycopg2.Error) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(admin: str, meetings: int, options: argparse.Namespace) -> None:
    """Measure one size, and keep the figures as JSON in this checkout's own folder."""
    directory = prepare(admin, meetings, keeps=options.keep)
    print(f"\n# {_when()}, load before: {os.getloadavg()[0]:.1f}", flush=True)
    targets: list[Target] = []
    notes: list[str] = []
    compared = None
    if "mix" in options.only:
        comparators = ALL if meetings <= MOST_NAIVE else FLOORS
        compared = compare(directory, only=comparators, **_steps(options))
        targets += report.targets(compared)
        print(report.tables(compared), report.verdicts(targets, []), sep="\n", flush=True)
    for found, said in _more(admin, directory, options, compared):
        print(report.verdicts(found, said), flush=True)
        targets, notes = targets + found, notes + said
    kept = report.as_json(compared, targets, notes)
    local(f"{meetings}.json").write_text(kept, encoding="utf-8")


def _more(
    admin: str, directory: Directory, options: argparse.Namespace, compared: Compared | None
) -> Iterator[tuple[list[Target], list[str]]]:
    if "pages" in options.only:
        with (
            product(directory, with_files=True) as server,
            contextlib.closing(connect(directory.owner)) as found,
        ):
            yield pages.measured(server, found.cursor(), seconds=options.seconds)
    if "matching" in options.only:
        yield within.matching(directory)
    if options.growth:
        largest = options.growth[-1]
        large, small = prepare(admin, largest), prepare(admin, max(largest // SMALLER, 1))
        grown = compare(large, only=FLOORS, **_steps(options))
        print(report.tables(grown), flush=True)
        before = compared or compare(directory, only=FLOORS, **_steps(options))
        yield report.growth(before, grown), []
        yield within.one_group(small, large)
    if options.writing:
        yield writing.measured(admin, directory.meetings)


def _steps(options: argparse.Namespace) -> dict:
    return {"seconds": options.seconds, "sets": options.sets}


def _when() -> str:
    told = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit.stdout.strip() or 'unknown'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
