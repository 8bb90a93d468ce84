"""What the suite holds whole already, counted into the table of the long proofs."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.outcomes import Outcome

ROOT = Path(__file__).resolve().parent.parent
FEEDS, CURATION = "tests/finder/feeds", "tests/finder/curation"
# What is tried, and the tests that try it.
HELD = {
    "80 SSRF targets and more, with a listener that counts connections": [
        f"{FEEDS}/test_network.py",
        *["-k", "forbidden or hides or redirect or inside or turns_inward or second_answer"],
    ],
    "60 nasty rows and files, each with its expected result": [f"{FEEDS}/test_nasties.py"],
    "20 sources, 6 of them broken in different ways": [FEEDS, "-k", "fourteen_of_twenty"],
    "50 and 20 reports on NA groups, then reassess": [CURATION, "-k", "a_flood_on_one_group"],
    "a Wellbriety circle without consent, and with consent withdrawn": [
        *["tests/finder", "-k", "circle or withdrawn_consent or waits_for_consent"],
    ],
}


def suite() -> Iterator[Outcome]:
    """Run these tests and tell how many passed."""
    for tried, tests in HELD.items():
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *tests]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        counts = {
            word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)
        }
        told = ", ".join(f"{count} tests {word}" for word, count in counts.items())
        is_met = done.returncode == 0 and counts.get("passed", 0) > 0
        yield Outcome(tried, told or "no test ran", is_met=is_met)
