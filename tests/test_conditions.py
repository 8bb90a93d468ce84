"""The conditions every test runs under hold."""

import socket

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_network_outside_this_machine_is_refused(host):
    with pytest.raises(OSError, match="Tests may not"):
        socket.create_connection((host, 80), timeout=1)


def test_clock_stands_still(now):
    assert timezone.now() == now == timezone.now()


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_cache_is_empty_at_first(turn):
    assert cache.get("left-behind") is None

    cache.set("left-behind", turn)


def test_site_role_may_not_change_the_schema(as_the_site):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_schema_privilege('public', 'CREATE')")

        assert cursor.fetchone() == ("mhg_app", False)


def test_driver_is_psycopg2():
    assert connection.Database.__name__ == "psycopg2"


@pytest.mark.browser
def test_browser_opens_a_page(live_server, page):
    page.goto(f"{live_server.url}/about/")

    assert page.title()
