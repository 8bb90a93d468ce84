"""The read API: rows, pages, errors in sentences, and what it must never do."""

from datetime import UTC, datetime, time

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finder.models import Listing
from finder.search import index
from finder.search.parameters import FILTERS
from finder.vocab import Label, Medication
from tests.factories import (
    make_assessment,
    make_group,
    make_locality,
    make_meeting,
    make_place,
    make_program,
)
from tests.finder.api.asking import get

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
ROW = (
    "id name program group day time duration timezone next_start format place distance_miles "
    "languages focus access acceptance verified_on url"
)


@time_machine.travel(NOW, tick=False)
def test_meeting_row_holds_what_is_promised(client, listed):
    data = get(client, "/api/v1/meetings/?near=62701")

    assert set(data) == {"count", "next", "previous", "results", "notices"}
    (row,) = data["results"]
    assert set(ROW.split()) <= set(row)
    assert row["day"] == "mon"
    assert row["time"] == "19:00"
    assert row["next_start"] == "2026-11-23T19:00:00-06:00"
    assert row["program"] == {"slug": "na", "name": "Narcotics"}
    assert row["place"]["lat"] == 39.8
    assert row["distance_miles"] == 0
    assert set(row["acceptance"]) == set(Medication.values)
    assert row["acceptance"]["methadone"] == {
        "label": "accepting",
        "basis": "group",
        "lower_bound": 0.630957,
        "newest_month": None,
        "caution": False,
    }
    assert row["acceptance"]["naltrexone"]["label"] == "not_known"
    assert row["url"] == f"/meetings/{listed.pk}/"


def test_next_start_is_told_in_the_viewers_zone(client, listed):
    (row,) = get(client, "/api/v1/meetings/?tz=Asia/Tokyo")["results"]

    assert row["next_start"].endswith("T10:00:00+09:00")


def test_credentials_appear_nowhere(client, listed):
    for address in ("meetings/", f"meetings/{listed.pk}/", f"groups/{listed.group_id}/"):
        text = client.get(f"/api/v1/{address}").content.decode()
        assert "hush" not in text
        assert "123456" not in text


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
def test_the_answer_is_json_whatever_is_accepted(client, listed, accept):
    response = client.get("/api/v1/meetings/?format=online", headers={"accept": accept})

    assert response.json()["count"] == 1


def test_the_bytes_are_the_same_for_everyone_and_no_cookie_is_set(client, listed, admin_client):
    with time_machine.travel(NOW, tick=False):
        anonymous = client.get("/api/v1/meetings/")
        known = admin_client.get("/api/v1/meetings/")

    assert anonymous.content == known.content
    assert not anonymous.cookies
    assert not known.cookies
    assert "Cookie" not in anonymous.get("Vary", "")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "max-age=60, public"),
        ("near=62701", "max-age=60, public"),
        ("medication=methadone", "no-store"),
        ("medication=methadone&acceptance=positive", "no-store"),
        ("near=39.8,-89.65", "no-store"),
    ],
)
def test_only_what_is_not_sensitive_may_be_kept(client, listed, query, expected):
    response = client.get(f"/api/v1/meetings/?{query}")

    assert ", ".join(sorted(response["Cache-Control"].split(", "))) == expected


def test_pages_follow_by_address(client, db):
    group = make_group()
    for _ in range(5):
        make_meeting(group=group)
    index.rebuild()

    first = get(client, "/api/v1/meetings/?page_size=2&sort=name")
    second = get(client, first["next"])
    third = get(client, second["next"])
    back = get(client, second["previous"])

    ids = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert ids == sorted(Listing.objects.values_list("pk", flat=True))
    assert third["next"] is None
    assert first["previous"] is None
    assert back["results"] == first["results"]
    assert [page["count"] for page in (first, second, third)] == [5, 5, 5]


def test_a_cursor_keeps_its_own_now(client, db):
    group = make_group()
    for hour in (17, 18, 19):
        make_meeting(group=group, start=time(hour), timezone="UTC")
    index.rebuild()

    with time_machine.travel(datetime(2026, 11, 23, 16, tzinfo=UTC)):
        first = get(client, "/api/v1/meetings/?page_size=2")
    with time_machine.travel(datetime(2026, 11, 23, 18, 30, tzinfo=UTC)):
        second = get(client, first["next"])

    assert [r["time"] for r in first["results"] + second["results"]] == ["17:00", "18:00", "19:00"]


def test_details_are_found_or_missed_in_json(client, listed):
    assert get(client, f"/api/v1/meetings/{listed.pk}/")["id"] == listed.pk
    group = get(client, f"/api/v1/groups/{listed.group_id}/")
    assert [meeting["id"] for meeting in group["meetings"]] == [listed.pk]
    assert get(client, "/api/v1/programs/na/")["meetings"] == 1
    for address in ("meetings/999999/", "groups/999999/", "programs/nope/", "nowhere/"):
        data = get(client, f"/api/v1/{address}", status=404)
        assert set(data) == {"detail", "errors"}
    get(client, f"/api/v1/meetings/{listed.pk}/?near=62701", status=400)


def test_a_merged_group_leads_to_the_one_that_stayed(client, listed):
    merged = make_group(merged_into=listed.group)

    response = client.get(f"/api/v1/groups/{merged.pk}/")

    assert response.status_code == 302
    assert response["Location"] == f"/api/v1/groups/{listed.group_id}/"


def test_lists_of_groups_and_programs_have_pages(client, db):
    program = make_program(slug="na")
    groups = [make_group(program=program) for _ in range(3)]
    make_group()

    first = get(client, "/api/v1/groups/?program=na&page_size=2")
    second = get(client, first["next"])
    back = get(client, second["previous"])

    assert first["count"] == 3
    found = [row["id"] for row in first["results"] + second["results"]]
    assert found == [group.pk for group in groups]
    assert back["results"] == first["results"]
    assert get(client, "/api/v1/programs/")["count"] == 2


@pytest.mark.parametrize(
    "address",
    ["groups/?x=1", "groups/?cursor=zz", "groups/?cursor=a99999999999999999999", "programs/?x=1"]
    + ["facets/?x=1", "groups/?page_size=0", "groups/?program=nope", "groups/?near=62701"],
)
def test_other_lists_refuse_what_they_do_not_know(client, db, address):
    assert get(client, f"/api/v1/{address}", status=400)["errors"]


def test_a_group_whose_community_was_not_asked_has_no_label(client, db):
    group = make_group(needs_community_consent=True)
    make_assessment(group=group, label=Label.ACCEPTING)
    make_meeting(group=group)
    index.rebuild()

    (row,) = get(client, "/api/v1/meetings/")["results"]

    assert row["acceptance"] == {}
    assert get(client, f"/api/v1/groups/{group.pk}/")["acceptance"] == {}
    for label in Label.values:
        query = f"medication=methadone&acceptance={label}"
        assert get(client, f"/api/v1/meetings/?{query}")["count"] == 0


def test_search_that_finds_nothing_says_what_to_leave_out(client, listed):
    data = get(client, "/api/v1/meetings/?near=62701&day=tue")

    assert data["count"] == 0
    assert {"without": ["day"], "with": {}, "count": 1} in data["instead"]
    assert "instead" not in get(client, "/api/v1/meetings/?near=62701")


def test_answer_explains_its_order_when_asked(client, listed):
    (row,) = get(client, "/api/v1/meetings/?near=62701&explain=1")["results"]

    assert row["why"]["order"] == "distance"
    assert "why" not in get(client, "/api/v1/meetings/?near=62701")["results"][0]


def test_facets_list_every_code_with_real_counts(client, listed):
    data = get(client, "/api/v1/facets/")

    counts = {name: {f["code"]: f["count"] for f in found} for name, found in data.items()}
    assert counts["focus"]["women"] == 1
    assert counts["focus"]["men"] == 0
    assert counts["format"] == {"in_person": 1, "online": 1, "phone": 0}
    assert counts["program"]["na"] == 1
    assert counts["language"]["en"] == 1
    assert counts["day"]["mon"] == 1
    assert set(counts["acceptance"]) == {"positive", *Label.values}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, db, method):
    send = getattr(client, method)
    response = send("/api/v1/meetings/", data="{}", content_type="application/json")

    assert response.status_code == 405
    assert set(response.json()) == {"detail", "errors"}


def test_the_schema_describes_every_parameter_without_a_warning(capsys, tmp_path):
    target = tmp_path / "schema.yml"

    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))

    text = target.read_text()
    assert all(f"name: {name}" in text for name in FILTERS)
    assert "description: Medication." in text
    assert "Warning" not in capsys.readouterr().err


def test_the_description_is_shown_without_another_site(client, db):
    page = client.get("/api/v1/docs/")

    assert page.status_code == 200
    assert "https://" not in page.content.decode().replace("https://json-schema", "")
    assert client.get("/api/v1/schema/").status_code == 200


@pytest.mark.parametrize(
    ("address", "most"),
    [
        # What starts soonest is looked for near by first: in the next hours, then the day.
        ("meetings/", 6),
        ("meetings/?near=62701&day=mon&focus=women", 5),
        ("meetings/?medication=methadone&sort=acceptance&q=night&program=na", 4),
        ("groups/", 4),
        ("programs/", 2),
        ("facets/", 3),
    ],
)
def test_queries_do_not_grow_with_rows(client, db, address, most):
    make_locality()
    program = make_program(slug="na")
    counts = []
    for _ in range(2):
        for _ in range(4):
            group = make_group(program=program, name="Night light")
            make_meeting(group=group, place=make_place(), focus=["women"])
        index.rebuild()
        counts.append(_count_queries(client, f"/api/v1/{address}"))

    assert counts[0] == counts[1] <= most


def _count_queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        get(client, address)
    return len(queries)
