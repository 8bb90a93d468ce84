"""Many sources are read when it is their time, and a broken one holds up no other."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from finder import jobs, outbox
from finder.feeds import pulling
from finder.models import Job, Source
from tests.factories import make_source
from tests.finder.feeds.pulls import HERE, NOW, feed, names, pull, source_at
from tests.finder.feeds.servers import always, reply

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
