"""The page behind a handout's code: chosen meetings, in order, in neutral words."""

import pytest

from finder.search import index
from tests.factories import make_assessment, make_group, make_meeting, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def meetings():
    program = make_program(slug="na", name="Sample Anonymous")
    group = make_group(program=program, name="Group of the program")
    make_assessment(group=group, label="accepting", basis="group")
    made = [make_meeting(group=group, name=name) for name in ("First light", "Second wind")]
    index.rebuild()
    return made


def test_plan_shows_the_meetings_in_the_order_chosen(client, meetings, django_assert_num_queries):
    first, second = meetings

    with django_assert_num_queries(5):
        html = client.get(f"/plan/?m={second.pk},{first.pk}").text

    assert html.index("Second wind") < html.index("First light")
    assert "Every Monday, 7:00 PM to 8:00 PM, Central time" in html


def test_plan_says_nothing_of_program_label_medication_or_clinic(client, meetings):
    html = client.get(f"/plan/?m={meetings[0].pk}").text
    main = html[html.index("<main") : html.index("</main>")].lower()

    for word in ("sample anonymous", "accepting", "methadone", "medication", "clinic", "refer"):
        assert word not in main
    assert "<title>Meetings</title>" in html


def test_plan_keeps_the_safety_sentence(client, meetings):
    html = client.get(f"/plan/?m={meetings[0].pk}").text

    assert "Do not stop or change any medicine because someone at a group tells you to." in html


def test_plan_leads_on_to_the_meeting_that_one_was_merged_into(client, meetings):
    first, second = meetings
    twin = make_meeting(group=first.group, name="First light again", merged_into=first)
    index.rebuild()

    response = client.get(f"/plan/?m={twin.pk},{second.pk}&tz=America/Denver")

    assert (response.status_code, response["Location"]) == (
        302,
        f"/plan/?m={first.pk},{second.pk}&tz=America%2FDenver",
    )
    assert "First light" in client.get(response["Location"]).text
    assert client.get(f"/plan/calendar.ics?m={twin.pk}").text.count("BEGIN:VEVENT") == 1


def test_plan_says_what_is_no_longer_listed(client, meetings):
    html = client.get(f"/plan/?m={meetings[0].pk},999999").text

    assert "1 meeting is no longer listed." in html
    assert "First light" in html


@pytest.mark.parametrize(
    "query",
    [
        "",
        "m=",
        "m=abc",
        "m=1;2",
        "m=-1",
        "m=1,,2",
        "m=%00",
        "m=" + "9" * 30,
        "m=" + ",".join(str(n) for n in range(1, 30)),
        "m=１",
    ],
)
@pytest.mark.parametrize("path", ["/plan/", "/plan/calendar.ics"])
def test_plan_refuses_what_names_no_meetings(client, path, query):
    assert client.get(f"{path}?{query}").status_code == 400


def test_calendar_has_a_neutral_name(client, meetings):
    response = client.get(f"/plan/calendar.ics?m={meetings[0].pk}&m={meetings[1].pk}")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="meetings.ics"'
    assert response.content.count(b"BEGIN:VEVENT") == 2
    assert not response.cookies


# --- My plan ----------------------------------------------------------------------------


@pytest.fixture
def town(now):
    """A plan of Monday and Wednesday, and what else meets: one group that accepts, one unknown."""
    mine = make_group(name="Mine")
    chosen = [make_meeting(group=mine, name=f"Mine {day}", weekday=day) for day in (0, 2)]
    accepting = make_group(name="Open arms")
    make_assessment(group=accepting, label="accepting", basis="group", lower=0.8)
    make_meeting(group=accepting, name="Open arms", weekday=5)
    make_meeting(name="Not asked", weekday=6)
    index.rebuild()
    return chosen


def address(meetings):
    return "m=" + ",".join(str(meeting.pk) for meeting in meetings)


def test_free_days_are_said_with_how_many_meetings_fit(client, town):
    html = client.get(f"/plan/?{address(town)}").text

    assert "Nothing on Tuesday, Thursday, Friday and the weekend." in html
    assert "2 meetings fit." in html
    assert f"/plan/gaps/?{address(town)}" in html


def test_meeting_is_taken_out_and_added_by_an_address(client, town):
    first, second = town

    html = client.get(f"/plan/?m={first.pk},{second.pk}").text
    assert f'href="/plan/?m={second.pk}"' in html
    assert f'href="/?m={first.pk},{second.pk}"' in html

    found = client.get(f"/?m={first.pk}&q=arms").text
    assert f'href="/plan/?m={first.pk},' in found
    assert f'name="m" value="{first.pk}"' in found


def test_plan_goes_along_with_every_step_of_a_search(client, town):
    html = client.get(f"/?m={town[0].pk}&day=mon&day=sat").text

    steps = [part.split('"')[0] for part in html.split('href="/?')[1:] if "data-step" in part]
    assert steps
    assert all(f"m={town[0].pk}" in step for step in steps)


def test_gaps_are_filled_by_accepting_groups_without_an_address(client, town):
    plain = client.get(f"/plan/gaps/?{address(town)}").text
    ids = ",".join(str(meeting.pk) for meeting in town)
    answer = client.post("/plan/gaps/", {"m": ids, "medication": "methadone"})

    assert "2 groups fit." in plain
    assert "1 group that is known, or likely, to accept people on medication fits." in answer.text
    assert "Open arms" in answer.text and "Not asked" not in answer.text
    assert "Do not stop or lower your medication" in answer.text
    assert "no-store" in answer["Cache-Control"]
    links = [part.split('"')[0] for part in answer.text.split('href="')[1:]]
    assert not any("methadone" in link or "medication" in link for link in links)
    assert any(link.startswith(f"/plan/?m={ids},") for link in links)


def test_medication_in_the_address_of_gaps_is_not_read(client, town):
    html = client.get(f"/plan/gaps/?{address(town)}&medication=methadone").text

    assert "2 groups fit." in html


def test_plan_is_shown_by_the_clock_that_is_asked_for(client, town):
    html = client.get(f"/plan/?{address(town)}&tz=America/Los_Angeles").text

    week = html[html.index("week--plan") : html.index("plan__list")]
    assert "5:00 PM" in week and "7:00 PM" not in week
    assert "Times are in Pacific time." in html


def test_plan_has_its_address_as_a_code(client, town):
    html = client.get(f"/plan/?{address(town)}").text

    assert f"http://testserver/plan/?{address(town)}" in html
    assert 'class="code"' in html
    assert "/plan/" not in html[html.index("<svg") : html.index("</svg>")]
