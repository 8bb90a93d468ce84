"""Health: alive without a database, ready only with one whose schema fits."""

import pytest
from django.db import DatabaseError, connection


def test_livez_asks_nobody(client):
    response = client.get("/livez")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_readyz_is_well_with_database_and_schema(client, db):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_says_when_migrations_wait(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'finder'")

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations wait\n")


def test_readyz_says_when_the_database_does_not_answer(client, db):
    def broken(execute, sql, params, many, context):
        raise DatabaseError("gone: secret-host")

    with connection.execute_wrapper(broken):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert b"secret-host" not in response.content


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_only_reading_is_allowed(client, db, address):
    assert client.post(address).status_code == 405
