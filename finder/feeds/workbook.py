"""Writes the plain table as an XLSX workbook; sheets reads it, and its columns are table's."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from finder.feeds import table
from finder.feeds.published import Published

_PIECE = 64 * 1024
# Beyond this a cell is cut off by the programs that open it (ECMA-376, 18.18.94).
_LONGEST = 32_767


def write(meetings: Iterable[Published], *, now: datetime) -> Iterator[bytes]:
    """Write a workbook of one sheet with a header; it grows on the disk, not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("meetings")
    sheet.freeze_panes = "A2"
    sheet.append(list(table.WRITTEN))
    for meeting in meetings:
        sheet.append([_cell(value) for value in table.cells(meeting)])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
