"""Rebuilding writes what differs, span by span, and keeps nobody waiting."""

import threading

import pytest
from django.db import connection, connections, transaction

from finder.models import Listing, ListingText, Meeting
from finder.search import index, rewriting
from tests.factories import make_meeting

SMALL = 2


@pytest.fixture
def small_spans(monkeypatch):
    monkeypatch.setattr(rewriting, "SPAN", SMALL)


def stored():
    names = [field.attname for field in rewriting.FIELDS[ListingText]]
    return {row[0]: row for row in ListingText.objects.values_list(*names)}


@pytest.mark.django_db
def test_spans_hold_every_meeting_once(small_spans):
    ids = [make_meeting().pk for _ in range(5)]

    spans = list(rewriting.spans())

    held = [[pk for pk in ids if first <= pk <= last] for first, last in spans]
    assert held == [ids[:2], ids[2:4], ids[4:]]
    assert spans[0][0] == 0
    assert all(before[1] + 1 == after[0] for before, after in zip(spans, spans[1:], strict=False))


@pytest.mark.django_db
def test_rebuilding_mends_what_is_wrong_missing_or_left_over(small_spans):
    meetings = [make_meeting(name=f"Meeting {n}") for n in range(5)]
    index.rebuild()
    told = stored()
    Listing.objects.filter(pk=meetings[0].pk).update(sort_name="wrong")
    ListingText.objects.filter(pk=meetings[1].pk).update(document="{}")
    ListingText.objects.filter(pk=meetings[2].pk).delete()
    Listing.objects.filter(pk=meetings[3].pk).delete()
    Meeting.objects.filter(pk=meetings[4].pk).update(status="paused")

    assert index.rebuild() == 4

    told.pop(meetings[4].pk)
    assert stored() == told
    assert set(Listing.objects.values_list("sort_name", flat=True)) == {
        f"meeting {n}" for n in range(4)
    }


@pytest.mark.django_db
def test_rebuilding_what_is_right_writes_nothing(small_spans):
    for _ in range(3):
        make_meeting()
    index.rebuild()
    before = _row_versions()

    index.rebuild()

    assert _row_versions() == before


def _row_versions():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'l', meeting_id, ctid::text, xmin::text FROM finder_listing "
            "UNION SELECT 't', listing_id, ctid::text, xmin::text FROM finder_listingtext"
        )
        return set(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_rebuilding_in_processes_keeps_no_reader_waiting(monkeypatch):
    monkeypatch.setattr(rewriting, "SPAN", 5)
    for number in range(40):
        make_meeting(name=f"Meeting {number}")
    index.rebuild()
    Listing.objects.update(sort_name="old")
    done, failed, reads = threading.Event(), [], []

    def read():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '250ms'")
                while not done.is_set():
                    with transaction.atomic():
                        reads.append(Listing.objects.count())
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        kept = index.rebuild()
    finally:
        done.set()
        reader.join()

    assert (kept, failed, set(reads)) == (40, [], {40})
    assert not Listing.objects.filter(sort_name="old").exists()


@pytest.fixture
def waits_for_the_log(transactional_db):
    """Commit as a real server does; one for tests does not wait, and a page written a moment
    ago is not marked as visible before its commit is in the log."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        yield
        cursor.execute("RESET synchronous_commit")


def test_rebuilding_leaves_every_page_visible_to_scans_of_an_index(waits_for_the_log):
    for number in range(10):
        make_meeting(name=f"Meeting {number}")
    index.rebuild()
    Listing.objects.update(sort_name="old")

    index.rebuild()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relpages > 0 AND relallvisible = relpages FROM pg_class "
            "WHERE relname IN ('finder_listing', 'finder_listingtext')"
        )
        assert cursor.fetchall() == [(True,), (True,)]


@pytest.mark.django_db(transaction=True)
def test_a_listing_written_meanwhile_is_not_put_back():
    meeting = make_meeting(name="Before")
    index.rebuild()
    Listing.objects.update(sort_name="wrong")
    tries = []

    def rows_of(span):
        rows = list(index._rows_of(span))
        tries.append(span)
        if len(tries) == 1:
            # As another process would, between reading and writing.
            writer = threading.Thread(target=_rename, args=[meeting.pk])
            writer.start()
            writer.join()
        return rows

    rewriting.rewrite((0, meeting.pk), rows_of)

    assert len(tries) == 2
    assert Listing.objects.get().sort_name == "after"


def _rename(meeting_id):
    Meeting.objects.filter(pk=meeting_id).update(name="After")
    index.refresh([meeting_id])
    connections.close_all()
