import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from finder.models import Group, ImportRun, Listing, Meeting, Place, Source
from tests.databases import test_database_url
from tests.factories import make_program, make_source
from tests.finder.feeds.servers import Server, always, reply

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests/data/feeds"
GUIDE = str(SAMPLES / "meeting_guide/springfield.json")
COUNTS = [
    "read", "created", "updated", "unchanged", "retired", "rejected", "repaired", "parked",
    "meetings", "problems",
]  # fmt: skip


def run(*args, **options):
    """Run the command; give its exit code, what it printed, and its sentence of refusal."""
    out, err = io.StringIO(), io.StringIO()
    options = {"source": "town", "program": "aa"} | options
    try:
        call_command("import_feed", *args, stdout=out, stderr=err, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def program(db):
    return make_program(slug="aa")


@pytest.mark.usefixtures("program")
class TestAnswers:
    """What the command prints and how it exits."""

    def test_json_has_exactly_the_counts_and_the_problems(self):
        code, out, _ = run(GUIDE, json=True)

        told = json.loads(out)
        assert (code, list(told)) == (0, COUNTS)
        assert (told["read"], told["created"], told["rejected"], told["meetings"]) == (7, 5, 2, 6)
        assert all(list(p) == ["row", "field", "code", "message"] for p in told["problems"])

    def test_words_tell_the_same(self):
        code, out, _ = run(GUIDE)

        assert code == 0
        assert out.startswith("read 7, created 5, updated 0, unchanged 0, retired 0, rejected 2")
        assert "row 6, name: The row has no name." in out

    def test_dry_run_writes_nothing(self):
        code, out, _ = run(GUIDE, json=True, dry_run=True)

        assert (code, json.loads(out)["created"]) == (0, 5)
        assert not Source.objects.exists()
        assert not Meeting.objects.exists()

    def test_bmlt_is_read_with_its_formats(self):
        formats = str(SAMPLES / "bmlt/formats.json")

        code, out, _ = run(str(SAMPLES / "bmlt/meetings.json"), json=True, formats=formats)

        assert (code, json.loads(out)["created"]) == (0, 3)
        assert Meeting.objects.get(slug="7001").types == ["literature", "meditation"]

    def test_parked_feed_exits_1_with_the_reason(self, tmp_path):
        run(GUIDE)
        feed = tmp_path / "feed.json"
        feed.write_text(json.dumps(json.loads(Path(GUIDE).read_text())[:1]))

        code, out, sentence = run(str(feed), json=True)

        told = json.loads(out)
        assert (code, told["parked"], told["created"], told["retired"]) == (1, 1, 0, 0)
        assert "no longer in the feed" in sentence
        assert run(str(feed), dry_run=True)[0] == 0
        assert run(str(feed), accept_shrink=True)[0] == 0

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("<html>", "web page"),
            ("", "empty"),
            ('[{"days": []}]', "neither Meeting Guide JSON nor BMLT JSON"),
            ("[" * 100_000, "nested too deeply"),
        ],
    )
    def test_unreadable_feed_exits_1_with_a_sentence(self, tmp_path, text, sentence):
        feed = tmp_path / "feed.json"
        feed.write_text(text)

        code, out, said = run(str(feed), json=True)

        assert (code, json.loads(out)["read"]) == (1, 0)
        assert sentence in said
        assert not Source.objects.exists()


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize(
    ("args", "options", "sentence"),
    [
        (["ftp://example.org/feed.json"], {}, "must begin with https://"),
        (["file:///etc/passwd"], {}, "must begin with https://"),
        (["http://someone:secret@example.org/"], {}, "user name or password"),
        (["https://example.org:5432/"], {}, "ports 80 and 443"),
        (["missing.json"], {}, "There is no file missing.json"),
        (["."], {}, "is a folder"),
        (["nul\x00byte"], {}, "cannot be read"),
        ([GUIDE], {"program": "nobody"}, "There is no program nobody"),
        ([GUIDE], {"source": "not a slug"}, "--source takes letters"),
        ([GUIDE], {"format": "telegram"}, "--format telegram is not known"),
        ([GUIDE], {"timezone": "Mars/Phobos"}, "no IANA zone"),
        ([GUIDE], {"timezone": "EST"}, "no IANA zone"),
        ([GUIDE], {"formats": "missing.json"}, "There is no file missing.json"),
    ],
)
def test_wrong_usage_exits_2_with_a_sentence(args, options, sentence):
    code, out, said = run(*args, **options)

    assert (code, out) == (2, "")
    assert sentence in said


@pytest.mark.usefixtures("program")
def test_file_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr("finder.management.commands.import_feed.LARGEST", 1024**2)

    code, _out, said = run("/dev/zero")

    assert (code, said) == (2, "/dev/zero is larger than 1 MB.")


class TestAddresses:
    """A feed may be named by its address."""

    @pytest.fixture
    def server(self, settings, program):
        settings.FEEDS_FROM_LOOPBACK = True
        server = Server(always(reply(Path(GUIDE).read_bytes())))
        yield server
        server.close()

    def test_feed_at_an_address_is_imported_like_a_file(self, server):
        code, out, _ = run(server.url, json=True)

        told = json.loads(out)
        assert (code, told["read"], told["created"], told["rejected"]) == (0, 7, 5, 2)
        source = Source.objects.get()
        assert (source.url, source.interval_hours) == (server.url, 0)

    def test_address_of_a_source_is_kept(self, server, program):
        make_source(slug="town", program=program, url="https://feeds.example.org/")

        run(server.url)

        assert Source.objects.get().url == "https://feeds.example.org/"

    def test_dry_run_reads_the_address_and_writes_nothing(self, server):
        code, _, _ = run(server.url, dry_run=True)

        assert (code, server.seen) == (0, 1)
        assert not Source.objects.exists()

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            (reply(b"<!doctype html><p>Hello"), "a web page, not a feed"),
            (reply(status="500 Oops"), "an error of its own (500)"),
            (reply(b"[]"), "feed is empty"),
        ],
    )
    def test_address_without_a_feed_exits_1_with_a_sentence(self, server, answer, sentence):
        server.answer = always(answer)

        code, out, said = run(server.url, json=True)

        assert (code, json.loads(out)["read"]) == (1, 0)
        assert sentence in said
        assert not Source.objects.exists()

    def test_parked_feed_leaves_the_source_as_it_was(self, server, program):
        run(GUIDE)
        server.answer = always(reply(json.dumps(json.loads(Path(GUIDE).read_text())[:1]).encode()))

        code, _, said = run(server.url)

        assert (code, Source.objects.get().url) == (1, "")
        assert "no longer in the feed" in said

    def test_private_address_exits_1_and_is_never_reached(self, server, settings):
        settings.FEEDS_FROM_LOOPBACK = False

        code, _, said = run("http://127.0.0.1/")

        assert code == 1
        assert "private network" in said
        assert server.seen == 0

    def test_wrong_usage_is_noticed_before_the_address_is_read(self, server):
        code, _, _ = run(server.url, program="nobody")

        assert (code, server.seen) == (2, 0)


def test_source_of_another_program_is_wrong_usage(program):
    make_source(slug="town", program=make_program(slug="na"))

    code, _, sentence = run(GUIDE)

    assert code == 2
    assert "belongs to another program, na" in sentence


# --- Two at once, and a kill ----------------------------------------------------------


def outside():
    """Open a connection of one's own to the test database."""
    wanted = connection.get_connection_params()
    return psycopg2.connect(
        host=wanted.get("host"),
        port=wanted.get("port"),
        user=wanted.get("user"),
        password=wanted.get("password"),
        dbname=connection.settings_dict["NAME"],
    )


def test_a_second_import_of_one_source_is_told_to_wait(program):
    other = outside()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import:town', 0))")

        code, _, sentence = run(GUIDE)

        assert (code, sentence) == (
            1, "Another import of this source is under way. Try again later.",
        )  # fmt: skip
    finally:
        other.close()
    assert run(GUIDE)[0] == 0


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_half_way_leaves_nothing():
    make_program(slug="aa")
    blocker = outside()
    # The import stops where it begins to write listings: groups and meetings are written by then.
    with blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE finder_listing IN EXCLUSIVE MODE")
    command = [
        sys.executable,
        "manage.py",
        "import_feed",
        GUIDE,
        "--source",
        "town",
        "--program",
        "aa",
    ]
    database = {"DATABASE_URL": test_database_url(), "DATABASE_OWNER_URL": ""}
    environment = os.environ | {"DEBUG": "1"} | database
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until_blocked(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    finally:
        blocker.close()

    wait_until_gone()
    for model in (Source, Group, Place, Meeting, Listing, ImportRun):
        assert model.objects.count() == 0
    assert run(GUIDE)[0] == 0
    assert Meeting.objects.count() == 6


def wait_until_blocked(process):
    # The backend of the other process asks for a lock that it is not given.
    for _ in range(600):
        assert process.poll() is None, "the import ended before it could be killed"
        if waiting():
            return
        time.sleep(0.1)
    pytest.fail("the import never came to the listings")


def wait_until_gone():
    for _ in range(600):
        if not waiting():
            return
        time.sleep(0.1)


def waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pg_locks
            WHERE relation = 'finder_listing'::regclass AND NOT granted
            """
        )
        return cursor.fetchone()[0]
