import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from django.db import connection

from finder import curation
from finder.feeds import ingest
from finder.models import (
    Assessment,
    FieldLock,
    Group,
    ImportProblem,
    ImportRun,
    ImportStatus,
    Listing,
    Meeting,
    Place,
    Record,
    Source,
    Tombstone,
)
from finder.vocab import Format, ScheduleKind, Status
from tests.factories import make_group, make_locality, make_meeting, make_program, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
STREETS = ["Walnut", "Oak", "Elm", "Pine", "Ash", "Cedar", "Birch", "Maple", "Beech", "Holly"]


def row(number, **fields):
    """One row of a town whose groups each meet once a week in a hall of their own."""
    street = STREETS[number % 10]
    defaults = {
        "name": f"Group {street} {number}",
        "slug": f"slug-{number}",
        "day": number % 7,
        "time": "19:00",
        "formatted_address": f"{number} {street} St, Springfield, IL 62701, USA",
        "latitude": 39.8 + number / 1000,
        "longitude": -89.65,
        "types": ["O", "D"],
        "updated": "2025-03-04 05:06:07",
    }
    return {k: v for k, v in (defaults | fields).items() if v is not ...}


TEN = [row(number) for number in range(10)]


@pytest.fixture
def program():
    return make_program(slug="aa", name="Alcoholics Anonymous")


@pytest.fixture
def bring(program):
    """Import rows and give the outcome."""

    def bring(rows, *, now=NOW, **options):
        data = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        request = ingest.Request(data=data, source="town", program=program, **options)
        return ingest.apply(request, now=now)

    return bring


def counts(outcome, *names):
    return tuple(outcome.counts[name] for name in names)


def digest(*, without=()):
    """Return what the directory says, by key, whatever ids it gave."""
    hidden = {"_state", "id", "group_id", "place_id", "source_id", "created_at", *without}
    return {
        model.__name__: sorted(
            str({k: v for k, v in vars(each).items() if k not in hidden} | {"of": str(of(each))})
            for each in model.objects.all()
        )
        for model, of in (
            (Group, lambda g: ""),
            (Place, lambda p: ""),
            (Meeting, lambda m: (m.group.source_key, m.place and m.place.source_key)),
        )
    }


def row_counts():
    """Count the rows of every table, those of the change history too."""
    with connection.cursor() as cursor:
        counted = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted[table] = cursor.fetchone()[0]
    return counted


# --- A first import -------------------------------------------------------------------


def test_rows_become_groups_places_meetings_and_listings(bring):
    outcome = bring(TEN)

    assert counts(outcome, "read", "created", "rejected", "parked") == (10, 10, 0, 0)
    assert outcome.meetings == 10
    meeting = Meeting.objects.get(slug="slug-3")
    assert (meeting.weekday, meeting.start, meeting.timezone) == (2, time(19), "America/Chicago")
    assert (meeting.group.name, meeting.place.address) == ("Group Pine 3", "3 Pine St")
    assert meeting.place.timezone == "America/Chicago"
    assert Listing.objects.count() == 10
    assert Assessment.objects.filter(group=meeting.group).count() == 3


def test_source_is_made_and_the_run_kept(bring):
    bring([*TEN, {"slug": "x"}], timezone="America/Chicago")

    source = Source.objects.get(slug="town")
    assert (source.program.slug, source.format, source.timezone) == (
        "aa", "meeting_guide", "America/Chicago",
    )  # fmt: skip
    assert source.last_seen_at == NOW
    run = ImportRun.objects.get()
    assert (run.status, run.read, run.created, run.rejected) == (ImportStatus.APPLIED, 11, 10, 1)
    assert ImportProblem.objects.filter(run=run, row=11, code="no_name").exists()


def test_freshness_is_the_feeds_own_date(bring):
    bring([row(1)])

    meeting = Meeting.objects.get()
    assert (meeting.updated_on, meeting.verified_on) == (date(2025, 3, 4), None)


def test_every_row_is_counted_once(bring):
    rows = [row(1, day=[1, 3, 5], time="7:00 PM"), row(2), {"slug": "junk"}, row(2), 3]

    outcome = bring(rows)

    assert counts(outcome, "read", "created", "rejected", "repaired") == (5, 3, 2, 2)
    assert outcome.meetings == 4


def test_two_days_of_one_row_are_one_group(bring):
    bring([row(1, day=[1, 3])])

    assert Group.objects.count() == 1
    assert sorted(Meeting.objects.values_list("source_key", flat=True)) == [
        "slug-1-mon",
        "slug-1-wed",
    ]


def test_a_room_and_a_screen_become_one_hybrid(bring):
    link = {"conference_url": "https://zoom.us/j/123456789", "attendance_option": "online"}
    rows = [row(1, group_id=7), row(2, group_id=7, day=1, types=["ONL"], **link)]

    outcome = bring(rows)

    assert counts(outcome, "created") == (2,)
    assert outcome.meetings == 1
    assert Meeting.objects.get().format == Format.HYBRID


def test_groups_never_join_across_places_on_a_name(bring):
    bring([row(1, name="Serenity"), row(2, name="Serenity")])

    assert Group.objects.count() == 2


def test_credentials_live_in_their_columns_alone(bring):
    bring(
        [
            row(
                1,
                conference_url="https://zoom.us/j/11122233344?pwd=SECRETpwd",
                conference_url_notes="Password: SECRETword; host Zebulon Quist",
                conference_phone="+13125550105,,11122233344#,,#,,7654321#",
                notes="Call Zebulon Quist 217-555-0107",
                contact_1_name="Zebulon Q",
                email="zeb@example.org",
                venmo="@zeb-quist",
            )
        ]
    )

    meeting = Meeting.objects.get()
    assert "SECRETpwd" in meeting.join_url_secret
    assert meeting.join_password == "SECRETword"
    assert "7654321" in meeting.phone_code
    for found in _cells("SECRET", "7654321"):
        assert found in {
            ("finder_meeting", "join_url_secret"),
            ("finder_meeting", "join_password"),
            ("finder_meeting", "phone_code"),
        }
    assert _cells("Zebulon", "zeb@", "zeb-quist", "555-0107") == set()


def _cells(*words):
    """Return every (table, column) of the database that holds one of the words."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            described = connection.introspection.get_table_description(cursor, table)
            for column in (column.name for column in described):
                marks = " OR ".join([f'"{column}"::text LIKE %s'] * len(words))
                cursor.execute(
                    f'SELECT 1 FROM "{table}" WHERE {marks} LIMIT 1', [f"%{w}%" for w in words]
                )
                if cursor.fetchone():
                    found.add((table, column))
    return found


# --- Zones ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "options", "zone"),
    [
        ({"timezone": "America/Denver"}, {}, "America/Denver"),
        ({}, {"timezone": "America/Denver"}, "America/Chicago"),
        ({"latitude": ..., "longitude": ...}, {}, "America/Chicago"),
        (
            {"latitude": ..., "formatted_address": "1 Elm St, Springfield, IL, USA"},
            {},
            "America/Chicago",
        ),
        (
            {"latitude": ..., "formatted_address": ...},
            {"timezone": "America/Denver"},
            "America/Denver",
        ),
    ],
)
def test_zone_comes_from_the_row_its_point_its_zip_its_town_or_the_option(
    bring, fields, options, zone
):
    make_locality()
    make_locality(kind="city", name="Springfield", key="springfield")

    bring([row(1, **fields)], **options)

    assert Meeting.objects.get().timezone == zone


def test_time_without_a_zone_is_kept_in_words_and_not_searchable(bring):
    outcome = bring([row(1, latitude=..., longitude=..., formatted_address="1 Elm St")])

    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.status) == (ScheduleKind.APPOINTMENT, Status.INACTIVE)
    assert meeting.status_note == "Monday 19:00; the time zone is not known."
    assert [p.code for p in outcome.problems] == ["no_zone"]
    assert Listing.objects.count() == 0


# --- A second import ------------------------------------------------------------------


def test_the_same_feed_again_writes_one_run_and_nothing_else(bring):
    bring([*TEN, {"slug": "junk"}])
    before, said = row_counts(), digest()

    for _ in range(2):
        outcome = bring([*TEN, {"slug": "junk"}], now=NOW.replace(day=11))
        assert counts(outcome, "unchanged", "updated", "created", "retired") == (10, 0, 0, 0)

    after = row_counts()
    assert {m: after[m] - before[m] for m in after if after[m] != before[m]} == {
        "finder_importrun": 2
    }
    assert digest() == said
    assert Source.objects.get().last_seen_at == NOW.replace(day=11)


def test_the_order_of_rows_makes_no_difference(bring):
    rows = [*TEN, row(3, day=5), row(4, slug=..., day=2), row(5, name="Group Cedar 5", day=6)]
    bring(rows)
    said = digest()

    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert counts(bring(rows), "unchanged", "updated") == (13, 0)

    assert digest() == said


def test_a_changed_row_is_updated_and_searchable_at_once(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    outcome = bring([*TEN[:3], row(3, time="20:15"), *TEN[4:]])

    assert counts(outcome, "updated", "unchanged") == (1, 9)
    after = Meeting.objects.get(slug="slug-3")
    assert (after.pk, after.start) == (before.pk, time(20, 15))
    assert Listing.objects.get(pk=after.pk).start == time(20, 15)


def test_a_meeting_that_is_gone_is_retired_and_one_that_returns_is_back(bring):
    bring(TEN)

    outcome = bring(TEN[:9])

    assert counts(outcome, "retired", "unchanged") == (1, 9)
    gone = Meeting.objects.get(slug="slug-9")
    assert (gone.status, gone.retired_on) == (Status.RETIRED, NOW.date())
    assert (gone.group.status, gone.group.retired_on) == (Status.RETIRED, NOW.date())
    assert not Listing.objects.filter(pk=gone.pk).exists()

    assert counts(bring(TEN), "updated", "created") == (1, 0)
    gone.refresh_from_db()
    assert (gone.status, gone.group.status) == (Status.ACTIVE, Status.ACTIVE)
    assert Listing.objects.filter(pk=gone.pk).exists()


def test_a_new_slug_for_the_same_group_day_time_and_place_is_the_same_meeting(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    outcome = bring([*TEN[:3], row(3, slug="renamed"), *TEN[4:]])

    assert counts(outcome, "created", "updated", "retired") == (0, 1, 0)
    after = Meeting.objects.get(slug="renamed")
    assert (after.pk, after.group_id, after.source_key) == (before.pk, before.group_id, "renamed")


def test_a_renamed_group_keeps_its_id_and_evidence(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3").group_id

    bring([*TEN[:3], row(3, name="A New Name"), *TEN[4:]])

    group = Meeting.objects.get(slug="slug-3").group
    assert (group.pk, group.name) == (before, "A New Name")


def test_a_moved_group_keeps_its_id(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    bring([*TEN[:3], row(3, formatted_address="77 Far Rd, Springfield, IL 62701, USA"), *TEN[4:]])

    after = Meeting.objects.get(slug="slug-3")
    assert (after.pk, after.group_id) == (before.pk, before.group_id)
    assert after.place.address == "77 Far Rd"


def test_an_id_used_again_for_another_group_is_a_new_meeting(bring):
    bring(TEN)
    before = Meeting.objects.get(slug="slug-3")

    other = row(77, name="Somebody Else", slug="slug-3", day=2)
    outcome = bring([*TEN[:3], other, *TEN[4:]])

    assert counts(outcome, "created", "retired") == (1, 1)
    before.refresh_from_db()
    assert before.status == Status.RETIRED
    new = Meeting.objects.get(name="Somebody Else")
    assert new.group_id != before.group_id
    assert counts(bring([*TEN[:3], other, *TEN[4:]]), "unchanged") == (10,)


def test_hostile_rows_do_not_change_what_becomes_of_the_others(bring):
    bring(TEN)
    said = digest()["Meeting"]
    hostile = [
        row(3, name="Other", day=4, notes="x"),
        row(3, group_notes="hostile", location_notes="hostile", day=5),
        row(99, slug="slug-4", time="03:00"),
        {"name": "slug-5", "slug": "slug-5"},
        None,
    ]

    outcome = bring([*hostile, *TEN])

    assert counts(outcome, "unchanged", "updated", "retired") == (10, 0, 0)
    assert set(said) <= set(digest()["Meeting"])


# --- Guard ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        (TEN[:7], "no longer in the feed"),
        ([row(n, slug=f"other-{n}") for n in range(10)], "another id"),
        ([row(n, slug=f"o-{n}", name=f"New {n}", time="03:00") for n in range(10)], "no longer"),
        ([{"name": "Only a name", "slug": "junk"}] * 3, "no meeting that can be kept"),
        ([], "no meeting that can be kept"),
        ([row(50)], "no longer in the feed"),
    ],
)
def test_a_feed_that_looks_broken_is_parked_and_nothing_changes(bring, rows, because):
    bring(TEN)
    before, said = row_counts(), digest()

    outcome = bring(rows)

    assert because in outcome.parked_because
    kept = outcome.counts["read"] - outcome.counts["rejected"]
    assert counts(outcome, "created", "updated", "unchanged", "retired", "parked") == (
        0,
        0,
        0,
        0,
        kept,
    )
    after = row_counts()
    assert {m: after[m] - before[m] for m in after if after[m] != before[m]} == {
        "finder_importrun": 1
    }
    assert digest() == said
    run = ImportRun.objects.latest("pk")
    assert (run.status, run.reason) == (ImportStatus.PARKED, outcome.parked_because)


@pytest.mark.parametrize("data", [b"<html>", b"", b'{"code": "feed_restricted"}', b'[{"name":'])
def test_a_feed_that_cannot_be_read_is_refused_and_nothing_changes(bring, data):
    bring(TEN)
    before = row_counts()

    with pytest.raises(ingest.ImportRefused):
        bring(data)

    after = row_counts()
    assert {m: after[m] - before[m] for m in after if after[m] != before[m]} == {
        "finder_importrun": 1
    }
    assert ImportRun.objects.latest("pk").status == ImportStatus.REFUSED


def test_a_fifth_may_go(bring):
    bring(TEN)

    assert counts(bring(TEN[:8]), "retired", "parked") == (2, 0)


def test_a_curator_may_accept_a_shrunken_feed(bring):
    bring(TEN)

    assert counts(bring(TEN[:3], accept_shrink=True), "retired", "parked") == (7, 0)


def test_a_feed_with_nothing_to_keep_is_never_accepted(bring):
    bring(TEN)

    assert bring([], accept_shrink=True).parked_because


def test_a_first_feed_with_nothing_to_keep_leaves_no_source(bring):
    with pytest.raises(ingest.ImportRefused):
        bring([])

    assert not Source.objects.exists()


# --- A curator's word -----------------------------------------------------------------


def test_a_locked_field_outlives_the_next_import(bring):
    bring(TEN)
    meeting, user = Meeting.objects.get(slug="slug-3"), make_user()
    meeting.name, meeting.start = "As we know it", time(18)
    curation.correct(meeting, fields=["name", "start"], by=user, today=NOW.date())
    place = meeting.place
    place.notes, place.lat = "Ring twice", 39.9
    curation.correct(place, fields=["notes", "lat"], by=user, today=NOW.date())
    group = meeting.group
    group.name = "Its own name"
    curation.correct(group, fields=["name"], by=user, today=NOW.date())

    bring([*TEN[:3], row(3, time="20:00", notes="New", location_notes="Old"), *TEN[4:]])

    meeting = Meeting.objects.get(slug="slug-3")
    assert (meeting.name, meeting.start, meeting.notes) == ("As we know it", time(18), "New")
    assert (meeting.place.notes, meeting.place.lat, meeting.group.name) == (
        "Ring twice", 39.9, "Its own name",
    )  # fmt: skip


def test_a_locked_status_is_not_retired_with_the_feed(bring):
    bring(TEN)
    meeting = Meeting.objects.get(slug="slug-9")
    FieldLock.objects.create(
        model="meeting", object_id=meeting.pk, field="status", locked_by=make_user()
    )

    assert counts(bring(TEN[:9]), "retired") == (0,)


def test_a_locked_half_of_a_schedule_never_breaks_the_import(bring):
    bring(TEN)
    meeting, user = Meeting.objects.get(slug="slug-3"), make_user()
    meeting.kind, meeting.weekday, meeting.start = ScheduleKind.APPOINTMENT, None, None
    curation.correct(meeting, fields=["weekday", "start"], by=user, today=NOW.date())

    bring([*TEN[:3], row(3, time="20:00"), *TEN[4:]])

    meeting.refresh_from_db()
    assert (meeting.kind, meeting.start) == (ScheduleKind.APPOINTMENT, None)


def test_a_group_that_asked_to_be_taken_out_stays_out(bring, program):
    bring(TEN)
    Tombstone.objects.create(
        program=program, name_key="group pine 3", asked_on=NOW.date(), entered_by=make_user()
    )

    outcome = bring(TEN)

    assert counts(outcome, "rejected", "unchanged", "retired") == (1, 9, 1)
    assert Meeting.objects.get(slug="slug-3").status == Status.RETIRED
    assert [p.code for p in outcome.problems] == ["asked_out"]
    assert counts(bring(TEN), "rejected", "unchanged", "retired") == (1, 9, 0)


def test_a_merged_group_stays_merged(bring, program):
    bring(TEN)
    target = make_group(program=program, name="The one that stays")
    merged = Meeting.objects.get(slug="slug-3").group
    merged.merged_into = target
    merged.save()

    for _ in range(2):
        bring(TEN)

    assert Meeting.objects.get(slug="slug-3").group == target
    merged.refresh_from_db()
    assert merged.merged_into == target


def test_meetings_of_other_sources_are_let_be(bring, program):
    other = make_meeting(group=make_group(program=program))
    bring(TEN)

    bring(TEN[:9])

    other.refresh_from_db()
    assert other.status == Status.ACTIVE


def test_indigenous_groups_wait_for_consent(bring):
    bring([row(1, types=["NDG"])])

    assert Group.objects.get().needs_community_consent


# --- Without writing ------------------------------------------------------------------


def test_preview_tells_and_writes_nothing(program):
    request = ingest.Request(data=json.dumps(TEN).encode(), source="town", program=program)
    before = row_counts()

    outcome = ingest.preview(request, now=NOW)

    assert counts(outcome, "read", "created") == (10, 10)
    assert row_counts() == before


def test_preview_of_a_known_source_tells_what_would_change(bring, program):
    bring(TEN)
    before = row_counts()
    rows = [*TEN[:8], row(8, time="03:00")]
    request = ingest.Request(data=json.dumps(rows).encode(), source="town", program=program)

    outcome = ingest.preview(request, now=NOW)

    assert counts(outcome, "updated", "retired", "unchanged") == (1, 1, 8)
    assert row_counts() == before
    assert ingest.preview(replace(request, data=b'[{"name":"a","slug":"b","day":1}]'), now=NOW)


def test_record_explains_the_meeting_without_its_credentials(bring):
    bring([row(1, conference_url="https://zoom.us/j/11122233344?pwd=SECRETpwd")])

    record = Record.objects.get()
    assert (record.key, record.meeting.slug) == ("slug-1", "slug-1")
    assert record.cleaned["join_url"] == "https://zoom.us/j/11122233344"
    assert "SECRET" not in json.dumps(record.cleaned)


def test_queries_do_not_grow_with_the_feed(bring, django_assert_max_num_queries):
    bring([row(n) for n in range(5)])

    with django_assert_max_num_queries(70):
        bring([row(n) for n in range(60)])
