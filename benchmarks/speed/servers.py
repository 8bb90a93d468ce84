"""Starts application servers the way the image does, and weighs their processes."""

import contextlib
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.driving import ask
from finder.localenv import ROOT, VENV, end

PRODUCT = "finder.wsgi:application"
# What decides how our own settings behave is set anew for each server.
LEFT_OUT = ("DEBUG", "DEMO", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "DJANGO_SETTINGS_MODULE")


class SpeedError(Exception):
    """Ends the run; the message is the one sentence its reader needs."""


@dataclass(frozen=True)
class Serving:
    """A running server."""

    name: str
    port: int
    pid: int

    def weight(self) -> float:
        """Give the megabytes of all its processes, what they share counted once (PSS)."""
        return sum(_pss(pid) for pid in _family(self.pid)) / 1024


def deployed_command() -> list[str]:
    """Read how the image starts the site."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"^CMD (\[.*\])\s*$", text, re.MULTILINE)
    if not found:
        raise SpeedError("The Dockerfile does not say how the site is started (CMD).")
    return json.loads(found[-1])


def command_for(target: str, port: int) -> list[str]:
    """Give the image's command for another application, at a port of this machine alone."""
    name, *words = deployed_command()
    if PRODUCT not in words:
        raise SpeedError(f"The Dockerfile does not start {PRODUCT}.")
    words = [target if word == PRODUCT else word for word in words]
    words = [word.replace("0.0.0.0", "127.0.0.1").replace("8000", str(port)) for word in words]
    return [str(VENV / "bin" / name), *words]


@contextlib.contextmanager
def serving(
    name: str, target: str | Sequence[str], *, alive: str = "/livez", **variables: str
) -> Iterator[Serving]:
    """Start a server and stop it at the end: an application, or a whole command with {port}."""
    port = _free_port()
    command = (
        command_for(target, port)
        if isinstance(target, str)
        else [word.replace("{port}", str(port)) for word in target]
    )
    kept = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
    log = ROOT / ".local" / "speed" / f"{re.sub(r'[^a-z]+', '-', name.lower())}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, "PYTHONPATH": str(ROOT), **variables},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(name, child, port, alive, log)
        yield Serving(name, port, child.pid)
    finally:
        end(child)


def _wait(name: str, child: subprocess.Popen, port: int, alive: str, log: Path) -> None:
    until = time.monotonic() + 90
    while child.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            if ask(port, alive).status < 500:
                return
        time.sleep(0.1)
    last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise SpeedError(f"{name} did not start:\n{last}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _family(pid: int) -> list[int]:
    """Give a process and all that came of it."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return [pid]
    return [pid, *(one for child in told.split() for one in _family(int(child)))]


def _pss(pid: int) -> int:
    """Give the kilobytes of one process (Linux; elsewhere nothing is told)."""
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
        return int(found[1]) if found else 0
    return 0
