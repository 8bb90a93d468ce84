"""Rows of spreadsheets, CSV and XLSX, by the names in their header; what they mean is not here."""

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time

import openpyxl

from finder.feeds.record import FeedError, Problem

# A cell may be as long as the file; texts are cut later, with a word about it.
csv.field_size_limit(200 * 1024 * 1024)
LARGEST_TABLE = 10 * 1024 * 1024
_LARGEST_UNPACKED = 100 * 1024 * 1024
_MOST_PARTS, _MOST_ROWS, _MOST_COLUMNS = 500, 200_000, 500
# A banner, a date and an empty line may stand before the header.
_HEADER_WITHIN = 20
_ZIP = b"PK\x03\x04"
_ENTITIES = tuple(
    mark.encode(name)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for name in ("ascii", "utf-16-le", "utf-16-be")
)
_END = "\ue000end of the file\ue000"
# Where a row has more filled cells than the header has names, nothing in it can be trusted.
SURPLUS = "__surplus"
Knows = Callable[[set[str]], bool]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows beneath a header, and what was odd about the file."""

    names: tuple[str, ...]
    rows: list[dict[str, str]]
    problems: tuple[Problem, ...] = ()


def is_workbook(data: bytes) -> bool:
    """Say whether these are the bytes of an XLSX file, or of another zip archive."""
    return data.startswith(_ZIP)


def looks_like(text: str) -> bool:
    """Say whether a text has lines of at least three cells, whatever is in them.

    >>> looks_like("1\\tMonday\\t7:00"), looks_like("Service unavailable, sorry.")
    (True, False)
    """
    beginning = [line for line in text[:5000].splitlines() if line.strip()][:3]
    return bool(beginning) and any(
        all(line.count(delimiter) >= 2 for line in beginning) for delimiter in ",\t;"
    )


def fold_name(name: str) -> str:
    """Reduce the name of a column to how it is asked for.

    >>> fold_name(" Conference URL "), fold_name("End-Time")
    ('conference_url', 'end_time')
    """
    return "_".join(name.replace("-", " ").replace("_", " ").casefold().split())[:80]


def read_csv(text: str, knows: Knows) -> Sheet | None:
    """Read a table of text whose header is known; None when no line is such a header.

    Raises FeedError when a quotation mark is never closed: every row after it would be wrong.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found = _find_header(text, knows)
    if found is None:
        return None
    delimiter, skipped = found
    lines = _lines(text, delimiter, skipped)
    return _sheet(next(lines), lines, skipped)


def read_workbook(data: bytes, knows: Knows) -> Sheet | None:
    """Read the first sheet of a workbook whose header is known; None when there is none."""
    _check_archive(data)
    try:
        with warnings.catch_warnings():
            # Of styles and rules that we do not need.
            warnings.simplefilter("ignore")
            return _first_known(data, knows)
    except FeedError:
        raise
    except Exception as error:
        # A broken workbook raises whatever its reader tripped over.
        raise FeedError("This workbook is damaged, or is no XLSX workbook.") from error


def _find_header(text: str, knows: Knows) -> tuple[str, int] | None:
    beginning = text[:200_000]
    for delimiter in (",", "\t", ";"):
        reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        for number, cells in enumerate(reader):
            if number >= _HEADER_WITHIN:
                break
            if knows({fold_name(cell) for cell in cells}):
                return delimiter, number
    return None


def _lines(text: str, delimiter: str, skipped: int) -> Iterator[list[str]]:
    """Yield the header's cells and those of each line beneath it.

    The last line is ours, and comes whole only if every quotation mark was closed before it.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    reader = csv.reader((f"{line}\n" for line in [*lines, _END]), delimiter=delimiter)
    begins, width = 0, 0
    for number, cells in enumerate(reader):
        if cells == [_END]:
            return
        written = lines[begins : reader.line_num]
        is_odd = width and len(cells) != width and any('"' in line for line in written)
        if is_odd or reader.line_num > begins + 1:
            _check_quotes(written, delimiter, begins + 1)
        begins = reader.line_num
        if number == skipped:
            width = len(cells)
        if number >= skipped:
            yield cells


def _check_quotes(lines: list[str], delimiter: str, number: int) -> None:
    """Refuse a row of odd length unless its quotation marks are as they should be.

    A mark that is not closed swallows cells or whole rows until the next one, which then
    stands before a word.
    """
    try:
        list(csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True))
    except csv.Error:
        raise FeedError(
            f"A quotation mark is opened in line {number:,} and never closed; nothing was read."
        ) from None


def _sheet(header: list[str], lines: Iterable[list[str]], skipped: int) -> Sheet:
    names = [fold_name(name) for name in header[:_MOST_COLUMNS]]
    rows = []
    for cells in lines:
        if any(cell.strip() for cell in cells):
            rows.append(_row(names, cells))
        if len(rows) > _MOST_ROWS:
            raise FeedError(f"The table has more than {_MOST_ROWS:,} rows; send it in parts.")
    problems = []
    if skipped:
        problems.append(_about("banner", "The lines before the header were passed over."))
    if double := sorted({name for name in names if name and names.count(name) > 1}):
        shown = ", ".join(name[:40] for name in double[:5])
        sentence = f"Columns that occur twice: {shown}. The first filled cell counts."
        problems.append(_about("duplicate_column", sentence))
    return Sheet(tuple(names), rows, tuple(problems))


def _row(names: list[str], cells: list[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and cell.strip() and name not in row:
            row[name] = cell.strip()
    if any(cell.strip() for cell in cells[len(names) :]):
        row[SURPLUS] = "yes"
    return row


def _about(code: str, message: str) -> Problem:
    return Problem(0, "", code, message)


def _check_archive(data: bytes) -> None:
    """Refuse an archive that unpacks to more than a sheet can be, or that defines entities."""
    if len(data) > LARGEST_TABLE:
        raise FeedError("The workbook is larger than 10 MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or size > _LARGEST_UNPACKED:
                raise FeedError("The workbook unpacks to more than 100 MB; it was not opened.")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_part(archive.read(part))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        raise FeedError("This workbook is damaged, or is no XLSX workbook.") from None


def _check_part(content: bytes) -> None:
    upper = content.upper()
    if any(mark.upper() in upper for mark in _ENTITIES):
        raise FeedError("The workbook defines entities of its own; it was not opened.")


def _first_known(data: bytes, knows: Knows) -> Sheet | None:
    # Formulas are read as the text that they are, never as what they come to.
    with closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True)) as book:
        for sheet in book.worksheets:
            # What a sheet says of its own size is not to be trusted.
            sheet.reset_dimensions()
            lines = (
                _cells(row) for row in sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
            )
            for number, cells in zip(range(_HEADER_WITHIN), lines, strict=False):
                if knows({fold_name(cell) for cell in cells}):
                    return _sheet(_filled(cells), _bounded(lines), number)
    return None


def _bounded(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    for number, cells in enumerate(lines):
        if number > 2 * _MOST_ROWS:
            raise FeedError(f"The table has more than {_MOST_ROWS:,} rows; send it in parts.")
        yield cells


def _filled(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _cells(row: Iterable[object]) -> list[str]:
    return [_as_text(value) for value in row]


def _as_text(value: object) -> str:
    """Write a cell's value as one would type it.

    >>> _as_text(time(19, 30)), _as_text(62701.0), _as_text(True), _as_text(datetime(2026, 1, 2))
    ('19:30', '62701', 'yes', '2026-01-02')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
