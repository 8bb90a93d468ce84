"""Reports as pages and files show them: rows in words, and the bars of a chart."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finder.cells import safe
from referrals.reports import DIMENSIONS, Line, Quarter, Report, Table

NOT_TOLD = gettext_lazy("not told")
# In units of the drawing, which is as wide as a small phone.
WIDTH, TEXT, BAR, GAP, LETTERS = 320, 18, 14, 12, 40
_FILE_HIDDEN = "hidden"
_COLUMNS = ("referrals", "linked_14_days", "attended_90_days", "engaged_90_days")


@dataclass(frozen=True)
class Cell:
    """One number with its share of what it is a part of; '' where that says nothing."""

    number: str
    share: str = ""


@dataclass(frozen=True)
class Row:
    """One kind and its four numbers."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: its words above it, how long it is, and how much of it is dark."""

    words: tuple[tuple[int, str], ...]
    top: int
    is_told: bool
    length: int
    dark: int


@dataclass(frozen=True)
class Chart:
    """Bars under each other; ``words`` say the same to those who do not see them."""

    bars: tuple[Bar, ...]
    height: int
    words: str


@dataclass(frozen=True)
class Section:
    """One way to part the referrals: a chart and its table."""

    name: str
    heading: str | Promise
    chart: Chart
    rows: tuple[Row, ...]
    is_shortened: bool = False

    @property
    def is_hidden(self) -> bool:
        """Say whether not one of the numbers may be told."""
        return bool(self.rows) and all(
            cell.number == NOT_TOLD for row in self.rows for cell in row.cells
        )


def sections(report: Report) -> Iterator[Section]:
    """Lay out a report, all together first."""
    yield _together(report.total)
    for table in report.tables:
        yield _section(table)


def quarter_words(quarter: Quarter) -> str:
    """Name a quarter.

    >>> quarter_words(Quarter(2026, 3))
    'July to September 2026'
    """
    names = {
        1: _("January to March %(year)s"),
        2: _("April to June %(year)s"),
        3: _("July to September %(year)s"),
        4: _("October to December %(year)s"),
    }
    return names[quarter.number] % {"year": quarter.year}


def _together(total: Line) -> Section:
    labels = (
        _("Referrals"),
        _("Linked within 14 days"),
        _("Went to a first meeting"),
        _("Engaged at 90 days"),
    )
    bars = [(label, number, 0) for label, number in zip(labels, total.numbers, strict=True)]
    return Section(
        name="together",
        heading=_("All together"),
        chart=bar_chart(bars),
        rows=(Row(_("All referrals"), _cells(total)),),
    )


def _section(table: Table) -> Section:
    way = DIMENSIONS[table.dimension]
    named = [(str(way.kinds.get(code, code)), line) for code, line in table.lines.items()]
    # A page leaves out the kinds with nothing in them; the file has all.
    kept = [(label, line) for label, line in named if line.referrals != 0]
    bars = [(label, line.referrals, line.attended or 0) for label, line in kept]
    return Section(
        name=table.dimension,
        heading=way.label,
        chart=bar_chart(bars),
        rows=tuple(Row(label, _cells(line)) for label, line in kept),
        is_shortened=len(kept) < len(named),
    )


def _cells(line: Line) -> tuple[Cell, ...]:
    bases = (None, line.referrals, line.referrals, line.attended)
    return tuple(_cell(number, base) for number, base in zip(line.numbers, bases, strict=True))


def _cell(number: int | None, base: int | None) -> Cell:
    if number is None:
        return Cell(str(NOT_TOLD))
    return Cell(str(number), f"{round(100 * number / base)} %" if base else "")


def bar_chart(bars: list[tuple[str, int | None, int]]) -> Chart:
    """Draw labels with a number and the dark part of it; None where it is not told."""
    longest = max((number or 0 for _label, number, _dark in bars), default=0)
    drawn, said, y = [], [], 0
    for label, number, dark in bars:
        told = str(NOT_TOLD) if number is None else str(number)
        words = f"{label}: {told}"
        said.append(f"{words} {_attended(dark)}" if dark else words)
        lines = wrap(words, LETTERS)
        top = y + TEXT * len(lines)
        drawn.append(
            Bar(
                words=tuple((y + TEXT * n - 4, line) for n, line in enumerate(lines, start=1)),
                top=top,
                is_told=number is not None,
                length=_length(number, longest),
                dark=_length(dark, longest),
            )
        )
        y = top + BAR + GAP
    return Chart(tuple(drawn), height=y, words="; ".join(said))


def _attended(count: int) -> str:
    words = ngettext("(%(count)d went)", "(%(count)d went)", count)
    return words % {"count": count}


def _length(number: int | None, longest: int) -> int:
    return round(WIDTH * number / longest) if number and longest else 0


def as_file(report: Report, quarter: Quarter) -> str:
    """Write de-identified figures as a table for spreadsheets, in stable codes."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["quarter", "dimension", "kind", "label", *_COLUMNS])
    out.writerow([quarter.code, "all", "all", safe(_("All referrals")), *_numbers(report.total)])
    for table in report.tables:
        kinds = DIMENSIONS[table.dimension].kinds
        for code, line in table.lines.items():
            label = safe(str(kinds.get(code, code)))
            out.writerow([quarter.code, table.dimension, code, label, *_numbers(line)])
    return text.getvalue()


def _numbers(line: Line) -> list[int | str]:
    return [_FILE_HIDDEN if number is None else number for number in line.numbers]
