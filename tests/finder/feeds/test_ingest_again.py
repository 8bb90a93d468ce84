import random
from datetime import time

import pytest

from finder.feeds import ingest
from finder.models import (
    ImportRun,
    ImportStatus,
    Listing,
    Meeting,
    Source,
)
from finder.vocab import Status
from tests.finder.feeds.town import NOW, TEN, counts, digest, row, row_counts

pytestmark = pytest.mark.django_db


def test_the_same_feed_again_writes_one_run_and_nothing_else(bring):
    bring([*TEN, {"slug": "junk"}])
    before, said = row_counts(), digest()

    for _ in range(2):
        outcome = bring([*TEN, {"slug": "junk"}], now=NOW.replace(day=11))
        assert counts(outcome, "unchanged", "updated", "created", "retired") == (10, 0, 0, 0)

    after = row_counts()
    assert {m: after[m] - before[m] for m in after if after[m] != before[m]} == {
        "finder_importrun": 2
    }
    assert digest() == said
    assert Source.objects.get().last_seen_at == NOW.replace(day=11)


def test_the_order_of_rows_makes_no_difference(bring):
    rows = [*TEN, row(3, day=5), row(4, slug=..., day=2), row(5, name="Group Cedar 5", day=6)]
    bring(rows)
    said = digest()

    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert counts(bring(rows), "unchanged", "updated") == (13, 0)

    assert digest() == said


def test_a_changed_row_is_updated_and_searchable_at_once(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    outcome = bring([*TEN[:3], row(3, time="20:15"), *TEN[4:]])

    assert counts(outcome, "updated", "unchanged") == (1, 9)
    after = Meeting.objects.get(slug="slug-3")
    assert (after.pk, after.start) == (before.pk, time(20, 15))
    assert Listing.objects.get(pk=after.pk).start == time(20, 15)


def test_a_meeting_that_is_gone_is_retired_and_one_that_returns_is_back(bring):
    bring(TEN)

    outcome = bring(TEN[:9])

    assert counts(outcome, "retired", "unchanged") == (1, 9)
    gone = Meeting.objects.get(slug="slug-9")
    assert (gone.status, gone.retired_on) == (Status.RETIRED, NOW.date())
    assert (gone.group.status, gone.group.retired_on) == (Status.RETIRED, NOW.date())
    assert not Listing.objects.filter(pk=gone.pk).exists()

    assert counts(bring(TEN), "updated", "created") == (1, 0)
    gone.refresh_from_db()
    assert (gone.status, gone.group.status) == (Status.ACTIVE, Status.ACTIVE)
    assert Listing.objects.filter(pk=gone.pk).exists()


def test_a_new_slug_for_the_same_group_day_time_and_place_is_the_same_meeting(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    outcome = bring([*TEN[:3], row(3, slug="renamed"), *TEN[4:]])

    assert counts(outcome, "created", "updated", "retired") == (0, 1, 0)
    after = Meeting.objects.get(slug="renamed")
    assert (after.pk, after.group_id, after.source_key) == (before.pk, before.group_id, "renamed")


def test_a_renamed_group_keeps_its_id_and_evidence(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3").group_id

    bring([*TEN[:3], row(3, name="A New Name"), *TEN[4:]])

    group = Meeting.objects.get(slug="slug-3").group
    assert (group.pk, group.name) == (before, "A New Name")


def test_a_moved_group_keeps_its_id(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    bring([*TEN[:3], row(3, formatted_address="77 Far Rd, Springfield, IL 62701, USA"), *TEN[4:]])

    after = Meeting.objects.get(slug="slug-3")
    assert (after.pk, after.group_id) == (before.pk, before.group_id)
    assert after.place.address == "77 Far Rd"


def test_an_id_used_again_for_another_group_is_a_new_meeting(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    other = row(77, name="Somebody Else", slug="slug-3", day=2)
    outcome = bring([*TEN[:3], other, *TEN[4:]])

    assert counts(outcome, "created", "retired") == (1, 1)
    before.refresh_from_db()
    assert before.status == Status.RETIRED
    new = Meeting.objects.get(name="Somebody Else")
    assert new.group_id != before.group_id
    assert counts(bring([*TEN[:3], other, *TEN[4:]]), "unchanged") == (10,)


def test_hostile_rows_do_not_change_what_becomes_of_the_others(bring):
    bring(TEN)
    said = digest()["Meeting"]
    hostile = [
        row(3, name="Other", day=4, notes="x"),
        row(3, group_notes="hostile", location_notes="hostile", day=5),
        row(99, slug="slug-4", time="03:00"),
        {"name": "slug-5", "slug": "slug-5"},
        None,
    ]

    outcome = bring([*hostile, *TEN])

    assert counts(outcome, "unchanged", "updated", "retired") == (10, 0, 0)
    assert set(said) <= set(digest()["Meeting"])


# --- Guard ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        (TEN[:7], "no longer in the feed"),
        ([row(n, slug=f"other-{n}") for n in range(10)], "another id"),
        ([row(n, slug=f"o-{n}", name=f"New {n}", time="03:00") for n in range(10)], "no longer"),
        ([{"name": "Only a name", "slug": "junk"}] * 3, "no meeting that can be kept"),
        ([], "no meeting that can be kept"),
        ([row(50)], "no longer in the feed"),
    ],
)
def test_a_feed_that_looks_broken_is_parked_and_nothing_changes(bring, rows, because):
    bring(TEN)
    before, said = row_counts(), digest()

    outcome = bring(rows)

    assert because in outcome.parked_because
    kept = outcome.counts["read"] - outcome.counts["rejected"]
    assert counts(outcome, "created", "updated", "unchanged", "retired", "parked") == (
        0,
        0,
        0,
        0,
        kept,
    )
    after = row_counts()
    waiting = {"finder_parkedrow": outcome.meetings} if outcome.meetings else {}
    assert {m: after[m] - before[m] for m in after if after[m] != before[m]} == {
        "finder_importrun": 1,
        **waiting,
    }
    assert digest() == said
    run = ImportRun.objects.latest("pk")
    assert (run.status, run.reason) == (ImportStatus.PARKED, outcome.parked_because)


@pytest.mark.parametrize("data", [b"<html>", b"", b'{"code": "feed_restricted"}', b'[{"name":'])
def test_a_feed_that_cannot_be_read_is_refused_and_nothing_changes(bring, data):
    bring(TEN)
    before = row_counts()

    with pytest.raises(ingest.ImportRefused):
        bring(data)

    after = row_counts()
    assert {m: after[m] - before[m] for m in after if after[m] != before[m]} == {
        "finder_importrun": 1
    }
    assert ImportRun.objects.latest("pk").status == ImportStatus.REFUSED


def test_a_fifth_may_go(bring):
    bring(TEN)

    assert counts(bring(TEN[:8]), "retired", "parked") == (2, 0)


def test_a_curator_may_accept_a_shrunken_feed(bring):
    bring(TEN)

    assert counts(bring(TEN[:3], accept_shrink=True), "retired", "parked") == (7, 0)


def test_a_feed_with_nothing_to_keep_is_never_accepted(bring):
    bring(TEN)

    assert bring([], accept_shrink=True).parked_because


def test_a_first_feed_with_nothing_to_keep_leaves_no_source(bring):
    with pytest.raises(ingest.ImportRefused):
        bring([])

    assert not Source.objects.exists()
