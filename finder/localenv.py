"""Makes .venv and installs the packages into it; starting a database or the site is not here.

Standard library only: dev.py imports it before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
FIRST, LAST = (3, 11), (3, 13)


class Stop(Exception):
    """Ends the run; the message is the one sentence its reader needs."""


def python_for_venv() -> str:
    """Give a Python this project runs on: this one, or one found on PATH."""
    if FIRST <= sys.version_info[:2] <= LAST:
        return sys.executable
    for minor in range(LAST[1], FIRST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and runs(found):
            return found
    raise Stop(
        f"MHG Finder needs Python 3.{FIRST[1]} to 3.{LAST[1]} and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}; no other was found on PATH. Install one"
        f" and run it, for example: python3.{LAST[1]} dev.py demo"
    )


def runs(python: str) -> bool:
    """Say whether a Python starts and has a version this project runs on."""
    code = f"import sys; sys.exit(not {FIRST} <= sys.version_info[:2] <= {LAST})"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def wanted_stamp() -> str:
    """Give the fingerprint of everything that decides what gets installed."""
    told = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        told.update((ROOT / name).read_bytes())
    return told.hexdigest()


def missing_extras(stamp: dict, wanted: str, extras: list[str]) -> list[str] | None:
    """Give the extras to install, or None when all is there; what was there is kept."""
    if stamp.get("hash") == wanted and set(extras) <= set(stamp.get("extras", [])):
        return None
    return sorted({*extras, *stamp.get("extras", [])})


def install(extras: list[str]) -> None:
    """Make .venv and install the packages, unless nothing changed since the last time."""
    stamp = read_json(STAMP) if runs(str(PYTHON)) else {}
    needed = missing_extras(stamp, wanted_stamp(), extras)
    if needed is None:
        return
    uv = shutil.which("uv")
    if not runs(str(PYTHON)):
        make_venv(python_for_venv())
    say("Installing packages (about half a minute the first time)")
    target = f".[{','.join(needed)}]" if needed else "."
    what = ["-c", "constraints.txt", "-e", target]
    by_uv = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *what] if uv else None
    if by_uv and call(by_uv):
        say("uv could not; trying pip")
        call([str(PYTHON), "-m", "ensurepip"])
        by_uv = None
    if not by_uv:
        install_by_pip(what)
    write_private(STAMP, json.dumps({"hash": wanted_stamp(), "extras": needed}))


def make_venv(python: str) -> None:
    say("Making .venv")
    if call([python, "-m", "venv", "--clear", str(VENV)]):
        raise Stop(
            "Python could not make .venv. On Debian or Ubuntu: apt install python3-venv"
            " (as root), then run this again."
        )


def install_by_pip(what: list[str]) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [str(PYTHON), "-m", "pip", "install", *quiet, *what],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # Its warnings speak of the machine's own set-up, so they are shown only when it fails.
    if done.returncode:
        raise Stop(f"{done.stdout}\nThe packages could not be installed; pip says why above.")


def say(text: str) -> None:
    """Tell how far we are, apart from what a command prints for others to read."""
    print(f"== {text}", file=sys.stderr, flush=True)


def call(command: list[str], env: dict | None = None, *, seconds: float | None = None) -> int:
    """Run a command in the project's folder and give its exit code."""
    child = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        say(f"Gave up after {seconds:.0f} seconds: {' '.join(command[:3])}")
        return 1
    finally:
        end(child)


def read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_private(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def end(child: subprocess.Popen) -> None:
    """End a process we started, and wait for it."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
