"""What leaves the directory: every format the same fields, and none that must stay."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest

from finder import feeds
from finder.cells import plain
from finder.feeds import ingest, publish
from finder.models import Group, Listing, Meeting, MeetingException, Place
from finder.search import index
from finder.vocab import Format, Label, Model, ScheduleKind
from tests.factories import (
    make_assessment,
    make_group,
    make_meeting,
    make_place,
    make_program,
    make_source,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 17, tzinfo=UTC)
SECRETS = {
    "join_url_secret": "https://example.org/join?pwd=hush-link",
    "join_password": "hush-word",
    "phone_code": "8675309#",
}


def export(name, *, now=NOW, **options):
    index.rebuild()
    ids = publish.all_ids(**options)
    return b"".join(publish.export(name, ids, now=now, site="https://finder.example.org"))


def said_by(name, content=None):
    """Give a file as text: a workbook is a packed one."""
    content = export(name) if content is None else content
    if name != "xlsx":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(part).decode() for part in packed.namelist())


def guide(**options):
    return json.loads(export("meeting_guide", **options))


def rows(**options):
    text = export("csv", **options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def features(**options):
    return json.loads(export("geojson", **options))["features"]


def events(**options):
    content = export("ical", **options)
    return icalendar.Calendar.from_ical(content).walk("VEVENT"), content


@pytest.fixture
def town():
    """A group with a hall, one online, one by phone, one always open and one by appointment."""
    program = make_program(slug="aa")
    group = make_group(program=program, name="Night Light", entity="Springfield Area")
    make_assessment(group=group, label=Label.ACCEPTING, basis="group", lower=0.63)
    hall = make_place(notes="Ring twice", region="West Side")
    common = {"group": group, "updated_on": date(2026, 3, 4), **SECRETS}
    make_meeting(
        **common,
        name="Walnut Evening",
        place=hall,
        types=["discussion", "closed"],
        access_no=["open"],
        focus=["women", "veterans"],
        languages=["en", "es"],
        unknown_codes=["ZZ9"],
        notes="Bring a chair\nand a cup",
        duration_minutes=90,
    )
    make_meeting(
        **common, name="Screens", format=Format.ONLINE, weekday=6, start=time(23), types=[]
    )
    make_meeting(**common, name="Line", format=Format.PHONE, place=None, focus_no=["men"])
    make_meeting(
        **common, name="Open Door", kind=ScheduleKind.ALWAYS, format=Format.ONLINE, phone=""
    )
    make_meeting(**common, name="On Request", kind=ScheduleKind.APPOINTMENT, place=hall)
    vague = make_place(name="", address="", is_approximate=True, lat=39.123456, lng=-89.654321)
    make_meeting(**common, name="Somewhere", place=vague)
    return group


class TestFields:
    """Which fields leave."""

    @pytest.mark.parametrize("name", publish.FORMATS)
    def test_nothing_that_opens_a_meeting_leaves(self, town, name):
        content = said_by(name)

        assert "Walnut" in content
        assert "hush" not in content and "8675309" not in content

    @pytest.mark.parametrize("name", publish.FORMATS)
    def test_approximate_place_has_no_point(self, town, name):
        content = said_by(name)

        assert "39.123" not in content and "89.654" not in content

    @pytest.mark.parametrize("name", publish.FORMATS)
    def test_only_what_can_be_found_leaves(self, town, name):
        Group.objects.update(name="Walnut Silence")
        Meeting.objects.update(status="paused")
        content = said_by(name)

        assert "Walnut" not in content

    def test_acceptance_is_told_with_what_it_rests_on(self, town):
        assert rows()[0]["methadone"] == "accepting; group"
        assert features()[0]["properties"]["acceptance"]["methadone"]["basis"] == "group"

    @pytest.mark.parametrize("model", [Model.WELLBRIETY, Model.TWELVE_STEP])
    def test_no_label_leaves_before_a_community_agreed(self, town, model):
        index.rebuild()
        town.program.model = model
        town.program.save()
        Group.objects.update(needs_community_consent=model != Model.WELLBRIETY)
        # The index has not been told yet.
        ids = list(Listing.objects.values_list("pk", flat=True))
        for name in publish.FORMATS:
            content = said_by(name, b"".join(publish.export(name, ids, now=NOW)))
            assert "accepting" not in content and "not_known" not in content

    def test_one_program_can_be_had_alone(self, town):
        make_meeting(name="Another", group=make_group(program=make_program(slug="na")))

        assert [row["name"] for row in guide(program="na")] == ["Another"]
        assert len(guide()) == 7

    @pytest.mark.parametrize("name", publish.FORMATS)
    def test_queries_are_six_whatever_the_number(self, town, name, django_assert_num_queries):
        index.rebuild()
        ids = list(Listing.objects.values_list("pk", flat=True))
        with django_assert_num_queries(6):
            list(publish.export(name, iter(ids), now=NOW))


class TestMeetingGuide:
    """The format of the apps."""

    def test_row_is_as_the_format_asks(self, town):
        row = guide()[0]

        assert (row["day"], row["time"], row["end_time"]) == (1, "19:00", "20:30")
        assert row["timezone"] == "America/Chicago"
        assert set(row["types"]) == {"C", "D", "W", "EN", "S", "ZZ9"}
        assert row["slug"] == f"meeting-{Meeting.objects.get(name='Walnut Evening').pk}"

    def test_meeting_of_some_weeks_is_not_told_as_weekly(self):
        make_meeting(
            kind="rule", rrule="FREQ=MONTHLY;BYDAY=1MO", first_on=date(2026, 1, 5), start=time(19)
        )
        (row,) = guide()

        assert "day" not in row and "time" not in row

    def test_shut_place_is_told(self):
        make_meeting(place=make_place(closed_from=date(2026, 11, 1)))

        assert guide()[0]["attendance_option"] == "inactive"

    def test_empty_directory_is_an_empty_list(self):
        assert guide() == []


class TestTable:
    """The spreadsheet."""

    STARTS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", '"=', " =", "\u00a0@"]

    @pytest.mark.parametrize("start", STARTS)
    def test_no_cell_is_a_formula(self, start):
        text = f"{start}cmd|' /C calc'!A0"
        group = make_group(name=text, notes=text, entity=text)
        place = make_place(name=text, address=text, city=text, notes=text)
        make_meeting(name=text, notes=text, group=group, place=place, unknown_codes=[text])

        (row,) = rows()
        for name in ("name", "group", "place", "address", "city", "notes", "other_codes"):
            is_plain = start == '"='
            assert row[name].startswith(start if is_plain else "'"), name
            assert plain(row[name]) == text

    def test_place_is_told_in_columns(self, town):
        row = rows()[0]

        assert (row["address"], row["latitude"], row["approximate"]) == (
            "100 Walnut Street",
            "39.8",
            "no",
        )
        assert row["listing"].startswith("https://finder.example.org/meetings/")


def test_geojson_has_points_only_where_one_may_go(town):
    points = {f["properties"]["name"]: f["geometry"] for f in features()}

    assert points["Walnut Evening"] == {"type": "Point", "coordinates": [-89.65, 39.8]}
    assert points["Somewhere"] is None and points["Screens"] is None


class TestCalendar:
    """The calendar."""

    def test_names_nothing_but_times_and_places(self, town):
        found, content = events()

        assert len(found) == 4
        assert {str(event["summary"]) for event in found} == {"Meeting"}
        text = content.decode()
        assert "Night Light" not in text and "aa" not in text.casefold().split()

    def test_zone_is_defined_once_and_before_its_use(self, town):
        content = events()[1].decode()

        assert content.count("BEGIN:VTIMEZONE") == 1
        assert content.index("BEGIN:VTIMEZONE") < content.index("BEGIN:VEVENT")
        assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))

    def test_days_of_a_closure_are_left_out(self):
        place = make_place(closed_from=date(2026, 11, 12), closed_until=date(2026, 11, 24))
        make_meeting(place=place)

        (event,), _content = events()
        assert [each.dts[0].dt.date() for each in event["exdate"]] == [
            date(2026, 11, 16),
            date(2026, 11, 23),
        ]

    def test_series_ends_where_a_place_shuts_for_good(self):
        make_meeting(place=make_place(closed_from=date(2026, 12, 1)))

        (event,), _content = events()
        until = event["rrule"]["UNTIL"][0]
        assert until == datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)

    def test_place_shut_already_has_no_series(self):
        make_meeting(place=make_place(closed_until=None, closed_from=date(2026, 11, 1)))

        assert events()[0] == []

    def test_days_off_and_moved_days_are_told(self):
        meeting = make_meeting()
        MeetingException.objects.create(meeting=meeting, on=date(2026, 11, 16))
        MeetingException.objects.create(meeting=meeting, on=date(2026, 11, 23), start=time(17))

        (series, moved), _content = events()
        zone = ZoneInfo("America/Chicago")
        assert series["exdate"].dts[0].dt == datetime(2026, 11, 16, 19, tzinfo=zone)
        assert moved["dtstart"].dt.hour == 17


class TestThereAndBack:
    """What is written is read back as the same."""

    IDS = ("slug", "group_id", "id", "listing", "methadone", "buprenorphine", "naltrexone")

    @pytest.mark.parametrize("name", ["meeting_guide", "csv"])
    def test_export_read_again_says_the_same(self, town, name):
        before = export(name)

        told = self.bring(before, town.program)
        assert told.counts["rejected"] == 0, told.problems
        assert told.counts["created"] == 6
        again = self.bring(before, town.program)
        assert again.counts["unchanged"] == 6
        Meeting.objects.filter(source=None).update(status="paused")
        assert self.said(name, export(name)) == self.said(name, before)

    def bring(self, data, program):
        request = ingest.Request(data=data, source="mirror", program=program)
        return ingest.apply(request, now=NOW)

    def said(self, name, data):
        if name == "csv":
            found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        else:
            found = json.loads(data)
        kept = [{k: v for k, v in row.items() if k not in self.IDS} for row in found]
        return sorted(kept, key=lambda row: row["name"])

    def test_every_code_of_ours_comes_back(self):
        lists = {
            "types": ["beginner", "closed", "tools"],
            "focus": ["hiv", "rural", "secular"],
            "focus_no": ["men"],
            "access": ["accessible-toilet", "no-camera"],
            "access_no": ["open"],
        }
        make_meeting(group=make_group(program=make_program(slug="na")), **lists)
        for name in ("meeting_guide", "csv"):
            reading = feeds.read(export(name), program="na", today=NOW.date())
            record = reading.records[0]
            assert {field: list(getattr(record, field)) for field in lists} == lists, name
            assert reading.problems == ()

    def test_table_of_one_program_is_no_table_of_another(self, town):
        reading = feeds.read(export("csv"), program="na", today=NOW.date())

        assert len(reading.rejected) == 6


def test_place_and_source_of_a_merged_twin_stay_out():
    source = make_source(name="Secret source")
    make_meeting(source=source, group=make_group(source=source))

    assert all("Secret" not in said_by(name) for name in publish.FORMATS)
    assert Place.objects.count() == 1
