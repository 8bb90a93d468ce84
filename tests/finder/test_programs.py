"""The catalogue of programs is complete, sourced, plain and free of stigma."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from finder import catalogue
from finder.acceptance import METHOD
from finder.models import Program
from finder.vocab import Format, Model, PriorClass

ENTRIES = catalogue.read()
BY_SLUG = {entry["slug"]: entry for entry in ENTRIES}
BUILT_FOR = {"mara", "methadone-anonymous", "mars", "aim"}
EXPLICIT = {"smart", "lifering", "hrw"}
SUBSTANCES = {"any", "alcohol", "opioids", "stimulants", "cannabis", "nicotine", "gambling"}
OWN_WORDS = ("target", "what_happens", "first_visit", "position", "position_sentence", "size")
FORBIDDEN = re.compile(
    r"\b(addict|addicts|addicted|clean|dirty|MAT|relapse[sd]?|abuse[sd]?|abusers?|hostile"
    r"|required?s?|junkie|substitution|replacement|alcoholics?|compliant|refused|drunks?)\b",
    re.IGNORECASE,
)


def own_words(entry: dict) -> str:
    """What we say ourselves: proper names and quotations are other people's words."""
    text = " ".join(entry[field] for field in OWN_WORDS)
    names = {name for other in ENTRIES for name in (other["name"], other["short_name"])}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.sub(r"“[^”]*”", "", text)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade, with syllables counted as groups of vowels."""
    sentences = len(re.findall(r"[.!?](?:\s|$)", text))
    words = re.findall(r"[^\W\d_][\w'’-]*", text)
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<!l)e$", "", word.lower()))))
        for word in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_catalogue_holds_at_least_forty_programs_once_each():
    assert len(ENTRIES) >= 40
    assert len(BY_SLUG) == len(ENTRIES)


def test_catalogue_has_the_slugs_other_people_rely_on():
    promised = "aa na ca ha cma ma al-anon aca coda rd rr daa pal ga smart lifering wfs mara"
    promised += " methadone-anonymous wellbriety celebrate-recovery dra hrw phoenix mars aim"

    assert set(promised.split()) <= set(BY_SLUG)


@pytest.mark.parametrize("entry", ENTRIES, ids=BY_SLUG)
def test_entry_fits_the_model(entry):
    program = Program(**entry)

    program.clean_fields(exclude=[name for name in entry if not entry[name]])
    program.full_clean(exclude=[*entry], validate_unique=False)
    assert entry["model"] in Model.values
    assert entry["prior_class"] in PriorClass.values
    assert entry["is_secular"] in (True, False, None)
    assert set(entry["formats"]) <= set(Format.values)
    assert set(entry["substances"]) <= SUBSTANCES
    assert entry["languages"]


@pytest.mark.parametrize("entry", ENTRIES, ids=BY_SLUG)
def test_entry_says_what_a_visitor_needs(entry):
    assert entry["target"]
    assert entry["size"]
    assert entry["position"].endswith(".")
    assert entry["position_sentence"].endswith(".")
    assert len(entry["position_sentence"]) <= 80
    assert 1 <= len(re.findall(r"[.!?](?:\s|$)", entry["what_happens"])) <= 3
    assert entry["first_visit"]


@pytest.mark.parametrize("entry", ENTRIES, ids=BY_SLUG)
def test_entry_uses_people_first_words(entry):
    assert FORBIDDEN.findall(own_words(entry)) == []


def test_forbidden_words_are_noticed():
    assert FORBIDDEN.findall("A clean addict on MAT is required to come") != []


@pytest.mark.parametrize("field", ["position", "what_happens", "first_visit"])
def test_texts_read_at_grade_eight(field):
    grades = {entry["slug"]: grade(entry[field]) for entry in ENTRIES}

    assert sum(grades.values()) / len(grades) <= 8
    assert [slug for slug, value in grades.items() if value > 11] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=BY_SLUG)
def test_a_position_that_is_verified_names_source_and_date(entry):
    if entry["position_is_verified"]:
        assert entry["position_source"]
        assert entry["position_date"]


def test_only_sourced_and_verified_programs_have_a_prior_of_their_own():
    scored = {slug for slug, entry in BY_SLUG.items() if entry["prior_class"] != PriorClass.OPEN}

    assert {s for s in scored if BY_SLUG[s]["prior_class"] == PriorClass.BUILT_FOR} == BUILT_FOR
    assert {s for s in scored if BY_SLUG[s]["prior_class"] == PriorClass.EXPLICIT} == EXPLICIT
    assert all(BY_SLUG[slug]["position_is_verified"] for slug in scored)


def test_sponsor_is_a_word_of_step_programs_alone():
    secular = [entry for entry in ENTRIES if entry["is_secular"]]

    assert {entry["support_word"] for entry in ENTRIES} == {"sponsor", "support person"}
    assert {entry["support_word"] for entry in secular} == {"support person"}


def test_family_programs_are_marked():
    family = {slug for slug, entry in BY_SLUG.items() if entry["is_family"]}

    assert family == {s for s, entry in BY_SLUG.items() if entry["model"] == Model.FAMILY}
    assert {"al-anon", "nar-anon", "pal", "smart-family", "grasp"} <= family


@pytest.mark.django_db
def test_load_creates_every_program_and_then_writes_nothing(django_assert_num_queries):
    first = catalogue.load(ENTRIES)

    with django_assert_num_queries(3):  # one read between savepoint and release
        second = catalogue.load(ENTRIES)

    assert first == catalogue.Loaded(created=len(ENTRIES), updated=0, unchanged=0)
    assert second == catalogue.Loaded(created=0, updated=0, unchanged=len(ENTRIES))


@pytest.mark.django_db
def test_load_changes_only_what_differs_and_keeps_other_programs():
    catalogue.load(ENTRIES)
    Program.objects.filter(slug="na").update(target="Something else")
    Program.objects.create(slug="local", name="Local", sort_key="local", model=Model.HUB)

    done = catalogue.load(ENTRIES)

    assert (done.created, done.updated) == (0, 1)
    assert Program.objects.get(slug="na").target == BY_SLUG["na"]["target"]
    assert Program.objects.filter(slug="local").exists()


def test_programs_that_score_are_those_the_method_names():
    scored = {slug: entry for slug, entry in BY_SLUG.items() if entry["prior_class"] != "open"}

    named = {slug: entry.prior.prior_class for slug, entry in METHOD.priors.items()}

    assert {slug: entry["prior_class"] for slug, entry in scored.items()} == named


@pytest.mark.django_db
def test_command_says_how_many_programs_it_wrote():
    said = StringIO()

    call_command("load_programs", stdout=said)
    call_command("load_programs", stdout=said)

    assert said.getvalue().splitlines() == [
        f"Programs: {len(ENTRIES)} created, 0 updated, 0 unchanged.",
        f"Programs: 0 created, 0 updated, {len(ENTRIES)} unchanged.",
    ]
