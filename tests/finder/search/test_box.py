"""The one box beside the other fields: words become parameters, choices win, nothing is lost."""

import pytest

from finder.search import index
from finder.search.box import read_box
from tests.factories import make_locality, make_meeting

pytestmark = pytest.mark.django_db

PROGRAMS = [("na", "Narcotics Anonymous", "NA"), ("aa", "Alcoholics Anonymous", "AA")]


def box(text: str, **chosen):
    return read_box({**chosen, "q": [text]}, programs=PROGRAMS)


@pytest.fixture
def springfields():
    for state, zips in (("IL", 38), ("MA", 21)):
        make_locality(kind="city", name="Springfield", key="springfield", state=state, zips=zips)
    make_locality(kind="city", name="Dayton", key="dayton", state="OH", zips=49)


def test_words_become_parameters_beside_those_chosen(springfields):
    found = box("women tuesday near dayton xyzzy", format=["online"])

    assert found.params == {
        "format": ["online"],
        "focus": ["women"],
        "day": ["tue"],
        "near": ["Dayton, OH"],
        "q": ["xyzzy"],
    }
    assert found.address == found.params


def test_choice_wins_over_words_and_the_words_are_kept_to_be_spoken_of():
    found = box("tuesday women lantern", day=["mon"])

    assert found.params == {"day": ["mon"], "focus": ["women"], "q": ["lantern"]}
    assert found.overruled == ("tuesday",)
    assert found.address["q"] == ["lantern tuesday"]
    again = read_box(found.address, programs=PROGRAMS)
    assert (again.params, again.overruled) == (found.params, found.overruled)


def test_choice_that_says_the_same_overrules_nothing():
    assert box("monday", day=["mon"]).overruled == ()


def test_distance_nobody_chose_does_not_win_over_words(springfields):
    assert box("10 miles dayton", within=["25"]).params["within"] == ["10"]
    assert box("10 miles dayton", within=["50"]).params["within"] == ["50"]


def test_answer_to_a_question_takes_its_word_away(springfields):
    found = box("springfield aa indian")
    place, people = found.reading.questions

    assert found.params == {"program": ["aa"]}
    assert found.address["q"] == ["springfield indian"]
    assert found.answered(place, place.choices[1]) == {
        "program": ["aa"],
        "near": ["Springfield, MA"],
        "q": ["indian"],
    }
    assert found.answered(people, people.choices[0])["focus"] == ["indigenous"]


def test_mistyped_word_can_be_searched_for_as_it_is():
    found = box("tusday night")
    again = read_box(found.as_typed("tusday"), programs=PROGRAMS)

    assert found.params["day"] == ["tue"]
    assert again.params["q"] == ['"tusday"']


def test_mistyped_city_is_corrected_if_it_is_large(springfields):
    make_locality(kind="city", name="Danton", key="danton", state="XX", zips=1)

    assert box("aa near datyon").params == {"program": ["aa"], "near": ["Dayton, OH"]}
    assert box("aa near datyon").reading.corrected == (("datyon", "dayton"),)
    assert box("women springfeild").reading.questions[0].text == "springfeild"
    make_locality(kind="city", name="Surprise", key="surprise", state="AZ", zips=9)
    assert box("sunrise aa").params == {"program": ["aa"], "q": ["sunrise"]}
    assert box("aa danten").params == {"program": ["aa"], "q": ["danten"]}


def test_word_that_a_listing_uses_is_not_corrected():
    assert box("wemen").params == {"focus": ["women"]}

    make_meeting(name="Wemen of the valley")
    index.rebuild()

    assert box("wemen").params == {"q": ["wemen"]}


@pytest.mark.parametrize("text", ["\x00 tuesday", "a" * 1000, "", "  "])
def test_what_cannot_be_read_is_left_as_it_is(text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert box(text).params == {"q": [text]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("suboxone 60614", True), ("MAT friendly", True), ("methadone anonymous", True)]
    + [("soboxone", True), ("women", False)],
)
def test_names_of_medications_are_sensitive(text, expected):
    assert box(text).is_sensitive is expected


def test_reading_asks_the_database_twice_at_most(django_assert_num_queries):
    with django_assert_num_queries(1):
        box("women tuesday")
    with django_assert_num_queries(2):
        box("xyzzy women plugh tuesday quux")
