import json
from datetime import date, time
from pathlib import Path

import pytest

from finder import feeds
from finder.vocab import Format, ScheduleKind, Status

TODAY = date(2026, 11, 10)
ZOOM = "https://zoom.us/j/123456789"
SAMPLE = Path(__file__).parents[2] / "data/feeds/meeting_guide/springfield.json"


def read(*rows, program="aa"):
    data = json.dumps(rows).encode()
    return feeds.read(data, program=program, today=TODAY, format_="meeting_guide")


def read_one(**fields):
    """Read one row that is whole unless told otherwise; the problems' codes go with it."""
    row = {
        "name": "Early Birds",
        "slug": "early-birds",
        "day": 1,
        "time": "06:30",
        "formatted_address": "100 Walnut St, Springfield, IL 62701, USA",
        "latitude": 39.8,
        "longitude": -89.65,
    }
    reading = read({k: v for k, v in (row | fields).items() if v is not ...})
    assert len(reading.records) == 1, reading.problems
    return reading.records[0], [problem.code for problem in reading.problems]


@pytest.fixture(scope="module")
def sample():
    reading = feeds.read(SAMPLE.read_bytes(), program="aa", today=TODAY)
    return {record.key: record for record in reading.records}, reading


def test_sample_keeps_every_row_that_is_not_junk(sample):
    records, reading = sample

    assert (reading.format, reading.read, sorted(reading.rejected)) == ("meeting_guide", 7, [6, 7])
    assert sorted(records) == [
        "always", "closed", "early-birds", "early-birds-online", "noon-sat", "noon-sun", "noon-wed",
    ]  # fmt: skip


def test_plain_row_is_read_whole(sample):
    record = sample[0]["early-birds"]

    assert (record.name, record.weekday, record.start) == ("Early Birds", 0, time(6, 30))
    assert (record.duration_minutes, record.timezone) == (60, "America/Chicago")
    assert (record.format, record.status) == (Format.IN_PERSON, Status.ACTIVE)
    assert (record.group_id, record.group_name) == ("501", "Early Birds Group")
    assert (record.entity, record.updated_on) == ("Springfield Intergroup", date(2025, 3, 4))
    assert record.types == ("discussion",)
    assert record.access == ("open", "step-free")
    place = record.place
    assert (place.name, place.address, place.city) == (
        "Walnut Hall",
        "100 Walnut St",
        "Springfield",
    )
    assert (place.state, place.zip, place.lat, place.notes) == ("IL", "62701", 39.8, "Side door")


def test_credentials_are_apart_from_the_link(sample):
    record = sample[0]["early-birds-online"]

    assert record.join_url == "https://us02web.zoom.us/j/11122233344"
    assert "SECRETpwd" in record.join_url_secret
    assert record.join_password == "SECRETword"
    assert (record.phone, record.phone_code) == ("+13125550105", "11122233344#,,#,,998877#")


def test_nothing_public_holds_a_contact_or_a_credential(sample):
    public = json.dumps([record.public() for record in sample[1].records])

    for word in ("SECRET", "Zebulon", "555-0101", "555-0107", "birds@example.org", "998877"):
        assert word not in public
        assert word not in json.dumps([problem.message for problem in sample[1].problems])


def test_loose_values_are_mended(sample):
    record = sample[0]["noon-wed"]

    assert (record.name, record.start, record.weekday) == ("Noon & Night", time(12), 2)
    assert record.types == ("closed", "meditation")
    assert (record.access_no, record.unknown_codes) == (("open",), ("ZZ9",))
    assert (record.place.state, record.place.zip, record.place.country) == ("IL", "62704", "US")
    assert record.place.lat is None
    assert record.notes == "Back room"


def test_round_the_clock_needs_no_day(sample):
    record = sample[0]["always"]

    assert (record.kind, record.timezone) == (ScheduleKind.ALWAYS, "America/New_York")


def test_closed_place_without_a_link_is_kept_and_inactive(sample):
    assert sample[0]["closed"].status == Status.INACTIVE


@pytest.mark.parametrize(
    ("fields", "format_", "status"),
    [
        ({}, Format.IN_PERSON, Status.ACTIVE),
        ({"types": ["ONL"], "conference_url": ZOOM}, Format.HYBRID, Status.ACTIVE),
        ({"conference_url": ZOOM}, Format.HYBRID, Status.ACTIVE),
        ({"types": ["TC", "ONL"], "conference_url": ZOOM}, Format.ONLINE, Status.ACTIVE),
        ({"types": ["TC"]}, Format.IN_PERSON, Status.INACTIVE),
        ({"approximate": "yes"}, Format.IN_PERSON, Status.INACTIVE),
        ({"approximate": "yes", "attendance_option": "in_person"}, Format.IN_PERSON, Status.ACTIVE),
        ({"attendance_option": "inactive"}, Format.IN_PERSON, Status.INACTIVE),
        ({"attendance_option": "online"}, Format.ONLINE, Status.INACTIVE),
        ({"attendance_option": "online", "conference_phone": "3125550105"},
         Format.PHONE, Status.ACTIVE),
        ({"attendance_option": "in_person", "formatted_address": ..., "latitude": ...,
          "longitude": ...},
         Format.ONLINE, Status.INACTIVE),
        ({"name": "Early Birds (ONLINE)", "conference_url": ZOOM}, Format.ONLINE, Status.ACTIVE),
        ({"name": "(SUSPENDED) Early Birds"}, Format.IN_PERSON, Status.INACTIVE),
    ],
)  # fmt: skip
def test_attendance_is_derived_when_absent(fields, format_, status):
    record, _ = read_one(**fields)

    assert (record.format, record.status) == (format_, status)


@pytest.mark.parametrize(
    ("written", "known", "unknown"),
    [
        ("C,M", ("closed",), ()),
        ("[O, D]", ("discussion",), ()),
        (["O", "D"], ("discussion",), ()),
        (11, ("meditation", "step-study"), ()),
        ([11, None, {"a": 1}], ("meditation", "step-study"), ()),
        (["Step Study", "QQ1"], ("step-study",), ("QQ1",)),
        ({"0": "D"}, ("discussion",), ()),
        ("Families, Friends, and Observers Welcome", (), ()),
        ([["D"]], ("discussion",), ()),
        (None, (), ()),
    ],
)
def test_types_come_in_every_shape(written, known, unknown):
    record, _ = read_one(types=written)

    assert (record.types, record.unknown_codes) == (known, unknown)


def test_ten_thousand_types_are_cut_with_a_problem():
    record, codes = read_one(types=[f"T{n}" for n in range(10_000)])

    assert len(record.source_codes) == 60
    assert "too_many" in codes


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": 7}, "day_form"),
        ({"day": -1}, "bad_day"),
        ({"day": "the"}, "bad_day"),
        ({"time": "25:61"}, "bad_time"),
        ({"time": "7:30 PM"}, "time_form"),
        ({"time": "24:00"}, "midnight"),
        ({"time": ...}, "no_time"),
        ({"day": ...}, "no_day"),
        ({"end_time": "05:30"}, "end_before_start"),
        ({"timezone": "Mars/Phobos"}, "bad_zone"),
        ({"latitude": 0, "longitude": 0}, "zero_point"),
        ({"latitude": "x"}, "bad_point"),
        ({"updated": "2031-01-01"}, "bad_date"),
        ({"url": "javascript:alert(1)"}, "bad_link"),
        ({"conference_url": "javascript:alert(1)"}, "bad_link"),
        ({"conference_url": "https://example.org/room"}, "unknown_host"),
        ({"notes": "word " * 2000}, "too_long"),
        ({"name": "N" * 300}, "too_long"),
        ({"notes": "Call Zebulon Quist"}, "personal_removed"),
        ({"location": {"a": 1}}, "not_text"),
    ],
)
def test_a_fault_is_told_and_the_row_is_kept(fields, code):
    assert code in read_one(**fields)[1]


def test_twenty_four_moves_to_the_next_day():
    record, _ = read_one(day=6, time="24:00")

    assert (record.weekday, record.start) == (6, time(0))


def test_half_a_schedule_is_kept_in_words():
    assert read_one(time=...)[0].status_note == "Monday; the time is not given."
    assert read_one(day=...)[0].status_note == "At 06:30; the day is not given."


@pytest.mark.parametrize(
    "fields",
    [
        {"medication": "yes", "moud": True, "types": ["MAT", "MOUD", "SUBOXONE OK"]},
        {"acceptance": "accepting", "methadone": "yes", "notes": "Medication friendly"},
    ],
)
def test_no_feed_can_say_anything_on_acceptance(fields):
    record, _ = read_one(**fields)

    assert not [name for name in record.public() if "accept" in name or "medic" in name]
    assert (record.focus, record.types) == ((), ())


@pytest.mark.parametrize(
    "row",
    [
        {"slug": "a", "day": 1, "time": "10:00", "city": "Springfield"},
        {"name": "  ", "slug": "a", "day": 1, "time": "10:00"},
        {"name": "zeb@example.org", "slug": "a", "day": 1, "time": "10:00"},
        {"name": "Only a name", "slug": "a", "notes": "Words", "phone": "217-555-0100"},
    ],
)
def test_junk_is_rejected_with_a_reason(row):
    reading = read(row, {"name": "Good", "slug": "good", "day": 1, "time": "10:00"})

    assert reading.rejected == {1}
    assert [r.name for r in reading.records] == ["Good"]
    assert any(problem.row == 1 for problem in reading.problems)


@pytest.mark.parametrize("row", [None, 3, "text", [], [1, 2], True])
def test_what_is_no_row_is_rejected(row):
    reading = read(row, {"name": "Good", "slug": "good", "day": 1, "time": "10:00"})

    assert (reading.read, reading.rejected) == (2, {1})


def test_words_in_the_link_field_go_to_the_notes():
    record, _ = read_one(conference_url="Register on our site first")

    assert record.notes == "Register on our site first"


def test_regions_give_the_most_specific():
    assert read_one(regions=["Illinois", "Springfield", "Downtown"])[0].place.region == "Downtown"
    assert read_one(regions="Illinois > Springfield")[0].place.region == "Springfield"


def test_indigenous_focus_is_read():
    assert read_one(types=["NDG"])[0].focus == ("indigenous",)


def test_headings_of_a_sheet_are_names_too():
    reading = read(
        {"Name": "Good", "ID": "x1", "Day": "Monday", "Time": "7:00 PM", "Postal Code": 62701}
    )

    assert (reading.records[0].slug, reading.records[0].place.zip) == ("x1", "62701")


@pytest.mark.parametrize(
    "rows",
    [
        [{"days": ["Mon"], "times": ["7 PM"], "address": "x", "latitude": 1}],
        [{"mtgName": "x", "mtgDay": "Monday"}],
        [[{"name": "x"}, {"place": "y"}]],
        [{"name": "x", "meetings": []}],
        [{"id": 1, "key_string": "O"}],
    ],
)
def test_other_shapes_are_refused_with_a_sentence(rows):
    with pytest.raises(feeds.FeedError, match="neither Meeting Guide JSON nor BMLT JSON"):
        feeds.read(json.dumps(rows).encode(), program="aa", today=TODAY)
