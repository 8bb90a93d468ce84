"""The map of the search page: what it tells, how little it asks, and that no address names it."""

from datetime import time

import pytest

from finder.search import index
from tests.factories import make_locality, make_meeting, make_place

pytestmark = pytest.mark.django_db

TOWN = {"bbox": "-89.9,39.6,-89.4,40.0", "zoom": "11"}


@pytest.fixture
def town(now):
    """Two meetings in one hall, one across town, one whose place is only approximate."""
    make_locality()
    hall = make_place()
    for name, weekday in (("Early birds", 1), ("Night owls", 2)):
        make_meeting(name=name, place=hall, weekday=weekday, start=time(19))
    make_meeting(name="Across town", place=make_place(name="Elm House", lat=39.7, lng=-89.6))
    make_meeting(name="Somewhere", place=make_place(lat=39.75, lng=-89.5, is_approximate=True))
    index.rebuild()


def ask(client, **asked):
    return client.post("/map/", {**TOWN, **asked})


def test_place_tells_its_meetings_and_where_they_are_read_of(client, town):
    told = ask(client, near="62701").json()

    hall = next(place for place in told["places"] if len(place["meetings"]) == 2)
    assert hall["where"] == "Walnut Hall, 100 Walnut Street, Springfield, IL"
    assert {meeting["name"] for meeting in hall["meetings"]} == {"Early birds", "Night owls"}
    first = next(m for m in hall["meetings"] if m["name"] == "Early birds")
    assert first["when"] == "Every Tuesday, 7:00 PM to 8:00 PM, Central time"
    assert client.get(first["address"]).status_code == 200
    assert (hall["lat"], hall["lng"]) == (39.8, -89.65)


def test_approximate_place_is_counted_and_not_drawn(client, town):
    told = ask(client).json()

    assert told["words"].startswith("4 meetings on this map. 1 of them has only an approximate")
    assert "Somewhere" not in str(told["places"])


def test_search_narrows_the_map(client, town):
    told = ask(client, near="62701", when="tonight").json()

    assert told["words"] == "1 meeting on this map"


def test_what_lies_close_together_is_one_cluster(client, town):
    told = client.post("/map/", {"bbox": "-130,20,-60,50", "zoom": "4"}).json()

    assert [(each["count"], each["words"]) for each in told["clusters"]] == [
        (4, "4 meetings: show them")
    ]
    assert told["places"] == []
    assert [name["name"] for name in told["names"]] == []


def test_sensitive_search_is_posted_answered_and_kept_nowhere(client, town):
    response = ask(client, near="39.80,-89.65", medication="methadone")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "methadone" not in response.text
    assert not response.cookies
    assert client.get("/map/", {**TOWN, "medication": "methadone"}).status_code == 405


@pytest.mark.parametrize(
    "asked", [{"bbox": "x"}, {"zoom": "99"}, {"bbox": ""}, {"near": "nowhere"}, {"day": "funday"}]
)
def test_map_that_cannot_be_read_is_refused_with_words(client, town, asked):
    response = ask(client, **asked)

    assert response.status_code == 400
    assert response.json()["detail"]


def test_foreign_page_cannot_ask(client, town):
    answer = client.post("/map/", TOWN, headers={"Origin": "https://example.org"})

    assert answer.status_code == 403


def test_queries_do_not_grow_with_places(client, town, django_assert_max_num_queries):
    for number in range(20):
        make_meeting(place=make_place(lat=39.7 + number / 100))
    index.rebuild()

    with django_assert_max_num_queries(7):
        assert ask(client, near="62701").status_code == 200
