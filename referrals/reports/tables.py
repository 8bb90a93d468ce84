"""The values that reports are made of, and their plain form for storing; no rule on hiding."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from referrals.reports.counting import DIMENSIONS, Case


@dataclass(frozen=True)
class Line:
    """How many referrals, and what became of them; None where a number is not told."""

    referrals: int | None
    linked: int | None
    attended: int | None
    engaged: int | None

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """The four in their order."""
        return (self.referrals, self.linked, self.attended, self.engaged)


@dataclass(frozen=True)
class Table:
    """The same referrals parted in one way; every kind has its line, in a fixed order."""

    dimension: str
    lines: Mapping[str, Line]


@dataclass(frozen=True)
class Report:
    """The referrals of one quarter: all together, and parted in each way."""

    # Distinct people; None where there are too few to tell.
    people: int | None
    total: Line
    tables: tuple[Table, ...]

    def document(self) -> dict[str, Any]:
        """Give plain values for storing; from_document reads them back."""
        return {
            "people": self.people,
            "total": self.total.numbers,
            "tables": {
                table.dimension: {code: line.numbers for code, line in table.lines.items()}
                for table in self.tables
            },
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read what was stored; the order of kinds is that of today."""
        tables = tuple(
            Table(name, _lines(name, document["tables"][name]))
            for name in DIMENSIONS
            if name in document["tables"]
        )
        return cls(document["people"], Line(*document["total"]), tables)


def _lines(dimension: str, stored: dict[str, list[int | None]]) -> dict[str, Line]:
    known = [code for code in DIMENSIONS[dimension].kinds if code in stored]
    # A kind that was given up since stays told.
    order = [*known, *(code for code in stored if code not in known)]
    return {code: Line(*stored[code]) for code in order}


def build(
    found: Sequence[Case],
    dimensions: Iterable[str],
    count: Callable[[Mapping[str, Sequence[Case]]], tuple[Line, dict[str, Line]]],
) -> tuple[Line, tuple[Table, ...]]:
    """Part the cases in each way and count each part."""
    total, _rows = count({"": found})
    tables = []
    for name in dimensions:
        parted: dict[str, list[Case]] = {code: [] for code in DIMENSIONS[name].kinds}
        for case in found:
            parted[case.kinds[name]].append(case)
        _total, lines = count(parted)
        tables.append(Table(name, lines))
    return total, tuple(tables)


def exact(found: Sequence[Case], dimensions: Iterable[str]) -> Report:
    """Count everything as it is, for those who may read each of these referrals."""
    total, tables = build(found, dimensions, _counted)
    return Report(len({case.person for case in found}), total, tables)


def _counted(parted: Mapping[str, Sequence[Case]]) -> tuple[Line, dict[str, Line]]:
    everyone = [case for rows in parted.values() for case in rows]
    return _line(everyone), {code: _line(rows) for code, rows in parted.items()}


def _line(rows: Sequence[Case]) -> Line:
    return Line(
        referrals=len(rows),
        linked=sum(case.is_linked for case in rows),
        attended=sum(case.is_attended for case in rows),
        engaged=sum(case.is_engaged for case in rows),
    )
