"""Downloads take the filters of the list, and say how long they may be kept."""

import csv
import io
import json

import pytest

from finder.api.downloads import PARAMETERS
from finder.search import index
from tests.factories import make_group, make_meeting, make_program

pytestmark = pytest.mark.django_db

KINDS = {
    "meeting_guide": ("application/json", "meetings.json"),
    "csv": ("text/csv; charset=utf-8", "meetings.csv"),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "meetings.xlsx",
    ),
    "geojson": ("application/geo+json", "meetings.geojson"),
    "ical": ("text/calendar; charset=utf-8", "meetings.ics"),
}


def download(client, kind, query=""):
    response = client.get(f"/api/v1/meetings/download/{kind}/?{query}")
    assert response.status_code == 200, response.content
    return response, b"".join(response.streaming_content)


def names(client, query=""):
    return [row["name"] for row in json.loads(download(client, "meeting_guide", query)[1])]


@pytest.fixture
def three(listed):
    make_meeting(name="Far", group=make_group(program=make_program(slug="aa")), focus=["men"])
    make_meeting(
        name="Late", start="20:00", weekday=4, group=make_group(program=listed.group.program)
    )
    index.rebuild()
    return listed


@pytest.mark.parametrize("kind", KINDS)
def test_file_comes_with_its_name_and_type(client, three, kind):
    response, content = download(client, kind)

    media_type, name = KINDS[kind]
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"hush" not in content and b"123456#" not in content
    assert not response.cookies


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Night light", "Far", "Late"]),
        ("program=aa", ["Far"]),
        ("focus=men", ["Far"]),
        ("focus=men,women", []),
        ("day=fri", ["Late"]),
        ("day=fri&from=19:30&tz=America/Chicago", ["Late"]),
        ("near=62701&within=5&format=online", ["Night light"]),
        ("medication=methadone&acceptance=accepting", ["Night light"]),
        ("q=late", ["Late"]),
        ("program=none", None),
    ],
)
def test_filters_of_the_list_are_those_of_a_download(client, three, query, expected):
    if expected is None:
        assert client.get(f"/api/v1/meetings/download/csv/?{query}").status_code == 400
        return
    listed = client.get(f"/api/v1/meetings/?{query}").json()["results"]

    assert names(client, query) == expected
    assert sorted(row["name"] for row in listed) == sorted(expected)


@pytest.mark.parametrize("query", ["page_size=2", "sort=name", "cursor=x", "colour=blue"])
def test_what_a_file_has_not_is_refused_with_a_sentence(client, three, query):
    response = client.get(f"/api/v1/meetings/download/csv/?{query}")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [query.split("=")[0]]


def test_unknown_kind_is_not_there(client, db):
    response = client.get("/api/v1/meetings/download/hsds/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/json")


@pytest.mark.parametrize("query", ["medication=methadone", "near=39.8,-89.65", "q=methadone"])
def test_sensitive_search_is_kept_nowhere(client, three, query):
    response, _content = download(client, "csv", query)

    assert response["Cache-Control"] == "no-store"


def test_links_lead_to_the_site_that_was_asked(client, three):
    text = download(client, "csv")[1].decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["listing"] == f"http://testserver/meetings/{three.pk}/"


def test_download_is_described(client, db):
    text = client.get("/api/v1/schema/").content.decode()

    assert "/api/v1/meetings/download/{kind}/" in text and "application/geo+json" in text
    assert "sort" not in PARAMETERS
