"""Meetings joined from anywhere, beside a search near a place."""

from datetime import time

import pytest

from finder.search import index
from tests.factories import make_group, make_locality, make_meeting, make_place, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def boise(now):
    """A meeting held both ways, a thousand miles from the place asked for; and one close by."""
    make_locality()
    for name, lat, lng in (("Far chapel", 43.6, -116.2), ("Near hall", 39.8, -89.65)):
        place = make_place(name=name, lat=lat, lng=lng)
        group = make_group(name=f"Both ways, {name}")
        make_meeting(group=group, place=place, format="hybrid", weekday=1, start=time(19))
    index.rebuild()


def cards(html: str, name: str) -> list[str]:
    parts = [part.split("</article>")[0] for part in html.split("<article")[1:]]
    return [part for part in parts if f"Both ways, {name}" in part]


def test_meeting_held_both_ways_far_away_is_told_as_online(client, boise):
    html = client.get("/?near=62701").text

    below = html[html.index("Online, from anywhere") :]
    (far,) = cards(below, "Far chapel")
    assert "chapel, " not in far.replace("Both ways, Far chapel", "")
    assert "Online" in far and "In person" not in far


def test_meeting_held_both_ways_close_by_is_told_with_its_place(client, boise):
    html = client.get("/?near=62701").text

    near = cards(html[: html.index("Online, from anywhere")], "Near hall")
    assert len(near) == 1
    assert "Near hall, 100 Walnut Street" in near[0] and "In person and online" in near[0]


def test_who_asks_for_online_is_told_no_way_to_travel(client, boise):
    html = client.get("/?near=62701&format=online").text

    for name in ("Far chapel", "Near hall"):
        (card,) = cards(html, name)
        assert "Walnut Street" not in card and "miles away" not in card


@pytest.mark.parametrize("asked", ["program=na", "program=na&format=online", "q=xyzzyx"])
def test_search_of_no_place_that_finds_nothing_leads_to_what_is_joined(client, boise, asked):
    make_program(slug="na", name="Narcotics Anonymous")
    html = client.get(f"/?{asked}").text

    below = html[html.index("Online, from anywhere") :]
    assert "No meeting fits all of that" in html
    assert "These do not fit all that you asked for." in below
    assert len(cards(below, "Far chapel")) == 1
