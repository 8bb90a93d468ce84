"""Seeding and indexing a whole directory beside the bare COPY and index build of the same rows."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2

from benchmarks.speed.preparing import SEED, Directory, copied_empty, drop
from benchmarks.speed.report import Target
from benchmarks.speed.servers import SpeedError
from finder.localenv import ROOT, say

LISTINGS = ("finder_listing", "finder_listingtext", "finder_listedword")
ROWS = ("finder_place", "finder_group", "finder_meeting", "finder_assessment", *LISTINGS)
MOST_MB = 1024


@dataclass(frozen=True)
class Ran:
    """How long a command took, and the most memory its process held."""

    seconds: float
    megabytes: float


def measured(admin: str, meetings: int) -> tuple[list[Target], list[str]]:
    """Seed and index a scratch directory, then do the least that could be done."""
    directory = copied_empty(admin, "mhg_speed_scratch", meetings)
    try:
        say(f"seed, reindex and bare COPY of {meetings:,} meetings")
        seeded = run(directory, "seed", "--meetings", str(meetings), "--seed", str(SEED))
        indexed = run(directory, "reindex")
        bare_all, bare_listings = bare(directory, ROWS), bare(directory, LISTINGS)
        seen = _seen(directory)
    finally:
        drop(admin, "mhg_speed_scratch")
    notes = [
        f"seed {seeded.seconds:.1f} s, reindex {indexed.seconds:.1f} s; bare COPY and indexes of"
        f" the same rows {bare_all:.1f} s, of the listings alone {bare_listings:.1f} s.",
        *seen,
    ]
    return [
        Target("seed : bare COPY and index build", seeded.seconds / bare_all, 3),
        Target("reindex : bare COPY and index build", indexed.seconds / bare_listings, 3),
        Target("seed, most MB at once", seeded.megabytes, MOST_MB),
        Target("reindex, most MB at once", indexed.megabytes, MOST_MB),
    ], notes


def run(directory: Directory, *arguments: str) -> Ran:
    """Run a command of the project and weigh its process."""
    env = {**os.environ, "DATABASE_OWNER_URL": directory.owner, "LOG_LEVEL": "WARNING"}
    env |= {"DATABASE_URL": directory.owner}
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env)
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SpeedError(f"{arguments[0]} failed; the lines above say why.")
    return Ran(time.monotonic() - began, used.ru_maxrss / 1024)


def bare(directory: Directory, tables: tuple[str, ...]) -> float:
    """Give the seconds that COPY into empty tables, their indexes and VACUUM ANALYZE take."""
    connection = psycopg2.connect(directory.owner)
    connection.autocommit = True
    with connection.cursor() as cursor:
        there = [table for table in tables if _exists(cursor, table)]
        cursor.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
        texts = {table: _text(cursor, table) for table in there}
        began = time.monotonic()
        for table, (columns, text) in texts.items():
            cursor.execute(f"CREATE TABLE bare.{table} (LIKE {table} INCLUDING GENERATED)")
            cursor.copy_expert(f"COPY bare.{table} ({columns}) FROM STDIN", text)
            for statement in _indexes(cursor, table):
                cursor.execute(statement)
        cursor.execute(f"VACUUM ANALYZE {', '.join(f'bare.{table}' for table in there)}")
        took = time.monotonic() - began
        cursor.execute("DROP SCHEMA bare CASCADE")
    connection.close()
    return took


def _exists(cursor, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s)", [f"public.{table}"])
    return cursor.fetchone()[0] is not None


def _text(cursor, table: str) -> tuple[str, io.StringIO]:
    """Give the columns that are stored as told, and the rows as COPY writes them."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = ''",
        [table],
    )
    columns, text = cursor.fetchone()[0], io.StringIO()
    cursor.copy_expert(f"COPY {table} ({columns}) TO STDOUT", text)
    text.seek(0)
    return columns, text


def _indexes(cursor, table: str) -> Iterator[str]:
    cursor.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s", [table]
    )
    for (statement,) in cursor.fetchall():
        yield statement.replace(f"ON public.{table}", f"ON bare.{table}")


def _seen(directory: Directory) -> Iterator[str]:
    """Say how much of the listings the visibility map covers after reindex."""
    connection = psycopg2.connect(directory.owner)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relallvisible::float / greatest(relpages, 1) FROM pg_class"
            " WHERE oid = 'finder_listing'::regclass"
        )
        share = cursor.fetchone()[0]
    connection.close()
    return [f"After reindex {share:.0%} of the listings' pages are known to be visible to all."]
