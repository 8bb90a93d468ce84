"""The desk's pages for changes: parked runs, runs taken back, locks, history, duplicates."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from finder import curation
from finder.feeds import ingest
from finder.models import (
    DuplicatePair,
    FieldLock,
    Group,
    ImportRun,
    ImportStatus,
    Meeting,
    Merge,
    PairState,
    Tombstone,
)
from finder.vocab import Status
from tests.factories import make_group, make_meeting, make_program, make_source, make_user
from tests.finder.feeds.town import NOW, TEN, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    user = make_user(is_staff=True, username="ann")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="finder"))
    return user


@pytest.fixture
def desk(client, curator):
    client.force_login(curator)
    return client


@pytest.fixture
def looker(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return client


@pytest.fixture
def run():
    program = make_program(slug="aa")
    for rows in (TEN, [*TEN[:5], row(5, notes="Side door")]):
        data = json.dumps(rows).encode()
        ingest.apply(ingest.Request(data=data, source="town", program=program), now=NOW)
    return ImportRun.objects.get(status=ImportStatus.PARKED)


def page_of(row):
    return reverse(f"admin:finder_{row._meta.model_name}_change", args=[row.pk])


def test_parked_run_is_shown_field_by_field_and_applied_in_part(desk, run):
    html = desk.get(page_of(run)).text
    assert html.count("no longer in the feed") == 6
    assert "notes: <del>–</del> → <ins>Side door</ins>" in html
    tokens = [f"m{Meeting.objects.get(slug=slug).pk}" for slug in ("slug-5", "slug-9")]

    desk.post(page_of(run), {"_some": "1", "chosen": tokens})

    assert Meeting.objects.get(slug="slug-5").notes == "Side door"
    retired = Meeting.objects.filter(status=Status.RETIRED).values_list("slug", flat=True)
    assert list(retired) == ["slug-9"]


@pytest.mark.parametrize(
    ("button", "status", "retired"),
    [("_all", ImportStatus.APPLIED, 4), ("_none", ImportStatus.DISMISSED, 0)],
)
def test_parked_run_is_applied_whole_or_thrown_away(desk, run, curator, button, status, retired):
    desk.post(page_of(run), {button: "1"})

    run.refresh_from_db()
    assert (run.status, run.decided_by) == (status, curator)
    assert Meeting.objects.filter(status=Status.RETIRED).count() == retired
    assert "It was decided already." in desk.post(page_of(run), {button: "1"}, follow=True).text


def test_applied_run_is_taken_back_with_one_button(desk, run):
    desk.post(page_of(run), {"_all": "1"})

    html = desk.post(page_of(run), {"_back": "1"}, follow=True).text

    assert "Taken back by ann" in html
    assert not Meeting.objects.filter(status=Status.RETIRED).exists()
    assert "1 run was taken back." in html


def test_one_who_may_only_look_decides_nothing(looker, run):
    assert "_all" not in looker.get(page_of(run)).text
    assert looker.post(page_of(run), {"_all": "1"}).status_code == 403
    pair = pair_of_groups()
    assert looker.post(page_of(pair), {"_first": "1"}).status_code == 403
    meeting = Meeting.objects.first()
    for tool in ("locks", "revert"):
        address = reverse(f"admin:finder_meeting_{tool}", args=[meeting.pk])
        assert looker.post(address, {}).status_code == 403


def test_field_is_locked_and_unlocked_from_its_row(desk, run):
    meeting = Meeting.objects.first()
    address = reverse("admin:finder_meeting_locks", args=[meeting.pk])
    assert "Locked fields" in desk.get(page_of(meeting)).text

    desk.post(address, {"_lock": "1", "lock_field": "notes", "lock_reason": "By phone"})
    lock = FieldLock.objects.get()
    assert (lock.field, lock.reason) == ("notes", "By phone")
    assert "By phone" in desk.get(page_of(meeting)).text

    desk.post(address, {"_unlock": lock.pk})
    assert not FieldLock.objects.exists()
    assert desk.get(address).status_code == 405


def test_conflicts_are_listed_and_decided_on_the_list(desk, curator):
    rows = []
    for name in ("Noon", "Evening"):
        meeting = make_meeting(source=make_source(), name=name)
        lock = FieldLock.objects.create(
            model="meeting", object_id=meeting.pk, field="name", locked_by=curator,
            feed_value=f"{name} says the feed", conflict_since=datetime(2026, 11, 1, tzinfo=UTC),
        )  # fmt: skip
        rows.append((meeting, lock))
    address = reverse("admin:finder_fieldlock_changelist")
    html = desk.get(address).text
    assert "Noon says the feed" in html

    desk.post(address, {"action": "keep", "_selected_action": [rows[0][1].pk]})
    desk.post(address, {"action": "take", "_selected_action": [rows[1][1].pk]})

    assert "Noon says the feed" not in desk.get(address).text
    assert "Noon says the feed" in desk.get(address + "?conflict=all").text
    assert Meeting.objects.get(pk=rows[1][0].pk).name == "Evening says the feed"


def test_history_shows_who_and_goes_back(desk, curator):
    meeting = make_meeting(source=make_source(), name="Noon")
    meeting.name = "Evening"
    curation.correct(meeting, fields=["name"], by=curator, today=NOW.date())
    html = desk.get(reverse("admin:finder_meeting_history", args=[meeting.pk])).text
    assert "ann (curation.correct)" in html
    first = curation.history_of(meeting)[-1]

    desk.post(reverse("admin:finder_meeting_revert", args=[meeting.pk]), {"event": first.number})

    meeting.refresh_from_db()
    assert meeting.name == "Noon"


def test_group_that_asked_is_taken_out_in_one_action(desk):
    group = make_meeting(group=make_group(name="Noon")).group
    address = reverse("admin:finder_group_take-out", args=[group.pk])
    assert "Take out for good" in desk.get(page_of(group)).text

    desk.post(address, {"take_out_note": " "})
    assert not Tombstone.objects.exists()
    desk.post(address, {"take_out_note": "Its chair, by letter"})

    assert Tombstone.objects.get().note == "Its chair, by letter"
    group.refresh_from_db()
    assert group.status == Status.RETIRED


def pair_of_groups():
    program = make_program()
    for _ in range(2):
        group = make_group(program=program, source=make_source(), name="Serenity")
        make_meeting(group=group, source=group.source)
    curation.find_duplicates(now=NOW)
    return DuplicatePair.objects.get()


@pytest.mark.parametrize(("button", "kept"), [("_first", 0), ("_second", 1)])
def test_duplicates_are_merged_from_one_screen_and_parted_again(desk, button, kept):
    pair = pair_of_groups()
    groups = [pair.first, pair.second]
    one, other = pair.meetings[0]
    assert "These are one meeting" in desk.get(page_of(pair)).text

    desk.post(page_of(pair), {button: "1", "joined": f"{one}-{other}"})

    gone = Group.objects.get(pk=groups[1 - kept].pk)
    assert gone.merged_into == groups[kept]
    assert Meeting.objects.filter(merged_into__isnull=False).count() == 1
    made = Merge.objects.get()
    desk.post(
        reverse("admin:finder_merge_changelist"),
        {"action": "undo", "_selected_action": [made.pk]},
    )
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert "Merge" in desk.get(reverse("admin:finder_merge_changelist")).text


def test_pair_that_is_not_the_same_is_kept_apart(desk):
    pair = pair_of_groups()

    desk.post(page_of(pair), {"_apart": "1"})

    pair.refresh_from_db()
    assert pair.state == PairState.DIFFERENT
    assert "It was decided already." in desk.post(page_of(pair), {"_first": "1"}, follow=True).text
    assert not Merge.objects.exists()


def test_desk_counts_duplicates_and_conflicts(desk):
    pair_of_groups()

    html = desk.get(reverse("admin:index")).text

    assert "Groups that may be listed twice" in html
    assert "Feeds that say other than we do" in html
