"""Distance, boxes and coordinates: known distances, the date line, the poles, nonsense."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.geo import (
    EARTH_MILES,
    FARTHEST_MILES,
    Point,
    boxes,
    distance_miles,
    looks_like_point,
    read_point,
)

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("a", "b", "miles"),
    [
        (Point(0, 0), Point(0, 0), 0),
        (Point(0, 0), Point(0, 180), FARTHEST_MILES),
        (Point(90, 0), Point(-90, 77), FARTHEST_MILES),
        (Point(0, 0), Point(1, 0), math.radians(1) * EARTH_MILES),
        (Point(40.7128, -74.0060), Point(34.0522, -118.2437), 2445.563),
        (Point(51.85, -179.9), Point(51.85, 179.9), 8.536),
    ],
)
def test_distance_of_known_pairs(a, b, miles):
    assert distance_miles(a, b) == pytest.approx(miles, abs=0.01)


@given(points, points)
def test_distance_is_symmetric_and_bounded(a, b):
    assert distance_miles(a, b) == pytest.approx(distance_miles(b, a), abs=1e-6)
    assert 0 <= distance_miles(a, b) <= FARTHEST_MILES + 1e-6


@given(points, st.floats(0.1, 13000), st.floats(0, 2 * math.pi), st.floats(0, 1))
def test_boxes_hold_every_point_of_the_circle(center, miles, bearing, share):
    """Walk from the centre in any direction; the end must lie in a box."""
    angle = min(miles * share / EARTH_MILES, math.pi)
    lat, lng = math.radians(center.lat), math.radians(center.lng)
    sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    end_lat = math.asin(max(-1, min(1, sine)))
    end_lng = lng + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * math.sin(end_lat),
    )
    degrees = (math.degrees(end_lng) + 180) % 360 - 180
    end = Point(max(-90, min(90, math.degrees(end_lat))), degrees)

    if distance_miles(center, end) <= miles:
        assert any(box.holds(end) for box in boxes(center, miles))


def test_circle_over_the_date_line_has_two_boxes():
    found = boxes(Point(51.85, -179.9), 25)

    assert len(found) == 2
    assert any(box.holds(Point(51.85, 179.9)) for box in found)
    assert not any(box.holds(Point(51.85, 0)) for box in found)


@pytest.mark.parametrize("lat", [89.9, -89.9])
def test_circle_over_a_pole_takes_all_longitudes(lat):
    (box,) = boxes(Point(lat, 10), 25)

    assert (box.west, box.east) == (-180, 180)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("39.7392,-104.9903", Point(39.7392, -104.9903)),
        (" 39.7 , -105 ", Point(39.7, -105)),
        ("+39.,-.5", Point(39, -0.5)),
        ("-90,180", Point(-90, 180)),
    ],
)
def test_coordinates_are_read(text, expected):
    assert read_point(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", ",", "NaN,1e308", "nan,nan", "inf,0", "91,0", "0,181", "0,-180.1", "1,2,3", "1e1,2"]
    + ["٣٩,١", "39.7", "1" * 400 + ",2", "0x10,0", "1_0,2", "39.7;\x00-105"],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"point|coordinates"):
        read_point(text)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 90.01])
def test_a_point_must_lie_on_the_earth(bad):
    with pytest.raises(ValueError, match="point"):
        Point(bad, 0)


def test_coordinates_are_told_from_names():
    assert looks_like_point("NaN,1e308")
    assert looks_like_point("999,999")
    assert not looks_like_point("Denver, CO")
    assert not looks_like_point("Nan, NE")


def test_rounding_leaves_two_decimals():
    assert Point(39.73921, -104.99025).rounded() == Point(39.74, -104.99)
