"""The table of who may do what, read from tests/data/permission_matrix.csv.

A: done. L: sign in first. F: 403. N: 404, as for an id never given. M: 405. S: 403 until the second
step was given within five minutes, then done. E: 200, and the referral is not in the list.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parents[2] / "data" / "permission_matrix.csv"
ROLES = (
    *("anon", "link", "noMFA", "disabled", "prov1", "peer", "prov1b", "recv", "oadm1"),
    *("prov2", "oadm2", "curator", "super", "superBG", "tokDir", "tok1", "tok2"),
)


@dataclass(frozen=True)
class Line:
    """One object and one verb, with what each role meets."""

    thing: str
    verb: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.thing} {self.verb}"


def lines() -> list[Line]:
    """Give a line for each verb; verbs that share a row are apart here."""
    with TABLE.open(encoding="utf-8", newline="") as text:
        return [
            Line(row["object"], verb, {role: row[role] for role in ROLES})
            for row in csv.DictReader(text)
            for verb in re.split(r",(?![^(]*\))", row["verb"])
        ]
