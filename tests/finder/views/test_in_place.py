"""What the search page gives to a script, and its week, its meetings of now and its next steps."""

from datetime import time

import pytest

from finder.search import index
from tests.factories import make_group, make_locality, make_meeting

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def town(now):
    """Tuesday, eleven in the morning: one meeting has begun, one is tonight, one is by phone."""
    make_locality()
    group = make_group(name="Elm")
    make_meeting(group=group, name="On now", weekday=1, start=time(10, 30), duration_minutes=60)
    make_meeting(group=group, name="Is over", weekday=1, start=time(10), duration_minutes=30)
    make_meeting(group=group, name="This evening", weekday=1, start=time(19))
    make_meeting(
        name="Telephone", format="phone", weekday=3, phone="217-555-0100", phone_code="99#"
    )
    index.rebuild()


def test_script_gets_the_part_and_its_address(client, town):
    answer = client.post("/", {"near": "62701"}, headers=SCRIPT)

    assert answer.status_code == 200
    assert "<html" not in answer.text and 'id="search"' in answer.text
    assert answer["HX-Push-Url"] == "/?near=62701"


def test_script_gets_no_address_of_what_is_sensitive(client, town):
    answer = client.post("/", {"near": "62701", "medication": "methadone"}, headers=SCRIPT)

    assert "HX-Push-Url" not in answer
    assert "no-store" in answer["Cache-Control"]
    assert "<html" not in answer.text and "data-sensitive" in answer.text


def test_address_gives_the_whole_page_to_anybody(client, town):
    plain = client.get("/?near=62701").content

    assert client.get("/?near=62701", headers=SCRIPT).content == plain


def test_mistake_is_answered_in_place_too(client, town):
    answer = client.post("/", {"near": "nowhere"}, headers=SCRIPT)

    assert answer.status_code == 400
    assert "<html" not in answer.text and 'role="alert"' in answer.text


def test_meetings_in_progress_are_told_first(client, town):
    html = client.get("/?near=62701").text
    now = html[html.index('class="now"') :].split("</details>")[0]

    assert "1 meeting is on now" in now
    assert "On now" in now and "Is over" not in now
    assert 'class="now"' not in client.get("/?near=62701&when=tonight").text


def test_card_of_a_phone_meeting_dials_and_keeps_its_code_to_its_page(client, town):
    html = client.get("/?format=phone").text

    assert 'href="tel:2175550100"' in html
    assert "99#" not in html


def test_week_begins_today_and_holds_each_day(client, town):
    html = client.get("/?near=62701&view=week").text

    assert html.count('class="week__day') == 7
    assert html.index("Tuesday (today)") < html.index("Wednesday</h2>")
    today = html[html.index("Tuesday (today)") : html.index("Wednesday</h2>")]
    assert today.index("10:00 AM") < today.index("10:30 AM") < today.index("7:00 PM")
    # Every step keeps the view, and the list is one step away.
    assert 'href="/?near=62701&amp;view=week&amp;when=tonight"' in html
    assert 'href="/?near=62701" data-step>List' in html


@pytest.mark.parametrize("query", ["view=month", "m=1,,2", "m=x"])
def test_what_cannot_be_carried_is_refused_in_words(client, town, query):
    answer = client.get(f"/?near=62701&{query}")

    assert answer.status_code == 400
    assert "There is no parameter" in answer.text
