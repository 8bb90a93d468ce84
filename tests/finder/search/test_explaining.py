"""Why a meeting stands where it does, for each order."""

from datetime import UTC, date, datetime, time

import pytest
from django.http import QueryDict

from finder.search import ListingFilterSet, index, query
from tests.factories import make_assessment, make_group, make_locality, make_meeting

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
START = "2026-11-24T19:00:00-06:00"


def whys(text: str) -> list[dict]:
    filterset = ListingFilterSet(QueryDict(text))
    assert filterset.is_valid(), filterset.errors
    return [row["why"] for row in query(filterset.search(now=NOW)).rows]


@pytest.fixture
def one(db):
    make_locality()
    group = make_group()
    make_assessment(group=group, label="accepting", lower=0.7)
    make_meeting(
        group=group, name="Lantern", weekday=1, start=time(19), updated_on=date(2026, 11, 24)
    )
    index.rebuild()


@pytest.mark.parametrize(
    ("text", "order", "keys"),
    [
        ("near=62701", "distance", {"distance_band": 0, "start": START}),
        ("near=62701&sort=distance", "distance", {"miles": 0, "start": START}),
        ("tz=America/Chicago&sort=next_start", "next_start", {"start": START}),
        ("", "next_start", {"minutes_weighed": 459.18}),
        (
            "near=62701&medication=methadone",
            "acceptance",
            {"acceptance": "accepting", "distance_band": 0, "start": START},
        ),
        (
            "medication=methadone",
            "acceptance",
            {"acceptance": "accepting", "minutes_weighed": 459.18},
        ),
        (
            "medication=methadone&sort=acceptance",
            "acceptance",
            {"acceptance": "accepting", "lower_bound": 0.7},
        ),
        ("sort=name", "name", {"name": "lantern"}),
    ],
)
def test_row_says_what_it_was_ordered_by(one, text, order, keys):
    assert whys(f"{text}&explain=1") == [{"order": order, "keys": keys}]


def test_better_match_says_so(one):
    (why,) = whys("q=lantern&explain=1")

    assert why["order"] == "relevance"
    assert why["keys"]["match"] > 0


def test_meeting_without_times_has_no_start(one):
    make_meeting(kind="always", format="phone")
    index.rebuild()

    assert whys("sort=next_start&format=phone&explain=1")[0]["keys"] == {"start": None}


def test_nothing_is_explained_unless_asked(one):
    filterset = ListingFilterSet(QueryDict("near=62701&explain=0"))

    assert "why" not in query(filterset.search(now=NOW)).rows[0]
