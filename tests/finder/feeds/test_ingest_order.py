"""Whatever the order of a feed's rows, the directory says the same; and edits are never lost."""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from finder import curation
from finder.feeds import ingest
from finder.models import FieldLock, Meeting
from tests.factories import make_user
from tests.finder.feeds.town import NOW, TEN, digest, row, row_counts

pytestmark = pytest.mark.django_db
DISAGREEING = [
    *TEN,
    row(3, day=4, group="Oak", group_notes="Ring twice", location_notes="Side door"),
    row(3, day=5, group="Oak", group_notes="Ring once", location_notes="Back door"),
    row(3, day=6, group="Oak", group_notes="Ring twice", location_notes="Back door"),
    row(4, slug="slug-3", day=2),
    row(5, slug="slug-3", time="08:00"),
    row(6),
]


class _Undone(Exception):
    pass


def test_every_order_of_rows_gives_one_directory_and_is_written_once(bring):
    found = []
    for turn in range(20):
        with pytest.raises(_Undone), transaction.atomic():
            bring(random.Random(turn).sample(DISAGREEING, len(DISAGREEING)))
            found.append(digest())
            before = row_counts()
            for again in (100, 200):
                order = random.Random(turn + again).sample(DISAGREEING, len(DISAGREEING))
                bring(order, now=NOW + timedelta(hours=again))
            after = row_counts()
            grown = {name for name in after if after[name] != before[name]}
            # Runs are counted, and the problems of bytes not seen before told.
            assert grown <= {"finder_importrun", "finder_importproblem"}
            assert digest() == found[-1]
            raise _Undone
    assert all(each == found[0] for each in found)
    assert "Ring twice" in str(found[0]["Group"])


def test_rows_that_disagree_go_with_the_most_then_with_the_smallest(bring):
    told = [("b", "z"), ("a", "z"), ("c", "a"), ("c", "a")]
    bring(
        [
            row(1, slug=f"s{n}", day=n, group="One", group_notes=notes, location_notes=place)
            for n, (notes, place) in enumerate(told)
        ]
    )

    group = Meeting.objects.get(slug="s0").group
    assert group.notes == "c"
    assert {m.place.notes for m in Meeting.objects.all()} == {"a"}


@pytest.mark.parametrize("seed", range(25))
def test_locked_fields_outlive_any_mixture_of_feeds_and_edits(bring, seed):
    chance, user, held = random.Random(seed), make_user(), {}
    rows = list(TEN)
    bring(rows)
    for step in range(5):
        if chance.random() < 0.5:
            rows = [
                {**each, "notes": f"Feed {step}", "name": f"Feed {step} {n}"}
                if chance.random() < 0.5
                else each
                for n, each in enumerate(rows)
            ]
            kept = chance.sample(rows, chance.randrange(5, 11))
            bring(kept, now=NOW + timedelta(hours=step), accept_shrink=True)
        else:
            meeting = chance.choice(list(Meeting.objects.order_by("pk")))
            field = chance.choice(["name", "notes"])
            setattr(meeting, field, f"Ours {step}")
            curation.correct(meeting, fields=[field], by=user, today=NOW.date())
            held[meeting.pk, field] = f"Ours {step}"
    bring([{**each, "notes": "Last"} for each in rows], now=NOW + timedelta(days=1))

    stored = Meeting.objects.in_bulk()
    assert {key: getattr(stored[key[0]], key[1]) for key in held} == held
    assert FieldLock.objects.count() == len(held)


def test_conflicts_are_told_once_for_each_word_of_a_feed(bring):
    bring(TEN)
    meeting = Meeting.objects.get(slug="slug-3")
    meeting.notes = "Ours"
    curation.correct(meeting, fields=["notes"], by=make_user(), today=NOW.date())

    def said(notes, hours):
        bring([*TEN[:3], row(3, notes=notes), *TEN[4:]], now=NOW + timedelta(hours=hours))
        lock = FieldLock.objects.get()
        return lock.feed_value, lock.conflict_since and (lock.conflict_since - NOW)

    assert said("Theirs", 1) == ("Theirs", timedelta(hours=1))
    assert said("Theirs", 2) == ("Theirs", timedelta(hours=1))
    curation.keep_ours(FieldLock.objects.all())
    assert said("Theirs", 3) == ("Theirs", None)
    assert said("Other", 4) == ("Other", timedelta(hours=4))
    assert said("Ours", 5) == (None, None)


def test_a_merged_group_is_fed_by_both_sources(bring, program):
    bring(TEN)
    request = ingest.Request(data=b"[]", source="other", program=program)
    kept, gone = (Meeting.objects.get(slug=f"slug-{n}").group for n in (2, 3))
    curation.merge(kept, gone, by=make_user(), now=NOW)
    before = digest()

    bring(TEN)

    assert digest() == before
    with pytest.raises(ingest.ImportRefused):
        ingest.apply(request, now=NOW)
