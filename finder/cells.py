"""Cells of spreadsheets that no program runs as a formula; pure text, no files."""

# A spreadsheet may take a cell that begins so for a formula; full-width forms are folded first.
_STARTS = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
_MARK = "'"


def safe(value: object) -> object:
    """Put an apostrophe before text that might be run; numbers stay numbers.

    >>> safe("=1+1"), safe(" -2"), safe("Noon"), safe(-2)
    ("'=1+1", "' -2", 'Noon', -2)
    >>> safe("'tis")
    "''tis"
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    # A program may look past any kind of space, separators among them.
    is_risky = value.startswith((*_STARTS, _MARK)) or value.lstrip().startswith(_STARTS)
    return _MARK + text if is_risky else text


def plain(value: object) -> object:
    """Take back what safe did, so that a sheet comes back as it went out.

    >>> plain("'=1+1"), plain("''tis"), plain("'tis")
    ('=1+1', "'tis", "'tis")
    """
    if not isinstance(value, str) or not value.startswith(_MARK):
        return value
    rest = value[1:]
    return rest if safe(rest) != rest else value
