"""Writing in bulk, beside the least it can cost: COPY of the same rows and building the indexes."""

import io
import resource
import time
from collections.abc import Callable, Sequence
from datetime import date

from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from finder import curation, demo
from finder.copying import columns_of
from finder.models import Assessment, Group, Listing, ListingText, Locality, Meeting, Place, Source
from finder.search import index

MEETINGS, SEED = 200_000, 4711
TODAY = date(2026, 11, 24)
LISTINGS = (Listing, ListingText)
DIRECTORY = (Place, Group, Meeting, Assessment)


def bare(models: Sequence[type[Model]]) -> float:
    """Return the seconds that COPY and the indexes alone take for the rows of some tables."""
    return sum(_bare(model) for model in models)


def _bare(model: type[Model]) -> float:
    table = model._meta.db_table
    names = ", ".join(f'"{field.column}"' for field in columns_of(model))
    with connection.cursor() as cursor:
        rows = io.BytesIO()
        cursor.copy_expert(f'COPY (SELECT {names} FROM "{table}") TO STDOUT', rows)
        rows.seek(0)
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f'CREATE TABLE bare (LIKE "{table}" INCLUDING ALL EXCLUDING INDEXES)')
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        definitions = [definition for (definition,) in cursor.fetchall()]
        began = time.perf_counter()
        cursor.copy_expert(f"COPY bare ({names}) FROM STDIN", rows, 1 << 16)
        for number, definition in enumerate(definitions):
            head, _on, method = definition.partition(f" ON public.{table} ")
            unique = "UNIQUE " if " UNIQUE " in head else ""
            cursor.execute(f"CREATE {unique}INDEX bare_{number} ON bare {method}")
        spent = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return spent


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _seeded(meetings: int) -> None:
    demo.seed(meetings=meetings, number=SEED, today=TODAY)
    curation.assess_unasked(Source.objects.get(slug=f"seed-{SEED}"), today=TODAY)
    index.rebuild()


def _emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE finder_source, finder_listing, finder_listingtext CASCADE")


def visible_pages() -> dict[str, float]:
    """Return the share of pages of each listing table that the visibility map holds."""
    tables = [model._meta.db_table for model in LISTINGS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relallvisible / greatest(relpages, 1)::float8 FROM pg_class "
            "WHERE relname = ANY(%s)",
            [tables],
        )
        return dict(cursor.fetchall())


def measured(meetings: int) -> list[tuple[str, float, float]]:
    """Write a directory into an empty database; give what each step took, beside the least."""
    if not Locality.objects.exists():
        call_command("load_programs", verbosity=0)
        call_command("load_places", verbosity=0)
    _emptied()
    whole = seconds(lambda: _seeded(meetings))
    least, least_listings = bare(DIRECTORY), bare(LISTINGS)
    again = seconds(index.rebuild)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE finder_listing, finder_listingtext")
    anew = seconds(index.rebuild)
    return [
        ("seed, everything", whole, least + least_listings),
        ("reindex, nothing has changed", again, least_listings),
        ("reindex, no listing there", anew, least_listings),
    ]


def main(meetings: int = MEETINGS) -> None:
    """Print each beside its least, its ratio, and the most memory this process took."""
    print(f"  {meetings} meetings; the database is emptied first")
    print(f"  {'':34} {'took':>9} {'least':>9} {'ratio':>7}")
    for name, took, least in measured(meetings):
        print(f"  {name:34} {took:8.1f}s {least:8.1f}s {took / least:6.2f}x", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  most memory {memory:.0f} MB; visible pages {visible_pages()}")
