"""Streams rows into a table by COPY, the quickest way in; constraints hold and triggers fire.

Rows are taken one by one while the server reads, so a million of them need no more memory than
a few. The text form of values is PostgreSQL's (COPY, "Text Format").
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, JSONField, Model

_ROWS_AT_ONCE = 500
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def columns_of(model: type[Model], *, without: Iterable[str] = ()) -> list[Field]:
    """The fields a row is written with: all but what the server makes itself."""
    fields = model._meta.concrete_fields
    return [field for field in fields if not field.generated and field.name not in {*without}]


def copy_rows(table: str, fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of values, in the order of ``fields``, into a table; return how many."""
    names = ", ".join(f'"{field.column}"' for field in fields)
    stream = _Stream(lines(fields, rows))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', stream, 1 << 16)
        return cursor.rowcount


def copy_models(rows: Iterable[Model], *, model: type[Model]) -> int:
    """Write new rows of one model, whose ids are set; nothing is filled in for them."""
    fields = columns_of(model)
    names = [field.attname for field in fields]
    values = ([row.__dict__[name] for name in names] for row in rows)
    return copy_rows(model._meta.db_table, fields, values)


class Blank:
    """A new row of a model with its defaults, to be filled in by name; dearer to make than to use.

    ``at`` is the moment it is made, for fields that note one.
    """

    def __init__(self, model: type[Model], *, at: datetime) -> None:
        self.fields = columns_of(model)
        self.places = {field.attname: place for place, field in enumerate(self.fields)}
        row = model()
        self.values = [
            at if getattr(field, "auto_now_add", False) else getattr(row, field.attname)
            for field in self.fields
        ]

    def filled(self, **values: Any) -> list[Any]:
        """Return the values of one row, in the order of ``fields``."""
        row = self.values.copy()
        for name, value in values.items():
            row[self.places[name]] = value
        return row


def reserve_ids(model: type[Model], count: int) -> Iterator[int]:
    """Take so many ids, rising by one each where nobody else writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', model._meta.pk.column, count],
        )
        return iter(sorted(number for (number,) in cursor.fetchall()))


def lines(fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the line of each row."""
    tellers = [_teller(field) for field in fields]
    for row in rows:
        yield "\t".join([tell(value) for tell, value in zip(tellers, row, strict=True)]) + "\n"


def _teller(field: Field) -> Callable[[Any], str]:
    if isinstance(field, JSONField):
        return _tell_json
    return _tell_array if isinstance(field, ArrayField) else _tell


def _tell(value: Any) -> str:
    if value is None:
        return r"\N"
    # Most values are texts, and most of these need no escape; this is the quickest way to know.
    if isinstance(value, str):
        return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _tell_json(value: Any) -> str:
    return orjson.dumps(value).decode().translate(_ESCAPES)


def _tell_array(value: Sequence[str] | None) -> str:
    return r"\N" if value is None else _array(tuple(value))


@lru_cache(maxsize=4096)
def _array(codes: tuple[str, ...]) -> str:
    quoted = (f'"{_quoted(code)}"' for code in codes)
    return f"{{{','.join(quoted)}}}".translate(_ESCAPES)


def _quoted(code: str) -> str:
    return str(code).replace("\\", "\\\\").replace('"', '\\"')


class _Stream:
    """Lines as the file that COPY reads from."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source, self.rest = source, b""

    def read(self, size: int) -> bytes:
        while len(self.rest) < size:
            more = "".join(islice(self.source, _ROWS_AT_ONCE))
            if not more:
                break
            self.rest += more.encode()
        told, self.rest = self.rest[:size], self.rest[size:]
        return told
