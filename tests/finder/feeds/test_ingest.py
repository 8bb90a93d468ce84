import json
from dataclasses import replace
from datetime import date, time

import pytest
from django.db import connection

from finder.feeds import ingest
from finder.models import (
    Assessment,
    Group,
    ImportProblem,
    ImportRun,
    ImportStatus,
    Listing,
    Meeting,
    Record,
    Source,
)
from finder.vocab import Format, ScheduleKind, Status
from tests.factories import make_locality
from tests.finder.feeds.town import NOW, TEN, counts, row, row_counts

pytestmark = pytest.mark.django_db


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
