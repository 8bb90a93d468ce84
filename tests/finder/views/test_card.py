"""The form of a paper card: no cookie, no medication in the address, a code that works once."""

import pytest
from django.urls import reverse

from finder import cards
from finder.models import Evidence, Tally
from finder.search import index
from tests.conftest import NOON
from tests.factories import make_group, make_meeting, make_place, make_program, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

URL = reverse("card")


@pytest.fixture
def code():
    return make_codes(1)[0]


def make_codes(count):
    made = {"note": "North", "by": make_user(), "today": NOON.date()}
    return cards.make_sheet(count=count, **made)[1]


@pytest.fixture
def group():
    meeting = make_meeting(
        group=make_group(name="Harbor Light"), place=make_place(city="Millbrook", zip="62777")
    )
    index.rebuild()
    return meeting.group


def find(client, code, where="harbor", **more):
    return client.post(URL, {"code": cards.spelled(code), "where": where, **more})


def send(client, code, group, /, **fields):
    told = {
        "send": "1",
        "group": group.pk,
        "month": "2026-10-01",
        "target": "methadone",
        "disclosed": "yes",
        "attend": "yes",
        "speak": "yes",
        "pressed": "no",
    }
    return find(client, code, **(told | fields))


def test_card_gives_one_report(client, code, group):
    response = send(client, code, group)

    assert "Thank you" in response.content.decode()
    row = Evidence.objects.get()
    assert (row.kind, row.attend, row.no_pressure) == ("patient_report", "yes", "yes")
    assert (row.on.isoformat(), row.entered_by, row.reviewed_by) == ("2026-10-01", None, None)
    assert send(client, code, group).status_code == 400
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("where", ["harbor", "MILLBROOK", "62777"])
def test_group_is_found_by_name_town_or_zip(client, code, group, where):
    page = find(client, code, where).content.decode()

    assert "Harbor Light" in page
    assert "Did anyone there know that you take it?" in page


def test_pressure_needs_somebody_who_pressed(client, code, group):
    assert "Say who" in send(client, code, group, pressed="yes").content.decode()

    send(client, code, group, pressed="yes", pressure_from="chair")

    row = Evidence.objects.get()
    assert (row.no_pressure, row.pressure_from) == ("no", "chair")


@pytest.mark.parametrize(
    "fields",
    [
        {"attend": "", "speak": "", "pressed": ""},
        {"disclosed": ""},
        {"target": ""},
        {"month": "2026-12-01"},
        {"month": "soon"},
        {"group": "999999"},
        {"attend": "maybe"},
    ],
)
def test_what_is_wrong_is_said_and_the_code_kept(client, code, group, fields):
    response = send(client, code, group, **fields)

    assert response.status_code == 400
    assert "Please look at this again" in response.content.decode()
    assert cards.find(code, today=NOON.date()) is not None
    assert not Evidence.objects.exists()


def test_pages_keep_no_cookie_and_no_cache(client, code, group):
    for response in (client.get(URL), find(client, code), send(client, code, group)):
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert "methadone" not in response.request["PATH_INFO"]


def test_first_page_is_the_same_for_everyone(client):
    assert client.get(URL).content == client.get(URL).content


def test_wrong_codes_are_counted_and_right_ones_are_not(client, code, group):
    for _number in range(30):
        assert find(client, code).status_code == 200
    for _number in range(20):
        assert find(client, "000000000000").status_code == 400

    assert find(client, code).status_code == 429
    assert Tally.objects.count() == 1


def test_other_sites_may_not_post(client, code):
    told = {"code": code, "where": "harbor"}

    assert client.post(URL, told, headers={"Origin": "https://example.net"}).status_code == 403


def test_circles_that_have_not_agreed_are_not_asked_about(client, code):
    meeting = make_meeting(group=make_group(program=make_program(model="wellbriety")))

    page = find(client, code, meeting.group.name).content.decode()

    assert "No group fits that" in page


def test_many_groups_are_bounded(client, code):
    program = make_program()
    for number in range(25):
        make_meeting(group=make_group(name=f"Harbor {number:02}", program=program))

    page = find(client, code).content.decode()

    assert "Many groups fit" in page
    assert "Harbor 19" in page
    assert "Harbor 20" not in page
