"""Rows streamed in are stored as saving them one by one stores them."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.copying import columns_of, copy_models, copy_rows, lines, reserve_ids
from finder.models import Assessment, Group, Meeting
from finder.vocab import Format, Weekday
from tests.factories import make_group, make_place, make_program

pytestmark = pytest.mark.django_db
ODD = "Tab\there, line\nend, back\\slash, \\N, quote ' \" {x,y} é 漢 \u2028 \r."
NOW = datetime(2026, 11, 24, 12, 30, 15, 250, tzinfo=UTC)


def test_streamed_rows_are_stored_as_they_are():
    group, place = make_group(), make_place()
    ids = reserve_ids(Meeting, 2)
    meetings = [
        Meeting(
            id=next(ids), group=group, place=place, name=ODD, format=Format.HYBRID, notes=ODD,
            weekday=Weekday.SUNDAY, start=time(7, 30), timezone="UTC", focus=["women", 'a,"b\\'],
            types=[], updated_on=date(2026, 1, 2), created_at=NOW,
        )
        for _ in range(2)
    ]  # fmt: skip

    written = copy_models(iter(meetings), model=Meeting)

    assert written == 2
    for meeting in meetings:
        stored = Meeting.objects.get(pk=meeting.pk)
        for field in Meeting._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(meeting, field.attname), field
        assert meeting.events.count() == 1


def test_json_and_floats_keep_their_values():
    told = {"quote": 'a"b\\c', "list": [1, None], "text": ODD}
    row = Assessment(
        id=next(reserve_ids(Assessment, 1)), group=make_group(), medication="methadone",
        label="not_known", basis="program", a=0.1, b=1e-300, mean=1 / 3, lower=0.0, upper=1.0,
        weight=2.5, kinds=["patient_report"], facts=told, assessed_on=date(2026, 11, 24),
    )  # fmt: skip

    copy_models([row], model=Assessment)

    stored = Assessment.objects.get()
    assert (stored.facts, stored.mean, stored.b) == (told, 1 / 3, 1e-300)


def test_a_row_that_breaks_a_rule_is_refused():
    group = Group(id=next(reserve_ids(Group, 1)), program=make_program(), name="X", status="?")
    group.created_at = NOW

    with pytest.raises(IntegrityError, match="finder_group_status"):
        copy_models([group], model=Group)


def test_a_row_of_the_wrong_length_is_an_error():
    with pytest.raises(ValueError, match="shorter"):
        list(lines(columns_of(Group), [[1]]))


@pytest.fixture(scope="module")
def scratch_fields():
    return [Group._meta.get_field(name) for name in ("id", "name", "focus")]


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)


@given(rows=st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=3)), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_any_text_comes_back_as_it_went(scratch_fields, rows):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS scratch (id bigint, name text, focus text[])"
        )
        cursor.execute("TRUNCATE scratch")
        copy_rows("scratch", scratch_fields, ((n, *row) for n, row in enumerate(rows)))
        cursor.execute("SELECT name, focus FROM scratch ORDER BY id")

        assert cursor.fetchall() == [(name, list(codes)) for name, codes in rows]
