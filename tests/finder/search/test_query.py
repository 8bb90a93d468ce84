"""What the answer says beside its rows: counts, notices, and lists that change under a reader."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from finder.models import Listing
from finder.search import ListingFilterSet, index, query
from finder.vocab import Format
from tests.factories import make_group, make_locality, make_meeting

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture
def five(db):
    make_locality()
    group = make_group()
    meetings = [make_meeting(group=group) for _ in range(5)]
    index.rebuild()
    return [meeting.pk for meeting in meetings]


def answer(text: str):
    filterset = ListingFilterSet(QueryDict(text))
    assert filterset.is_valid(), filterset.errors
    return query(filterset.search(now=NOW))


def ids(results) -> list[int]:
    return [row["id"] for row in results.rows]


def test_beyond_the_limit_the_count_stops_and_says_so(five, monkeypatch):
    monkeypatch.setitem(query.__globals__, "COUNT_LIMIT", 3)

    results = answer("page_size=2")

    assert (results.count, results.is_count_exact) == (3, False)
    assert any("are not counted further" in notice for notice in results.notices)
    assert len(results.rows) == 2


def test_up_to_the_limit_the_count_is_exact(five, monkeypatch):
    monkeypatch.setitem(query.__globals__, "COUNT_LIMIT", 5)

    assert (answer("").count, answer("").is_count_exact) == (5, True)


def test_the_zone_of_times_is_always_told(five):
    assert "Times are in the zone America/Chicago." in answer("near=62701").notices
    assert "Times are in the zone Asia/Tokyo." in answer("tz=Asia/Tokyo").notices


def test_near_says_that_remote_meetings_are_left_out(five):
    make_meeting(format=Format.ONLINE)
    index.rebuild()

    near = answer("near=62701")
    both = answer("near=62701&format=in_person,online")

    assert near.count == 5
    assert any("left out" in notice for notice in near.notices)
    assert both.count == 6
    assert not any("left out" in notice for notice in both.notices)


def test_a_page_keeps_its_place_when_rows_before_it_go(five):
    first = answer("sort=name&page_size=2")
    Listing.objects.filter(pk__in=five[:2]).delete()

    second = answer(f"sort=name&page_size=2&cursor={first.next_cursor}")

    assert ids(second) == five[2:4]


def test_a_page_whose_rows_are_gone_still_leads_back(five):
    first = answer("sort=name&page_size=3")
    Listing.objects.filter(pk__in=five[3:]).delete()

    second = answer(f"sort=name&page_size=3&cursor={first.next_cursor}")
    back = answer(f"sort=name&page_size=3&cursor={second.previous_cursor}")

    assert (ids(second), second.next_cursor) == ([], None)
    assert ids(back) == five[:3]
    assert second.count == 3


def test_a_first_page_whose_rows_are_gone_still_leads_on(five):
    first = answer("sort=name&page_size=2")
    second = answer(f"sort=name&page_size=2&cursor={first.next_cursor}")
    Listing.objects.filter(pk__in=five[:2]).delete()

    back = answer(f"sort=name&page_size=2&cursor={second.previous_cursor}")
    onward = answer(f"sort=name&page_size=2&cursor={back.next_cursor}")

    assert (ids(back), back.previous_cursor) == ([], None)
    assert ids(onward) == five[2:4]


def test_adding_a_word_never_finds_more(db):
    for name in ("Night light", "Night hope", "Morning light"):
        make_meeting(name=name)
    index.rebuild()

    assert answer("q=night").count == 2
    assert answer("q=night light").count == 1
    assert answer("q=night light hope").count == 0


def test_a_word_in_the_name_ranks_before_one_in_a_note(db):
    note = make_meeting(name="Noon", notes="Bring a lantern.")
    name = make_meeting(name="Lantern")
    index.rebuild()

    assert ids(answer("q=lantern")) == [name.pk, note.pk]
