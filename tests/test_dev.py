"""dev.py reads its arguments, knows what is installed, and names what is in the way."""

import json
import os
import socket
import stat
import subprocess
import sys

import pytest

import dev
from finder import localenv
from tests import chromium


def run(*arguments, **variables):
    return subprocess.run(
        [sys.executable, str(dev.ROOT / "dev.py"), *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], **variables},
    )


# --- Arguments ------------------------------------------------------------------------


def test_help_names_every_command():
    done = run("--help")

    assert done.returncode == 0
    assert all(f"dev.py {command}" in done.stdout for command in dev.COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["serve"], ["-x"]])
def test_unknown_command_shows_the_commands_and_exits_2(arguments):
    done = run(*arguments)

    assert done.returncode == 2
    assert "dev.py demo" in done.stdout


@pytest.mark.parametrize(
    "given",
    [["-n", "4"], ["-n4"], ["-nauto"], ["--numprocesses=3"], ["--pdb"], ["-p", "no:xdist"]],
)
def test_callers_choice_of_processes_is_kept(given):
    assert dev.pytest_arguments([*given, "tests"]) == [*given, "tests"]


@pytest.mark.parametrize("given", [[], ["-k", "near"], ["tests/test_dev.py"], ["--no-header"]])
def test_tests_run_on_two_processors_otherwise(given):
    assert dev.pytest_arguments(given) == ["-n", "2", *given]


def test_taken_port_is_named_before_anything_is_set_up():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]

        done = run("demo", "--port", str(port))

    assert done.returncode == 1
    assert f"Port {port} is not free" in done.stderr
    assert done.stdout == ""


def test_port_beyond_the_last_is_refused_with_a_sentence():
    assert "Port 70000 is not free" in run("demo", "--port", "70000").stderr


# --- Packages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stamp", "extras", "missing"),
    [
        ({}, [], []),
        ({"hash": "now", "extras": []}, [], None),
        ({"hash": "now", "extras": ["dev", "e2e"]}, ["dev"], None),
        ({"hash": "now", "extras": []}, ["dev"], ["dev"]),
        ({"hash": "old", "extras": ["dev"]}, [], ["dev"]),
        ({"hash": "old", "extras": ["dev"]}, ["e2e"], ["dev", "e2e"]),
    ],
)
def test_packages_are_installed_only_when_something_changed(stamp, extras, missing):
    assert localenv.missing_extras(stamp, "now", extras) == missing


def test_stamp_changes_with_the_constraints(tmp_path, monkeypatch):
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(localenv, "ROOT", tmp_path)
    before = localenv.wanted_stamp()

    (tmp_path / "constraints.txt").write_text("two", encoding="utf-8")

    assert localenv.wanted_stamp() != before


def test_broken_stamp_counts_as_none(tmp_path):
    (tmp_path / "stamp").write_text('{"hash":', encoding="utf-8")

    assert localenv.read_json(tmp_path / "stamp") == {}
    assert localenv.read_json(tmp_path / "missing") == {}


def fake_python(folder, name, answer):
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {answer}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_another_python_is_found_when_this_one_is_too_new(tmp_path, monkeypatch):
    fake_python(tmp_path, "python3.13", 127)
    good = fake_python(tmp_path, "python3.12", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(localenv, "LAST", (3, 13))
    monkeypatch.setattr(localenv.sys, "version_info", (3, 14, 0))

    assert localenv.python_for_venv() == good


def test_no_fitting_python_is_said_plainly(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(localenv.sys, "version_info", (3, 9, 2))

    with pytest.raises(localenv.Stop, match=r"needs Python 3\.11 to 3\.13 and this is 3\.9"):
        localenv.python_for_venv()


# --- Database and secrets -------------------------------------------------------------


@pytest.mark.parametrize("command", ["migrate", "import_feed", "createsuperuser", "reassess"])
def test_commands_run_as_the_owner(command):
    assert dev.environment_for({"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner"}, command) == {
        "DATABASE_URL": "owner",
        "DATABASE_OWNER_URL": "owner",
    }


@pytest.mark.parametrize("command", sorted(dev.AS_THE_SITE))
def test_the_sites_own_work_runs_as_the_site(command):
    env = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner"}

    assert dev.environment_for(env, command) == env


def test_both_addresses_given_are_taken_as_they_are(monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/mhg")

    found = dev.their_addresses("postgresql://app@db/mhg", "", roles_only=False)

    assert found["DATABASE_URL"] == "postgresql://app@db/mhg"
    assert found["DATABASE_OWNER_URL"] == "postgresql://owner@db/mhg"


def test_secrets_are_made_once_and_readable_by_us_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "LOCAL", tmp_path / "local")

    first = dev.local_secrets()

    path = tmp_path / "local" / "secrets.json"
    assert dev.local_secrets() == first == json.loads(path.read_text(encoding="utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(set(first.values())) == len(first) == 7


def test_callers_own_settings_win_but_the_demo_stays_a_demo(monkeypatch, tmp_path):
    monkeypatch.setattr(dev, "LOCAL", tmp_path)
    monkeypatch.setenv("SECRET_KEY", "theirs")
    monkeypatch.setenv("DEMO", "0")

    env = dev.site_env({"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner"})

    assert (env["SECRET_KEY"], env["DEMO"], env["DATABASE_URL"]) == ("theirs", "1", "app")
    assert "ROLE_PASSWORD" not in env


def test_fingerprint_of_the_data_is_stable():
    assert dev.data_fingerprint() == dev.data_fingerprint()


# --- Chromium -------------------------------------------------------------------------


@pytest.mark.parametrize("name", chromium.CHROMIUMS)
def test_chromium_on_path_is_found(tmp_path, monkeypatch, name):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = fake_python(tmp_path, name, 0)

    assert chromium.find_chromium() == wanted


@pytest.mark.parametrize(
    "path",
    [
        "chromium-1200/chrome-linux/chrome",
        "chromium-1200/chrome-linux64/chrome",
        "chromium_headless_shell-1200/chrome-headless-shell-linux64/chrome-headless-shell",
    ],
)
def test_playwrights_own_chromium_is_found(tmp_path, monkeypatch, path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "its [browsers]"))
    wanted = tmp_path / "its [browsers]" / path
    wanted.parent.mkdir(parents=True)
    wanted.touch()

    assert chromium.find_chromium() == str(wanted)


def test_no_chromium_gives_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    for name in ("PATH", "HOME", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.setenv(name, str(tmp_path))

    assert chromium.find_chromium() == ""


def test_browser_tests_are_left_out_and_counted_without_chromium(tmp_path):
    count = tmp_path / "count"
    env = {**os.environ, "CHROMIUM": "", "PATH": "/nowhere", "HOME": str(tmp_path)}
    env |= {"BROWSER_TESTS_LEFT_OUT": str(count), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:xdist",
            "tests/test_conditions.py",
            "-m",
            "browser",
        ],
        cwd=dev.ROOT,
        env=env,
        capture_output=True,
        text=True,
    )

    assert "browser tests were left out" in done.stdout
    assert count.read_text(encoding="utf-8") == "1"
