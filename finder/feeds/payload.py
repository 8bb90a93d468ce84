"""From the bytes of a feed to its rows: encodings, JSON as it is found, and refusals in words."""

import json
import re

from finder.feeds.record import FeedError

LARGEST = 200 * 1024 * 1024
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])')
_CALLBACK = re.compile(r"^\s*[A-Za-z_$][\w.$]{0,60}\s*\(\s*(?=[\[{])")


class Pairs(dict):
    """A JSON object that remembers whether a name came twice."""

    has_duplicates = False


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a feed and a problem's code, "" when the encoding was as it should be.

    >>> decode(b"caf\\xe9"), decode(b"\\xef\\xbb\\xbf[]")
    (('café', 'encoding'), ('[]', ''))
    """
    for mark, name in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, errors="replace"), "encoding"
    if data[:200].count(b"\x00") > len(data[:200]) // 4 and len(data) > 3:
        name = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
        return data.decode(name, errors="replace"), "encoding"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "encoding"
    except UnicodeDecodeError:
        # Five bytes mean nothing in cp1252; Latin-1 reads every byte.
        return data.decode("latin-1"), "encoding"


def parse(text: str) -> tuple[object, str]:
    """Read JSON with the faults feeds have; raise FeedError with a sentence when it is none."""
    stripped = text.strip().lstrip("\ufeff")
    refuse_page(stripped)
    try:
        return _load(stripped), ""
    except json.JSONDecodeError as error:
        first = error
    if match := _CALLBACK.match(stripped):
        stripped = stripped[match.end() :].rstrip("; \n\t\r").removesuffix(")")
    try:
        return _load(_TRAILING_COMMA.sub(lambda m: m[1] or "", stripped)), "loose_json"
    except json.JSONDecodeError:
        where = f"line {first.lineno}, column {first.colno}"
        raise FeedError(f"This is not JSON, or it is cut off: {where}.") from None


def refuse_page(text: str) -> None:
    """Raise FeedError for nothing at all, and for a page where a feed was expected."""
    beginning = text[:2000].lstrip("\ufeff \t\r\n")
    if not beginning and not text.strip():
        raise FeedError("The feed is empty: it holds nothing at all.")
    if beginning.startswith("<"):
        raise FeedError("This is a web page, not a feed: the address may be wrong or blocked.")


def seems_json(text: str) -> bool:
    """Say whether a text begins as JSON does, or as a call that brings it.

    >>> seems_json(" [1]"), seems_json("back({})"), seems_json("name,day,time")
    (True, True, False)
    """
    return text.lstrip("\ufeff \t\r\n").startswith(("[", "{")) or bool(_CALLBACK.match(text))


def _load(text: str) -> object:
    try:
        return json.loads(
            text,
            strict=False,
            object_pairs_hook=_pairs,
            parse_int=_integer,
            # NaN and Infinity are no JSON; a field with one counts as empty.
            parse_constant=lambda name: None,
        )
    except RecursionError:
        raise FeedError("The feed is nested too deeply to be read.") from None


def _pairs(pairs: list[tuple[str, object]]) -> Pairs:
    values = Pairs(pairs)
    if len(values) != len(pairs):
        values.has_duplicates = True
    return values


def _integer(digits: str) -> int | str:
    # Python refuses integers of thousands of digits; no field needs more than eighteen.
    return int(digits) if len(digits) <= 18 else digits[:400]


def rows_of(parsed: object) -> tuple[list, object]:
    """Return the rows of a bare list or of an envelope, and the formats that came with them."""
    if isinstance(parsed, list):
        return parsed, None
    if isinstance(parsed, dict):
        for name in ("meetings", "data", "results", "items"):
            if isinstance(parsed.get(name), list):
                return parsed[name], parsed.get("formats")
        said = next(
            (
                str(parsed[n])
                for n in ("message", "error", "code")
                if isinstance(parsed.get(n), str)
            ),
            "",
        )
        if said and re.fullmatch(r"[\w .,'-]{1,120}", said):
            raise FeedError(f"The feed answers with a message in place of meetings: “{said}”.")
    raise FeedError("There is no list of meetings in this feed.")
