"""Makes the two database roles and the database; run as ``python -m finder.roles``.

``mhg_owner`` owns the schema and ``mhg_app`` serves pages: it owns nothing, so it can neither
change the schema nor step around row-level security.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

OWNER, APP = "mhg_owner", "mhg_app"
RIGHTS = {
    OWNER: "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
    APP: "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
}
NOTE = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
SERVER_DATABASES = {"", "postgres", "template1", "root"}


class RolesError(Exception):
    """The roles cannot be made or used; the message says why in a sentence."""


@dataclass(frozen=True)
class Addresses:
    """What the two kinds of process connect with, and what was noted on the database."""

    owner: str
    app: str
    note: str = ""


@contextmanager
def connected(url: str) -> Iterator[psycopg2.extensions.cursor]:
    """Open a cursor that commits each statement, as CREATE DATABASE asks for."""
    connection = psycopg2.connect(url, connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def derive(url: str, user: str, password: str, database: str) -> str:
    """Give the address of another role and database on the same server."""
    parts = urlsplit(url)
    _, _, server = parts.netloc.rpartition("@")
    who = quote(user) + (f":{quote(password, safe='')}" if password else "")
    return urlunsplit(parts._replace(netloc=f"{who}@{server}", path=f"/{quote(database)}"))


def database_of(url: str) -> str:
    """Give the database an address names; a server's own stand for ``mhg``."""
    name = urlsplit(url).path.strip("/")
    return "mhg" if name in SERVER_DATABASES else name


def may_make_roles(url: str) -> bool:
    """Say whether the role of an address is a superuser or may create roles."""
    with connected(url) as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        return cursor.fetchone()[0]


def make(
    url: str,
    *,
    database: str,
    owner_password: str = "",
    app_password: str = "",
    create_database: bool = True,
) -> Addresses:
    """Make what is missing of the roles and the database, and prove that both roles connect.

    A role that is already there keeps its password, since others may use it.
    """
    secrets = {OWNER: owner_password, APP: app_password}
    with connected(url) as cursor:
        for role, rights in RIGHTS.items():
            _make_role(cursor, role, rights, secrets[role])
        # The owner may act as the site does: tests of row-level security need it.
        cursor.execute(f"GRANT {APP} TO {OWNER}")
        cursor.execute(f"GRANT {OWNER} TO CURRENT_USER")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if create_database and not cursor.fetchone():
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
        cursor.execute(NOTE, [database])
        found = cursor.fetchone()
    at = database if create_database else urlsplit(url).path.strip("/") or "postgres"
    for role in RIGHTS:
        _prove(derive(url, role, secrets[role], at), role)
    return Addresses(
        derive(url, OWNER, secrets[OWNER], database),
        derive(url, APP, secrets[APP], database),
        (found and found[0]) or "",
    )


def note(url: str, text: str) -> None:
    """Write a note on the database, which goes wherever the database goes."""
    with connected(url) as cursor:
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(database_of(url))), [text]
        )


def _make_role(cursor, role: str, rights: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone():
        return
    ending = " PASSWORD %s" if password else ""
    cursor.execute(f"CREATE ROLE {role} {rights}{ending}", [password] if password else None)


def _prove(url: str, role: str) -> None:
    try:
        with connected(url) as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            if cursor.fetchone()[0]:
                raise RolesError(f"The role {role} steps around row-level security. Alter it.")
    except psycopg2.OperationalError as error:
        raise RolesError(
            f"The role {role} is on this server but cannot connect ({str(error).strip()})."
            " Set DATABASE_OWNER_URL and DATABASE_URL to the two roles yourself."
        ) from error


def main(arguments: list[str]) -> int:
    """Read the administrator's address from DATABASE_ADMIN_URL and print the two as JSON.

    A role that may not make others is left as it is: both addresses come out empty.
    """
    parser = argparse.ArgumentParser(prog="python -m finder.roles", description=__doc__)
    parser.add_argument("--database", default="", help="instead of the one the address names")
    parser.add_argument("--roles-only", action="store_true", help="make no database")
    parser.add_argument("--note", default="", help="only write this on the database")
    options = parser.parse_args(arguments)
    url = os.environ.get("DATABASE_ADMIN_URL", "")
    try:
        if not url:
            raise RolesError("DATABASE_ADMIN_URL is not set. It is a superuser's address.")
        if options.note:
            note(url, options.note)
        else:
            print(json.dumps(asdict(_made(url, options))))
    except (RolesError, psycopg2.Error) as error:
        print(str(error).strip(), file=sys.stderr)
        return 1
    return 0


def _made(url: str, options: argparse.Namespace) -> Addresses:
    if not may_make_roles(url):
        return Addresses("", "")
    return make(
        url,
        database=options.database or database_of(url),
        owner_password=os.environ.get("OWNER_PASSWORD", ""),
        app_password=os.environ.get("APP_PASSWORD", ""),
        create_database=not options.roles_only,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
