"""Pages of programs, groups and meetings: what they show, and what they never show."""

import re
from datetime import UTC, date, datetime

import pytest

from finder.models import MeetingException
from finder.search import index
from tests.factories import (
    make_assessment,
    make_group,
    make_meeting,
    make_place,
    make_program,
    make_source,
)

pytestmark = pytest.mark.django_db

SAFETY = "Do not stop or lower your medication because someone at a meeting tells you to."
CALL_FACTS = {
    "attend": "yes",
    "speak": "no",
    "pressure": "none_reported",
    "sources": [["clinician_call", 1]],
    "newest_month": "2026-10-01",
}


def make_asked_group(**fields):
    group = make_group(**fields)
    make_assessment(
        group=group,
        label="not_known",
        basis="group",
        weight=3.7,
        kinds=["clinician_call"],
        newest_month=date(2026, 10, 1),
        facts=CALL_FACTS,
    )
    return group


def test_programs_are_listed_by_family(client, django_assert_num_queries):
    smart = make_program(name="SMART Recovery", model="smart")
    make_group(program=smart)
    make_group(program=smart, status="retired", retired_on=date(2026, 1, 1))
    make_program(name="Hidden Program", is_listed=False)

    with django_assert_num_queries(1):
        html = client.get("/programs/").text

    assert "SMART and other self-management" in html
    assert "1 group listed" in html
    assert "Hidden Program" not in html


def test_program_page_shows_its_position_with_source_and_date(client):
    program = make_program(
        slug="sample",
        position="It leaves this to each group.",
        position_source="World office letter",
        position_date="2024",
    )

    html = client.get("/programs/sample/").text

    assert program.position in html
    assert "World office letter, 2024" in html
    assert "We have not checked this ourselves." in html
    assert SAFETY in html


def test_program_can_be_had_as_files(client):
    make_meeting(group=make_group(program=make_program(slug="na")))
    index.rebuild()

    page = client.get("/programs/na/").content.decode()

    links = re.findall(r'href="(/api/v1/meetings/download/[^"]+)"', page)
    assert [link.split("/")[5] for link in links] == [
        *("csv", "xlsx", "ical", "meeting_guide", "geojson"),
    ]
    for link in links:
        assert client.get(link).status_code == 200


def test_program_that_tells_of_medication_gets_no_address_that_names_it(client):
    make_program(slug="mara")

    assert "/download/" not in client.get("/programs/mara/").content.decode()


def test_program_link_that_is_no_web_address_is_not_shown(client):
    make_program(slug="sample", website="javascript:alert(1)")

    assert "javascript:" not in client.get("/programs/sample/").text


def test_group_page_tells_facts_first_and_the_label_second(client):
    group = make_asked_group(program=make_program(slug="na"))

    html = client.get(f"/groups/{group.pk}/").text

    told = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd></div>", html)
    assert ("Welcome to come", "yes") in told and ("May share", "no") in told
    assert ("Time is counted", "not known") in told
    assert ("Pressed to stop or lower it", "none reported") in told
    assert html.index("Welcome to come") < html.index("Too little to say yet")
    assert "One call to the group, October 2026." in html
    # Methadone was asked about; the other two were not.
    assert html.count("Medication: not asked yet.") == 2
    assert html.count(SAFETY) >= 3


def test_group_page_says_what_to_say_and_where_to_tell(client):
    group = make_group()

    html = client.get(f"/groups/{group.pk}/").text

    assert "“My medicine is between me and my prescriber.”" in html
    assert "You need not say what you take, or how much, to anyone." in html
    for kind in ("visit", "change", "private"):
        assert f'href="/suggest/{kind}/?group={group.pk}"' in html


def test_group_page_says_when_only_the_program_speaks(client):
    group = make_group(program=make_program(slug="smart"))
    make_assessment(group=group, label="likely_accepting", basis="program")

    html = client.get(f"/groups/{group.pk}/").text

    assert "The program supports medication. This group has not been asked." in html


def test_group_page_shows_no_evidence_without_the_communitys_consent(client):
    group = make_asked_group(needs_community_consent=True)

    html = client.get(f"/groups/{group.pk}/").text

    assert "One call to the group" not in html
    assert "If you take medication" not in html


@pytest.mark.parametrize("count", [1, 12])
def test_group_page_needs_the_same_queries_for_any_number_of_meetings(
    client, django_assert_max_num_queries, count
):
    group = make_asked_group()
    for _number in range(count):
        make_meeting(group=group)

    with django_assert_max_num_queries(7):
        html = client.get(f"/groups/{group.pk}/").text

    assert html.count("Every Monday, 7:00 PM to 8:00 PM, Central time") == count


def test_merged_group_leads_to_the_one_that_stays(client):
    stays = make_group()
    merged = make_group(merged_into=stays)

    response = client.get(f"/groups/{merged.pk}/")

    assert (response.status_code, response.url) == (302, f"/groups/{stays.pk}/")


def test_group_that_was_taken_out_says_nothing_of_itself(client):
    group = make_group(name="Secret Garden", status="retired", retired_on=date(2026, 1, 1))

    response = client.get(f"/groups/{group.pk}/")

    assert response.status_code == 410
    assert "Secret Garden" not in response.text


@pytest.mark.parametrize("address", ["/groups/0/", "/meetings/9999999999999999999999999999/"])
def test_unknown_number_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "name, title",
    [
        ("Morning Light", "Morning Light"),
        ("Methadone at noon", "Meeting"),
        ("MOUD circle", "Meeting"),
    ],
)
def test_title_tells_no_medication(client, name, title):
    meeting = make_meeting(name=name)

    html = client.get(f"/meetings/{meeting.pk}/").text

    assert f"<title>{title}</title>" in html
    assert f"<h1>{name}</h1>" in html


@pytest.mark.usefixtures("as_the_site")
def test_pages_are_served_by_the_role_that_owns_nothing(client):
    group = make_asked_group()
    meeting = make_meeting(group=group)
    index.rebuild()

    for address in (
        f"/groups/{group.pk}/",
        f"/meetings/{meeting.pk}/",
        f"/programs/{group.program.slug}/",
        f"/plan/?m={meeting.pk}",
        "/?format=in_person",
    ):
        assert client.get(address).status_code == 200


def make_online(**fields):
    defaults = {
        "format": "online",
        "join_url": "https://example.org/room",
        "join_url_secret": "https://example.org/room?pwd=s3cret",
        "join_password": "s3cret",
        "phone": "202-555-0147",
        "phone_code": "123 456#",
    }
    return make_meeting(**defaults | fields)


def test_meeting_page_shows_how_to_get_in(client):
    html = client.get(f"/meetings/{make_online().pk}/").text

    assert 'href="https://example.org/room?pwd=s3cret"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "123 456#" in html
    assert 'href="tel:2025550147"' in html


def test_codes_are_shown_on_the_meeting_page_alone(client):
    meeting = make_online()
    index.rebuild()
    places = [f"/groups/{meeting.group_id}/", f"/plan/?m={meeting.pk}"]
    places += [f"/plan/calendar.ics?m={meeting.pk}", "/?format=online"]

    for address in places:
        response = client.get(address)
        assert response.status_code == 200
        assert "s3cret" not in response.text
        assert "123 456" not in response.text


def test_bad_join_link_is_not_a_link(client):
    meeting = make_online(join_url="javascript:alert(1)", join_url_secret="")

    assert "javascript:" not in client.get(f"/meetings/{meeting.pk}/").text


def test_meeting_page_escapes_what_a_feed_said(client):
    meeting = make_meeting(name="<img src=x onerror=alert(1)>", notes="<script>alert(2)</script>")

    html = client.get(f"/meetings/{meeting.pk}/").text

    assert "<img src=x" not in html and "<script>alert" not in html


def test_meeting_page_names_its_source_and_when_it_was_checked(client):
    source = make_source(name="Springfield Intergroup")
    meeting = make_meeting(source=source, updated_on=date(2026, 9, 5))

    html = client.get(f"/meetings/{meeting.pk}/").text

    assert "Source: Springfield Intergroup." in html
    assert "The list says it was changed on September 5, 2026." in html
    assert "call or check the source before you travel" in html


def test_exact_place_has_a_map_and_an_approximate_one_has_none(client):
    exact = make_meeting(place=make_place(lat=39.8, lng=-89.65))
    vague = make_meeting(place=make_place(lat=39.8, lng=-89.65, is_approximate=True))

    assert "geo:39.8,-89.65" in client.get(f"/meetings/{exact.pk}/").text
    html = client.get(f"/meetings/{vague.pk}/").text
    assert "geo:" not in html and "openstreetmap" not in html
    assert "Ask before you travel" in html


def test_paused_meeting_and_closed_place_and_days_off_are_told(client, now):
    place = make_place(closed_from=date(2026, 11, 1), closed_note="New floor.")
    meeting = make_meeting(place=place, status="paused", status_note="Back in spring.")
    MeetingException.objects.create(meeting=meeting, on=date(2026, 11, 23), note="Holiday.")
    MeetingException.objects.create(meeting=meeting, on=date(2026, 10, 5))

    html = client.get(f"/meetings/{meeting.pk}/").text

    assert "This meeting is paused for now. Back in spring." in html
    assert "The place is closed from November 1, 2026 on. New floor." in html
    assert "There is no meeting on November 23, 2026. Holiday." in html
    assert "October 5" not in html


def test_meeting_page_says_when_it_is_next(client, now):
    assert now == datetime(2026, 11, 10, 17, tzinfo=UTC)
    meeting = make_meeting(weekday=1)
    index.rebuild()

    html = client.get(f"/meetings/{meeting.pk}/").text

    assert "Next: Tonight" in html
    assert f"/plan/calendar.ics?m={meeting.pk}" in html


def test_meeting_of_a_merged_group_leads_to_the_group_that_stays(client):
    stays = make_group()
    meeting = make_meeting(group=make_group(merged_into=stays))

    response = client.get(f"/meetings/{meeting.pk}/", follow=True)

    assert response.redirect_chain[-1][0] == f"/groups/{stays.pk}/"


def test_retired_meeting_is_gone(client):
    meeting = make_meeting(status="retired", retired_on=date(2026, 1, 1))

    assert client.get(f"/meetings/{meeting.pk}/").status_code == 410
