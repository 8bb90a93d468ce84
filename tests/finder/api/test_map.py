"""The map: points near by, clusters far away, and what it must not tell."""

from datetime import time
from itertools import accumulate

import pytest

from finder.models import Listing
from finder.search import index, mapping
from finder.vocab import Format, Label
from tests.factories import make_assessment, make_group, make_meeting, make_place, make_program
from tests.finder.api.asking import get

SPRINGFIELD = "bbox=-90,39.5,-89,40.2"


def at(lat, lng, **fields):
    """Make a meeting at a point."""
    place = make_place(lat=lat, lng=lng, is_approximate=fields.pop("is_approximate", False))
    return make_meeting(place=place, **fields)


def points(data) -> dict[int, tuple[float, float]]:
    """Read the columns of points back: id to (lat, lng)."""
    assert data["kind"] == "points"
    columns = [list(accumulate(data["points"][name])) for name in ("id", "lat", "lng")]
    return {
        id_: (lat / data["scale"], lng / data["scale"])
        for id_, lat, lng in zip(*columns, strict=True)
    }


def test_near_by_each_meeting_has_its_point(client, db):
    program = make_program(slug="na")
    hall = make_place(lat=39.80001, lng=-89.65002)
    group = make_group(program=program)
    inside = [make_meeting(group=group, place=hall, weekday=day) for day in range(3)]
    inside.append(at(40.1, -89.99999, format=Format.HYBRID))
    at(41, -89.5)
    make_meeting(format=Format.ONLINE)
    index.rebuild()

    data = get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=11")

    assert points(data) == {
        **{meeting.pk: (39.80001, -89.65002) for meeting in inside[:3]},
        inside[3].pk: (40.1, -89.99999),
    }
    names = [data["points"]["programs"][number] for number in data["points"]["program"]]
    assert names[:3] == ["na"] * 3
    assert data["count"] == 4
    assert "label" not in data["points"]


@pytest.mark.parametrize(("query", "count"), [("&day=tue", 1), ("&program=na", 1), ("&q=noon", 1)])
def test_filters_of_the_search_hold_on_the_map(client, db, query, count):
    at(39.8, -89.6, weekday=1)
    at(39.8, -89.6, group=make_group(program=make_program(slug="na")))
    at(39.8, -89.6, name="Noon hope")
    index.rebuild()

    assert get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=11{query}")["count"] == count
    assert get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=3{query}")["count"] == count


def test_far_away_meetings_are_counted_in_clusters(client, db):
    for lng in (-89.6, -89.601, -89.602, -100):
        at(39.8, lng)
    index.rebuild()

    data = get(client, "/api/v1/map/?bbox=-125,25,-66,50&zoom=4")

    assert data["kind"] == "clusters"
    assert data["clusters"] == {
        "lat": [3980000, 3980000],
        "lng": [-8960100, -10000000],
        "count": [3, 1],
    }


def test_too_many_points_become_clusters(client, db, monkeypatch):
    monkeypatch.setattr(mapping, "MOST_POINTS", 2)
    for lng in (-89.6, -89.61, -89.62):
        at(39.8, lng)
    index.rebuild()

    data = get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=12")

    assert data["kind"] == "clusters"
    assert sum(data["clusters"]["count"]) == data["count"] == 3


@pytest.mark.parametrize("bbox", ["170,-20,-170,0", "170,-20,190,0", "-190,-20,-170,0"])
def test_box_may_cross_the_date_line(client, db, bbox):
    found = {at(-17, 179.5).pk, at(-17, -179.5).pk}
    at(-17, 160)
    index.rebuild()

    assert set(points(get(client, f"/api/v1/map/?bbox={bbox}&zoom=9"))) == found


def test_whole_world_is_one_box(client, db):
    at(39.8, -89.6)
    index.rebuild()

    for bbox in ("-180,-90,180,90", "-400,-80,400,80"):
        assert get(client, f"/api/v1/map/?bbox={bbox}&zoom=0")["count"] == 1


def test_approximate_place_gets_no_pin_and_is_counted(client, db):
    pinned = at(39.8, -89.6)
    at(39.8, -89.6, is_approximate=True)
    index.rebuild()

    data = get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=12")

    assert set(points(data)) == {pinned.pk}
    assert (data["count"], data["hidden"]) == (2, 1)
    assert data["notices"] == ["1 meeting has only an approximate place and is not on the map."]
    assert Listing.objects.filter(is_approximate=True).count() == 1


def test_community_that_was_not_asked_has_no_label(client, db):
    circle = make_group(
        program=make_program(slug="wellbriety"), needs_community_consent=True, name="Circle"
    )
    plain = make_group()
    for group in (circle, plain):
        make_assessment(group=group, label=Label.ACCEPTING)
    first, second = at(39.8, -89.6, group=circle), at(39.9, -89.6, group=plain)
    index.rebuild()

    response = client.get(f"/api/v1/map/?{SPRINGFIELD}&zoom=12&medication=methadone")
    data = response.json()

    assert list(points(data)) == [first.pk, second.pk]
    assert data["points"]["label"] == [None, data["labels"].index("accepting")]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "zoom=3",
        "bbox=-90,39,-89,40",
        "bbox=-90,39,-89&zoom=3",
        "bbox=-90,40,-89,39&zoom=3",
        "bbox=-90,39,-90,40&zoom=3",
        "bbox=-90,39,-89,91&zoom=3",
        "bbox=nan,39,-89,40&zoom=3",
        "bbox=-1e3,39,-89,40&zoom=3",
        "bbox=-90,39,-89,40&zoom=23",
        "bbox=-90,39,-89,40&zoom=-1",
        "bbox=-90,39,-89,40&zoom=3&zoom=4",
        "bbox=-90,39,-89,40&zoom=3&page_size=5",
        "bbox=-90,39,-89,40&zoom=3&sort=name",
        "bbox=-90,39,-89,40&zoom=3&nonsense=1",
        "bbox=-90,39,-89,40&zoom=3&acceptance=positive",
    ],
)
def test_nonsense_is_refused_in_a_sentence(client, db, query):
    data = get(client, f"/api/v1/map/?{query}", status=400)

    assert data["errors"]
    assert data["detail"].endswith(".")


def test_queries_of_a_map_do_not_grow(client, db, django_assert_max_num_queries):
    for lng in range(5):
        at(39.8, -89.6 - lng / 100)
    index.rebuild()

    with django_assert_max_num_queries(2):
        get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=12")
    with django_assert_max_num_queries(3):
        get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom=5&day=mon")


@pytest.mark.parametrize("zoom", [11, 5])
def test_what_starts_soon_is_told_within_the_view_alone(client, db, now, zoom):
    def tonight(lat):
        return at(lat, -89.6, weekday=now.weekday(), start=time(19))

    seen = tonight(39.8)
    tonight(45)
    index.rebuild()

    data = get(client, f"/api/v1/map/?{SPRINGFIELD}&zoom={zoom}&starts_within=1440")

    assert data["count"] == 1
    if zoom == 11:
        assert list(points(data)) == [seen.pk]
