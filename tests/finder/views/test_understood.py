"""The search page and the one box: chips that can be taken away, questions, and what is said."""

import re
from datetime import UTC, datetime, time
from html import unescape

import pytest
import time_machine

from finder.search import index
from tests.factories import make_group, make_locality, make_meeting, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(now):
    make_locality()
    for state, zips in (("IL", 38), ("MA", 21)):
        make_locality(kind="city", name="Springfield", key="springfield", state=state, zips=zips)
    na = make_program(slug="na", name="Narcotics Anonymous", short_name="NA")
    group = make_group(program=na, name="Lantern")
    make_meeting(group=group, name="Women at dusk", weekday=1, start=time(19), focus=["women"])
    make_meeting(group=group, name="Noon", weekday=2, start=time(12))
    index.rebuild()


def links(html: str) -> list[str]:
    return [unescape(part.split('"')[0]) for part in html.split('href="')[1:]]


def test_words_become_chips_in_an_address_that_can_be_shared(client, directory):
    response = client.post("/", {"q": "women tuesday night near 62701", "within": "25"})

    assert response.status_code == 303
    for part in ("focus=women", "day=tue", "from=18%3A00", "near=62701"):
        assert part in response.url
    assert "q=" not in response.url
    html = client.get(response.url).text
    assert "<h1>1 meeting</h1>" in html
    assert "Women at dusk" in html
    without_day = next(link for link in links(html) if "focus=women" in link and "day" not in link)
    assert "<h1>1 meeting</h1>" in client.get(without_day).text


def test_address_with_words_is_answered_as_it_is_read(client, directory):
    html = client.get("/?q=na+wednesday").text

    assert "<h1>1 meeting</h1>" in html and "Noon" in html


@pytest.mark.parametrize(
    "typed",
    ["suboxone friendly 62701", "soboxone 62701", "metadona 62701", "MAT friendly 62701"]
    + ["methadone anonymous 62701"],
)
def test_medication_among_words_is_answered_in_place(client, directory, typed):
    response = client.post("/", {"q": typed})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not any("oxone" in link or "metad" in link.lower() for link in links(response.text))
    warned = client.get("/", {"q": typed})
    assert "should not be in a web address" in warned.text
    assert "no-store" in warned["Cache-Control"]


def test_ambiguous_words_are_asked_about(client, directory):
    response = client.post("/", {"q": "springfield indian"})
    html = client.get(response.url).text

    assert "“springfield” can mean several things. Which do you mean?" in html
    assert ">Springfield, MA<" in html
    assert "Indigenous people" in html and "South Asian people" in html
    assert any("near=Springfield%2C+MA" in link for link in links(html))


def test_mistyped_word_is_corrected_and_said(client, directory):
    html = client.get("/?q=womne+tuesday").text

    assert "Showing results for “women” instead of “womne”." in html
    assert "<h1>1 meeting</h1>" in html
    as_typed = next(link for link in links(html) if "%22womne%22" in link)
    assert "<h1>No meetings found</h1>" in client.get(as_typed).text


def test_correction_is_said_after_the_form_was_sent(client, directory):
    response = client.post("/", {"q": "womne tuesday lantren", "within": "25"})
    html = client.get(response.url).text

    assert "Showing results for “women” instead of “womne”." in html
    assert "Showing results for “lantern” instead of “lantren”." in html
    assert "<h1>1 meeting</h1>" in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=not+christian", "so “not christian” was not used"),
        ("q=near+me", "use your location"),
        ("q=62701+or+springfield", "One place at a time"),
        ("q=10+miles", "needs a place"),
        ("q=morning+evening", "Only one of these at a time: “evening”"),
        ("day=mon&q=tuesday", "A choice in the form goes first: “tuesday” was not used."),
    ],
)
def test_words_that_were_not_used_are_said(client, directory, query, sentence):
    assert sentence in client.get(f"/?{query}").text


@pytest.mark.parametrize(
    ("minute", "found"), [(50, "1 meeting"), (9, "1 meeting"), (11, "No meetings found")]
)
def test_now_holds_what_began_up_to_ten_minutes_ago(client, directory, minute, found):
    hour = 0 if minute == 50 else 1
    # Seven in the evening in Springfield is one in the morning of the next day in Greenwich.
    with time_machine.travel(datetime(2026, 11, 11, hour, minute, tzinfo=UTC), tick=False):
        html = client.get("/?near=62701&q=now").text

    assert f"<h1>{found}</h1>" in html


def test_pages_of_now_hold_every_meeting_once(client, directory):
    group = make_group(name="Owls")
    for number in range(24):
        make_meeting(group=group, name=f"Number {number}", weekday=1, start=time(19))
    index.rebuild()

    # Eight minutes after seven: the second page must not look another ten minutes back.
    with time_machine.travel(datetime(2026, 11, 11, 1, 8, tzinfo=UTC), tick=False):
        first = client.get("/?near=62701&when=now").text
        following = next(link for link in links(first) if "cursor=" in link)
        second = client.get(following).text

    shown = [set(re.findall(r"/meetings/(\d+)/", text)) for text in (first, second)]
    assert "<h1>25 meetings</h1>" in first and "<h1>25 meetings</h1>" in second
    assert [len(ids) for ids in shown] == [20, 5]
    assert not shown[0] & shown[1]


def test_night_of_tomorrow_runs_past_midnight(client, directory):
    group = make_group(name="Owls")
    make_meeting(group=group, name="Owls", weekday=3, start=time(1))
    index.rebuild()

    html = client.get("/?near=62701&q=tomorrow+night").text

    assert "Owls" in html


def test_each_choice_tells_what_it_would_find_beside_the_others(client, directory):
    html = client.get("/?near=62701&focus=women").text

    assert ">Tuesday (1)<" in html and ">Wednesday (0)<" in html
    # Its own choice does not narrow a list: men beside women would add none.
    assert ">Women (1)<" in html and ">Men (0)<" in html
    assert ">Narcotics Anonymous (1)<" in html
    assert "(1)" not in client.get("/").text


@pytest.mark.parametrize("count", [1, 12])
def test_words_cost_no_more_with_more_results(client, now, count, django_assert_max_num_queries):
    make_locality()
    for _number in range(count):
        make_meeting(weekday=1, focus=["women"])
    index.rebuild()

    with django_assert_max_num_queries(27):
        client.get("/?q=women+tuesday+62701+plugh")
