from datetime import date

import pytest

from finder.feeds import places
from finder.feeds.rows import Row

TODAY = date(2026, 11, 10)


def make_row():
    return Row(1, {}, program="aa", today=TODAY)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("9 Elm Rd, Columbia, MD 21045, USA", ("9 Elm Rd", "Columbia", "MD", "21045", "US")),
        (", Phoenix, AZ 85016, USA", ("", "Phoenix", "AZ", "85016", "US")),
        ("Springfield, IL, USA", ("", "Springfield", "IL", "", "US")),
        ("San Jose, CA", ("", "San Jose", "CA", "", "US")),
        (
            "1 Elm Rd, Troy, New York 12180-1234, United States",
            ("1 Elm Rd", "Troy", "NY", "12180", "US"),
        ),
        ("1 Elm Rd, Troy, MI, 48083", ("1 Elm Rd", "Troy", "MI", "48083", "US")),
        ("1 Elm Rd, Troy, MI 48083 USA", ("1 Elm Rd", "Troy", "MI", "48083", "US")),
        ("5 Bay St, Toronto, ON M5V 2T6, Canada", ("5 Bay St", "Toronto", "ON", "M5V 2T6", "CA")),
        ("Skolgatan 4, Stockholm, Sverige", ("Skolgatan 4", "Stockholm", "", "", "SE")),
        ("4 Rue Bleue, 75009 Paris, France", ("4 Rue Bleue", "Paris", "", "75009", "FR")),
        ("5 High St, London SW1A 1AA, UK", ("5 High St", "London", "", "SW1A 1AA", "GB")),
        ("Skolgatan 4, 411 19 Göteborg, Sweden", ("Skolgatan 4", "Göteborg", "", "411 19", "SE")),
        ("", ("", "", "", "", "")),
    ],
)
def test_postal_line_is_parted(written, parts):
    found = places.read_address(written)

    assert (found.street, found.city, found.state, found.zip, found.country) == parts


@pytest.mark.parametrize(
    ("lat", "lng", "point", "code"),
    [
        (39.8, -89.65, (39.8, -89.65), None),
        ("39.8", " -89.65 ", (39.8, -89.65), None),
        ("0", "0", (None, None), "zero_point"),
        ("-", "-", (None, None), None),
        ("x", "y", (None, None), "bad_point"),
        (float("nan"), 1.0, (None, None), "bad_point"),
        (1e308, 1e308, (None, None), "bad_point"),
        (-89.65, 39.8, (39.8, -89.65), "turned_point"),
        (39.8, 89.65, (39.8, -89.65), "turned_point"),
        (91, 10, (10, 91), "turned_point"),
        (None, None, (None, None), None),
        ("40.123456789012345678901234567890", "-89.1", (40.12345678901235, -89.1), None),
    ],
)
def test_point_is_read(lat, lng, point, code):
    row = make_row()

    found = places.read_point(row, lat=lat, lng=lng, country="US" if code != "x" else "")

    assert (found.lat, found.lng) == (pytest.approx(point[0]), pytest.approx(point[1]))
    assert [problem.code for problem in row.problems] == ([code] if code else [])


def test_four_coordinates_are_an_area():
    found = places.read_coordinates(make_row(), "39.0,-90.0,40.0,-89.0")

    assert (found.lat, found.lng, found.is_approximate) == (39.5, -89.5, True)


@pytest.mark.parametrize(
    ("written", "zip_"),
    [
        (62701, "62701"),
        ("62701-1234", "62701"),
        (2713, "02713"),
        ("627011234", "62701"),
        (62701.0, "62701"),
    ],
)
def test_zip_has_five_digits(written, zip_):
    assert places.read_zip(make_row(), written, "US") == zip_


def test_private_home_is_reduced_to_its_town():
    address = places.Address("12 Elm Rd", "Springfield", "IL", "62701", "US")

    place = places.build_place(
        make_row(),
        name="Zebulon Q.'s house",
        address=address,
        region="",
        notes="",
        point=places.Point(39.81234, -89.65432),
        approximate=None,
    )

    assert (place.name, place.address, place.city) == ("", "", "Springfield")
    assert (place.lat, place.lng, place.is_approximate) == (39.81, -89.65, True)
