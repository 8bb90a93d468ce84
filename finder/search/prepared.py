"""Statements of one form asked many times: each connection has the database plan them once.

Reading and planning a search takes the database longer than running it. The driver has no
prepared statements of its own, so they are written out; values never become part of a plan's text.
"""

import re
from dataclasses import dataclass, field
from itertools import count
from weakref import WeakKeyDictionary

from django.db import connection

# Beyond so many forms a connection keeps no more: each takes memory of the server.
MOST = 100
_VALUE = re.compile(r"%\((\w+)\)s")
_numbers = count(1)


@dataclass
class _Kept:
    """What a connection has prepared, and how it is told to choose between plans."""

    names: dict[str, str] = field(default_factory=dict)
    mode: str = "auto"


_known: WeakKeyDictionary[object, _Kept] = WeakKeyDictionary()


def fetch(sql: str, params: dict, *, is_steady: bool = False) -> list[tuple]:
    """Run a statement with named values and return its rows, in one round trip.

    ``is_steady`` says that one plan is right whatever the values: where the statement itself
    fixes which index leads. Else the database weighs a plan for these values each time it seems
    worth that, since it cannot know.
    """
    connection.ensure_connection()
    kept = _known.setdefault(connection.connection, _Kept())
    run = kept.names.get(sql)
    before, mode = "", "force_generic_plan" if is_steady else "auto"
    if run is None and len(kept.names) < MOST:
        before, run = _written(sql)
    # A transaction that is undone takes its setting back, so within one none is relied on.
    is_undoable = connection.in_atomic_block
    if is_undoable or mode != kept.mode:
        before = f"SET plan_cache_mode = {mode};{before}"
    with connection.cursor() as db:
        db.execute(before + (run or sql), params)
        rows = db.fetchall()
    if run:
        kept.names[sql] = run
    kept.mode = "" if is_undoable else mode
    return rows


def _written(sql: str) -> tuple[str, str]:
    """Write the statements that prepare and run it; a value is numbered each time it is named."""
    # Never the same name twice: a plan may outlive the answer that failed beside it.
    name, numbers = f"search_{next(_numbers)}", count(1)
    body = _VALUE.sub(lambda _found: f"${next(numbers)}", sql)
    values = ", ".join(f"%({value})s" for value in _VALUE.findall(sql))
    given = f" ({values})" if values else ""
    return f"PREPARE {name} AS {body};", f"EXECUTE {name}{given}"
