"""The search page: what it answers, and what must not stay behind on a shared phone."""

import re
from datetime import date, time
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finder.search import index
from tests.factories import (
    make_assessment,
    make_group,
    make_locality,
    make_meeting,
    make_place,
    make_program,
)

pytestmark = pytest.mark.django_db

SAFETY = "Do not stop or lower your medication because someone at a meeting tells you to."
NOT_ASKED = "Medication: not asked yet."


@pytest.fixture
def springfield(now):
    """An NA, an AA and a SMART group in one town, an accepting phone meeting; Tuesday noon."""
    make_locality()
    programs = {
        slug: make_program(slug=slug, name=name, position_sentence=f"{slug} leaves it open.")
        for slug, name in {
            "na": "Narcotics Anonymous",
            "aa": "Alcoholics Anonymous",
            "smart": "SMART Recovery",
            "mara": "Medication-Assisted Recovery Anonymous",
        }.items()
    }
    groups = {
        slug: make_group(program=programs[slug], name=f"The {slug} group") for slug in programs
    }
    for slug in ("na", "aa", "smart"):
        make_meeting(group=groups[slug], weekday=1, start=time(19))
    make_meeting(group=groups["mara"], format="phone", weekday=3, start=time(12))
    make_assessment(group=groups["smart"], label="likely_accepting", basis="program", lower=0.65)
    make_assessment(group=groups["mara"], label="affirming", basis="program", lower=0.9)
    index.rebuild()
    return groups


# --- What stays out of addresses ------------------------------------------------------


def test_plain_search_is_sent_to_an_address_that_can_be_shared(client, springfield):
    response = client.post("/", {"near": "62701", "within": "10", "medication": "", "q": " "})

    assert response.status_code == 303
    assert response.url == "/?near=62701&within=10"
    assert "The na group" in client.get(response.url).text


@pytest.mark.parametrize(
    "asked",
    [
        {"near": "62701", "medication": "methadone"},
        {"near": "62701", "medication": "methadone", "acceptance": "positive"},
        {"near": "39.80,-89.65"},
        {"near": "39.80, -89.65", "q": "night"},
        {"near": "62701", "q": "methadone friendly"},
        {"near": "62701", "q": "night Suboxone"},
        {"near": "62701", "program": "mara"},
        {"near": "62701", "q": "mara"},
        {"model": "medication"},
    ],
)
def test_sensitive_search_is_answered_in_place_and_kept_nowhere(client, springfield, asked):
    response = client.post("/", asked)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "<title>Meetings</title>" in response.text
    assert "it may ask to send the form again" in response.text
    assert not response.cookies


def test_search_that_can_be_gone_back_to_says_nothing_of_it(client, springfield):
    assert "send the form again" not in client.get("/?near=62701").text


def test_no_link_of_a_sensitive_search_names_what_is_sensitive(client, springfield):
    asked = {"near": "62701", "medication": "methadone", "when": "tonight", "q": "group"}

    html = client.post("/", asked).text

    links = [part.split('"')[0] for part in html.split('href="')[1:]]
    assert any("near=62701" in link for link in links)
    assert not any("methadone" in link or "medication=" in link for link in links)


def test_link_to_a_search_near_coordinates_drops_them(client, springfield):
    html = client.post("/", {"near": "39.80,-89.65", "program": "na"}).text

    links = [part.split('"')[0] for part in html.split('href="')[1:]]
    assert "/?program=na" in links
    assert not any("39.8" in link for link in links)
    assert "The link leaves out your medication and your exact location." in html


@pytest.mark.parametrize(
    "query",
    [
        "medication=methadone",
        "near=62701&medication=methadone",
        "near=39.8,-89.65",
        "near=62701&q=methadone",
        "program=na,mara",
        "model=medication",
        "q=mara",
    ],
)
def test_address_that_names_something_sensitive_is_not_followed(client, springfield, query):
    response = client.get(f"/?{query}")

    assert "should not be in a web address" in response.text
    assert "The na group" not in response.text
    assert "no-store" in response["Cache-Control"]
    assert 'value="methadone" selected' not in response.text
    assert 'value="methadone" class' not in response.text
    assert "39.8" not in response.text
    assert 'value="mara" selected' not in response.text


def test_words_that_name_a_medication_are_in_no_link(client, springfield):
    html = client.post("/", {"near": "62701", "q": "group suboxone"}).text

    links = [part.split('"')[0] for part in html.split('href="')[1:]]
    assert not any("suboxone" in link for link in links)
    assert "/?near=62701" in links


def test_chips_of_a_sensitive_search_post(client, springfield):
    html = client.post("/", {"near": "62701", "medication": "methadone", "q": "group"}).text

    # Taking the words away keeps the medication, so it must not become a link.
    assert '<button class="chip" type="submit">matching “group”' in html
    # Taking the medication away leaves nothing sensitive: a plain link.
    assert 'class="chip" href="/?q=group&amp;near=62701"' in html


def test_pages_of_a_sensitive_search_post(client, springfield):
    for number in range(25):
        make_meeting(group=springfield["na"], name=f"Number {number}", weekday=2)
    index.rebuild()

    html = client.post("/", {"near": "62701", "medication": "methadone"}).text
    cursor = html.split('name="cursor" value="')[1].split('"')[0]
    second = client.post("/", {"near": "62701", "medication": "methadone", "cursor": cursor}).text

    assert "More results" in html and "28 meetings" in html
    assert "Earlier results" in second
    assert second.count("card__name") > 0


def test_pages_of_tonight_hold_every_meeting_once(client, springfield):
    for number in range(25):
        make_meeting(group=springfield["na"], name=f"Number {number}", weekday=1, start=time(20))
    index.rebuild()

    first = client.get("/?near=62701&when=tonight&program=na").text
    following = unescape(re.search(r'href="([^"]*cursor=[^"]*)"', first)[1])
    second = client.get(following).text

    assert "26 meetings" in first and "26 meetings" in second
    pages = [
        text[text.index("Meetings found") : text.index("Pages of results")]
        for text in (first, second)
    ]
    shown = [re.findall(r"/meetings/(\d+)/", text.split("</main>")[0]) for text in pages]
    assert len(shown[0]) == 20 and len(shown[1]) == 6
    assert len({*shown[0], *shown[1]}) == 26


def test_foreign_form_cannot_search(client):
    response = client.post("/", {"near": "62701"}, headers={"Origin": "null"})

    assert response.status_code == 403


# --- An honest day one ----------------------------------------------------------------


def test_nobody_asked_is_said_and_never_read_as_no(client, springfield):
    html = client.post("/", {"near": "62701", "medication": "methadone"}).text

    assert "We have asked 0 of 3 groups within 25 miles about medication." in html
    assert "Not asked does not mean no." in html
    assert html.count(NOT_ASKED) >= 3
    assert "The program supports medication. This group has not been asked." in html
    assert "Mixed reports" not in html and "Reported limits" not in html
    assert "na leaves it open." in html


def test_safety_line_stands_on_every_card(client, springfield):
    html = client.post("/", {"near": "62701", "medication": "methadone"}).text

    cards = html.split("<article")[1:]
    assert len(cards) == 4
    assert all(SAFETY in card.split("</article>")[0] for card in cards)


def test_facts_come_before_the_label(client, springfield):
    make_assessment(
        group=springfield["na"],
        label="accepting",
        basis="group",
        newest_month=date(2026, 10, 1),
        facts={"attend": "yes", "speak": "no", "sources": [["clinician_call", 1]]},
    )
    index.rebuild()

    html = client.post("/", {"near": "62701", "medication": "methadone"}).text

    assert "We have asked 1 of 3 groups" in html
    assert html.index("Go: yes. Speak: no.") < html.index("Accepting</p>")


def test_without_a_medication_nothing_is_said_of_it(client, springfield):
    html = client.get("/?near=62701").text
    results = html[html.index("Meetings found") : html.index("</main>")]

    assert "edication" not in results.replace("Medication-Assisted Recovery Anonymous", "")


def test_phone_meeting_is_shown_beside_a_search_near_a_place(client, springfield):
    html = client.post("/", {"near": "62701", "medication": "methadone", "when": "tonight"}).text

    section = html[html.index("By phone, without internet") :]
    assert "The mara group" in section
    assert "Made for people on medication" in section
    assert "None of these starts at the time you asked for." in section


def test_group_of_a_nation_that_did_not_agree_has_no_label_and_is_not_counted(client, springfield):
    group = make_group(program=springfield["na"].program, needs_community_consent=True)
    make_meeting(group=group, name="By the river", weekday=1)
    index.rebuild()

    html = client.post("/", {"near": "62701", "medication": "methadone"}).text

    card = html[html.index("By the river") :].split("</article>")[0]
    assert NOT_ASKED not in card
    assert "of 3 groups" in html


# --- What is found --------------------------------------------------------------------


def test_card_says_when_where_how_far_and_which_program(client, springfield):
    html = client.get("/?near=62701&program=na").text

    card = html.split("<article")[1].split("</article>")[0]
    for words in (
        "Tonight, 7:00 PM to 8:00 PM",
        "Walnut Hall, 100 Walnut Street, Springfield, IL",
        "less than 0.1 miles away",
        "Narcotics Anonymous · In person",
    ):
        assert words in card
    assert "Times are in Central time." in html


@pytest.mark.parametrize(
    "when, found",
    [
        ("soon", "No meetings found"),
        ("today", "3 meetings"),
        ("tonight", "3 meetings"),
        ("tomorrow", "No meetings found"),
        ("", "3 meetings"),
    ],
)
def test_word_for_a_time_narrows_the_search(client, springfield, when, found):
    html = client.get(f"/?near=62701&when={when}").text

    assert f"<h1>{found}</h1>" in html


def test_word_for_a_time_is_a_chip_that_can_be_taken_away(client, springfield):
    html = client.get("/?near=62701&when=tonight").text

    assert 'href="/?near=62701"' in html
    assert 'href="/?when=tonight"' in html


def test_nothing_found_is_never_a_dead_end(client, springfield):
    make_meeting(group=springfield["na"], place=make_place(lat=40.3), weekday=1)
    make_meeting(group=springfield["na"], format="online", weekday=1)
    index.rebuild()

    html = client.get("/?near=62701&program=na&focus=women&when=tomorrow").text

    assert "No meeting fits all of that" in html
    assert "Anything near this place: 3 meetings" in html

    html = client.get("/?near=62701&program=na&when=tomorrow").text

    assert "On any day and time: 1 meeting<" in html
    assert "Of any program" not in html

    html = client.get("/?near=62701&program=na&from=12:00&to=13:00").text

    assert "On any day and time: 1 meeting<" in html


def test_every_step_from_nothing_finds_as_many_as_it_says(client, springfield):
    make_meeting(group=springfield["na"], place=make_place(lat=40.3), weekday=2, focus=["women"])
    make_meeting(group=springfield["na"], format="online", weekday=2, focus=["women"])
    index.rebuild()

    html = client.get("/?near=62701&program=na&focus=women&day=wed").text
    chips = re.findall(r'class="chip" href="([^"]*)"[^>]*>\s*([^<]*: (\d+) meetings?)', html)

    assert {words.split(":")[0] for _link, words, _count in chips} == {
        "Within 50 miles",
        "Within 100 miles",
        "Anything near this place",
        "Online",
    }
    for link, _words, count in chips:
        found = client.get(unescape(link)).text
        assert f"<h1>{count} meeting" in found


def test_empty_search_shows_everything(client, springfield):
    response = client.post("/", {"near": "", "when": "", "within": "25"})

    assert response.url == "/?sort=next_start"
    assert "4 meetings" in client.get(response.url).text


def test_marks_of_other_sites_are_ignored(client, springfield):
    plain = client.get("/?near=62701").content

    assert client.get("/?near=62701&utm_source=mail&fbclid=x").content == plain


def test_what_was_asked_is_still_in_the_form(client, springfield):
    html = client.get("/?near=62701&day=mon,tue&when=tonight").text

    assert 'value="62701"' in html
    assert html.count('name="day" value="mon"') == 1
    assert re.search(r'name="when" value="tonight"[^>]* checked', html)
    assert 'value="mon" class="usa-checkbox__input"' in html


@pytest.mark.parametrize("count", [1, 15])
@pytest.mark.parametrize(
    "asked, queries",
    [({"near": "62701"}, 20), ({"near": "62701", "medication": "methadone"}, 26)],
)
def test_queries_do_not_grow_with_results(
    client, now, django_assert_max_num_queries, count, asked, queries
):
    make_locality()
    for _number in range(count):
        make_meeting(weekday=1)
    make_meeting(format="online")
    make_meeting(format="phone")
    index.rebuild()

    with django_assert_max_num_queries(queries):
        response = client.post("/", asked) if "medication" in asked else client.get("/", asked)

    assert response.status_code == 200


# --- What cannot be read --------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "near=NaN,1e308",
        "near=1e308,1e308",
        "near=Nowhere,ZZ",
        "near=99999",
        "day=mon,funday",
        "day=" + ",".join(f"day{n}" for n in range(10_000)),
        "within=-1&near=62701",
        "within=1e999&near=62701",
        "when=sometime",
        "medicine=methadone",
        "page_size=-1",
        "page_size=1000000000000000000000",
        "cursor=garbage",
        "sort=distance",
        "from=25:00",
        "tz=Mars/Olympus",
        "near=62701&near=62702",
        "q=" + "a" * 20_000,
        "q=%ED%A0%80%00",
        "program=nosuch",
        "format=telepathy",
    ],
)
def test_malformed_search_is_a_sentence_on_the_page(client, springfield, query):
    response = client.get(f"/?{query}")

    assert response.status_code == 400
    assert "Please look at this again" in response.text
    assert 'name="near"' in response.text


def test_error_is_said_beside_its_field(client, springfield):
    html = client.post("/", {"near": "00000", "medication": "methadone"}).text

    assert "We do not know the ZIP code 00000." in html
    assert 'href="#id_near"' in html
    assert 'aria-invalid="true"' in html


def test_acceptance_without_a_medication_is_explained(client, springfield):
    response = client.post("/", {"near": "62701", "acceptance": "positive"})

    assert response.status_code == 400
    assert "no-store" in response["Cache-Control"]


def test_error_does_not_echo_markup(client, springfield):
    html = client.get("/?near=<script>alert(1)</script>").text

    assert "<script>alert" not in html


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "near",
                    "within",
                    "when",
                    "day",
                    "from",
                    "to",
                    "starts_within",
                    "tz",
                    "format",
                    "program",
                    "model",
                    "focus",
                    "language",
                    "access",
                    "medication",
                    "acceptance",
                    "q",
                    "sort",
                    "page_size",
                    "cursor",
                    "x",
                ]
            ),
            st.text(max_size=30) | st.sampled_from(["62701", "mon", "1e309", "-0", "٣", "07:00"]),
        ),
        max_size=6,
    ),
    is_post=st.booleans(),
)
def test_no_request_whatever_makes_the_page_fail(client, springfield, pairs, is_post):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)

    response = client.post("/", data) if is_post else client.get("/", data)

    assert response.status_code in (200, 303, 400)
    assert not response.cookies
