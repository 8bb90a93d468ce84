"""Loads how many people live in each ZIP code, so that asking begins where most people are."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from finder.models import Population

_NEEDED = {"zip", "people"}


class Command(BaseCommand):
    help = (
        "Load a CSV file with the columns zip, people and, if known, rucc (the rural-urban "
        "continuum code of the ZIP code's county, 1 to 9). It replaces what was loaded before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        rows = _read(options["file"])
        with transaction.atomic():
            Population.objects.all().delete()
            Population.objects.bulk_create(rows.values(), batch_size=5000)
        self.stdout.write(f"{len(rows)} ZIP codes loaded.")


def _read(path: Path) -> dict[str, Population]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as a UTF-8 text file.") from error
    table = csv.DictReader(text.splitlines())
    if not set(table.fieldnames or ()) >= _NEEDED:
        raise CommandError("The first line must name the columns zip and people.")
    return {row.zip: row for row in (_row(line, table.line_num) for line in table)}


def _row(line: dict, number: int) -> Population:
    zip_, people, rucc = (str(line.get(name) or "").strip() for name in ("zip", "people", "rucc"))
    if not (zip_.isdecimal() and zip_.isascii() and len(zip_) <= 5):
        raise CommandError(f"Line {number}: “{zip_[:20]}” is not a ZIP code.")
    people = people.replace(",", "")
    if not (people.isdecimal() and people.isascii() and len(people) <= 9):
        raise CommandError(f"Line {number}: “{people[:20]}” is not a number of people.")
    if rucc and rucc not in "123456789":
        raise CommandError(f"Line {number}: “{rucc[:20]}” is not a code from 1 to 9.")
    return Population(zip=zip_.zfill(5), people=int(people), rucc=int(rucc) if rucc else None)
