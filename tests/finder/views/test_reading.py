"""Public pages can be read by people who left school early, and speak of people first."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import LocalePrefixPattern, URLPattern
from django.utils.translation import gettext, override

from finder.urls import urlpatterns
from tests.factories import make_assessment, make_group, make_meeting
from tests.public_pages import OTHERS, PAGES
from tests.readability import (
    NAMES,
    ease,
    grade,
    grade_of,
    running_text,
    sentence,
    spanish_syllables,
)

pytestmark = pytest.mark.django_db

CATALOGUE = json.loads((settings.BASE_DIR / "finder/data/programs.json").read_text("utf-8"))
HIGHEST_GRADE = 8.0
LOWEST_EASE = 55.0
AVOIDED = re.compile(
    r"\b(addicts?|junkie|clean|dirty|MAT|relapse\w*|abus\w*|hostile|required?|alcoholics?"
    r"|substitution|compliant|refused|enabling)\b",
    re.IGNORECASE,
)


@pytest.fixture
def read(client, db):
    """Give the running text of a page, in a directory with the catalogue and one asked group."""
    call_command("load_programs", verbosity=0)
    group = make_group()
    make_assessment(
        group=group,
        facts={"attend": "yes", "sources": [["clinician_call", 1]], "newest_month": "2026-10-01"},
    )
    meeting = make_meeting(group=group)

    def text_of(address, language=""):
        address = address.format(group=group.pk, meeting=meeting.pk)
        return running_text(client.get(f"{language}{address}").text)

    return text_of


def without_proper_names(text):
    """Take out what programs and their papers call themselves."""
    for program in CATALOGUE:
        for name in (program["name"], program["position_source"]):
            text = text.replace(NAMES.sub("it", name), "") if name else text
    return text


def test_formulas_agree_with_worked_examples():
    assert grade_of(words=100, sentences=8, syllables=140) == pytest.approx(5.805)
    # 6 words, 1 sentence, 7 syllables.
    assert grade("The cat sat on a sofa.") == pytest.approx(0.39 * 6 + 11.8 * 7 / 6 - 15.59)
    # 5 words, 1 sentence, 8 syllables.
    assert ease("No deje ni baje nada.") == pytest.approx(206.835 - 62.3 * 8 / 5 - 5)
    words = ["reunión", "país", "quien", "guía", "ayuda", "leer", "hay"]
    assert [spanish_syllables(word) for word in words] == [2, 2, 1, 2, 3, 2, 1]


def test_every_public_page_is_read():
    pages = next(found for found in urlpatterns if isinstance(found.pattern, LocalePrefixPattern))
    names = {page.name for page in pages.url_patterns if isinstance(page, URLPattern)}
    told = {name for name in names if not name.startswith("lane")}

    assert told == (set(PAGES) | OTHERS) - {"404"}


@pytest.mark.parametrize("name", PAGES)
def test_page_reads_at_grade_eight_or_below_in_both_languages(read, name):
    english, spanish = read(PAGES[name]), read(PAGES[name], "/es")

    assert grade(english) <= HIGHEST_GRADE
    assert ease(spanish) >= LOWEST_EASE
    assert AVOIDED.findall(without_proper_names(english)) == []


def test_what_we_say_of_each_program_reads_as_easily():
    hard = []
    for program in CATALOGUE:
        told = [program[name] for name in ("what_happens", "first_visit", "position", "target")]
        text = " ".join(sentence(words) for words in told if words)
        with override("es"):
            spanish = " ".join(sentence(gettext(words)) for words in told if words)
        if grade(text) > HIGHEST_GRADE or ease(spanish) < LOWEST_EASE:
            hard.append((program["slug"], round(grade(text), 1), round(ease(spanish), 1)))

    assert hard == []
