"""What the one box understands: a table of queries in English and Spanish, and rules for any."""

import ast
import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.search import reading
from finder.search.folding import fold
from finder.search.parameters import FILTERS
from finder.search.reading import City, Takes, city_keys, names_medication, read, strange_words
from finder.search.reading.lexicon import MEANINGS

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))
PROGRAMS = Path(reading.__file__).parents[2] / "data" / "programs.json"
WHEN = ("now", "soon", "today", "tonight", "tomorrow")


def city(text: str) -> City:
    name, state, zips = text.replace(",", ":").split(":")
    return City(name, state.strip(), int(zips))


def takes() -> Takes:
    programs = {}
    for row in json.loads(PROGRAMS.read_text(encoding="utf-8")):
        for name in (row["slug"], row["name"], row["short_name"]):
            programs.setdefault(fold(name), row["slug"])
    cities = {key: tuple(map(city, rows)) for key, rows in TABLE["cities"].items()}
    return Takes(programs, cities)


TAKES = takes()


def told(found) -> dict:
    """Write a reading as the table does."""
    params = {n: v if len(v) > 1 else v[0] for n, v in found.params.items()}
    asks = [" or ".join(c.pairs[0][1] for c in q.choices) for q in found.questions]
    said = {
        "params": params,
        "rest": found.rest,
        "asks": asks,
        "aside": [f"{text}: {problem.value}" for text, problem in found.aside],
        "corrected": [f"{typed} > {word}" for typed, word in found.corrected],
    }
    return {name: value for name, value in said.items() if value}


@pytest.mark.parametrize("row", TABLE["query"], ids=lambda row: row["text"])
def test_query_is_read_as_the_table_says(row):
    expected = {name: value for name, value in row.items() if name != "text"}

    assert told(read(row["text"], TAKES)) == expected


def test_table_is_long_and_has_nothing_twice():
    texts = Counter(row["text"] for row in TABLE["query"])

    assert len(texts) >= 200
    assert texts.most_common(1)[0][1] == 1


@pytest.mark.parametrize("row", TABLE["query"], ids=lambda row: row["text"])
def test_what_is_left_reads_as_itself(row):
    """The page keeps the rest in an address, where it is read once more."""
    rest = read(row["text"], TAKES).rest

    assert read(rest, TAKES).rest == rest
    assert read(rest, TAKES).params == {}


def choices_of(name: str) -> set[str]:
    choices = FILTERS[name].field.choices if name != "program" else []
    return {str(code) for code, _label in choices}


def test_every_meaning_is_a_code_of_its_parameter():
    slugs = {row["slug"] for row in json.loads(PROGRAMS.read_text(encoding="utf-8"))}
    pairs = {p for m in MEANINGS.values() for p in m.pairs}
    pairs |= {p for m in MEANINGS.values() for c in m.choices for p in c.pairs}
    known = {"program": slugs, "when": set(WHEN)}

    for name, value in pairs:
        if name not in ("from", "to", "near"):
            assert value in (known.get(name) or choices_of(name)), (name, value)


def test_program_that_is_not_listed_stays_text():
    assert read("lifering tuesday", Takes({"na": "na"})).rest == "lifering"


def test_word_that_listings_use_is_no_mistake():
    assert read("onlne", TAKES).params == {"format": ["online"]}
    assert read("onlne", Takes(known_words=frozenset({"onlne"}))).rest == "onlne"


def test_reader_says_which_cities_and_words_to_look_up():
    assert {"saint paul", "gay st paul".replace("st", "saint")} <= city_keys("gay st paul")
    assert strange_words("tusday women xyzzy na") == {"tusday", "xyzzy"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("night Methadone", True),
        ("SUBOXONE", True),
        ("soboxone", True),
        ("suboxne", True),
        ("metadona", True),
        ("buprenorfina", True),
        ("vivitrol shot", True),
        ("MAT", True),
        ("Brixadi", True),
        ("night light", False),
        ("method", False),
        ("mathematics", False),
        ("women tuesday", False),
        ("medication", False),
        ("", False),
    ],
)
def test_names_of_medications_are_known_even_mistyped(text, expected):
    assert names_medication(text) is expected


def test_every_sensitive_reading_is_known_by_the_one_rule():
    for row in TABLE["query"]:
        found = read(row["text"], TAKES)
        if "medication" in found.params:
            assert names_medication(row["text"])


@given(st.text(max_size=80))
def test_any_text_can_be_read(text):
    found = read(text, TAKES)

    assert set(found.params) <= {*FILTERS, "when"}


words = st.sampled_from([w for row in TABLE["query"] for w in row["text"].split()])


@given(st.lists(words, max_size=9))
def test_no_word_gets_lost(typed):
    """Every word is in a part, a question, set aside, text, or one of the small words."""
    text = " ".join(typed)
    found = read(text, TAKES)
    said = [part.text for part in found.parts] + [q.text for q in found.questions]
    said += [aside for aside, _problem in found.aside] + [found.rest]

    small = set(fold(text).split()) - set(fold(" ".join(said)).split())
    assert read(" ".join(sorted(small)), TAKES).params.keys() <= {"near", "from", "to", "day"}


def test_reader_asks_no_database():
    for path in Path(reading.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        modules += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        assert not any(m.startswith(("django", "finder.models")) for m in modules), path
