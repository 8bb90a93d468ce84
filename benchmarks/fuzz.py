"""Broken rows by the hundred thousand: each has one fate, and the whole rows between stay whole."""

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from django.db import transaction

from benchmarks.feeds import bmlt, meeting_guide, tsml
from benchmarks.outcomes import Outcome
from finder import feeds
from finder.feeds import ingest
from finder.models import Program

ROWS, BATCH = 200_000, 2000
SOURCE = "fuzz"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Every so manieth row is left whole.
WHOLE = 10
WORDS = [
    *["", " ", "\x00", "NaN", "-1", "0", "7", "1e308", "1e-999999999", "9" * 400, "24:00", "25:61"],
    *["7 pm", "7:00 p.m.", "####", "the", "<b>x", "&amp;", "é" * 300, "2026-02-30", "10000-01-01"],
    *[
        "America/Nowhere",
        "EST",
        "-",
        "91",
        "-181",
        "http" + ":/",
        "x" * 5000,
        "=1+1",
        "@x",
        "\u202e",
    ],
    *[
        "javascript:alert(1)",
        "https://zoom.us/j/1?pwd=x",
        "Call Zelda Q",
        "217-555-0104",
        '"',
        '""',
    ],
    *[",", ";", "\t", "a\r\nb", "a\rb", "C,O,ZZ", "\ufeff", "\u200b", "１９:００", "None", "[]"],
]
ODD = [*WORDS, "\ud800", None, float("nan"), float("inf"), 10**30, True, [], {}, ["x"], {"a": "b"}]


def as_json(rows: list) -> bytes:
    """Write rows as a feed does."""
    return json.dumps(rows).encode("utf-8", "replace")


def as_csv(rows: list) -> bytes:
    """Write rows as a spreadsheet program does; one that is no row becomes a line of one cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    names = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    writer.writerow(names)
    for row in rows:
        cells = [row.get(name, "") for name in names] if isinstance(row, dict) else [row]
        writer.writerow(["" if cell is None else str(cell) for cell in cells])
    return file.getvalue().encode("utf-8", "replace")


# The format, a maker of whole rows, how rows are written, and what a broken field may hold.
FORMATS: dict[str, tuple[Callable[..., list[dict]], Callable[[list], bytes], list]] = {
    "meeting_guide": (meeting_guide, as_json, ODD),
    "bmlt": (bmlt, as_json, ODD),
    "tsml_csv": (tsml, as_csv, WORDS),
}


def broken(row: dict, chance: random.Random, odd: list) -> object:
    """Break one to four fields of a row, or put something else in its place."""
    if chance.random() < 0.01:
        return chance.choice(odd)
    names = chance.sample(sorted(row), chance.randrange(1, 5))
    return {**row, **{name: chance.choice(odd) for name in names}}


def prove(name: str, *, rows: int = ROWS, batch: int = BATCH) -> Counter:
    """Read and plan broken rows of one format; return how many had each fate.

    They come to a source that holds the whole rows; what that writes is undone.
    """
    make, write, _odd = FORMATS[name]
    program = Program.objects.get(slug="na")
    whole = make(batch)
    with transaction.atomic():
        request = ingest.Request(data=write(whole), source=SOURCE, program=program, format=name)
        assert ingest.apply(request, now=NOW).counts["created"] == batch
        fates = _prove(name, whole, replace(request, accept_shrink=True), rows)
        transaction.set_rollback(True)
    return fates


def _prove(name: str, whole: list[dict], request: ingest.Request, rows: int) -> Counter:
    _make, write, odd = FORMATS[name]
    chance, fates = random.Random(11), Counter()
    wanted = {record.name: record.public() for record in read(write(whole), name).records[::WHOLE]}
    for _batch in range(rows // len(whole)):
        mixed = [
            row if number % WHOLE == 0 else broken(row, chance, odd)
            for number, row in enumerate(whole)
        ]
        data = write(mixed)
        reading = read(data, name)
        found = {record.name: record.public() for record in reading.records}
        lost = [each for each in wanted if found.get(each) != wanted[each]]
        assert not lost, f"A broken row changed what came of {lost[0]!r}."
        fates += fates_of(reading, replace(request, data=data))
    return fates


def read(data: bytes, name: str) -> feeds.Reading:
    """Read a feed of one format."""
    return feeds.read(data, program="na", today=TODAY, format_=name)


def fates_of(reading: feeds.Reading, request: ingest.Request) -> Counter:
    """Plan an import; every row has exactly one fate, and none is left out without a word."""
    kept = {record.row for record in reading.records}
    assert kept | reading.rejected == set(range(1, reading.read + 1)), "A row has no fate."
    assert not kept & reading.rejected, "A row has two fates."
    assert not [each for each in reading.problems if each.code == "unreadable"], "Not foreseen."
    told = {problem.row for problem in reading.problems}
    assert reading.rejected <= told, "A row was left out without a word."
    counts = ingest.preview(request, now=NOW).counts
    fates = {fate: counts[fate] for fate in ("created", "updated", "unchanged", "rejected")}
    assert sum(fates.values()) == counts["read"], f"Fates do not add up: {counts}"
    return Counter({"read": counts["read"], **fates})


def whole() -> Iterator[Outcome]:
    """Prove it for every format."""
    for name in FORMATS:
        fates = prove(name)
        told = ", ".join(f"{count:,} {fate}" for fate, count in fates.items())
        yield Outcome(f"{ROWS:,} rows of {name}, nine of ten broken", told)
