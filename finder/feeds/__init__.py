"""Feeds: each outside format is one module of one shape; this is their registry and the reading."""

from datetime import date

from finder.feeds import bmlt, meeting_guide, payload
from finder.feeds.record import FeedError, MeetingRecord, PlaceRecord, Problem, Reading
from finder.feeds.rows import Row

__all__ = ["FORMATS", "FeedError", "MeetingRecord", "PlaceRecord", "Problem", "Reading", "read"]

FORMATS = {module.NAME: module for module in (meeting_guide, bmlt)}
# Enough rows to know a format by; a few hostile ones do not turn the vote.
_SAMPLE = 500


def read(
    data: bytes, *, program: str, today: date, format_: str = "auto", formats: bytes | None = None
) -> Reading:
    """Read a feed of one program; raise FeedError with a sentence when it is none.

    An empty list is a feed without rows, of no known format.

    ``formats`` is the answer of a BMLT server to GetFormats, which says what its codes mean.
    """
    text, encoding = payload.decode(data)
    parsed, looseness = payload.parse(text)
    rows, enclosed = payload.rows_of(parsed)
    if not rows:
        return Reading("" if format_ == "auto" else format_, 0, (), (), frozenset())
    name = _detect(rows) if format_ == "auto" else _confirm(rows, format_)
    problems = [_about_file(code) for code in (encoding, looseness) if code]
    server = _server_formats(name, formats, enclosed)
    records: list[MeetingRecord] = []
    rejected = set()
    for number, values in enumerate(rows, 1):
        found, noted = _read_row(name, number, values, server, program=program, today=today)
        records += found
        problems += noted
        if not found:
            rejected.add(number)
    return Reading(name, len(rows), tuple(records), tuple(problems), frozenset(rejected))


def _about_file(code: str) -> Problem:
    messages = {
        "encoding": "The file is not UTF-8; it was read in another encoding.",
        "loose_json": "The JSON has faults (such as a comma too many) that were read over.",
    }
    return Problem(0, "", code, messages[code])


def _detect(rows: list) -> str:
    # Spread over the file, so that a banner or a bad start does not decide.
    sample = [row for row in rows[:: max(1, len(rows) // _SAMPLE)] if isinstance(row, dict)]
    votes = {name: sum(map(module.looks_like, sample)) for name, module in FORMATS.items()}
    best = max(votes, key=lambda name: votes[name])
    if not votes[best]:
        known = " or ".join(module.LABEL for module in FORMATS.values())
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
