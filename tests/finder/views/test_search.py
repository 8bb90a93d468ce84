"""The search page: what it finds and shows."""

import re
from datetime import date, time
from html import unescape

import pytest

from finder.models import Meeting
from finder.search import index
from tests.factories import make_assessment, make_group, make_locality, make_meeting, make_place

pytestmark = pytest.mark.django_db

SAFETY = "Do not stop or lower your medication because someone at a meeting tells you to."
NOT_ASKED = "Medication: not asked yet."


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
    assert html.count('name="day" value="mon" class') == 1
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


def test_card_that_was_kept_says_what_holds_now(client, springfield):
    first = client.get("/?near=62701&program=na").text
    spanish = client.get("/es/?near=62701&program=na").text
    chosen = client.get("/?near=62701&program=na&m=5").text
    Meeting.objects.filter(group=springfield["na"]).update(name="Renamed")
    index.rebuild()
    later = client.get("/?near=62701&program=na").text

    assert first.count("The na group") > later.count("The na group") and "Renamed" in later
    assert "/es/meetings/" in spanish and "/es/meetings/" not in first
    assert "/plan/?m=5," in chosen and "/plan/?m=5," not in first


# --- Whose clock ----------------------------------------------------------------------


def test_without_a_place_the_reader_chooses_the_clock(client, springfield):
    html = client.get("/?format=phone").text

    assert "Times are in Eastern time." in html
    assert html.count(">Eastern time</a>") == 1
    pacific = re.search(r'href="(/\?[^"]*tz=America%2FLos_Angeles[^"]*)"', html)[1]
    chosen = client.get(unescape(pacific)).text
    assert "Times are in Pacific time." in chosen
    assert re.search(r'aria-current="true"[^>]*>Pacific time', chosen)


def test_place_says_whose_clock(client, springfield):
    assert ">Pacific time<" not in client.get("/?near=62701").text


def test_clock_of_a_sensitive_search_is_posted(client, springfield):
    html = client.post("/", {"format": "phone", "medication": "methadone"}).text

    assert 'name="tz" value="America/Chicago"' in html
    assert "tz=" not in html
