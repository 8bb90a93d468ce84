"""Prepares a seeded directory in a database of its own, and keeps it until something changes."""

import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from psycopg2 import sql

from benchmarks.speed import floor_tables
from benchmarks.speed.servers import SpeedError
from finder import roles
from finder.localenv import ROOT, say

SEED = 7
# Beyond this nobody waits for the naive version, nor for what is compared only once.
MOST_NAIVE = 200_000
# Whatever decides what an empty database holds, what listings are seeded, and what is copied.
EMPTY = ("finder/migrations/*.py", "referrals/migrations/*.py", "finder/data/programs.json")
SEEDED = (
    *EMPTY,
    *("finder/demo/*.py", "finder/data/demo.json", "finder/acceptance/*.py"),
    *("finder/search/index.py", "finder/search/document.py", "finder/search/words.py"),
)
LAID_OUT = (
    *("benchmarks/naive/models.py", "benchmarks/naive/fill.py"),
    "benchmarks/speed/floor_tables.py",
)


@dataclass(frozen=True)
class Directory:
    """A prepared database: its size, and the addresses of the owner and of the site."""

    meetings: int
    owner: str
    app: str


def fingerprint(patterns: Iterable[str]) -> str:
    """Give the fingerprint of the files that decide what a prepared directory holds."""
    told = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]


def prepare(admin: str, meetings: int, *, keeps: bool = False) -> Directory:
    """Give the directory of so many meetings, made anew unless the kept one is still right.

    ``keeps`` takes the kept one even so, migrated and indexed anew, which is quicker.
    """
    name = f"mhg_speed_{meetings}"
    seeded = f"speed {SEED} {fingerprint(SEEDED)}"
    laid_out = f"{seeded} {fingerprint(LAID_OUT)} {_clocks()}"
    made = _made(admin, name)
    directory = Directory(meetings, made.owner, made.app)
    if made.note == laid_out:
        say(f"The directory of {meetings:,} meetings is there from an earlier run")
        return directory
    if keeps and made.note:
        manage(directory, "migrate", "--verbosity", "0")
        manage(directory, "reindex")
    elif not made.note.startswith(seeded):
        directory = _seeded(admin, name, meetings)
        roles.note(directory.owner, seeded)
    lay_out(directory, with_naive=not (keeps and has_naive(directory)))
    roles.note(directory.owner, laid_out)
    return directory


def _seeded(admin: str, name: str, meetings: int) -> Directory:
    directory = copied_empty(admin, name, meetings)
    say(f"Making a directory of {meetings:,} meetings")
    began = time.monotonic()
    manage(directory, "seed", "--meetings", str(meetings), "--seed", str(SEED))
    say(f"seed: {time.monotonic() - began:.0f} s, {_children_mb():.0f} MB at most")
    return directory


def empty_directory(admin: str) -> str:
    """Give the name of a database with programs and places alone, to be copied."""
    name = "mhg_speed_0"
    wanted = f"speed {fingerprint(EMPTY)}"
    made = _made(admin, name)
    if made.note != wanted:
        began = time.monotonic()
        drop(admin, name)
        made = _made(admin, name)
        directory = Directory(0, made.owner, made.app)
        for command in ("migrate", "load_programs", "load_places"):
            manage(directory, command, "--verbosity", "0")
        roles.note(made.owner, wanted)
        say(f"Programs and places: {time.monotonic() - began:.0f} s")
    return name


def copied_empty(admin: str, name: str, meetings: int) -> Directory:
    """Make a database anew with programs and places alone."""
    source = empty_directory(admin)
    drop(admin, name)
    parts = [sql.Identifier(n) for n in (name, source, roles.OWNER)]
    with roles.connected(admin) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*parts))
    made = _made(admin, name)
    return Directory(meetings, made.owner, made.app)


def has_naive(directory: Directory) -> bool:
    """Say whether the naive version's tables are there."""
    with roles.connected(directory.owner) as cursor:
        cursor.execute("SELECT to_regclass('naive_meeting_tags')")
        return cursor.fetchone()[0] is not None


def lay_out(directory: Directory, *, with_naive: bool = True) -> None:
    """Fill the tables of the floor and of the naive version from the listings."""
    began = time.monotonic()
    with roles.connected(directory.owner) as cursor:
        cursor.execute("BEGIN")
        floor_tables.fill(cursor)
        cursor.execute("COMMIT")
    say(f"The floor's tables: {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    if with_naive and directory.meetings <= MOST_NAIVE:
        naive(directory, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0")
        naive(directory, "-m", "benchmarks.naive.fill")
    with roles.connected(directory.owner) as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"The naive tables, VACUUM ANALYZE: {time.monotonic() - began:.0f} s")


def manage(directory: Directory, *arguments: str) -> None:
    """Run a command of the project as the owner of the directory's database."""
    _run(["manage.py", *arguments], directory, DATABASE_OWNER_URL=directory.owner)


def naive(directory: Directory, *arguments: str) -> None:
    """Run Python with the settings of the naive version."""
    _run(arguments, directory, DJANGO_SETTINGS_MODULE="benchmarks.naive.settings")


def _run(arguments, directory: Directory, **variables: str) -> None:
    env = {**os.environ, "DATABASE_URL": directory.owner, "LOG_LEVEL": "WARNING", **variables}
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=False)
    if done.returncode:
        raise SpeedError(f"{' '.join(arguments)} failed; the lines above say why.")


def _made(admin: str, name: str) -> roles.Addresses:
    if not roles.may_make_roles(admin):
        raise SpeedError(
            "Measuring needs databases of its own, and the role of DATABASE_URL may not make"
            " roles. Name a superuser, or unset DATABASE_URL to use the embedded server."
        )
    password = os.environ.get("ROLE_PASSWORD", "")
    return roles.make(admin, database=name, owner_password=password, app_password=password)


def drop(admin: str, name: str) -> None:
    """Take a database away, whoever is still connected."""
    with roles.connected(admin) as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _clocks() -> str:
    """Name how far ahead of UTC the zones are now: the floor is right only until that changes."""
    zones = ("America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu")
    return ",".join(str(floor_tables.minutes_east(z, datetime.now(UTC))) for z in zones)


def _children_mb() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def connect(address: str):
    """Open a connection that commits each statement."""
    connection = psycopg2.connect(address)
    connection.autocommit = True
    return connection


def local(name: str) -> Path:
    """Give a file's path in this checkout's own folder."""
    folder = ROOT / ".local" / "speed"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
