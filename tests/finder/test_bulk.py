"""Rows written in bulk are what saving them one by one makes of them."""

from datetime import date, time

import pytest

from finder import bulk
from finder.models import Group, ImportChange, Meeting, Place
from finder.vocab import Format, Status, Weekday
from tests.factories import make_group, make_meeting, make_program, make_source

pytestmark = pytest.mark.django_db
ODD = "Quote ' \" \\ , {x} %s \u2028 é 漢"


def test_new_rows_know_their_ids_and_those_of_their_new_relations():
    group = Group(program=make_program(), name=ODD)
    place = Place(name=ODD, lat=1.5, lng=-2.25)
    meetings = [
        Meeting(
            group=group, place=place, name=ODD, format=Format.HYBRID, weekday=Weekday.SUNDAY,
            start=time(7, 30), timezone="UTC", types=["big-book"], focus=["women", "a,b"],
            updated_on=date(2026, 1, 2),
        )
        for _ in range(3)
    ]  # fmt: skip

    for rows in ([group], [place], meetings):
        bulk.insert(rows)

    for meeting in meetings:
        stored = Meeting.objects.get(pk=meeting.pk)
        for field in Meeting._meta.concrete_fields:
            if field.name != "created_at":
                assert getattr(stored, field.attname) == getattr(meeting, field.attname), field
        assert stored.created_at is not None
        assert stored.group.name == ODD
    assert {m.group_id for m in meetings} == {group.pk}


def test_writing_over_leaves_the_day_a_row_was_made(django_assert_num_queries):
    rows = [make_meeting() for _ in range(3)]
    made = rows[0].created_at
    for row in rows:
        row.status, row.retired_on, row.created_at = Status.RETIRED, date(2026, 1, 1), None

    with django_assert_num_queries(1):
        bulk.upsert(rows, unique=["id"])

    rows[0].refresh_from_db()
    assert (rows[0].status, rows[0].created_at) == (Status.RETIRED, made)


def test_history_is_written_for_rows_written_in_bulk():
    group = make_group()
    group.name = "Another"

    bulk.upsert([group], unique=["id"])

    assert [event.name for event in group.events.order_by("pk")][-1] == "Another"


def test_bytes_and_json_come_back_as_they_were():
    run = make_source().runs.create(
        started_at="2026-01-01T00:00Z", finished_at="2026-01-01T00:00Z", status="applied"
    )
    told = {"a": [1, None, "x"], "b": {"c": 1.5}}

    bulk.insert(
        [
            ImportChange(
                run=run, model="group", object_id=1, is_new=False, before=told, secrets=b"\0\xff"
            )
        ]
    )

    row = ImportChange.objects.get()
    assert (row.before, bytes(row.secrets), row.record) == (told, b"\0\xff", None)


def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert([])
        bulk.upsert([], unique=["id"])
