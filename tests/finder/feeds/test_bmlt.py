import json
from datetime import date, time
from pathlib import Path

import pytest

from finder import feeds
from finder.vocab import Format, Status

TODAY = date(2026, 11, 10)
ZOOM = "https://zoom.us/j/123456789"
FOLDER = Path(__file__).parents[2] / "data/feeds/bmlt"
MEETINGS = (FOLDER / "meetings.json").read_bytes()
FORMATS = (FOLDER / "formats.json").read_bytes()


def read(data, formats=None):
    return feeds.read(data, program="na", today=TODAY, formats=formats)


@pytest.fixture(scope="module")
def records():
    return {record.key: record for record in read(MEETINGS, FORMATS).records}


def test_sample_keeps_every_row_that_is_not_junk():
    reading = read(MEETINGS, FORMATS)

    assert (reading.format, reading.read, reading.rejected) == ("bmlt", 4, {4})


def test_plain_row_is_read_whole(records):
    record = records["7001"]

    assert (record.name, record.weekday, record.start) == ("Second Chance", 1, time(18, 30))
    assert (record.duration_minutes, record.entity) == (90, "Prairie Area")
    assert record.types == ("literature", "meditation")
    assert record.access == ("near-transit", "open")
    assert (record.place.name, record.place.state, record.place.zip) == (
        "Walnut Hall",
        "IL",
        "62701",
    )
    assert record.place.notes == "Upstairs\nTrain: Blue"
    assert (record.format, record.status) == (Format.IN_PERSON, Status.ACTIVE)


def test_online_row_keeps_its_password_apart(records):
    record = records["7002"]

    assert (record.format, record.weekday, record.timezone) == (Format.ONLINE, 6, "America/Chicago")
    assert record.join_url == "https://zoom.us/j/55566677788"
    assert record.join_password == "SECRETtwo"
    assert (record.focus, record.duration_minutes) == (("women",), None)


def test_closed_place_is_kept_and_inactive(records):
    assert records["7003"].status == Status.INACTIVE


def test_nothing_public_holds_a_contact_or_a_credential(records):
    public = json.dumps([record.public() for record in records.values()])

    for word in ("SECRET", "Zebulon", "555-010", "zeb@"):
        assert word not in public


def test_world_id_decides_over_the_key():
    rows = json.loads(MEETINGS)[:1]
    rows[0] |= {"formats": "M", "format_shared_id_list": "41", "lang_enum": "it"}

    record = read(json.dumps(rows).encode(), FORMATS).records[0]

    assert (record.types, record.focus) == (("meditation",), ())


def test_without_formats_a_foreign_key_is_kept_raw():
    rows = json.loads(MEETINGS)[:1]
    rows[0] |= {"formats": "M", "format_shared_id_list": "", "lang_enum": "it"}

    record = read(json.dumps(rows).encode()).records[0]

    assert (record.focus, record.unknown_codes) == ((), ("M",))


def test_formats_may_come_in_one_answer_with_the_meetings():
    data = {"meetings": json.loads(MEETINGS), "formats": json.loads(FORMATS)}

    assert read(json.dumps(data).encode()).records == read(MEETINGS, FORMATS).records


@pytest.mark.parametrize(
    ("fields", "format_", "status"),
    [
        ({"venue_type": "1"}, Format.IN_PERSON, Status.ACTIVE),
        ({"venue_type": "3", "virtual_meeting_link": ZOOM}, Format.HYBRID, Status.ACTIVE),
        ({"venue_type": "", "formats": "VM", "virtual_meeting_link": ZOOM},
         Format.HYBRID, Status.ACTIVE),
        ({"venue_type": "", "formats": "VM,TC", "virtual_meeting_link": ZOOM},
         Format.ONLINE, Status.ACTIVE),
        ({"venue_type": "2", "virtual_meeting_link": "", "phone_meeting_number": "3125550105"},
         Format.PHONE, Status.ACTIVE),
        ({"venue_type": "2"}, Format.ONLINE, Status.INACTIVE),
        ({"published": "0"}, Format.IN_PERSON, Status.INACTIVE),
    ],
)  # fmt: skip
def test_venue_is_derived_when_absent(fields, format_, status):
    row = json.loads(MEETINGS)[0] | {"format_shared_id_list": "", "formats": "O"} | fields

    record = read(json.dumps([row]).encode()).records[0]

    assert (record.format, record.status) == (format_, status)


def test_empty_formats_file_is_refused():
    with pytest.raises(feeds.FeedError, match="no formats"):
        read(MEETINGS, b"[]")


def test_formats_of_another_kind_of_feed_are_refused():
    with pytest.raises(feeds.FeedError, match="belong to BMLT"):
        read(b'[{"name": "a", "slug": "b", "day": 1}]', FORMATS)
