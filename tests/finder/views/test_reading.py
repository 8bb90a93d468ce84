"""Public pages can be read by people who left school early, and speak of people first."""

import html
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

HIGHEST_GRADE = 8.0
PAGES = ["/", "/about/", "/safety/", "/privacy/", "/accessibility/"]
# Proper names and numbers that a person reads as one thing.
NAMES = re.compile(
    r"SAMHSA National Helpline|988 Suicide & Crisis Lifeline|FindTreatment\.gov|988lifeline\.org"
    r"|GeoNames.*?\(OFL\)|National Domestic Violence Hotline|[\d,.+-]*\d"
)
AVOIDED = re.compile(
    r"\b(addicts?|junkie|clean|dirty|MAT|relapse\w*|abus\w*|hostile|required?|alcoholics?"
    r"|substitution|compliant|refused|enabling)\b",
    re.IGNORECASE,
)


def words_of(address: str) -> str:
    """The text of a page's main part, each block a sentence."""
    page = Client().get(address).text
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<(select|form|table|h\d)\b.*?</\1>", " ", main, flags=re.DOTALL)
    blocks = re.sub(r"</(p|li|h\d|dt|dd|summary)>", ". ", main)
    text = html.unescape(re.sub(r"<[^>]+>", "", blocks))
    return NAMES.sub("it", re.sub(r"\s+", " ", text))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade."""
    sentences = [part for part in re.split(r"[.!?:]+\s", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z][A-Za-z’'-]*", text)
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<!l)e$|es$|ed$", "", word.lower()))))
        for word in words
    )
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_grade_agrees_with_the_formula():
    # 6 words, 1 sentence, 7 syllables.
    assert grade("The cat sat on a sofa.") == pytest.approx(0.39 * 6 + 11.8 * 7 / 6 - 15.59)


@pytest.mark.parametrize("address", PAGES)
def test_page_reads_at_grade_eight_or_below(address):
    assert grade(words_of(address)) <= HIGHEST_GRADE


@pytest.mark.parametrize("address", [*PAGES, "/about/acceptance/"])
def test_page_speaks_of_people_first(address):
    assert AVOIDED.findall(words_of(address)) == []
