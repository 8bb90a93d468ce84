"""Importing a feed, beside the plain way: look up and save row by row."""

import json
import tempfile
import time
from datetime import date
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from benchmarks.feeds import meeting_guide
from finder import feeds
from finder.models import Group, Meeting, Place, Program, Source

ROWS = 3000


class _Undone(Exception):
    pass


def run_import(path: Path) -> None:
    """Import the file as its owner would."""
    call_command("import_feed", str(path), source="bench", program="na", stdout=StringIO())


def plain(rows: list[dict]) -> None:
    """Save each row as it comes: three look-ups and up to three writes."""
    program = Program.objects.get(slug="na")
    source, _made = Source.objects.get_or_create(
        slug="plain", defaults={"name": "plain", "program": program}
    )
    for row in rows:
        place, _made = Place.objects.get_or_create(
            source=source,
            source_key=row["address"],
            defaults={"name": row["location"], "address": row["address"], "state": row["state"]},
        )
        group, _made = Group.objects.get_or_create(
            program=program, source=source, source_key=row["group"], defaults={"name": row["group"]}
        )
        Meeting.objects.update_or_create(
            source=source,
            source_key=row["slug"],
            defaults={
                "group": group,
                "place": place,
                "name": row["name"],
                "weekday": (row["day"] - 1) % 7,
                "start": row["time"],
                "timezone": row["timezone"],
                "format": "in_person",
            },
        )


def spent(name: str, rows: int, call) -> float:
    """Print how long a call took, then undo what it wrote."""
    try:
        with transaction.atomic():
            began = time.perf_counter()
            call()
            seconds = time.perf_counter() - began
            raise _Undone
    except _Undone:
        print(f"  {name:44} {seconds:7.2f} s {rows / seconds:9.0f} rows/s", flush=True)
    return seconds


def main() -> None:
    """Print reading, first import, quiet second import and the plain loop."""
    call_command("load_programs", verbosity=0)
    rows = meeting_guide(ROWS)
    data = json.dumps(rows).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.json"
        path.write_bytes(data)
        print(f"\n{ROWS} rows of Meeting Guide JSON")
        spent("read only", ROWS, lambda: feeds.read(data, program="na", today=date.today()))
        first = spent("import into an empty source", ROWS, lambda: run_import(path))

        def twice():
            run_import(path)
            began = time.perf_counter()
            run_import(path)
            print(f"  {'second import of the same file':44} {time.perf_counter() - began:7.2f} s")

        spent("first and second import", 2 * ROWS, twice)
        slow = spent("plain: saved row by row", ROWS, lambda: plain(rows))
    print(f"  plain / ours: {slow / first:.1f}x (ours also cleans, checks, indexes and reports)")
