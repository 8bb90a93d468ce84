"""What the answer says beside its rows: counts, notices, and lists that change under a reader."""

from datetime import UTC, date, datetime, time

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finder.models import Listing
from finder.search import ListingFilterSet, index, query
from finder.vocab import Format
from tests.factories import (
    make_assessment,
    make_group,
    make_locality,
    make_meeting,
    make_place,
    make_program,
)

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


@pytest.fixture
def lanterns(db):
    for name in ("Night light", "Night hope", "Morning light", "The light of hope"):
        make_meeting(name=name)
    index.rebuild()


some_words = st.sampled_from(
    ["night", "light", "hope", "or", "OR", "and", "the", "-hope", '"night light"', "women"]
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.lists(some_words, min_size=1, max_size=4), more=some_words)
def test_adding_any_word_never_finds_more(lanterns, typed, more):
    before, after = QueryDict(mutable=True), QueryDict(mutable=True)
    before["q"], after["q"] = " ".join(typed), " ".join([*typed, more])

    found = set(ids(answer(before.urlencode())))

    assert set(ids(answer(after.urlencode()))) <= found


def test_quoted_phrase_stands_together(lanterns):
    assert answer('q="light of hope"').count == 1
    assert answer('q="hope light"').count == 0


def test_accents_and_capitals_make_no_difference(db):
    make_meeting(name="Reunión del Sábado")
    index.rebuild()

    assert answer("q=REUNION sabado").count == 1


def test_in_one_place_the_next_start_comes_first(db):
    make_locality()
    place = make_place()
    later = make_meeting(place=place, weekday=1, start=time(20))
    sooner = make_meeting(place=place, weekday=1, start=time(13))
    index.rebuild()

    for text in ("near=62701", "near=62701&sort=distance"):
        assert ids(answer(text)) == [sooner.pk, later.pk]


def test_best_order_weighs_a_little_way_less_than_the_next_start(db):
    make_locality()
    fresh = {"updated_on": date(2026, 11, 24)}
    here = make_meeting(weekday=3, **fresh)
    round_the_corner = make_meeting(place=make_place(lat=39.804), weekday=1, **fresh)
    far = make_meeting(place=make_place(lat=40.0), weekday=1, start=time(13), **fresh)
    index.rebuild()

    assert ids(answer("near=62701")) == [round_the_corner.pk, here.pk, far.pk]
    assert ids(answer("near=62701&sort=distance")) == [here.pk, round_the_corner.pk, far.pk]


def test_with_a_medication_acceptance_comes_first_then_the_way_and_the_start(db):
    make_locality()
    program = make_program()
    accepting, unknown = make_group(program=program), make_group(program=program)
    make_assessment(group=accepting, label="accepting", lower=0.7)
    near_later = make_meeting(group=unknown, weekday=2)
    near_sooner = make_meeting(group=unknown, weekday=1)
    further = make_meeting(group=accepting, place=make_place(lat=39.95), weekday=3)
    index.rebuild()

    found = ids(answer("near=62701&medication=methadone"))

    assert found == [further.pk, near_sooner.pk, near_later.pk]


@pytest.mark.parametrize("text", ["near=62701", "near=62701&medication=methadone"])
def test_pages_of_the_best_order_hold_every_meeting_once(db, text):
    make_locality()
    group = make_group()
    for number in range(9):
        place = make_place(lat=39.8 + number / 50)
        make_meeting(group=group, place=place, weekday=number % 7)
    index.rebuild()

    page, found = answer(f"{text}&page_size=2"), []
    whole = ids(answer(text))
    while True:
        found += ids(page)
        if not page.next_cursor:
            break
        page = answer(f"{text}&page_size=2&cursor={page.next_cursor}")

    assert found == whole
    assert len(found) == 9
