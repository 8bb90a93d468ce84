"""Writes many rows of one model in a few statements: the server reads them as one JSON value.

Django's own bulk_create compiles every value of every row, which takes most of a large import.
Nothing but the statement differs: constraints hold and the history's triggers fire.
"""

from collections.abc import Iterable, Sequence

import orjson
from django.db import connection, transaction
from django.db.models import Field, Model

BATCH = 2000


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows of one model; each gets its id."""
    if not rows:
        return
    model = type(rows[0])
    if model._meta.auto_field is not None:
        _number(model, rows)
    _write(model, rows, _columns(model), "")


def upsert(
    rows: Sequence[Model], *, unique: Sequence[str], update: Iterable[str] | None = None
) -> None:
    """Insert rows, or update those that agree in the ``unique`` fields.

    ``update`` names the fields to write over; None means every field but these and created_at.
    A row without an id gets one only in the database.
    """
    if not rows:
        return
    model = type(rows[0])
    held = {model._meta.get_field(name) for name in unique}
    columns = [field for field in _columns(model) if field in held or not _is_numbered(field)]
    wanted = columns if update is None else [model._meta.get_field(name) for name in update]
    changed = [f for f in wanted if f not in held and f.name != "created_at"]
    target = ", ".join(f'"{model._meta.get_field(name).column}"' for name in unique)
    settings = ", ".join(f'"{f.column}" = EXCLUDED."{f.column}"' for f in changed)
    _write(model, rows, columns, f"ON CONFLICT ({target}) DO UPDATE SET {settings}")


def analyze(*models: type[Model]) -> None:
    """Count these tables anew for the planner, which else takes a filled table for an empty one.

    Only their owner may; for another role PostgreSQL warns and goes on.
    """
    tables = ", ".join(f'"{model._meta.db_table}"' for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def vacuum(*models: type[Model]) -> None:
    """Clear these tables of dead rows and count them anew; inside a transaction, only count.

    Scans of an index alone need the map of pages that everybody sees, which only this makes.
    Readers and writers go on meanwhile. Only the owner of the tables may.
    """
    if connection.in_atomic_block:
        analyze(*models)
        return
    tables = ", ".join(f'"{model._meta.db_table}"' for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {tables}")


def _columns(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _is_numbered(field: Field) -> bool:
    return field is field.model._meta.auto_field


def _number(model: type[Model], rows: Sequence[Model]) -> None:
    nameless = [row for row in rows if row.pk is None]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', model._meta.pk.column, len(nameless)],
        )
        numbers = sorted(number for (number,) in cursor.fetchall())
    for row, number in zip(nameless, numbers, strict=True):
        row.pk = number


def _write(model: type[Model], rows: Sequence[Model], fields: list[Field], clause: str) -> None:
    table = f'"{model._meta.db_table}"'
    names = ", ".join(f'"{field.column}"' for field in fields)
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {names} "
        f"FROM json_populate_recordset(NULL::{table}, %s::json) {clause}"
    )
    related = [field for field in fields if field.is_relation]
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            told = [_values(row, fields, related) for row in rows[start : start + BATCH]]
            # Enums and dates are written as they are stored; bytes as PostgreSQL writes them.
            document = orjson.dumps(told, default=_hex, option=orjson.OPT_NON_STR_KEYS)
            cursor.execute(statement, [document.decode()])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _values(row: Model, fields: list[Field], related: list[Field]) -> dict:
    for field in related:
        # A related row may have got its id only since it was named here.
        if field.is_cached(row) and (found := field.get_cached_value(row)) is not None:
            setattr(row, field.attname, found.pk)
            field.set_cached_value(row, found)
    return {
        field.column: field.pre_save(row, True)
        if getattr(field, "auto_now_add", False)
        else row.__dict__[field.attname]
        for field in fields
    }


def _hex(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    # A lazy translation or another kind of text.
    return str(value)
