"""One address prefix for each language: the reader switches by a link, and keeps the page."""

import html
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command

from finder import translating
from tests.factories import make_assessment, make_group, make_meeting
from tests.public_pages import PAGES as EVERY_PAGE

pytestmark = pytest.mark.django_db

PAGES = ["/", "/programs/", "/about/", "/about/acceptance/", "/safety/", "/privacy/", "/suggest/"]


def switch(html, code):
    """Give the address of the switch link to a language."""
    found = re.search(rf'<a lang="{code}" hreflang="{code}" href="([^"]*)">', html)
    return found and found[1]


@pytest.mark.parametrize("address", PAGES)
def test_page_says_its_language_and_leads_to_the_other(client, address):
    english, spanish = client.get(address).text, client.get(f"/es{address}").text

    assert '<html lang="en"' in english and '<html lang="es"' in spanish
    assert switch(english, "es") == f"/es{address}"
    assert switch(spanish, "en") == address


def test_language_is_never_guessed_and_never_kept(client):
    answer = client.get("/about/", headers={"Accept-Language": "es"})

    assert '<html lang="en"' in answer.text
    assert not answer.cookies
    assert not client.get("/es/about/").cookies


def test_switch_keeps_what_may_be_in_an_address(client):
    meeting = make_meeting()

    assert switch(client.get("/?day=mon&utm_source=x").text, "es") == "/es/?day=mon"
    assert switch(client.get(f"/plan/?m={meeting.pk}").text, "es") == f"/es/plan/?m={meeting.pk}"
    about = f"?group={make_group().pk}"
    assert switch(client.get(f"/suggest/{about}").text, "es") == f"/es/suggest/{about}"


def test_switch_never_repeats_a_medication(client):
    html = client.get("/?medication=methadone").text

    assert switch(html, "es") == "/es/"


def test_page_that_is_not_there_leads_home(client):
    assert switch(client.get("/no-such-page/").text, "es") == "/es/"
    assert switch(client.get("/es/no-such-page/").text, "en") == "/"


def test_language_nobody_speaks_is_not_found(client):
    assert client.get("/fr/about/").status_code == 404


def test_signing_in_stays_in_the_language(client):
    html = client.get("/es/accounts/login/").text

    assert '<html lang="es"' in html
    assert "no-store" in client.get("/es/accounts/login/")["Cache-Control"]


def english_sentences():
    """Give the sentences of the catalogue that read otherwise in Spanish, without their gaps."""
    path = translating.catalogue_path(settings.BASE_DIR, "es")
    with path.open("rb") as catalogue:
        known = read_po(catalogue, locale="es")
    texts = [(m.id, m.string) for m in known if isinstance(m.id, str) and m.id]
    return [text for text, spanish in texts if text.count(" ") > 2 and "%(" not in text + spanish]


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_spanish_page_says_nothing_in_english(client, name):
    call_command("load_programs", verbosity=0)
    group = make_group()
    make_assessment(
        group=group,
        label="accepting",
        facts={"attend": "yes", "sources": [["clinician_call", 1]], "newest_month": "2026-10-01"},
    )
    address = EVERY_PAGE[name].format(group=group.pk, meeting=make_meeting(group=group).pk)

    page = client.get(f"/es{address}").text

    assert '<html lang="es"' in page
    # "Source" of a program may be the English title of a paper.
    text = " ".join(html.unescape(re.sub(r"<[^>]+>|“[^”]*”|«[^»]*»", " ", page)).split())
    assert [words for words in english_sentences() if words in text] == []
