"""Every table as text, out of one moment of the database and into an empty one.

By COPY and not by pg_dump: the owner of the tables is bound by row-level security, and a role
that is not would be a third one to guard. Sessions, caches and counts of a day are left out.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from referrals.models import Organization
from referrals.tenancy import organization

FORMAT = 1
END = b"\\.\n"
# Sessions end with a restore, and the rest is made anew.
LEFT_OUT = {
    *{"django_session", "finder_cache", "finder_worker", "finder_tally", "finder_salt"},
    "django_migrations",
}
PIECE = 1 << 16


class NotWhole(Exception):
    """What came in is not what went out; nothing is kept."""


@dataclass(frozen=True)
class Header:
    """What a copy says of itself."""

    made_at: str
    # The newest migrations of each app, which the tables were made by.
    migrations: list[tuple[str, str]]


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    is_fenced: bool

    @property
    def list_(self) -> str:
        return ", ".join(f'"{column}"' for column in self.columns)


def write(file: io.BufferedIOBase, *, now: datetime) -> dict[str, int]:
    """Write every table as it stands at one moment; return how many rows of each."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        leaves = MigrationLoader(connection).graph.leaf_nodes()
        _say(file, {"format": FORMAT, "made_at": now.isoformat(), "migrations": leaves})
        counts = {table.name: _write_table(file, table) for table in _tables()}
        _say(file, {"sequences": _sequences(), "rows": counts})
    return counts


def _say(file: io.BufferedIOBase, told: dict) -> None:
    file.write(json.dumps(told).encode() + b"\n")


def _write_table(file: io.BufferedIOBase, table: _Table) -> int:
    _say(file, {"table": table.name, "columns": table.columns})
    rows = 0
    for owner in _owners() if table.is_fenced else [None]:
        with organization(owner), connection.cursor() as cursor:
            which = "" if not table.is_fenced else f" WHERE {_belongs(owner)}"
            asked = f"COPY (SELECT {table.list_} FROM {table.name}{which}) TO STDOUT"
            cursor.copy_expert(asked, file)
            rows += cursor.rowcount
    file.write(END)
    return rows


def _belongs(owner: UUID | None) -> str:
    return "organization_id IS NULL" if owner is None else f"organization_id = '{owner}'"


def _owners() -> list[UUID | None]:
    return [None, *Organization.objects.order_by("pk").values_list("pk", flat=True)]


def _tables() -> list[_Table]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relforcerowsecurity,
              array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
              AND a.attnum > 0 AND NOT a.attisdropped
            GROUP BY 1, 2 ORDER BY 1
            """
        )
        return [
            _Table(name, tuple(columns), is_fenced)
            for name, is_fenced, columns in cursor.fetchall()
            if name not in LEFT_OUT
        ]


def _sequences() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        return {name: value for name, value in cursor.fetchall() if value is not None}


# --- Into an empty database -----------------------------------------------------------


def read_header(file: io.BufferedIOBase) -> Header:
    """Read what a copy says of itself, before anything is done with it."""
    told = json.loads(file.readline() or b"{}")
    if told.get("format") != FORMAT:
        raise NotWhole("This copy was made by another version of this site.")
    return Header(told["made_at"], [tuple(leaf) for leaf in told["migrations"]])


def load(file: io.BufferedIOBase) -> dict[str, int]:
    """Put the rest of a copy in the place of all rows; needs a transaction and the owner.

    Triggers and row-level security stand aside for it, in this transaction alone.
    """
    tables = {table.name: table for table in _tables()}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables.values():
            cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
            if table.is_fenced:
                cursor.execute(f"ALTER TABLE {table.name} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        counts = dict(_load_tables(cursor, file, tables))
        # Every key of every row is looked at here.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables.values():
            cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
            if table.is_fenced:
                cursor.execute(f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY")
    return counts


def _load_tables(cursor, file: io.BufferedIOBase, tables: dict[str, _Table]) -> Iterator:
    counts: dict[str, int] = {}
    while told := json.loads(file.readline() or b"{}"):
        if "rows" in told:
            if told["rows"] != counts:
                raise NotWhole("The number of rows is not what it was.")
            for name, value in told["sequences"].items():
                cursor.execute("SELECT setval(%s, %s)", [name, value])
            return
        table = tables.get(told["table"])
        if table is None or not set(told["columns"]) <= set(table.columns):
            raise NotWhole(f"There is no table {told['table']} like that here.")
        columns = ", ".join(f'"{column}"' for column in told["columns"])
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN", _Rows(file))
        counts[table.name] = cursor.rowcount
        yield table.name, cursor.rowcount
    raise NotWhole("This copy has no end.")


class _Rows:
    """The rows of one table, up to the line that ends them."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file, self._is_over = file, False

    def read(self, size: int = PIECE) -> bytes:
        found, length = [], 0
        while not self._is_over and length < size:
            line = self._file.readline()
            if line in (END, b""):
                self._is_over = True
                break
            found.append(line)
            length += len(line)
        return b"".join(found)
