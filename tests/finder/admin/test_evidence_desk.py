"""The evidence desk: entry by kind with its script, one screen for each decision, two people."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from finder.models import (
    CardSheet,
    CodeMapping,
    Draw,
    Evidence,
    GroupReply,
    Inquiry,
    PaperCard,
    Place,
)
from finder.search import index
from tests.conftest import NOON
from tests.factories import (
    make_evidence,
    make_group,
    make_meeting,
    make_place,
    make_source,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PRESSED = {"no_pressure": "no", "pressure_from": "chair"}
ANSWER = {
    "asked_on": "2026-11-09",
    "route": "helpline",
    "outcome": "answered",
    "target": "methadone",
    "attend": "yes",
    "speak": "yes",
    "no_pressure": "yes",
}


def make_curator():
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="finder"))
    return user


@pytest.fixture
def curator():
    return make_curator()


@pytest.fixture
def desk(client, curator):
    client.force_login(curator)
    return client


def shown(response):
    assert response.status_code == 200
    return response.content.decode()


# --- The front page --------------------------------------------------------------------


def test_front_page_counts_what_waits_and_for_how_long(desk):
    make_evidence(is_reviewed=False, **PRESSED)
    Evidence.objects.update(entered_at=NOON - timedelta(days=3))
    make_meeting()
    index.rebuild()

    page = shown(desk.get(reverse("admin:index")))

    counted = {queue.words: (queue.count, queue.age) for queue in desk_queues(page, desk)}
    assert counted["Evidence to review"] == (1, "3 days")
    assert counted["Listings to check again"][0] == 1
    assert 'accesskey="1"' in page


def desk_queues(_page, desk):
    return desk.get(reverse("admin:index")).context["queues"]


def test_front_page_asks_as_often_however_much_waits(desk, django_assert_max_num_queries):
    url = reverse("admin:index")
    desk.get(url)
    with django_assert_max_num_queries(40) as few:
        desk.get(url)
    for _ in range(5):
        make_evidence(is_reviewed=False)

    with django_assert_max_num_queries(40) as many:
        desk.get(url)

    assert len(few) == len(many)


def test_every_queue_leads_somewhere(desk):
    for queue in desk_queues(None, desk):
        assert desk.get(queue.url).status_code == 200, queue


def test_front_page_shows_no_queue_to_who_may_not_curate(client):
    client.force_login(make_user(is_staff=True))

    assert "What waits" not in shown(client.get(reverse("admin:index")))


# --- Entry ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words", "hidden"),
    [
        ("clinician_call", "We belong to", "disclosed"),
        ("group_statement", "no position", "disclosed"),
        ("peer_visit", "Never visit under a cover", "is_affirming_statement"),
        ("listing_claim", "A code in a feed is never a claim", "disclosed"),
        ("hearsay", "judges nobody alone", "disclosed"),
    ],
)
def test_entry_shows_the_script_of_its_kind_and_asks_only_what_it_can_answer(
    desk, kind, words, hidden
):
    page = shown(desk.get(f"{reverse('admin:finder_evidence_add')}?kind={kind}"))

    assert words in page
    assert f'<input type="hidden" name="{hidden}"' in page


def test_call_entered_as_evidence_counts_as_asked(desk):
    group = make_group()
    told = {"group": group.pk, "kind": "clinician_call", "on": "2026-11-01"}

    desk.post(
        f"{reverse('admin:finder_evidence_add')}?kind=clinician_call",
        told | {"target": "methadone", "attend": "yes", "speak": "yes", "no_pressure": "yes"},
    )

    assert Inquiry.objects.get().evidence == Evidence.objects.get()


# --- Deciding ---------------------------------------------------------------------------


def decide(desk, row, **posted):
    return desk.post(reverse("admin:finder_evidence_change", args=[row.pk]), posted)


def test_second_review_takes_another_person(desk, client):
    row = make_evidence(is_reviewed=False, **PRESSED)

    decide(desk, row, _review="1")
    decide(desk, row, _review="1")

    row.refresh_from_db()
    assert row.second_reviewed_by is None
    page = shown(desk.get(reverse("admin:finder_evidence_change", args=[row.pk])))
    assert "takes another person" in page
    assert 'name="_review"' not in page
    other = make_curator()
    client.force_login(other)
    decide(client, row, _review="1")
    row.refresh_from_db()
    assert row.second_reviewed_by == other


def test_reply_clock_and_the_groups_reply_are_on_the_screen_and_the_page(desk, client):
    row = make_evidence(**PRESSED)

    decide(desk, row, _ask="1")
    page = shown(desk.get(reverse("admin:finder_evidence_change", args=[row.pk])))
    assert "Nothing that limits the group is shown before 2026-12-01" in page
    decide(desk, row, _reply="1", text="We voted last week: everybody speaks.")

    row.refresh_from_db()
    assert row.reply == "We voted last week: everybody speaks."
    client.logout()
    assert row.reply in shown(client.get(row.group.get_absolute_url()))
    assert not GroupReply.objects.exists()


def test_withdrawing_needs_a_reason(desk):
    row = make_evidence()

    assert "required" in shown(decide(desk, row, _withdraw="1", reason=""))
    decide(desk, row, _withdraw="1", reason="Entered twice")

    row.refresh_from_db()
    assert row.withdrawn_reason == "Entered twice"


def test_deciding_leads_on_to_the_next(desk):
    first, second = make_evidence(is_reviewed=False), make_evidence(is_reviewed=False)

    response = decide(desk, first, _review="1")

    assert response.url == reverse("admin:finder_evidence_change", args=[second.pk])


def test_who_may_only_look_decides_nothing(client):
    row = make_evidence(is_reviewed=False)
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_evidence"))
    client.force_login(user)

    assert 'name="_review"' not in shown(
        client.get(reverse("admin:finder_evidence_change", args=[row.pk]))
    )
    assert decide(client, row, _review="1").status_code == 403


# --- Asking -----------------------------------------------------------------------------


def test_asking_shows_script_and_ways_and_keeps_the_answer(desk):
    source = make_source(url="https://example.org/feed.json")
    group = make_group(entity="Central area", source=source)
    make_meeting(group=group, access=["open"], place=make_place(name="Oak Hall"))
    url = reverse("admin:finder_inquiry_ask", args=[group.pk])

    page = shown(desk.get(url))
    for words in (
        "We belong to",
        f"http://testserver/groups/{group.pk}/",
        "Central area",
        "https://example.org/feed.json",
        "Oak Hall",
    ):
        assert words in page
    assert desk.post(url, ANSWER).url == reverse("admin:finder_inquiry_plan")
    assert Inquiry.objects.get().evidence.attend == "yes"


@pytest.mark.parametrize("outcome", ["declined", "no_position", "waiting", "not_reached"])
def test_asking_without_an_answer_keeps_that_alone(desk, outcome):
    url = reverse("admin:finder_inquiry_ask", args=[make_group().pk])

    desk.post(url, ANSWER | {"outcome": outcome})

    assert (Inquiry.objects.get().outcome, Evidence.objects.count()) == (outcome, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"attend": "", "speak": "", "no_pressure": ""}, "Answer at least one question."),
        ({"no_pressure": "no"}, "Say who pressed"),
        ({"asked_on": "2026-12-01"}, "still to come"),
        ({"route": "clinic"}, "Say whether anyone at the group knew"),
    ],
)
def test_answer_against_the_rules_is_told_and_not_kept(desk, fields, sentence):
    url = reverse("admin:finder_inquiry_ask", args=[make_group().pk])

    assert sentence in shown(desk.post(url, ANSWER | fields))
    assert not Inquiry.objects.exists()


def test_plan_lists_groups_with_their_gain(desk):
    meeting = make_meeting()
    index.rebuild()

    page = shown(desk.get(reverse("admin:finder_inquiry_plan")))

    assert reverse("admin:finder_inquiry_ask", args=[meeting.group_id]) in page


def test_plan_tells_of_a_place_it_does_not_know(desk):
    page = shown(desk.get(reverse("admin:finder_inquiry_plan"), {"near": "Nowhere at all"}))

    assert "errorlist" in page or "usa-alert--error" in page


def test_sample_is_drawn_and_planned_for(desk):
    meeting = make_meeting()
    told = {"seed": "autumn", "per_stratum": "3"}

    response = desk.post(reverse("admin:finder_draw_add"), told)

    draw = Draw.objects.get()
    assert response.url == f"{reverse('admin:finder_inquiry_plan')}?sample={draw.pk}"
    assert draw.groups.get().group == meeting.group
    assert "random sample" in shown(desk.get(response.url))
    assert "Drawn by chance" in shown(
        desk.get(reverse("admin:finder_inquiry_ask", args=[meeting.group_id]))
    )


# --- Cards, codes, places, many at once ---------------------------------------------------


def test_sheet_of_cards_is_shown_once_and_names_no_medication(desk):
    response = desk.post(reverse("admin:finder_cardsheet_add"), {"note": "North", "count": "3"})

    page = shown(response)
    assert page.count('class="code"') == PaperCard.objects.count() == 3
    assert "testserver/card/" in page
    assert "no-store" in response["Cache-Control"]
    for word in ("methadone", "buprenorphine", "naltrexone", "medication", "North"):
        assert word not in page
    again = shown(desk.get(reverse("admin:finder_cardsheet_changelist")))
    assert "0 / 3" in again


def test_sheet_is_voided(desk):
    desk.post(reverse("admin:finder_cardsheet_add"), {"note": "North", "count": "1"})
    sheet = CardSheet.objects.get()

    desk.post(
        reverse("admin:finder_cardsheet_changelist"),
        {"action": "revoke", "_selected_action": [sheet.pk]},
    )

    sheet.refresh_from_db()
    assert sheet.revoked_on == date(2026, 11, 10)


def test_code_is_given_its_meaning_on_one_screen(desk):
    meeting = make_meeting(source_codes=["Q&A/1"], unknown_codes=["Q&A/1"])
    index.rebuild()
    page = shown(desk.get(reverse("admin:finder_codemapping_changelist")))
    url = reverse("admin:finder_codemapping_say", args=[meeting.group.program_id])
    assert f"{url}?code=Q%26A%2F1" in page

    shown(desk.get(f"{url}?code=Q%26A%2F1"))
    told = {"types": ["questions"], "languages": "es, ase"}
    assert "Not a language" in shown(desk.post(f"{url}?code=Q%26A%2F1", {"languages": "klingon"}))
    desk.post(f"{url}?code=Q%26A%2F1", told)

    meeting.refresh_from_db()
    assert (meeting.types, meeting.unknown_codes) == (["questions"], [])
    assert meeting.languages == ["ase", "es"]
    assert CodeMapping.objects.get().mapped_by is not None


def test_code_that_nobody_carries_is_said_so(desk):
    url = reverse("admin:finder_codemapping_say", args=[make_group().program_id])

    assert desk.get(f"{url}?code=ZZ").status_code == 302
    assert desk.get(url).status_code == 302


def test_place_is_closed_with_its_meetings_after_asking_for_the_days(desk):
    meeting = make_meeting()
    index.rebuild()
    url = reverse("admin:finder_place_changelist")
    chosen = {"action": "close_places", "_selected_action": [meeting.place_id]}

    shown(desk.post(url, chosen))
    wrong = chosen | {"apply": "1", "first": "2026-12-24", "last": "2026-12-01"}
    assert "before the first day" in shown(desk.post(url, wrong))
    days = {"first": "2026-12-24", "last": "2027-01-02", "note": "Holidays"}
    assert desk.post(url, chosen | {"apply": "1"} | days).status_code == 302

    place = Place.objects.get()
    assert (place.closed_from, place.closed_until) == (date(2026, 12, 24), date(2027, 1, 2))
    meeting.listing.refresh_from_db()
    assert meeting.listing.closures == [["2026-12-24", "2027-01-02"]]
    assert "closed" in shown(desk.get(meeting.get_absolute_url()))


def test_many_listings_change_together_after_a_look(desk):
    rows = [make_meeting(), make_meeting()]
    url = reverse("admin:finder_meeting_changelist")
    chosen = {"action": "change_together", "_selected_action": [row.pk for row in rows]}

    assert "2 are chosen" in shown(desk.post(url, chosen))
    assert "Choose something" in shown(desk.post(url, chosen | {"apply": "1"}))
    assert desk.post(url, chosen | {"apply": "1", "add_focus": ["women"]}).status_code == 302

    for row in rows:
        row.refresh_from_db()
        assert row.focus == ["women"]


def test_pressure_is_asked_without_a_double_negative(desk):
    page = desk.get(reverse("admin:finder_evidence_add"), {"kind": "clinician_call"}).text

    assert "Did anyone press them to lower or stop it?" in page
    assert "Someone did" in page
    assert "Did nobody" not in page
