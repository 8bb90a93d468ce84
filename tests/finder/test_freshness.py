"""Likely still right: the arithmetic, and an order that it moves without hiding anything."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from finder.freshness import DOUBTFUL, doubtful_before, still_right
from finder.search import ListingFilterSet, index, query
from tests.conftest import NOON
from tests.factories import make_meeting, make_place

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "format_", "likely"),
    [
        (90, "in_person", 0.8731),
        (180, "in_person", 0.7778),
        (365, "in_person", 0.6134),
        (540, "hybrid", 0.49),
        (270, "online", 0.49),
        (270, "phone", 0.49),
        (-5, "online", 0.98),
        (None, "in_person", 0.384),
    ],
)
def test_likelihood_halves_with_time(days, format_, likely):
    on = None if days is None else TODAY - timedelta(days=days)

    assert round(still_right(on, format_, today=TODAY), 4) == likely


@pytest.mark.parametrize("format_", ["in_person", "online"])
def test_day_of_doubt_is_where_the_likelihood_says(format_):
    edge = doubtful_before(format_, today=TODAY)

    assert still_right(edge, format_, today=TODAY) >= DOUBTFUL
    assert still_right(edge - timedelta(days=1), format_, today=TODAY) < DOUBTFUL


def found(text):
    filterset = ListingFilterSet(QueryDict(text))
    assert filterset.is_valid(), filterset.errors
    return [row["id"] for row in query(filterset.search(now=NOON)).rows]


@pytest.fixture
def two(db):
    """Make a stale meeting here and a fresh one of the same evening a little further away."""
    stale = make_meeting(
        name="Harbor", place=make_place(lat=39.80, lng=-89.65), verified_on=date(2024, 1, 1),
        verified_by="somebody", weekday=2,
    )  # fmt: skip
    fresh = make_meeting(
        name="Harbor", place=make_place(lat=39.81, lng=-89.65), verified_on=NOON.date(),
        verified_by="somebody", weekday=2,
    )  # fmt: skip
    index.rebuild()
    return stale.pk, fresh.pk


@pytest.mark.parametrize(
    ("text", "is_fresh_first"),
    [
        ("near=39.80,-89.65&within=10", True),
        ("near=39.80,-89.65&within=10&sort=distance", False),
        ("", True),
        ("sort=next_start", False),
        ("q=harbor", True),
        ("q=harbor&sort=relevance", True),
        ("sort=name", False),
    ],
)
def test_only_the_best_order_weighs_freshness_and_hides_nothing(two, text, is_fresh_first):
    stale, fresh = two

    assert found(text) == ([fresh, stale] if is_fresh_first else [stale, fresh])


def test_pages_of_the_best_order_meet_every_listing_once(db):
    for number in range(7):
        make_meeting(verified_on=date(2024 + number % 3, 1, 1), verified_by="somebody")
    index.rebuild()
    seen, cursor = [], ""
    while True:
        filterset = ListingFilterSet(QueryDict(f"page_size=2{cursor}"))
        assert filterset.is_valid(), filterset.errors
        results = query(filterset.search(now=NOON))
        seen += [row["id"] for row in results.rows]
        if not results.next_cursor:
            break
        cursor = f"&cursor={results.next_cursor}"

    assert len(seen) == len(set(seen)) == 7
