"""Sources are read when it is time; a broken one holds up no other and says how it went."""

from dataclasses import replace
from datetime import timedelta

import pytest

from finder.feeds import pulling
from finder.models import ImportRun, ImportStatus, Source
from tests.finder.feeds.pulls import HERE, NOW, feed, names, pull, source_at
from tests.finder.feeds.servers import always, one_after_another, reply

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
