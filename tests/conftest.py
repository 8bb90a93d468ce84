"""What every test stands on: no network, a frozen clock, the two roles, and a browser."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import sync_playwright

from tests.chromium import find_chromium
from tests.signing_in import ProvedClient

# Playwright's own loop runs in the test's thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A busy machine is slow now and then; that is no fault of the code.
hypothesis_settings.register_profile("steady", deadline=None)
hypothesis_settings.load_profile("steady")
# A password takes a tenth of a second to hash on purpose; a test that makes a person need not.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1
LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}
NO_CHROMIUM = "no Chromium was found"
# Tuesday, noon in New York; winter time everywhere in the United States.
NOON = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)


# --- Network --------------------------------------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Refuse every address but this machine's own, so that no test leans on the outside."""
    patch = pytest.MonkeyPatch()
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise OSError(f"Tests may not reach {address[0]}.")
        return connect(self, address)

    def guarded_lookup(host, *args, **kwargs):
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name not in LOOPBACK and not name.startswith("127."):
            raise socket.gaierror(socket.EAI_NONAME, f"Tests may not look up {name}.")
        return lookup(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    patch.undo()


# --- Snapshots ------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_snapshot(settings, tmp_path):
    """Give each test a folder of its own for snapshots, with none in it."""
    settings.SNAPSHOT_DIR = str(tmp_path / "snapshots")


@pytest.fixture(autouse=True)
def own_anchors(settings, tmp_path):
    """Give each test a folder of its own for the notes on the record."""
    settings.AUDIT_ANCHORS = str(tmp_path / "anchors")


# --- Clock and cache ------------------------------------------------------------------


@pytest.fixture
def now():
    """Stop the clock at a Tuesday noon in New York, and give that moment."""
    with time_machine.travel(NOON, tick=False):
        yield NOON


def uses_database(item):
    """Say whether a test asks for the database by fixture or mark."""
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def empty_cache(request, _live_server_helper):
    """Rate limits and lookups live in the cache: no test may meet another's."""
    if uses_database(request.node):
        request.getfixturevalue("_django_db_helper")
        cache.clear()


# --- Signing in ----------------------------------------------------------------------


@pytest.fixture
def client():
    """Sign people in as if they had just proved their second step."""
    return ProvedClient()


# --- Database -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let tests that commit empty the tables: a trigger that forbids TRUNCATE is switched off."""
    find = """
        SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger
        WHERE NOT tgisinternal AND (tgtype & 32) <> 0
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(find)
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture
def as_the_site(db):
    """Go on as mhg_app, the role that serves pages, until the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE mhg_app")


# --- Browser --------------------------------------------------------------------------


def pytest_addoption(parser):
    """Offer to run only what another database server could change."""
    parser.addoption("--database-only", action="store_true", help="tests that use the database")


def pytest_collection_modifyitems(config, items):
    """Leave browser tests out, with the reason, where there is no Chromium."""
    if config.getoption("--database-only"):
        items[:] = [item for item in items if uses_database(item)]
    if find_chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter):
    """Count what was left out, for the reader and for dev.py."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = sum(NO_CHROMIUM in str(report.longrepr) for report in skipped)
    note = os.environ.get("BROWSER_TESTS_LEFT_OUT", "")
    if note:
        Path(note).write_text(str(left_out), encoding="utf-8")
    if left_out:
        terminalreporter.write_line(f"{left_out} browser tests were left out: {NO_CHROMIUM}.")


@pytest.fixture(scope="session")
def chromium():
    """Start the machine's Chromium once; journeys open their own contexts in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """Open a fresh page that fails the test on a script error or an error in the console."""
    context = chromium.new_context(locale="en-US", timezone_id="America/New_York")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console",
        lambda message: page.problems.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert page.problems == []
