"""Public suggestions: forms without a cookie, limits without addresses, threads behind a link."""

import re
from datetime import timedelta

import pytest
import time_machine

from finder import suggestions
from finder.models import Meeting, Suggestion, Tally
from finder.search import index
from tests.conftest import NOON
from tests.factories import make_group, make_meeting, make_program, make_user

pytestmark = pytest.mark.django_db
UNKNOWN = "/suggest/thread/" + "x" * 32 + "/"


@pytest.fixture
def meeting(now):
    meeting = make_meeting(name="Porch light")
    index.refresh([meeting.pk])
    return meeting


def stamp_of(response):
    return re.search(r'name="stamp" value="([^"]+)"', response.text)[1]


def send(client, path, *, after=10, stamp="", **fields):
    """Open a form, wait as a person would, and send it."""
    stamp = stamp or stamp_of(client.get(path))
    with time_machine.travel(NOON + timedelta(seconds=after), tick=False):
        return client.post(path, fields | {"stamp": stamp})


def thread_of(response):
    return re.search(r"/suggest/thread/[\w-]{32}/", response.text)[0]


def change(meeting):
    return f"/suggest/change/?meeting={meeting.pk}"


@pytest.mark.parametrize("kind", ["change", "closed", "visit", "private"])
def test_every_kind_is_kept_and_changes_nothing(client, meeting, kind):
    before = Meeting.objects.values().get()

    response = send(
        client, f"/suggest/{kind}/?meeting={meeting.pk}", words="It is gone", was_there="no"
    )

    assert response.status_code == 200
    assert "Your link to the answer" in response.text
    assert response.cookies == {} and "no-store" in response["Cache-Control"]
    row = Suggestion.objects.get()
    assert (row.meeting, row.group, row.words) == (meeting, meeting.group, "It is gone")
    assert row.received_at == NOON
    assert Meeting.objects.values().get() == before


def test_change_keeps_only_what_was_changed(client, meeting):
    page = client.get(change(meeting))
    assert 'value="Porch light"' in page.text

    send(client, change(meeting), name="Porch light", weekday="0", start="19:30",
         duration_minutes="60", format="in_person", place_name="Walnut Hall",
         address="100 Walnut Street", city="Springfield", state="IL", zip="")  # fmt: skip

    assert Suggestion.objects.get().proposed == {"start": "19:30", "zip": ""}


def test_codes_to_get_in_are_not_in_the_form(client, now):
    meeting = make_meeting(
        format="online", join_url_secret="https://example.org/j?pwd=s3cret", join_password="s3cret"
    )

    assert "s3cret" not in client.get(change(meeting)).text


def test_change_that_says_nothing_is_refused(client, meeting):
    html = client.get(change(meeting)).text
    told = dict(
        re.findall(r'<input type="(?:text|time|number|url)" name="(\w+)" value="([^"]*)"', html)
    )

    response = send(client, change(meeting), **told, weekday="0", format="in_person")

    assert response.status_code == 400
    assert "Change a field, or tell us in your own words." in response.text


def test_missing_meeting_needs_a_way_in(client, now):
    program = make_program()
    told = {"program": program.pk, "name": "Lamp", "weekday": "1", "start": "19:00"}

    response = send(client, "/suggest/new/", **told, format="online")

    assert response.status_code == 400
    assert "Give the link to join" in response.text and 'value="Lamp"' in response.text
    response = send(client, "/suggest/new/", **told, format="in_person", city="Springfield")
    assert response.status_code == 200
    assert Suggestion.objects.get().program == program


def test_service_body_asks_for_its_link_with_an_address(client, now):
    told = {"program": make_program().pk, "entity": "River Area", "words": "See our site"}

    assert send(client, "/suggest/service-body/", **told).status_code == 400
    response = send(client, "/suggest/service-body/", **told, email="area@example.org")

    assert response.status_code == 200
    assert Suggestion.objects.get().proposed == {"entity": "River Area"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/suggest/", 200),
        ("/suggest/change/", 200),
        ("/suggest/nonsense/", 404),
        ("/suggest/?meeting=999999", 404),
        ("/suggest/?meeting=%27", 404),
        ("/suggest/?meeting=9999999999999999999999", 404),
        ("/suggest/?group=²", 404),
    ],
)
def test_addresses_without_a_listing_are_answered_in_plain_words(client, now, path, status):
    assert client.get(path).status_code == status


def test_retired_listing_takes_no_suggestion(client, meeting):
    Meeting.objects.update(status="retired", retired_on=NOON)

    assert client.get(change(meeting)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"after": 1}, "That was very quick."),
        ({"after": 90_000}, "This page was open for a long time."),
        ({"stamp": "made-up"}, "This page was open for a long time."),
        ({"nickname": "Bob"}, "Please leave this field empty"),
        ({"email": "nonsense"}, "Enter a valid email address."),
    ],
)
def test_what_looks_like_a_machine_is_asked_again_and_loses_nothing(
    client, meeting, fields, sentence
):
    response = send(client, change(meeting), **{"words": "It moved"} | fields)

    assert response.status_code == 400
    assert sentence in response.text and "It moved" in response.text
    assert not Suggestion.objects.exists() and not Tally.objects.exists()
    again = stamp_of(response)
    late = NOON + timedelta(seconds=fields.get("after", 10) + 10)
    with time_machine.travel(late, tick=False):
        told = {"stamp": again, "words": "It moved"}
        assert client.post(change(meeting), told).status_code == 200


def test_form_sent_twice_gives_the_same_link(client, meeting):
    stamp = stamp_of(client.get(change(meeting)))

    first, second = (send(client, change(meeting), stamp=stamp, words="Moved") for _ in "12")

    assert thread_of(first) == thread_of(second)
    assert Suggestion.objects.count() == 1


def test_sixth_message_of_an_hour_waits_and_a_safety_report_does_not(client, meeting):
    statuses = [send(client, change(meeting), words=f"No {n}").status_code for n in range(6)]

    assert statuses == [200] * 5 + [429]
    assert Suggestion.objects.count() == 5
    private = f"/suggest/private/?meeting={meeting.pk}"
    assert send(client, private, words="Not safe").status_code == 200
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        stamp = stamp_of(client.get(change(meeting)))
    assert send(client, change(meeting), stamp=stamp, words="Later", after=3700).status_code == 200


def test_header_a_sender_writes_does_not_help(client, meeting, settings):
    client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.1"
    for n in range(5):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{n}"
        send(client, change(meeting), words="Moved")
    assert send(client, change(meeting), words="Moved").status_code == 429

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(5):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{n}, 198.51.100.7"
        assert send(client, change(meeting), words="Moved").status_code == 200
    assert send(client, change(meeting), words="Moved").status_code == 429


def test_other_sites_cannot_send_the_form(client, meeting):
    told = {"words": "x", "stamp": "x"}

    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post(change(meeting), told, headers=headers).status_code == 403


def test_thread_opens_by_a_button_and_takes_a_message(client, meeting):
    path = thread_of(send(client, change(meeting), words="It moved"))

    assert "It moved" not in client.get(path).text
    assert "It moved" in client.post(path).text
    row = Suggestion.objects.get()
    suggestions.answer(row, "Where to?", by=make_user(username="Casey"), now=NOON)
    page = client.post(path, {"text": "Oak Street <b>5</b>"})

    assert "Where to?" in page.text and "Oak Street &lt;b&gt;5" in page.text
    assert "Casey" not in page.text
    assert client.post(path, {"text": " "}).status_code == 400
    too_long = client.post(path, {"text": "x" * 2001})
    assert too_long.status_code == 400 and "x" * 2001 in too_long.text
    assert row.messages.count() == 2
    suggestions.decline(row, by=make_user(), now=NOON, reason="We asked: it did not move")
    assert "We asked: it did not move" in client.post(path).text


def headers_of(response):
    """All headers but the number each request gets."""
    return str(sorted(item for item in response.headers.items() if item[0] != "X-Request-ID"))


def test_unknown_and_ended_links_give_the_same_bytes(client, meeting):
    path = thread_of(send(client, change(meeting), words="It moved"))
    Suggestion.objects.update(active_at=NOON - timedelta(days=91))
    not_a_token = "/suggest/thread/nonsense/"

    for ask in (client.get, client.post):
        answers = [ask(each) for each in (path, UNKNOWN, not_a_token)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({headers_of(answer) for answer in answers}) == 1


def test_twenty_links_may_be_opened_in_an_hour(client, meeting):
    path = thread_of(send(client, change(meeting), words="It moved"))

    assert [client.post(path).status_code for _turn in range(21)] == [200] * 20 + [429]
    assert client.get(UNKNOWN).status_code == client.get(path).status_code == 429


def test_guesses_count_too(client, now):
    statuses = [client.get(UNKNOWN).status_code for _turn in range(21)]

    assert statuses == [404] * 20 + [429]


def test_pages_of_listings_lead_here(client, meeting):
    assert f"/suggest/?meeting={meeting.pk}" in client.get(meeting.get_absolute_url()).text
    group = meeting.group
    assert f"/suggest/?group={group.pk}" in client.get(group.get_absolute_url()).text
    hub = client.get(f"/suggest/?group={group.pk}").text
    assert all(f"/suggest/{kind}/?group={group.pk}" in hub for kind in ("change", "private", "new"))


def test_paused_listing_says_so_in_neutral_words(client, meeting):
    row = suggestions.open_suggestion(
        suggestions.Told(kind="safety", meeting=meeting, group=meeting.group, words="Knife"),
        token="a" * 32, link="x", now=NOON,
    )  # fmt: skip
    suggestions.pause_listing(row, by=make_user(), now=NOON)

    page = client.get(meeting.get_absolute_url()).text

    assert "This meeting is paused for now. We are checking this listing." in page
    assert "Knife" not in page and "safe" not in page.split("If you take medication")[0]


def test_links_stay_out_of_robots(client):
    robots = client.get("/robots.txt").text

    assert "Disallow: /suggest/thread/" in robots and "Disallow: /lane/" in robots


def test_group_page_asks_for_two_queries_more_and_no_more(
    client, now, django_assert_max_num_queries
):
    group = make_group()

    with django_assert_max_num_queries(7):
        client.get(group.get_absolute_url())
