"""The words of listings: learned with them, counted anew, and found again when mistyped."""

import pytest

from finder.models import ListedWord
from finder.search import index
from finder.search.box import read_box
from finder.search.vocabulary import look_up, recount, words_of
from tests.factories import make_group, make_meeting, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def lantern():
    """Three meetings named after lanterns and one after a lancer."""
    group = make_group(name="Night Lanterns")
    meetings = [make_meeting(group=group, name="Lantern") for _number in range(3)]
    make_meeting(name="Lancers", place=make_place(name="Café Señorial"))
    index.rebuild()
    return meetings


def box(text: str):
    return read_box({"q": [text]}, programs=[])


def test_words_are_counted_with_all_listings(lantern):
    counts = dict(ListedWord.objects.values_list("word", "listings"))

    assert counts["lantern"] == 3 and counts["lancers"] == 1
    assert {"senorial", "springfield"} <= counts.keys()
    assert not any(any(c.isdigit() for c in word) for word in counts)


def test_word_is_learned_with_its_listing_and_forgotten_at_the_next_count(lantern):
    late = make_meeting(name="Breakwater")
    index.refresh([late.pk])

    assert box("breakwatr").params == {"q": ["breakwater"]}

    late.delete()

    # Nothing uses the word any more, so nothing is taken for it.
    assert box("breakwatr").params == {"q": ["breakwatr"]}
    recount()
    assert not ListedWord.objects.filter(word="breakwater").exists()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lantren", "lantern"),
        ("lanern", "lantern"),
        ("senoriel", "senorial"),
        ("lantern", "lantern"),
        ("lanterns", "lanterns"),
        ("xyzzyx", "xyzzyx"),
        ('"lantren"', '"lantren"'),
    ],
)
def test_name_that_no_listing_has_is_taken_for_the_one_most_like_it(lantern, typed, meant):
    found = box(typed)

    assert found.params == {"q": [meant]}
    assert bool(found.reading.corrected) is (typed != meant)
    assert found.address == {"q": [typed]}


def test_of_two_words_equally_alike_the_one_used_more_is_meant():
    make_meeting(name="Haven of hills")
    for _number in range(2):
        make_meeting(name="Raven of hills")
    make_meeting(name="Waven")
    for name in ("Mavens", "Mavenz", "Mavenz"):
        make_meeting(name=name)
    index.rebuild()

    assert box("mavenx").params == {"q": ["mavenz"]}


def test_all_words_are_looked_up_in_one_query(lantern, django_assert_num_queries):
    typed = {"lantren", "lancres", "senoriel", "springfeld", "xyzzy", "plughs", "quuxes", "zzzzz"}
    with django_assert_num_queries(1):
        known = look_up({*typed, "lantern"})

    assert known.used == {"lantern"}
    assert known.alike["lantren"][0] == "lantern"
    assert len(known.alike) <= 6


def test_words_of_names_are_folded():
    assert words_of("Women’s Circle – Peñasco, 5pm") == {"women", "circle", "penasco"}
