"""Statements of one form asked many times: each connection has the database plan them once.

Reading and planning a search takes the database longer than running it. The driver has no
prepared statements of its own, so they are written out; values never become part of a plan's text.
"""

import re
from itertools import count
from weakref import WeakKeyDictionary

from django.db import connection

# Beyond so many forms a connection keeps no more: each takes memory of the server.
MOST = 100
_VALUE = re.compile(r"%\((\w+)\)s")
_numbers = count(1)
_known: WeakKeyDictionary[object, dict[str, str]] = WeakKeyDictionary()


def fetch(sql: str, params: dict) -> list[tuple]:
    """Run a statement with named values and return its rows, in one round trip."""
    connection.ensure_connection()
    names = _known.setdefault(connection.connection, {})
    run = names.get(sql)
    prepare = ""
    if run is None and len(names) < MOST:
        prepare, run = _written(sql)
    with connection.cursor() as db:
        db.execute(prepare + (run or sql), params)
        rows = db.fetchall()
    if prepare:
        names[sql] = run
    return rows


def _written(sql: str) -> tuple[str, str]:
    """Write the statements that prepare and run it; a value is numbered each time it is named."""
    # Never the same name twice: a plan may outlive the answer that failed beside it.
    name, numbers = f"search_{next(_numbers)}", count(1)
    body = _VALUE.sub(lambda _found: f"${next(numbers)}", sql)
    values = ", ".join(f"%({value})s" for value in _VALUE.findall(sql))
    given = f" ({values})" if values else ""
    return f"PREPARE {name} AS {body};", f"EXECUTE {name}{given}"
