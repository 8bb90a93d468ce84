"""The guide: kinds and programs side by side with their sources, and pages for special places."""

import pytest
from django.core.management import call_command

from finder.models import Program
from finder.vocab import Model

pytestmark = pytest.mark.django_db

PAGES = ["", "programs/", "research/", "family/", "pregnancy/", "under-18/", "court/"]
DO_NOT_STOP = "Do not stop or lower your medication because someone at a meeting tells you to."


@pytest.fixture
def catalogue(db):
    call_command("load_programs", verbosity=0)


@pytest.mark.parametrize("page", PAGES)
def test_page_says_not_to_stop_and_where_to_turn(client, catalogue, page):
    html = client.get(f"/guide/{page}").text

    assert DO_NOT_STOP in html
    assert "988 Suicide" in html


def test_every_kind_has_its_six_lines(client, catalogue, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = client.get("/guide/").text

    for model in Program.objects.listed().values_list("model", flat=True).distinct():
        assert f'id="{model}"' in html
    assert html.count("<dt>How far you can go</dt>") == len(Model)


def test_position_is_shown_with_its_source_or_as_unverified(client, catalogue):
    html = client.get("/guide/").text

    assert "NA leaves this to each group." in html
    assert "Source: NA World Services" in html
    assert "Unverified: AA World Services" in html
    assert "Unverified: no source found." in html


def test_chosen_programs_stand_side_by_side(client, catalogue, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = client.get("/guide/programs/?p=na&p=smart,rd").text

    for name in ("Narcotics Anonymous", "SMART Recovery", "Recovery Dharma"):
        assert f"{name}</a></h2>" in html
    assert html.count("<dt>On medication</dt>") == 3
    assert 'value="rd" checked' in html and 'value="aa" checked' not in html


def test_nothing_chosen_shows_an_example(client, catalogue):
    html = client.get("/guide/programs/").text

    assert html.count("<dt>On medication</dt>") == 4


@pytest.mark.parametrize(
    "query, words",
    [
        ("p=na&p=nobody", "not in our list"),
        ("p=na,aa,smart,rd,mara", "Choose up to 4 programs."),
        ("p=%00", "not in our list"),
    ],
)
def test_choice_that_cannot_be_shown_is_said(client, catalogue, query, words):
    answer = client.get(f"/guide/programs/?{query}")

    assert answer.status_code == 400
    assert words in answer.text


def test_families_meet_four_programs_and_the_reason_not_to_push(client, catalogue):
    html = client.get("/guide/family/").text

    names = ["SMART Recovery Family", "Learn to Cope", "Al-Anon", "Nar-Anon"]
    places = [html.index(f">{name}") for name in names]
    assert places == sorted(places)
    assert "Pushing someone off medication raises the risk of death." in html
    assert "naloxone" in html


@pytest.mark.parametrize(
    "page, words, is_legal",
    [
        ("pregnancy", "Keep taking methadone or buprenorphine.", True),
        ("under-18", "Meetings for teens", True),
        ("court", "We send nothing to courts.", True),
        ("family", "Pushing someone off medication", False),
    ],
)
def test_page_waits_for_review(client, catalogue, page, words, is_legal):
    html = client.get(f"/guide/{page}/").text

    assert words in html
    assert "A clinician has not read this page yet." in html
    assert ("A lawyer has not read it yet." in html) is is_legal


def test_research_names_the_review_and_its_limits(client):
    html = client.get("/guide/research/").text

    assert "10.1007/s40429-025-00635-w" in html
    assert "So we cannot be sure that the group made the change." in html
