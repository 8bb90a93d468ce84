"""Places: what is typed, what is found, and what is said when nothing is."""

import pytest
from django.core.management import call_command

from finder.geo import Point
from finder.models import Locality
from finder.search.folding import fold
from finder.search.places import PlaceError, build, locate, zone_at


def record(zip_code: str, city: str, state: str, **more) -> dict:
    return {
        "zip_code": zip_code,
        "zip_code_type": "STANDARD",
        "city": city,
        "acceptable_cities": [],
        "state": state,
        "county": "Some County",
        "timezone": "America/Chicago",
        "lat": "39.8",
        "long": "-89.65",
    } | more


RECORDS = [
    record("62701", "Springfield", "IL"),
    record("62702", "Springfield", "IL", lat="39.9"),
    record("62705", "Springfield", "IL", lat="50.0", zip_code_type="PO BOX"),
    record("65801", "Springfield", "MO", lat="37.2", acceptable_cities=["Galloway"]),
    record("63101", "Saint Louis", "MO", lat="38.63"),
    record("81212", "Canon City", "CO", timezone="America/Denver"),
    record("63366", "O Fallon", "MO"),
    record("10001", "New York", "NY", timezone="America/New_York"),
    record("55792", "Virginia", "MN"),
    record("86045", "Tuba City", "AZ", lat="36.1037", long="-111.2686"),
    record("86001", "Flagstaff", "AZ", lat="35.1887", long="-111.6383"),
    record("99634", "Napakiak", "AK", timezone="Napakiak", lat="60.6898", long="-161.9786"),
    record("09001", "Apo", "AE", lat="0", long="0", timezone=""),
]


@pytest.fixture
def places(db):
    Locality.objects.bulk_create(build(RECORDS))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("62701", "62701"),
        (" 62701-1234 ", "62701"),
        ("Springfield, IL", "Springfield, IL"),
        ("springfield il", "Springfield, IL"),
        ("SPRINGFIELD, Illinois", "Springfield, IL"),
        ("Springfield Missouri", "Springfield, MO"),
        ("St. Louis, MO", "Saint Louis, MO"),
        ("Cañon City, CO", "Canon City, CO"),
        ("O'Fallon, MO", "O Fallon, MO"),
        ("New York, NY", "New York, NY"),
        ("New York", "New York, NY"),
        ("New York New York", "New York, NY"),
        ("Virginia, MN", "Virginia, MN"),
        ("Galloway, MO", "Galloway, MO"),
        ("39.80,-89.65", "39.80,-89.65"),
    ],
)
def test_a_place_is_found_as_people_write_it(places, text, label):
    assert locate(text).label == label


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("99999", "We do not know the ZIP code 99999."),
        ("6270", "A ZIP code has five digits, such as 62701."),
        ("٦٢٧٠١", "A ZIP code has five digits, such as 62701."),
        ("Narnia", "We do not know that place."),
        ("Springfield, ZZ", "We do not know that place."),
        ("Springfield, NY", "We do not know that place."),
        ("NaN,1e308", "Those coordinates are not on the map."),
        ("999,0", "Those coordinates are not on the map."),
        ("x" * 121, "That place is too long."),
        ("09001", "We do not know the ZIP code 09001."),
    ],
)
def test_what_cannot_be_told_is_said_in_a_sentence(places, text, sentence):
    with pytest.raises(PlaceError) as caught:
        locate(text)

    assert str(caught.value).startswith(sentence)


def test_an_ambiguous_city_names_the_choices_the_largest_first(places):
    with pytest.raises(PlaceError, match="Springfield, IL; Springfield, MO"):
        locate("Springfield")


def test_coordinates_are_rounded_and_marked(places):
    origin = locate("39.80123,-89.65987")

    assert origin.point == Point(39.8, -89.66)
    assert origin.is_exact
    assert not locate("62701").is_exact


def test_a_city_lies_amid_its_homes_not_its_post_boxes(places):
    assert locate("Springfield, IL").point.lat == pytest.approx(39.85)


def test_navajo_nation_keeps_daylight_time_and_flagstaff_does_not(places):
    assert locate("86045").zone == "America/Denver"
    assert locate("86001").zone == "America/Phoenix"


def test_a_zone_that_is_none_is_read_from_the_map(places):
    assert locate("99634").zone in ("America/Nome", "America/Anchorage")
    assert zone_at(Point(0, -150)) in ("Etc/GMT+10", "Etc/UTC")


@pytest.mark.parametrize("text", ["62701", "Springfield, IL", "39.8,-89.65", "New York New York"])
def test_a_place_costs_one_query_at_most(places, django_assert_max_num_queries, text):
    with django_assert_max_num_queries(1):
        locate(text)


def test_folding_forgets_case_accents_and_points():
    assert fold("  ST. Paul ") == fold("saint paul")
    assert fold("Mt. Pleasant") == "mount pleasant"


def test_load_places_is_idempotent_and_knows_every_state(db, capsys):
    call_command("load_places")
    call_command("load_places")

    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("GeoNames (CC BY 4.0).")
    assert second.endswith("unchanged.")
    assert Locality.objects.filter(kind="zip").count() > 41_000
    assert Locality.objects.values("state").distinct().count() >= 56
    assert locate("Denver, CO").zone == "America/Denver"
