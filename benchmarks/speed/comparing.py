"""Runs the mix against the product and the comparators, side by side in one run."""

import contextlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from statistics import fmean

from benchmarks.naive import addresses as naive
from benchmarks.speed import datasette, floors, mix
from benchmarks.speed.driving import Driven, ask, drive, request
from benchmarks.speed.figures import Figures, figures
from benchmarks.speed.mix import Shape
from benchmarks.speed.preparing import Directory, connect, local
from benchmarks.speed.servers import PRODUCT, Serving, SpeedError, serving
from finder.localenv import ROOT, say

API, SQL, MEMORY = "API", "SQL, bare WSGI", "bytes from memory"
ORM, NAIVE, DATASETTE = "ORM + DRF, same table", "naive DRF", "datasette, SQLite"
# Driven in turns, so that what else the machine does meets them all alike.
TOGETHER = (API, SQL, MEMORY, ORM)
FLOORS = (API, SQL, MEMORY)
ALL = (*TOGETHER, NAIVE, DATASETTE)
CONNECTIONS = (1, 16)
TURNS = 3
CHECKED = 10
# Words typed wrong are only corrected where somebody built that; and the naive search wants all
# words in one tag.
NOT_ALIKE = {(ORM, "text_typo"), (NAIVE, "text_typo"), (DATASETTE, "text_typo")}
NOT_ALIKE |= {(NAIVE, "text3")}
Addresses = Callable[[Shape, dict], str]


@dataclass
class Compared:
    """All that one run measured."""

    meetings: int
    shapes: list[str]
    # By comparator and number of connections.
    driven: dict[tuple[str, int], Figures] = field(default_factory=dict)
    # The floor's statements alone, without HTTP.
    statements: Figures | None = None
    weights: dict[str, float] = field(default_factory=dict)
    # Bytes of the product's answers by shape: mean, mean compressed, most compressed.
    sizes: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    # Sentences on answers that do not agree.
    disagreements: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def addresses() -> dict[str, Addresses]:
    """Give how each comparator is asked."""
    return {
        API: lambda shape, given: shape.api(given),
        MEMORY: lambda shape, given: shape.api(given),
        SQL: lambda shape, given: shape.path(given),
        ORM: lambda shape, given: shape.spelled_path(given),
        NAIVE: lambda shape, given: naive.path(shape.name, given),
        DATASETTE: lambda shape, given: datasette.path(shape.name, given),
    }


@contextlib.contextmanager
def product(directory: Directory, *, with_files: bool = False) -> Iterator[Serving]:
    """Start the site as deployed: the image's command and settings, the site's role."""
    env = deployed(directory)
    if with_files and not _are_gathered():
        gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(gather, cwd=ROOT, env={**os.environ, **env}, check=True)
    with serving(API, PRODUCT, **env) as server:
        yield server


def _are_gathered() -> bool:
    """Say whether the static files were gathered since any of them changed."""
    kept = ROOT / "staticfiles" / "staticfiles.json"
    files = (path for path in (ROOT / "static").rglob("*") if path.is_file())
    return kept.exists() and kept.stat().st_mtime > max(path.stat().st_mtime for path in files)


def deployed(directory: Directory) -> dict[str, str]:
    """Give the settings of a site behind a proxy."""
    return {
        "DATABASE_URL": directory.app,
        "DATABASE_OWNER_URL": "",
        "SECRET_KEY": "only-for-measuring-" * 3,
        "PHI_KEYS": "k1:" + "A" * 43 + "=",
        "PHI_INDEX_KEY": "B" * 43 + "=",
        "REPORTER_KEY": "C" * 43 + "=",
        "AUDIT_KEY": "D" * 43 + "=",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_PROXY": "1",
        "LOG_LEVEL": "INFO",
        "DEBUG": "0",
        "DEMO": "0",
    }


def compare(
    directory: Directory,
    *,
    seconds: float,
    sets: int = 100,
    only: tuple[str, ...] = ALL,
) -> Compared:
    """Drive the mix against each comparator and check that their answers agree."""
    with contextlib.ExitStack() as running:
        connection = running.enter_context(contextlib.closing(connect(directory.owner)))
        cursor = connection.cursor()
        servers = {API: running.enter_context(product(directory))}
        shapes, notes = _askable(servers[API], mix.shapes(cursor, sets=sets))
        shapes = [_with_depth(cursor, servers[API], shape) for shape in shapes]
        compared = Compared(directory.meetings, [shape.name for shape in shapes], notes=notes)
        bodies = _remember(servers[API], shapes, compared)
        servers |= _others(running, directory, cursor, bodies, only, compared)
        _check(servers, shapes, compared, cursor)
        _drive_all(servers, shapes, compared, seconds)
        compared.statements = _statements(cursor, shapes, seconds)
        compared.weights = {name: server.weight() for name, server in servers.items()}
    return compared


def _askable(server: Serving, shapes: list[Shape]) -> tuple[list[Shape], list[str]]:
    """Leave out what the API does not answer, and say so."""
    kept, notes = [], []
    for shape in shapes:
        status = ask(server.port, shape.api(shape.sets[0])).status if shape.sets else 0
        if status == 200:
            kept.append(shape)
        else:
            notes.append(f"{shape.name} is left out: the API answers {status or 'nothing'}.")
    return kept, notes


def _with_depth(cursor, server: Serving, shape: Shape) -> Shape:
    """Walk to the deep page of each set: 400 meetings in, or half way where there are fewer."""
    if shape.name != "deep_page":
        return shape
    deep = []
    for given in shape.sets[:40]:
        cursor.execute(floors.statement("deep_count", given), given)
        step = min(100, cursor.fetchone()[0] // 8)
        if step:
            there = _cursor_after(server, shape, given, step)
            deep.append(given | there | _row_at(cursor, given, step * 4))
    return replace(shape, sets=tuple(deep))


def _cursor_after(server: Serving, shape: Shape, given: dict, step: int) -> dict:
    path = f"{shape.api(given)}&page_size={step}"
    for _page in range(4):
        address = json.loads(ask(server.port, path).body)["next"]
        path = "/" + address.split("/", 3)[3]
    query = dict(pair.split("=", 1) for pair in path.split("?")[1].split("&"))
    return {"api_cursor": query["cursor"], "api_depth": step * 4}


def _row_at(cursor, given: dict, depth: int) -> dict:
    cursor.execute(floors.statement("deep_row", given), given | {"skip": depth - 1})
    distance, id_ = cursor.fetchone()
    return {"after_d": distance, "after_id": id_}


def _remember(server: Serving, shapes: list[Shape], compared: Compared) -> dict[str, bytes]:
    """Ask the product everything once, and keep its answers."""
    bodies = {}
    for shape in shapes:
        plain, packed = [], []
        for given in shape.sets:
            path = shape.api(given)
            answer = ask(server.port, path)
            if answer.status != 200:
                raise SpeedError(f"The API answers {answer.status} to {path}.")
            bodies[path] = answer.body
            plain.append(len(answer.body))
            packed.append(len(ask(server.port, path, Accept_Encoding="gzip").body))
        compared.sizes[shape.name] = (fmean(plain), fmean(packed), max(packed))
    return bodies


def _others(
    running: contextlib.ExitStack,
    directory: Directory,
    cursor,
    bodies: dict[str, bytes],
    only: tuple[str, ...],
    compared: Compared,
) -> dict[str, Serving]:
    """Start the comparators that are wanted, each by the image's command where it can."""
    kept = local(f"bodies-{directory.meetings}.pickle")
    kept.write_bytes(pickle.dumps({_spelled(path): body for path, body in bodies.items()}))
    owner = {"DATABASE_URL": directory.owner}
    started = {
        SQL: ("benchmarks.speed.floors:by_sql", {"SPEED_DATABASE_URL": directory.owner}),
        MEMORY: ("benchmarks.speed.floors:from_memory", {"SPEED_BODIES": str(kept)}),
        ORM: ("benchmarks.speed.orm_wsgi:application", {**owner, "DEMO": "1"}),
        NAIVE: ("benchmarks.naive.wsgi:application", owner),
    }
    servers = {
        name: running.enter_context(serving(name, target, **env))
        for name, (target, env) in started.items()
        if name in only
    }
    if DATASETTE in only:
        if datasette.installed() is None:
            compared.notes.append(f"{DATASETTE} is left out: it could not be installed.")
        else:
            command = datasette.command(datasette.kept(cursor, directory.meetings))
            servers[DATASETTE] = running.enter_context(
                serving(DATASETTE, command, alive=datasette.ALIVE)
            )
    return servers


def _spelled(path: str) -> str:
    """Write an address as a WSGI server hands it on."""
    return path if "?" in path else f"{path}?"


def _check(servers: dict[str, Serving], shapes: list[Shape], compared: Compared, cursor) -> None:
    """Compare how much each comparator finds with what the floor finds, for some sets of each."""
    asked = addresses()
    for shape in shapes:
        for given in shape.sets[:CHECKED]:
            now = given | ({"minute": mix.minute_now()} if "minute" in given else {})
            wanted = mix.read(shape, ask(servers[SQL].port, asked[SQL](shape, now)).body)
            for name, server in servers.items():
                if name in (SQL, MEMORY) or (name, shape.name) in NOT_ALIKE:
                    continue
                if name in (NAIVE, DATASETTE) and given is not shape.sets[0]:
                    continue
                found = _found(name, shape, ask(server.port, asked[name](shape, now)).body)
                if found != wanted:
                    sentence = f"{found:,}, and {wanted:,} by SQL: {shape.api(given)}"
                    compared.disagreements.setdefault(name, []).append(sentence)


def _found(name: str, shape: Shape, body: bytes) -> int:
    if name == DATASETTE:
        return datasette.count(shape.name, json.loads(body))
    return mix.read(shape, body)


def _drive_all(
    servers: dict[str, Serving], shapes: list[Shape], compared: Compared, seconds: float
) -> None:
    together = [name for name in TOGETHER if name in servers]
    for connections in CONNECTIONS:
        say(f"{connections} connection{'s' * (connections > 1)}: {', '.join(together)}")
        sums = {name: Driven() for name in together}
        for turn in range(TURNS):
            for name in together[turn:] + together[:turn]:
                sums[name].add(
                    drive(
                        servers[name].port,
                        _requests(name, shapes),
                        connections=connections,
                        seconds=seconds / TURNS,
                        at_least=len(shapes),
                    )
                )
        for name, driven in sums.items():
            compared.driven[name, connections] = figures(driven, compared.shapes)
        for name in (NAIVE, DATASETTE):
            if name in servers:
                _drive_slow(name, servers[name], shapes, compared, connections, seconds)


def _drive_slow(
    name: str,
    server: Serving,
    shapes: list[Shape],
    compared: Compared,
    connections: int,
    seconds: float,
) -> None:
    """Drive what is slow for a whole round of shapes at least."""
    say(f"{connections} connection{'s' * (connections > 1)}: {name}")
    driven = drive(
        server.port,
        _requests(name, shapes),
        connections=connections,
        seconds=seconds,
        at_least=max(len(shapes), connections),
    )
    compared.driven[name, connections] = figures(driven, compared.shapes)


def _requests(name: str, shapes: list[Shape]) -> list[tuple[int, bytes]]:
    """Write the mix as requests, shape by shape in turn."""
    asked = addresses()[name]
    rounds = max(len(shape.sets) for shape in shapes)
    return [
        (number, request(asked(shape, shape.sets[turn % len(shape.sets)])))
        for turn in range(rounds)
        for number, shape in enumerate(shapes)
    ]


def _statements(cursor, shapes: list[Shape], seconds: float) -> Figures:
    """Time the floor's statements alone, over one connection."""
    driven, began, turn = Driven(), time.perf_counter(), 0
    while turn < 1 or time.perf_counter() - began < seconds:
        for number, shape in enumerate(shapes):
            given = shape.sets[turn % len(shape.sets)]
            started = time.perf_counter()
            floors.rows(cursor, shape.name, given)
            driven.answers.append((number, (time.perf_counter() - started) * 1000, 0))
        turn += 1
    driven.seconds = time.perf_counter() - began
    return figures(driven, [shape.name for shape in shapes])
