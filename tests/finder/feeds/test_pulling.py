"""Sources are read when it is time; a broken one holds up no other and says how it went."""

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from finder import jobs, outbox
from finder.feeds import pulling
from finder.feeds.network import Network
from finder.models import ImportRun, ImportStatus, Job, Meeting, Source
from tests.factories import make_source
from tests.finder.feeds.servers import Server, always, one_after_another, reply

NOW = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
HERE = Network(with_loopback=True, seconds=0.8)


def feed(count=10, prefix="m", **fields):
    """Write a Meeting Guide feed of invented groups that meet in one hall each."""
    rows = [
        {
            "slug": f"{prefix}-{number}",
            "name": f"Lantern {number}",
            "day": number % 7,
            "time": "19:00",
            "address": f"{number + 1} Walnut Street",
            "city": "Springfield",
            "state": "IL",
            "postal_code": "62701",
            "latitude": 39.8,
            "longitude": -89.65,
            "timezone": "America/Chicago",
            **fields,
        }
        for number in range(count)
    ]
    return json.dumps(rows).encode()


@pytest.fixture
def serve():
    """Start servers that answer as the test says; all are closed with it."""
    servers = []

    def start(answer):
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def server(serve):
    """A server of ten meetings, with a validator."""
    return serve(always(reply(feed(), etag='"1"')))


def source_at(server, **fields):
    defaults = {"url": server.url, "interval_hours": 24, "format": "meeting_guide"}
    return make_source(**defaults | fields)


def pull(source, *, now=NOW, network=HERE):
    return pulling.pull(source, now=now, network=network)


def names(source):
    return sorted(
        Meeting.objects.filter(source=source, status="active").values_list("name", flat=True)
    )


# --- One pull -------------------------------------------------------------------------


@pytest.mark.django_db
def test_pull_imports_and_sets_the_next(server):
    source = source_at(server)

    ended = pull(source)

    assert ended == pulling.Pull(pulling.Result.APPLIED)
    assert len(names(source)) == 10
    assert source.last_success_at == source.last_pulled_at == NOW
    assert source.next_pull_at == NOW + timedelta(hours=24)
    assert (source.health, source.failures, source.etag) == ("", 0, '"1"')


@pytest.mark.django_db
def test_pull_of_an_unchanged_feed_asks_by_its_validator_and_reads_nothing(server):
    source = source_at(server)
    pull(source)
    server.answer = always(reply(status="304 Not Modified"))

    ended = pull(source, now=NOW + timedelta(days=1))

    assert ended.result == pulling.Result.UNCHANGED
    assert b'If-None-Match: "1"' in server.requests[1]
    assert source.last_seen_at == source.last_success_at == NOW + timedelta(days=1)
    assert ImportRun.objects.count() == 1


@pytest.mark.django_db
def test_validator_is_not_sent_when_what_we_hold_came_another_way(server):
    source = source_at(server)
    pull(source)
    Source.objects.update(last_hash="of a file that was imported since")
    source.refresh_from_db()

    pull(source)

    assert b"If-None-Match" not in server.requests[1]


@pytest.mark.django_db
def test_pull_writes_no_history_of_the_source(server):
    source = source_at(server)
    before = Source.pgh_event_model.objects.count()

    pull(source)

    assert Source.pgh_event_model.objects.count() == before


BROKEN = {
    "error": (reply(status="500 Oops"), "an error of its own (500)"),
    "challenge": (reply(b"<html><title>Just a moment...</title>"), "only a browser can pass"),
    "page": (reply(b"<!doctype html><p>Welcome"), "a web page, not a feed"),
    "no JSON": (reply(b'[{"name": oops}]'), "not JSON"),
    "cut off": (reply(feed()[:-300]), "cut off"),
    "broken off": (reply(feed(), content_length="999999"), "broke off"),
    "nothing": (reply(b""), "feed is empty"),
    "null": (reply(b"null"), "no list of meetings"),
    "another format": (reply(b'[{"colour": "red"}]'), "No row of this feed"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", BROKEN)
def test_failed_pull_keeps_the_last_good_data_and_says_why(server, way):
    source = source_at(server)
    pull(source)
    kept = names(source)
    data, words = BROKEN[way]
    server.answer = always(data)

    ended = pull(source, now=NOW + timedelta(days=1))

    assert ended.result == pulling.Result.FAILED
    assert words in source.health and source.health.endswith(".")
    assert names(source) == kept
    assert source.failures == 1
    assert source.last_success_at == source.last_seen_at == NOW
    assert source.last_pulled_at == NOW + timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"[]", feed(1), feed(7), feed(10, prefix="other", name="New", address="9 Elm")]
)
def test_feed_that_looks_wrong_is_parked_and_nothing_changes(server, body):
    source = source_at(server)
    pull(source)
    kept = names(source)
    server.answer = always(reply(body, etag='"2"'))

    ended = pull(source, now=NOW + timedelta(days=1))

    assert ended.result in (pulling.Result.PARKED, pulling.Result.FAILED)
    assert names(source) == kept
    assert source.health == ended.sentence != ""
    assert source.last_success_at == NOW
    # With the new validator the feed would be "unchanged" for ever, and never be applied.
    assert source.etag == '"1"'


@pytest.mark.django_db
def test_feed_that_is_parked_already_is_not_parked_again(server):
    source = source_at(server)
    pull(source)
    server.answer = always(reply(feed(3)))

    first = pull(source, now=NOW + timedelta(days=1))
    second = pull(source, now=NOW + timedelta(days=2))

    assert first.result == second.result == pulling.Result.PARKED
    assert first.sentence == second.sentence == source.health
    assert ImportRun.objects.filter(status=ImportStatus.PARKED).count() == 1


@pytest.mark.django_db
def test_recovery_clears_what_was_wrong(server):
    source = source_at(server)
    good = server.answer
    server.answer = always(reply(status="500 Oops"))
    pull(source)
    server.answer = good

    pull(source, now=NOW + timedelta(hours=1))

    assert (source.health, source.failures) == ("", 0)
    assert source.next_pull_at == NOW + timedelta(hours=25)


@pytest.mark.django_db
def test_each_failure_waits_longer_up_to_a_day(server):
    source = source_at(server, interval_hours=1)
    server.answer = always(reply(status="500 Oops"))
    waits = []
    for _ in range(8):
        pull(source)
        waits.append(source.next_pull_at - NOW)

    hours = [wait / timedelta(hours=1) for wait in waits]
    assert hours == [1, 2, 4, 8, 16, 24, 24, 24]


@pytest.mark.django_db
def test_wait_that_the_server_asks_for_is_kept(server):
    source = source_at(server)
    server.answer = always(reply(status="429 Slow", retry_after=str(3 * 86400)))

    pull(source)

    assert source.next_pull_at == NOW + timedelta(days=3)


@pytest.mark.django_db
def test_feed_that_moved_for_good_is_read_and_reported(server):
    source = source_at(server)
    server.answer = one_after_another(
        reply(status="301 Moved", location="/new.json"), reply(feed())
    )

    ended = pull(source)

    assert ended.result == pulling.Result.APPLIED
    assert source.health == f"The feed has moved for good. Its new address is {server.url}new.json"
    assert source.failures == 0


@pytest.mark.django_db
def test_address_entered_during_a_pull_is_still_due(server):
    source = source_at(server)
    Source.objects.update(url="https://feeds.example.org/new.json")

    pull(source)

    assert (source.next_pull_at, source.etag, source.last_pulled_at) == (None, "", None)


@pytest.mark.django_db
def test_source_pointed_inside_fails_without_a_connection(server):
    source = source_at(server)

    ended = pull(source, network=replace(HERE, with_loopback=False))

    assert ended.result == pulling.Result.FAILED
    assert server.seen == 0


@pytest.mark.django_db
def test_source_without_an_interval_is_read_only_when_asked(server):
    source = source_at(server, interval_hours=0)

    pull(source)

    assert len(names(source)) == 10
    assert source.next_pull_at is None
    assert pulling.enqueue_due(now=NOW + timedelta(days=999)) == 0


# --- When -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_due_sources_are_asked_for_once_each():
    day = timedelta(days=1)
    url = {"url": "https://feeds.example.org/", "interval_hours": 24}
    new = make_source(**url)
    late = make_source(**url, next_pull_at=NOW - day)
    make_source(**url, next_pull_at=NOW + day)
    make_source(**url, is_active=False)
    make_source(interval_hours=24)
    make_source(url=url["url"])

    asked = [pulling.enqueue_due(now=NOW), pulling.enqueue_due(now=NOW)]

    assert asked == [2, 2]
    assert [job.args["source"] for job in Job.objects.order_by("args__source")] == [new.pk, late.pk]


@pytest.mark.django_db
def test_job_of_a_source_that_was_switched_off_does_nothing(server):
    source = source_at(server, is_active=False)

    jobs.pull_source(now=NOW, source=source.pk)
    jobs.pull_source(now=NOW, source=0)

    assert server.seen == 0


@pytest.mark.django_db(transaction=True)
def test_pull_during_another_import_of_its_source_waits(server):
    source = source_at(server)
    pulling.enqueue_pull(source, now=NOW)
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(lock, [f"import:{source.slug}"])
        _in_another_thread(_work_off)

    job = Job.objects.get(kind=pulling.KIND)
    source.refresh_from_db()
    assert "under way" in job.last_error
    assert job.finished_at is job.failed_at is None
    assert (source.failures, source.health, source.last_pulled_at) == (0, "", None)


def _in_another_thread(call):
    def run():
        try:
            call()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


# --- Twenty sources -------------------------------------------------------------------


def _wait_out(client, request):
    time.sleep(2)


TROUBLES = {
    "error": always(reply(status="500 Oops")),
    "challenge": always(reply(b"<html><title>Just a moment...</title>", status="403 No")),
    "timeout": _wait_out,
    "invalid": always(reply(b"[{]")),
    "empty": always(reply(b"")),
    "truncated": always(reply(feed(12)[:-40])),
}


@pytest.mark.django_db(transaction=True)
def test_fourteen_of_twenty_are_imported_and_six_keep_their_last_good_data(serve):
    servers = [serve(always(reply(feed(10)))) for _ in range(20)]
    sources = [source_at(server) for server in servers]
    for source in sources:
        pull(source)
    for server in servers:
        server.answer = always(reply(feed(12)))
    for server, trouble in zip(servers, TROUBLES.values(), strict=False):
        server.answer = trouble
    Source.objects.update(next_pull_at=outbox.clock())

    done = _work_off()

    done_well = [source for source in sources[6:] if len(names(source)) == 12]
    broken = Source.objects.filter(failures=1).order_by("pk")
    assert done == 21
    assert len(done_well) == 14
    assert list(broken) == sources[:6]
    assert [len(names(source)) for source in broken] == [10] * 6
    assert all(source.health.endswith(".") and source.last_seen_at == NOW for source in broken)
    assert len({source.health for source in broken}) >= 5
    assert not Job.objects.exclude(last_error="").exists()


def _work_off():
    def read(*, now, source):
        pulling.pull(Source.objects.get(pk=source), now=now, network=HERE)

    tasks = jobs.TASKS | {pulling.KIND: outbox.Task(read, is_atomic=False)}
    recurring = [job for job in jobs.RECURRING if job.kind == "queue_pulls"]
    return outbox.work(
        tasks, name="here", stop=threading.Event(), is_once=True, recurring=recurring
    )


@pytest.mark.django_db
def test_error_of_ours_is_kept_and_raised(server):
    source = source_at(server)

    def break_down(host, port):
        raise ZeroDivisionError("217-555-0100")

    with pytest.raises(ZeroDivisionError):
        pull(source, network=replace(HERE, resolve=break_down))

    source.refresh_from_db()
    assert source.health == "Reading it stopped on an error of ours (ZeroDivisionError)."
    assert source.failures == 1
