"""The pages of a service body: looking changes nothing, and each button reaches the page."""

from datetime import date, timedelta

import pytest
import time_machine

from finder import lane
from finder.models import Evidence, GroupStatement, Listing, ServiceBody, Suggestion
from finder.search import index
from tests.conftest import NOON
from tests.factories import make_evidence, make_group, make_meeting, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(now):
    group = make_group(
        name="Lamp", entity="River Area", source=make_source(name="River list"), source_key="g1"
    )
    index.refresh([make_meeting(group=group).pk])
    return group


@pytest.fixture
def path(group):
    body = ServiceBody.objects.create(
        program=group.program, entity="River Area", entered_by=make_user()
    )
    return lane.make_link(body, by=make_user(), now=NOON, site="")


def test_page_shows_what_is_said_with_source_and_date(client, path, group):
    make_evidence(group=group, on=date(2026, 10, 3), reply_asked_on=date(2026, 11, 2))
    make_evidence(group=group, kind="patient_report", on=date(2026, 9, 1), speak="no")
    make_evidence(group=group, kind="hearsay", is_reviewed=False)

    page = client.get(path)

    assert "Source: River list." in page.text and "Nobody has checked" in page.text
    assert "Call or open visit by a clinician, October 2026, methadone" in page.text
    assert "wait for it until November 23, 2026" in page.text
    assert "September 2026" not in page.text and "Second-hand" not in page.text
    assert page.cookies == {} and "no-store" in page["Cache-Control"]


def test_groups_without_consent_show_no_evidence_here_either(client, path, group):
    make_evidence(group=group)
    group.needs_community_consent = True
    group.save()

    page = client.get(path).text

    assert "Lamp" in page
    assert "about medication" not in page and "Call or open visit" not in page


def test_looking_changes_nothing(client, path, group):
    before = list(Listing.objects.values())

    for part in ("", "confirm/", f"groups/{group.pk}/confirm/", f"groups/{group.pk}/take-out/"):
        assert client.get(path + part).status_code in (200, 303)

    group.refresh_from_db()
    assert (group.status, group.verified_on) == ("active", None)
    assert list(Listing.objects.values()) == before


def test_one_press_confirms_everything(client, path, group):
    assert "Yes, all of it is right" in client.get(path + "confirm/").text

    response = client.post(path + "confirm/")

    assert response.status_code == 303
    assert "checked them today" in client.get(response["Location"]).text
    assert "November 10, 2026" in client.get(group.get_absolute_url()).text


def test_reply_is_on_the_groups_page_at_once(client, path, group):
    response = client.post(f"{path}groups/{group.pk}/reply/", {"text": "We <i>voted</i> in June."})

    assert response.status_code == 303
    assert "We &lt;i&gt;voted&lt;/i&gt; in June." in client.get(group.get_absolute_url()).text


@pytest.mark.parametrize(
    "text", ["", " ", "Call 217-555-0100", "a@example.org", "www.x.example", "x" * 601]
)
def test_reply_with_a_way_to_reach_a_person_is_refused(client, path, group, text):
    response = client.post(f"{path}groups/{group.pk}/reply/", {"text": text})

    assert response.status_code == 400
    assert not group.replies.exists()


def test_removal_is_one_press_and_holds(client, path, group):
    client.post(f"{path}groups/{group.pk}/take-out/")

    assert client.get(group.get_absolute_url()).status_code == 410
    assert not Listing.objects.exists()
    assert "Lamp" not in client.get(path).text


def statement(**fields):
    return {"position": "some", "form": "vote", "on": "2026-11-01", "target": "any"} | fields


def test_statement_waits_for_review(client, path, group):
    told = statement(attend="yes", speak="yes", no_pressure="yes", text="8 to 1")

    assert client.post(f"{path}groups/{group.pk}/statement/", told).status_code == 303
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.reviewed_by) == ("group_statement", None)
    assert "waits for review" in client.get(path).text


def test_no_position_is_a_full_answer_shown_after_review(client, path, group):
    told = statement(position="none")

    assert client.post(f"{path}groups/{group.pk}/statement/", told).status_code == 303
    assert "no position" not in client.get(group.get_absolute_url()).text
    row = GroupStatement.objects.get()
    lane.decide_statement(row, is_accepted=True, by=make_user(), now=NOON)
    assert "has no position on medication (November 1, 2026)" in (
        client.get(group.get_absolute_url()).text
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Answer at least one question."),
        ({"on": "2999-01-01"}, "This day is still to come."),
        ({"attend": "yes", "is_affirming": "on"}, "A statement that affirms"),
        ({"attend": "maybe"}, "Select a valid choice."),
    ],
)
def test_statement_that_cannot_be_is_refused_with_a_sentence(client, path, group, fields, sentence):
    response = client.post(f"{path}groups/{group.pk}/statement/", statement(**fields))

    assert response.status_code == 400
    assert sentence in response.text
    assert not GroupStatement.objects.exists()


def test_other_peoples_groups_are_not_found(client, path):
    other = make_group(entity="Hill Area")

    for part in ("confirm", "take-out", "reply", "statement"):
        assert client.post(f"{path}groups/{other.pk}/{part}/").status_code == 404
    meeting = make_meeting(group=other)
    assert client.get(f"{path}meetings/{meeting.pk}/").status_code == 404


def test_correction_goes_to_the_curators_with_the_bodys_name(client, path, group):
    meeting = group.meetings.get()
    address = f"{path}meetings/{meeting.pk}/"
    page = client.get(address)
    stamp = page.context["form"].initial["stamp"]
    with time_machine.travel(NOON + timedelta(seconds=9), tick=False):
        response = client.post(address, {"stamp": stamp, "words": "At eight now"})

    assert response.status_code == 303
    assert Suggestion.objects.get().body.entity == "River Area"


def test_unknown_ended_and_revoked_links_give_the_same_bytes(client, path, group):
    ended = lane.make_link(
        ServiceBody.objects.get(), by=make_user(), now=NOON - timedelta(days=500), site=""
    )
    revoked = lane.make_link(ServiceBody.objects.get(), by=make_user(), now=NOON, site="")
    lane.revoke(lane.find(revoked.split("/")[-2], now=NOON), now=NOON)
    links = [ended, revoked, "/lane/" + "x" * 32 + "/", "/lane/nonsense/"]

    for part in ("", "confirm/", f"groups/{group.pk}/reply/"):
        answers = [client.get(link + part) for link in links]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


def test_page_of_many_groups_asks_a_fixed_number_of_queries(
    client, path, group, django_assert_max_num_queries
):
    client.get(path)
    for number in range(30):
        row = make_group(program=group.program, entity="River Area", name=f"Group {number:02}")
        make_meeting(group=row)
        make_evidence(group=row)

    with django_assert_max_num_queries(16):
        page = client.get(path)

    assert "More groups" in page.text
    assert client.get(path + "?page=2").text.count('<section class="panel"') == 6
