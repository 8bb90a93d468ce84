"""Writes the listings of a span of meetings over what is stored; only differences are written.

Readers are never kept waiting: rows are replaced a span at a time, each span in a transaction of
its own. It sees the directory as of one moment, so that a listing somebody writes meanwhile is
never put back to what it was: PostgreSQL refuses, and the span is done anew.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.models import Model

from finder.copying import columns_of, copy_rows
from finder.models import Listing, ListingText

SPAN = 5000
_TRIES = 5
# Starting a process takes as long as a span does.
_WORTH_PROCESSES = 4
_PROCESSES = min(os.cpu_count() or 1, 4)
_CAN_FORK = "fork" in multiprocessing.get_all_start_methods()
_LAST_ID = 2**63 - 1
# The rows of a span: for each listing the values of its two tables.
Rows = Iterable[tuple[Sequence[Any], Sequence[Any]]]
Span = tuple[int, int]
TABLES = (Listing, ListingText)
FIELDS = {model: columns_of(model) for model in TABLES}
_SPANS = """
  SELECT max(id) FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS span FROM finder_meeting
  ) AS numbered GROUP BY span ORDER BY 1
"""


def each_span(call: Callable[[Span], int]) -> Iterator[int]:
    """Call a function of a module for every span; two at a time where nothing forbids it.

    Each span reads, makes and writes its rows, so that while the database is busy with one,
    Python is with another. A transaction belongs to one process alone.
    """
    found = list(spans())
    if connection.in_atomic_block or len(found) < _WORTH_PROCESSES or not _CAN_FORK:
        yield from map(call, found)
        return
    # A connection must not be shared with a child; each opens its own.
    connections.close_all()
    with ProcessPoolExecutor(_PROCESSES, multiprocessing.get_context("fork")) as pool:
        yield from pool.map(call, found)


def spans() -> Iterator[Span]:
    """Yield first and last id of stretches of meetings, which together hold every id."""
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [SPAN])
        ends = [end for (end,) in cursor.fetchall()]
    first = 0
    for end in [*ends[:-1], _LAST_ID]:
        yield first, end
        first = end + 1


def rewrite(span: Span, rows_of: Callable[[Span], Rows]) -> int:
    """Write the rows of a span; return how many there are."""
    is_outermost = not connection.in_atomic_block
    for tries_left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                if is_outermost:
                    _see_one_moment()
                return _write(span, rows_of(span))
        except (IntegrityError, OperationalError):
            # Somebody wrote a listing of this span first. Inside a transaction of someone
            # else's it is theirs to decide.
            if not is_outermost or not tries_left:
                raise
    raise DatabaseError("A span of listings could not be written.")


def _see_one_moment() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write(span: Span, rows: Rows) -> int:
    both = list(rows)
    parts = zip(TABLES, ([row[place] for row in both] for place in (0, 1)), strict=True)
    for model, part in parts:
        if _is_empty(model, span):
            copy_rows(model._meta.db_table, FIELDS[model], part)
        else:
            _write_differences(model, span, part)
    return len(both)


def _is_empty(model: type[Model], span: Span) -> bool:
    first, last = span
    return not model._default_manager.filter(pk__gte=first, pk__lte=last).exists()


def _write_differences(model: type[Model], span: Span, rows: list[Sequence[Any]]) -> None:
    fields = FIELDS[model]
    names = [f'"{field.column}"' for field in fields]
    told = {
        "table": f'"{model._meta.db_table}"',
        "key": f'"{model._meta.pk.column}"',
        "names": ", ".join(names),
        "old": ", ".join(f"l.{name}" for name in names),
        "new": ", ".join(f"t.{name}" for name in names),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE.format_map(told))
        copy_rows("next_listings", fields, rows)
        for statement in (_DELETE, _UPDATE, _INSERT):
            cursor.execute(statement.format_map(told), {"first": span[0], "last": span[1]})
        cursor.execute("DROP TABLE next_listings")


# Matched by key within the span, so that no statement walks the whole table.
_MAKE = "CREATE TEMP TABLE next_listings AS SELECT {names} FROM {table} LIMIT 0"
_DELETE = """
  DELETE FROM {table} l WHERE l.{key} BETWEEN %(first)s AND %(last)s
    AND NOT EXISTS (SELECT FROM next_listings t WHERE t.{key} = l.{key})
"""
_UPDATE = """
  UPDATE {table} l SET ({names}) = ROW({new}) FROM next_listings t
  WHERE l.{key} BETWEEN %(first)s AND %(last)s AND t.{key} = l.{key}
    AND ({old}) IS DISTINCT FROM ({new})
"""
_INSERT = """
  INSERT INTO {table} ({names}) SELECT {new} FROM next_listings t
  WHERE NOT EXISTS (SELECT FROM {table} l
    WHERE l.{key} BETWEEN %(first)s AND %(last)s AND l.{key} = t.{key})
  ORDER BY t.{key}
"""
