"""What a search leaves behind on a shared phone: nothing that names a medication or a spot."""

import pytest

from finder.search import index
from tests.factories import make_meeting

pytestmark = pytest.mark.django_db


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


def test_foreign_form_cannot_search(client):
    response = client.post("/", {"near": "62701"}, headers={"Origin": "null"})

    assert response.status_code == 403
