"""From parameters to a Search: its sentence, its chips and what may stand in an address."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import QueryDict

from finder import search
from finder.search import ListingFilterSet
from finder.search.parameters import FILTERS
from finder.search.params import tells
from tests.factories import make_locality, make_program

PROGRAMS = Path(search.__file__).parents[1] / "data" / "programs.json"
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def springfield(db):
    make_locality()
    make_program(slug="na", name="Narcotics Anonymous")
    make_program(slug="mara", name="Medication-Assisted Recovery Anonymous")


def ask(text: str):
    filterset = ListingFilterSet(QueryDict(text))
    assert filterset.is_valid(), filterset.errors
    return filterset.search(now=NOW)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "All meetings."),
        ("near=62701", "Meetings within 25 miles of 62701."),
        ("near=62701&within=1", "Meetings within 1 mile of 62701."),
        ("day=mon&day=tue", "Meetings on Monday or Tuesday."),
        ("from=18:00&to=01:30", "Meetings from 6:00 p.m. to 1:30 a.m."),
        ("starts_within=120", "Meetings starting within 2 hours."),
        ("starts_within=90", "Meetings starting within 90 minutes."),
        ("format=online,phone", "Meetings online or by phone."),
        ("program=na", "Meetings of Narcotics Anonymous."),
        ("focus=women,lgbtq", "Meetings for women and LGBTQ+ people."),
        ("access=asl,captions", "Meetings with sign language and captions known."),
        ("language=es", "Meetings in Spanish."),
        ("medication=methadone", "Meetings with what is known of methadone."),
        (
            "medication=methadone&acceptance=positive",
            "Meetings with acceptance of methadone: any positive.",
        ),
        ("q=night light", "Meetings matching “night light”."),
    ],
)
def test_the_sentence_says_the_search(text, sentence):
    assert ask(text).sentence == sentence


def test_each_chip_takes_one_condition_away():
    search = ask("near=62701&within=10&day=mon,tue&sort=distance&focus=women")

    left = {chip.label: chip.without for chip in search.chips}
    assert left["Monday"]["day"] == ["tue"]
    assert left["near 62701"] == {"day": ["mon", "tue"], "focus": ["women"]}
    assert "focus" not in left["Women"]
    assert left["within 10 miles"]["near"] == ["62701"]


def test_each_chips_rest_is_a_sound_search_with_one_chip_less():
    search = ask(
        "near=62701&within=10&day=mon,tue&from=18:00&to=21:00&format=online&program=na&model=12-step"
        "&focus=women&language=es&access=asl&medication=methadone&acceptance=positive&q=night"
        "&sort=acceptance&starts_within=60&tz=America/Denver&page_size=5"
    )

    for chip in search.chips:
        query = QueryDict(mutable=True)
        for name, values in chip.without.items():
            query.setlist(name, values)
        rest = ask(query.urlencode())
        assert len(rest.chips) < len(search.chips)
        assert chip.label not in [other.label for other in rest.chips]


@pytest.mark.parametrize(
    ("text", "is_sensitive"),
    [
        ("near=62701&day=mon", False),
        ("medication=methadone", True),
        ("medication=methadone&acceptance=positive", True),
        ("near=39.8,-89.65", True),
        ("model=medication", True),
        ("program=mara", True),
        ("program=na", False),
    ],
)
def test_medication_acceptance_and_coordinates_are_sensitive(text, is_sensitive):
    found = ask(text)

    assert found.is_sensitive is is_sensitive
    assert any(chip.is_sensitive for chip in found.chips) is is_sensitive


def test_an_address_to_share_carries_nothing_sensitive():
    search = ask(
        "near=39.8,-89.65&within=5&sort=distance&medication=methadone&acceptance=positive&day=mon"
    )

    assert search.link_params == {"day": ["mon"]}
    assert ask("near=62701&medication=methadone&sort=acceptance").link_params == {"near": ["62701"]}
    assert ask("near=62701&program=na,mara").link_params == {"near": ["62701"]}


def test_every_program_made_for_people_on_medication_is_known_to_tell():
    rows = json.loads(PROGRAMS.read_text(encoding="utf-8"))

    assert [r["slug"] for r in rows if tells("program", r["slug"])] == [
        r["slug"] for r in rows if r["model"] == "medication"
    ]


def test_the_params_of_a_search_give_the_same_search():
    text = "near=62701&within=12.5&day=tue,mon&from=7:05&language=PT-br&focus=women&page_size=5"
    search = ask(text)
    query = QueryDict(mutable=True)
    for name, values in search.params.items():
        query.setlist(name, values)

    again = ask(query.urlencode())

    assert again == search
    assert again.fingerprint == search.fingerprint
    assert search.params["language"] == ["pt-BR"]
    assert search.params["from"] == ["07:05"]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", "America/New_York"),
        ("near=62701", "America/Chicago"),
        ("near=62701&tz=Asia/Tokyo", "Asia/Tokyo"),
        ("tz=Asia/Tokyo", "Asia/Tokyo"),
    ],
)
def test_the_viewers_zone_is_told_or_that_of_the_place(text, zone):
    assert ask(text).tz == zone


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", "next_start"),
        ("near=62701", "distance"),
        ("near=62701&q=night", "distance"),
        ("q=night", "relevance"),
        ("near=62701&format=online", "next_start"),
        ("near=62701&format=online,in_person", "distance"),
        ("near=62701&sort=name", "name"),
        ("near=62701&medication=methadone", "acceptance"),
        ("near=62701&medication=methadone&sort=distance", "distance"),
    ],
)
def test_the_order_is_nearest_then_best_match_then_soonest(text, order):
    assert ask(text).sort == order


def test_a_form_left_blank_asks_for_everything():
    blank = "&".join(f"{name}=" for name in FILTERS if name != "within") + "&within=25"

    assert ask(blank).sentence == "All meetings."


def test_positive_stands_for_the_three_positive_labels():
    search = ask("medication=methadone&acceptance=positive,mixed")

    assert search.acceptance == ("mixed", "affirming", "accepting", "likely_accepting")


def test_an_error_never_repeats_long_or_odd_text():
    filterset = ListingFilterSet(QueryDict("day=" + "x" * 200 + "&" + "y" * 500 + "=1"))

    text = str(filterset.errors)
    assert not filterset.is_valid()
    assert "x" * 41 not in text
    assert "y" * 41 not in text


def test_a_search_with_errors_cannot_be_run():
    with pytest.raises(ValueError, match="errors"):
        ListingFilterSet(QueryDict("day=nope")).search(now=NOW)
