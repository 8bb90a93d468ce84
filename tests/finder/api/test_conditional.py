"""Answers that may be kept: marked by version and minute, asked about for one query."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finder.models import Group

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
LONG = NOW + timedelta(seconds=61)


def addresses(listed):
    return [
        "/api/v1/meetings/?near=62701",
        f"/api/v1/meetings/{listed.pk}/",
        f"/api/v1/groups/{listed.group_id}/",
        "/api/v1/groups/",
        "/api/v1/programs/",
        "/api/v1/facets/",
        "/api/v1/map/?bbox=-90,39,-89,40&zoom=11",
        f"/meetings/{listed.pk}/",
        f"/groups/{listed.group_id}/",
        "/",
    ]


def test_unchanged_answer_is_not_sent_again_and_costs_one_query(client, listed):
    with time_machine.travel(NOW, tick=False):
        for address in addresses(listed):
            first = client.get(address)
            with CaptureQueriesContext(connection) as queries:
                again = client.get(address, headers={"if-none-match": first["ETag"]})

            assert first.status_code == 200, address
            assert (again.status_code, again.content) == (304, b""), address
            assert again["ETag"] == first["ETag"]
            assert again["Cache-Control"] == first["Cache-Control"]
            assert "public" in first["Cache-Control"]
            assert len(queries) == 1, address


def test_change_of_the_directory_and_another_minute_make_another_answer(client, listed):
    address = "/api/v1/meetings/?near=62701"
    with time_machine.travel(NOW, tick=False):
        first = client.get(address)["ETag"]
        assert client.get(address)["ETag"] == first
        Group.objects.update(notes="Ring the bell")
        changed = client.get(address, headers={"if-none-match": first})
    with time_machine.travel(LONG, tick=False):
        later = client.get(address, headers={"if-none-match": changed["ETag"]})

    assert changed.status_code == later.status_code == 200
    assert len({first, changed["ETag"], later["ETag"]}) == 3


def test_mark_belongs_to_its_address(client, listed):
    with time_machine.travel(NOW, tick=False):
        mark = client.get("/api/v1/meetings/?day=mon")["ETag"]
        other = client.get("/api/v1/meetings/?day=tue", headers={"if-none-match": mark})

    assert other.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/meetings/?medication=methadone",
        "/api/v1/meetings/?near=39.8,-89.65",
        "/api/v1/meetings/?q=suboxone",
        "/api/v1/facets/?medication=methadone",
        "/api/v1/meetings/?nonsense=1",
        "/?day=mon",
    ],
)
def test_what_must_not_be_kept_has_no_mark(client, listed, address):
    response = client.get(address)

    assert "ETag" not in response
    assert "public" not in response.get("Cache-Control", "")


def test_head_is_marked_like_get(client, listed):
    with time_machine.travel(NOW, tick=False):
        head, get = client.head("/api/v1/meetings/"), client.get("/api/v1/meetings/")

    assert head["ETag"] == get["ETag"]
