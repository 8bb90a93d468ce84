"""The one box in the API: a sentence becomes parameters, and the answer tells which."""

from datetime import time
from urllib.parse import urlencode

import pytest

from finder.search import index
from tests.factories import make_group, make_locality, make_meeting, make_program
from tests.finder.api import asking

pytestmark = pytest.mark.django_db


def get(client, **asked) -> dict:
    return asking.get(client, f"/api/v1/meetings/?{urlencode(asked)}")


@pytest.fixture
def directory(now):
    make_locality()
    for state, zips in (("IL", 38), ("MA", 21)):
        make_locality(kind="city", name="Springfield", key="springfield", state=state, zips=zips)
    na = make_program(slug="na", name="Narcotics Anonymous", short_name="NA")
    group = make_group(program=na, name="Lantern")
    make_meeting(group=group, name="Women at dusk", weekday=1, start=time(19), focus=["women"])
    make_meeting(group=group, name="Noon", weekday=2, start=time(12))
    index.rebuild()


def test_sentence_is_read_and_told(client, directory):
    found = get(client, box="womne tuesday 62701 lantern", within="10")

    assert [row["name"] for row in found["results"]] == ["Women at dusk"]
    assert found["read"] == {
        "params": {"within": ["10"], "focus": ["women"], "day": ["tue"], "near": ["62701"]},
        "text": "lantern",
        "asks": [],
        "unused": [],
        "corrected": [{"typed": "womne", "taken_for": "women"}],
    }


def test_what_cannot_be_used_is_told_and_what_is_given_wins(client, directory):
    found = get(client, box="springfield tuesday not men", day="wed")

    assert [row["name"] for row in found["results"]] == ["Noon"]
    assert found["read"]["asks"] == [
        {
            "text": "springfield",
            "choices": [{"near": "Springfield, IL"}, {"near": "Springfield, MA"}],
        }
    ]
    assert found["read"]["unused"] == [
        {"text": "not men", "reason": "left_out"},
        {"text": "tuesday", "reason": "overruled"},
    ]


def test_words_alone_are_never_read(client, directory):
    found = get(client, q="tuesday")

    assert found["count"] == 0 and "read" not in found


def test_pages_of_a_sentence_go_on(client, directory):
    first = get(client, box="na", page_size="1", sort="name")
    second = client.get(first["next"]).json()

    assert first["count"] == second["count"] == 2
    assert first["results"][0]["id"] != second["results"][0]["id"]


@pytest.mark.parametrize("asked", [{"box": ["a", "b"]}, {"box": "a", "q": "b"}, {"box": "a" * 999}])
def test_sentence_that_cannot_be_read_is_refused(client, directory, asked):
    response = client.get("/api/v1/meetings/", asked)

    assert response.status_code == 400
    assert response.json()["errors"]["box"]


def test_sentence_that_names_a_medication_is_kept_nowhere(client, directory):
    response = client.get("/api/v1/meetings/", {"box": "suboxone friendly"})

    assert response.json()["read"]["params"] == {"medication": ["buprenorphine"]}
    assert "no-store" in response["Cache-Control"]
