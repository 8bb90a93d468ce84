"""Feeds: each outside format is one module of one shape; this is their registry and the reading."""

from dataclasses import dataclass
from datetime import date

from finder.feeds import bmlt, meeting_guide, payload, sheets, table, tsml_csv
from finder.feeds.record import FeedError, MeetingRecord, PlaceRecord, Problem, Reading
from finder.feeds.rows import Row

__all__ = ["FORMATS", "FeedError", "MeetingRecord", "PlaceRecord", "Problem", "Reading", "read"]

_OF_JSON = {module.NAME: module for module in (meeting_guide, bmlt)}
# The narrower first: every TSML table is a plain table too, in part.
_OF_SHEETS = {module.NAME: module for module in (tsml_csv, table)}
FORMATS = _OF_JSON | _OF_SHEETS
# Enough rows to know a format by; a few hostile ones do not turn the vote.
_SAMPLE = 500


def read(
    data: bytes, *, program: str, today: date, format_: str = "auto", formats: bytes | None = None
) -> Reading:
    """Read a feed of one program; raise FeedError with a sentence when it is none.

    An empty list is a feed without rows, of no known format.

    ``formats`` is the answer of a BMLT server to GetFormats, which says what its codes mean.
    """
    found = _read_sheet(data, format_) or _read_json(data, format_)
    server = _server_formats(found.format, formats, found.enclosed)
    if not found.format:
        return Reading("" if format_ == "auto" else format_, 0, (), (), frozenset())
    name, rows, problems = found.format, found.rows, list(found.problems)
    records: list[MeetingRecord] = []
    rejected = set()
    for number, values in enumerate(rows, 1):
        kept, noted = _read_row(name, number, values, server, program=program, today=today)
        records += kept
        problems += noted
        if not kept:
            rejected.add(number)
    return Reading(name, len(rows), tuple(records), tuple(problems), frozenset(rejected))


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of a feed whose format is known; no format for a list without rows."""

    format: str
    rows: list
    problems: tuple[Problem, ...] = ()
    enclosed: object = None


def _read_json(data: bytes, format_: str) -> _Found:
    text, encoding = payload.decode(data)
    parsed, looseness = payload.parse(text)
    rows, enclosed = payload.rows_of(parsed)
    if not rows:
        return _Found("", [])
    name = _detect(rows) if format_ == "auto" else _confirm(rows, format_)
    problems = tuple(_about_file(code) for code in (encoding, looseness) if code)
    return _Found(name, rows, problems, enclosed)


def _read_sheet(data: bytes, format_: str) -> _Found | None:
    """Read a table; None when this is none and no table was asked for."""
    wanted = [_OF_SHEETS[format_]] if format_ in _OF_SHEETS else _OF_SHEETS.values()
    is_workbook, text, encoding = sheets.is_workbook(data), "", ""
    if format_ in _OF_JSON:
        if is_workbook:
            raise FeedError(f"This is a workbook or an archive, not {FORMATS[format_].LABEL}.")
        return None
    if not is_workbook:
        text, encoding = payload.decode(data)
        payload.refuse_page(text)
        if format_ == "auto" and payload.seems_json(text):
            return None
    for module in wanted:
        sheet = (
            sheets.read_workbook(data, module.knows)
            if is_workbook
            else sheets.read_csv(text, module.knows)
        )
        if sheet:
            if module is table and len(data) > sheets.LARGEST_TABLE:
                raise FeedError("The table is larger than 10 MB; send it in parts.")
            about = (_about_file(encoding),) if encoding else ()
            unread = table.about(sheet) if module is table else ()
            return _Found(module.NAME, sheet.rows, (*about, *sheet.problems, *unread))
    if format_ == "auto" and not is_workbook and not sheets.looks_like(text):
        return None
    needs = "; ".join(f"{module.LABEL} has {module.WHAT}" for module in wanted)
    raise FeedError(f"There is no row of column names that is known: {needs}.")


def _about_file(code: str) -> Problem:
    messages = {
        "encoding": "The file is not UTF-8; it was read in another encoding.",
        "loose_json": "The JSON has faults (such as a comma too many) that were read over.",
    }
    return Problem(0, "", code, messages[code])


def _detect(rows: list) -> str:
    # Spread over the file, so that a banner or a bad start does not decide.
    sample = [row for row in rows[:: max(1, len(rows) // _SAMPLE)] if isinstance(row, dict)]
    votes = {name: sum(map(module.looks_like, sample)) for name, module in _OF_JSON.items()}
    best = max(votes, key=lambda name: votes[name])
    if not votes[best]:
        known = " or ".join(module.LABEL for module in _OF_JSON.values())
        raise FeedError(f"The rows of this feed are neither {known.replace(' or ', ' nor ')}.")
    return best


def _confirm(rows: list, format_: str) -> str:
    module = FORMATS[format_]
    if not any(isinstance(row, dict) and module.looks_like(row) for row in rows):
        raise FeedError(f"No row of this feed is {module.LABEL}.")
    return format_


def _server_formats(
    name: str, formats: bytes | None, enclosed: object
) -> bmlt.ServerFormats | None:
    if name != bmlt.NAME:
        if formats is not None:
            raise FeedError("Formats belong to BMLT feeds; this feed is another format.")
        return None
    if formats is None:
        return bmlt.read_formats(enclosed)
    parsed, _ = payload.parse(payload.decode(formats)[0])
    found = bmlt.read_formats(parsed)
    if not found.by_key:
        raise FeedError("The formats file holds no formats.")
    return found


def _read_row(name, number, values, server, *, program: str, today: date):
    if not isinstance(values, dict):
        return [], [Problem(number, "", "not_a_row", "This is not a row of named values.")]
    row = Row(number, values, program=program, today=today)
    try:
        found = bmlt.read_row(row, server) if server is not None else FORMATS[name].read_row(row)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # One row never takes the others with it, whatever it holds.
        row.note("", "unreadable", "The row could not be read.")
        found = []
    return found, list(dict.fromkeys(row.problems))
