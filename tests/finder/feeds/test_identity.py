from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.feeds import identity
from finder.feeds.record import MeetingRecord, PlaceRecord
from finder.vocab import Format, ScheduleKind, Status

HALL = PlaceRecord(name="Walnut Hall", address="100 Walnut Street", city="Springfield", state="IL")
ROOM = MeetingRecord(
    row=1,
    key="room",
    slug="room",
    name="Early Birds",
    kind=ScheduleKind.WEEKLY,
    weekday=0,
    start=time(6, 30),
    timezone="America/Chicago",
    format=Format.IN_PERSON,
    place=HALL,
)
SCREEN = replace(
    ROOM,
    row=2,
    key="screen",
    slug="screen",
    format=Format.ONLINE,
    place=None,
    join_url="https://zoom.us/j/123456789",
)


def test_group_is_the_feeds_id_when_it_has_one():
    assert identity.group_key(replace(ROOM, group_id="5")) == "id:5"


def test_group_is_its_name_and_its_place():
    moved = replace(HALL, address="9 Elm Rd")

    assert identity.group_key(ROOM) == identity.group_key(
        replace(ROOM, name="The Early-Birds Group")
    )
    assert identity.group_key(ROOM) != identity.group_key(replace(ROOM, place=moved))


def test_place_is_the_same_when_its_address_is_written_anew():
    again = replace(HALL, address="100 Walnut St.", name="Hall")

    assert identity.place_key(HALL) == identity.place_key(again)


@pytest.mark.parametrize(
    ("room", "screen"),
    [
        ({"group_id": "5"}, {"group_id": "5", "name": "Birds on a Screen"}),
        ({}, {"place": HALL}),
        ({"join_url": SCREEN.join_url}, {}),
        ({"group_name": "Birds"}, {"group_name": "Birds", "place": replace(HALL, address="")}),
    ],
)
def test_a_room_and_a_screen_of_one_group_day_and_time_are_one_hybrid(room, screen):
    found = identity.gather([replace(ROOM, **room), replace(SCREEN, **screen)])

    assert [each.rows for each in found] == [(1, 2)]
    record = found[0].record
    assert (record.format, record.key, record.place) == (Format.HYBRID, "room", HALL)
    assert record.join_url == SCREEN.join_url


@pytest.mark.parametrize(
    ("room", "screen"),
    [
        ({}, {}),
        ({}, {"place": replace(HALL, address="9 Elm Rd")}),
        ({}, {"place": HALL, "start": time(7)}),
        ({}, {"place": HALL, "weekday": 3}),
        ({}, {"place": HALL, "name": "Late Birds"}),
        ({"group_id": "5"}, {"group_id": "6", "place": HALL}),
        ({}, {"place": HALL, "status": Status.INACTIVE}),
    ],
)
def test_a_name_alone_never_joins_rows(room, screen):
    found = identity.gather([replace(ROOM, **room), replace(SCREEN, **screen)])

    assert sorted(each.rows for each in found) == [(1,), (2,)]


def test_rows_that_say_the_same_are_one_meeting():
    found = identity.gather([ROOM, replace(ROOM, row=7)])

    assert [each.rows for each in found] == [(1, 7)]


def test_rows_that_share_an_id_keep_keys_of_their_own():
    found = identity.gather(
        [ROOM, replace(ROOM, row=2, weekday=3), replace(ROOM, row=3, weekday=5)]
    )

    assert sorted(each.record.key for each in found) == ["room", "room~2", "room~3"]


def test_a_row_without_an_id_gets_one_that_stays():
    nameless = replace(ROOM, key="", slug="")

    keys = {identity.gather([nameless, *rest])[0].record.key for rest in ([], [SCREEN])}

    assert len({key for key in keys if key.startswith("made:")}) == 1


@given(
    st.permutations(
        [ROOM, SCREEN, replace(ROOM, row=3, weekday=4), replace(ROOM, row=4, weekday=5)]
    )
)
def test_the_order_of_rows_makes_no_difference(records):
    assert identity.gather(records) == identity.gather(sorted(records, key=lambda r: r.row))
