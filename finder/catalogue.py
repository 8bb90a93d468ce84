"""The catalogue of programs: reads the file in finder/data and brings the table up to it.

What a program's text scores is the method's to say; the table repeats it for searches.
"""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from finder.acceptance import METHOD
from finder.models import Program

FILE = Path(__file__).parent / "data" / "programs.json"


@dataclass(frozen=True)
class Loaded:
    """How many programs were new, changed and already right."""

    created: int
    updated: int
    unchanged: int


def read() -> list[dict]:
    """Return the programs of the file as field values, with what is worked out from them."""
    entries = json.loads(FILE.read_text(encoding="utf-8"))
    return [entry | _worked_out(entry) for entry in entries]


def _worked_out(entry: dict) -> dict:
    prior_class = METHOD.prior_class(entry["slug"])
    return {"sort_key": _sort_key(entry["name"]), "prior_class": prior_class}


@transaction.atomic
def load(entries: list[dict]) -> Loaded:
    """Create or change programs to match; one that is right is not written at all.

    A program that is in the table alone stays: groups may hang on it.
    """
    known = {program.slug: program for program in Program.objects.all()}
    created = [Program(**entry) for entry in entries if entry["slug"] not in known]
    Program.objects.bulk_create(created)
    updated = [
        program for entry in entries if (program := _changed(known.get(entry["slug"]), entry))
    ]
    for program in updated:
        program.save()
    return Loaded(len(created), len(updated), len(entries) - len(created) - len(updated))


def _changed(program: Program | None, entry: dict) -> Program | None:
    """Set the entry's values on a known program; None when there is nothing to change."""
    if program is None or all(getattr(program, name) == entry[name] for name in entry):
        return None
    for name, value in entry.items():
        setattr(program, name, value)
    return program


def _sort_key(name: str) -> str:
    """Fold case and accents.

    >>> _sort_key("Álamo Group")
    'alamo group'
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
