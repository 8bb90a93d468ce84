"""The desk's queue of suggestions: each decided on one screen, and statements after review."""

from datetime import time

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from finder import lane, suggestions
from finder.models import Evidence, GroupReply, GroupStatement, ServiceBody, Suggestion
from finder.search import index
from finder.secret_links import new_token
from tests.conftest import NOON
from tests.factories import make_group, make_meeting, make_program, make_user

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:finder_suggestion_changelist")


@pytest.fixture
def desk(client, now):
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="finder"))
    client.force_login(user)
    return client


@pytest.fixture
def meeting(now):
    meeting = make_meeting()
    index.refresh([meeting.pk])
    return meeting


def suggest(kind, **told):
    meeting = told.get("meeting")
    told = {"group": meeting.group} | told if meeting else told
    told = suggestions.Told(kind=kind, **told)
    return suggestions.open_suggestion(told, token=new_token(), link="x", now=NOON)


def screen(row):
    return reverse("admin:finder_suggestion_change", args=[row.pk])


def test_queue_counts_what_waits_and_shows_what_was_not_safe_first(desk, meeting):
    suggest("close", meeting=meeting)
    suggest("safety", meeting=meeting, words="x")
    suggestions.decline(suggest("close", meeting=meeting), by=make_user(), now=NOON, reason="No")

    page = desk.get(QUEUE)

    assert "Something was not safe</a>: 1, the oldest 0 days" in page.text
    rows = list(page.context["cl"].result_list)
    assert [row.kind for row in rows] == ["safety", "close"]
    assert len(desk.get(QUEUE + "?state=declined").context["cl"].result_list) == 1
    assert len(desk.get(QUEUE + "?state=all").context["cl"].result_list) == 3


def test_curator_takes_some_fields_and_changes_one(desk, meeting):
    row = suggest("change", meeting=meeting, proposed={"start": "20:00", "name": "Lamp", "zip": ""})
    page = desk.get(screen(row))
    assert "19:00" in page.text and "20:00" in page.text

    response = desk.post(
        screen(row), {"_accept": "1", "use_start": "on", "start": "20:15", "name": "Lamp"}
    )

    assert response.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.start, meeting.name) == (time(20, 15), meeting.group.name)


def test_next_one_follows_a_decision(desk, meeting):
    first, second = suggest("close", meeting=meeting), suggest("close", meeting=meeting)

    response = desk.post(screen(first), {"_decline": "1", "reason": "It still meets"})

    assert response["Location"] == screen(second)


@pytest.mark.parametrize(
    "button", [{"_decline": "1"}, {"_accept": "1", "use_name": "on", "name": ""}]
)
def test_incomplete_decision_is_shown_again_with_a_sentence(desk, meeting, button):
    row = suggest("change", meeting=meeting, proposed={"name": "Lamp"})

    response = desk.post(screen(row), button)

    assert response.status_code == 200
    assert "Please look at this again" in response.text
    row.refresh_from_db()
    assert row.is_waiting


def test_new_meeting_is_listed_from_the_screen(desk, now):
    row = suggest(
        "new",
        program=make_program(),
        proposed={"name": "Lamp", "weekday": "1", "start": "09:00", "format": "in_person"},
    )
    told = {"_accept": "1"} | row.proposed

    refused = desk.post(screen(row), told | {"city": "Nowhere"})
    assert "say by which clock" in refused.text
    desk.post(screen(row), told | {"city": "Nowhere", "timezone": "America/Denver"})

    row.refresh_from_db()
    assert (row.meeting.name, row.state) == ("Lamp", "accepted")


def test_safety_screen_pauses_answers_and_records_hearsay(desk, meeting):
    row = suggest("safety", meeting=meeting, words="They said stop")

    assert "paused" in desk.post(screen(row), {"_pause": "1"}, follow=True).text
    assert "Put the listing back" in desk.get(screen(row)).text
    desk.post(screen(row), {"_resume": "1"})
    assert (
        "Sent." in desk.post(screen(row), {"_answer": "1", "text": "Thank you"}, follow=True).text
    )
    told = {"_hearsay": "1", "hearsay-target": "methadone", "hearsay-on": "2026-11-01"}
    assert "Answer at least one question." in desk.post(screen(row), told).text
    told |= {"hearsay-no_pressure": "no", "hearsay-pressure_from": "one_member"}
    assert "second-hand" in desk.post(screen(row), told, follow=True).text

    assert Evidence.objects.get().kind == "hearsay"
    assert row.messages.get().text == "Thank you"
    meeting.refresh_from_db()
    assert meeting.status == "active"


def test_only_curators_see_and_decide(client, desk, meeting):
    row = suggest("close", meeting=meeting)
    viewer = make_user(is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_suggestion"))
    client.force_login(viewer)

    assert client.get(screen(row)).status_code == 200
    assert client.post(screen(row), {"_accept": "1"}).status_code == 403
    client.force_login(make_user(is_staff=True))
    assert client.get(screen(row)).status_code == 403
    assert client.get(reverse("admin:finder_suggestion_change", args=[0])).status_code in (403, 404)
    row.refresh_from_db()
    assert row.is_waiting


def test_curator_sees_where_a_service_bodys_link_would_go_and_no_other_address(desk, meeting):
    told = {"program": make_program(), "proposed": {"entity": "river area"}}
    asked = suggest("body", email="area@example.org", **told)
    ServiceBody.objects.create(program=told["program"], entity="River Area", entered_by=make_user())
    other = suggest("close", meeting=meeting, email="me@example.org")

    page = desk.get(screen(asked)).text
    assert "The link would go to area@example.org." in page and "has a page already" in page
    assert "me@example.org" not in desk.get(screen(other)).text


def body_for(group):
    return ServiceBody.objects.create(
        program=group.program, entity="River Area", entered_by=make_user()
    )


def test_link_of_a_service_body_is_shown_once_and_taken_back(desk, now):
    body = body_for(make_group())
    address = reverse("admin:finder_servicebody_changelist")

    def act(action):
        told = {"action": action, "_selected_action": [body.pk]}
        return desk.post(address, told, follow=True).text

    page = act("make_links")
    token = page.split("/lane/")[1].split("/")[0]
    assert lane.find(token, now=NOON)
    assert token not in desk.get(reverse("admin:finder_servicebody_change", args=[body.pk])).text
    act("revoke_links")
    assert lane.find(token, now=NOON) is None


def test_address_of_a_service_body_is_kept_sealed_and_never_shown(desk, now):
    program = make_program()
    told = {
        "program": program.pk, "entity": "River Area", "permission_note": "Their site",
        "email": "area@example.org", "links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0,
    }  # fmt: skip

    desk.post(reverse("admin:finder_servicebody_add"), told)

    body = ServiceBody.objects.get()
    assert b"example.org" not in bytes(body.contact)
    page = desk.get(reverse("admin:finder_servicebody_change", args=[body.pk]))
    assert "area@example.org" not in page.text


def test_statements_and_replies_are_decided_in_their_lists(desk, now):
    group = make_group(entity="River Area")
    token = lane.make_link(body_for(group), by=make_user(), now=NOON, site="").split("/")[-2]
    link = lane.find(token, now=NOON)
    lane.state(link, group, on=NOON.date(), form="text", text="", position=None, now=NOON)
    lane.reply(link, group, "Ask Casey", now=NOON)
    statements = reverse("admin:finder_groupstatement_changelist")
    replies = reverse("admin:finder_groupreply_changelist")

    told = {"action": "accept", "_selected_action": [GroupStatement.objects.get().pk]}
    assert "1 statement decided." in desk.post(statements, told, follow=True).text
    told = {"action": "withdraw", "_selected_action": [GroupReply.objects.get().pk]}
    assert "Say why" in desk.post(replies, told, follow=True).text
    desk.post(replies, told | {"reason": "It names a person"})
    assert GroupReply.objects.get().withdrawn_at
    assert Suggestion.objects.count() == 0
