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

    with django_assert_num_queries(2):
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
