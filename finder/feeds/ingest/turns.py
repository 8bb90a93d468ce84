"""Lets one import of a source run at a time, wherever it runs, and without pauses."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from finder.feeds.ingest.values import ImportBusy


def take_turn(slug: str) -> None:
    """Hold the source until the transaction ends, or say that another import holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{slug}"]
        )
        if not cursor.fetchone()[0]:
            raise ImportBusy("Another import of this source is under way. Try again later.")


@contextmanager
def without_pauses() -> Iterator[None]:
    """Hold back the collector of cycles: a large import makes many objects and few cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
