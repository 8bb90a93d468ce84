"""The invented directory: real in shape, invented in content, the same every time."""

import re
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise
from statistics import median

import pytest
import zipcodes
from django.core.management import CommandError, call_command

from finder import catalogue, curation, demo
from finder.demo import evidence, listings
from finder.demo.programs import INVENTED
from finder.demo.shape import City, Dice, shape
from finder.geo import Point, distance_miles
from finder.models import (
    Assessment,
    Evidence,
    Group,
    Listing,
    Locality,
    Meeting,
    MeetingException,
    Place,
    Program,
    Source,
)
from finder.schedule import Rule
from finder.search import places
from finder.vocab import (
    Access,
    EvidenceKind,
    EvidenceTarget,
    Focus,
    Format,
    Label,
    ScheduleKind,
    Status,
)

TODAY = date(2026, 11, 10)
ZIPS = {row[0] for row in shape()["cities"]}
PROGRAMS = {entry["slug"]: Program(**entry) for entry in [*catalogue.read(), *INVENTED]}


def localities() -> list[Locality]:
    """The points of the demonstration's ZIP codes, as load_places makes them."""
    rows = places.build([row for row in zipcodes.list_all() if row["zip_code"] in ZIPS])
    return [row for row in rows if row.kind == "zip"]


POINTS = {row.key: row for row in localities()}
CITIES = [
    City(*row, POINTS[row[0]].lat, POINTS[row[0]].lng, POINTS[row[0]].timezone)
    for row in shape()["cities"]
]
DIRECTORY = listings.invent(PROGRAMS, CITIES, today=TODAY)
EVIDENCE = evidence.invent(DIRECTORY, today=TODAY)


@pytest.fixture
def loaded_places(db):
    Locality.objects.bulk_create(localities())


def test_directory_has_about_600_groups_and_1500_meetings():
    assert 580 <= len(DIRECTORY.groups) <= 620
    assert 1400 <= len(DIRECTORY.meetings) <= 1600


def test_every_program_of_the_catalogue_has_a_group():
    assert {group.program.slug for group in DIRECTORY.groups} == set(PROGRAMS)


def values_of(directory):
    """Every column of every row, parents first."""
    return [
        [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
        for row in directory.rows()
    ]


def test_directory_is_the_same_every_time():
    again = listings.invent(PROGRAMS, CITIES, today=TODAY)

    assert values_of(again) == values_of(DIRECTORY)


def test_group_names_differ():
    assert max(Counter(group.name for group in DIRECTORY.groups).values()) == 1


@pytest.mark.parametrize(
    ("wanted", "field"), [(Focus.values, "focus"), (shape()["languages"], "languages")]
)
def test_every_focus_and_language_occurs(wanted, field):
    found = {code for group in DIRECTORY.groups for code in getattr(group, field)}

    assert set(wanted) <= found


def test_every_kind_of_access_format_and_schedule_occurs():
    meetings = DIRECTORY.meetings

    assert {code for meeting in meetings for code in meeting.access} == set(Access.values)
    assert {meeting.format for meeting in meetings} == set(Format)
    assert {meeting.kind for meeting in meetings} == set(ScheduleKind)
    assert {group.status for group in DIRECTORY.groups} == set(Status)


def test_rules_are_monthly_and_every_second_week_and_can_be_read():
    rules = [meeting for meeting in DIRECTORY.meetings if meeting.kind == ScheduleKind.RULE]

    read = {Rule.parse(meeting.rrule, meeting.first_on) for meeting in rules}

    assert {(rule.frequency, rule.interval) for rule in read} == {("MONTHLY", 1), ("WEEKLY", 2)}


def test_exceptions_fall_on_a_day_of_their_meeting_in_the_coming_weeks():
    for exception in DIRECTORY.exceptions:
        assert exception.on.weekday() == exception.meeting.weekday
        assert TODAY <= exception.on < TODAY + timedelta(days=28)
    assert {exception.start is None for exception in DIRECTORY.exceptions} == {True, False}


def test_phones_are_of_the_range_kept_for_fiction():
    phones = [meeting.phone for meeting in DIRECTORY.meetings if meeting.phone]

    assert len(phones) > 50
    assert [phone for phone in phones if not re.fullmatch(r"[2-9]\d\d-555-01\d\d", phone)] == []


def test_links_lead_to_the_example_domain_alone():
    rows = [*DIRECTORY.groups, *DIRECTORY.meetings, *EVIDENCE]
    links = [value for row in rows for value in vars(row).values() if "//" in str(value) and value]

    assert len(links) > 500
    assert [link for link in links if not str(link).startswith("https://example.org/")] == []


def test_passwords_stand_in_credential_columns_alone():
    with_password = [meeting for meeting in DIRECTORY.meetings if meeting.join_password]

    assert with_password
    assert not [meeting for meeting in DIRECTORY.meetings if "pwd=" in meeting.join_url]


def test_places_lie_close_to_their_zip_code():
    for place in DIRECTORY.places:
        point = POINTS[place.zip]
        assert abs(place.lat - point.lat) < 0.02
        assert abs(place.lng - point.lng) < 0.02
        assert place.timezone == point.timezone


def test_no_nation_is_named_and_consent_is_exercised():
    asked = [group for group in DIRECTORY.groups if group.needs_community_consent]
    text = " ".join(f"{group.name} {group.consent_by} {group.notes}" for group in asked)

    assert {group.consent_on is None for group in asked} == {True, False}
    assert not re.search(r"\b(Nation|Tribe|Band of|Pueblo|Navajo|Cherokee|Lakota)\b", text)


def test_nobody_was_asked_in_the_quiet_city():
    told = {piece.group.source_key for piece in EVIDENCE}
    quiet = [group for group in DIRECTORY.groups if group.source_key in DIRECTORY.quiet]

    assert not told & DIRECTORY.quiet
    assert {"na", "aa", "wellbriety", "smart"} <= {group.program.slug for group in quiet}


def test_the_quiet_city_has_four_programs_every_evening():
    days = {}
    for meeting in DIRECTORY.meetings:
        if meeting.group.source_key in DIRECTORY.quiet and meeting.format == Format.IN_PERSON:
            days.setdefault(meeting.group.program.slug, set()).add(meeting.weekday)

    assert all(days[slug] == set(range(7)) for slug in ("na", "aa", "wellbriety", "smart"))


def test_a_program_for_people_on_medication_can_be_joined_by_phone_every_day():
    by_phone = [
        meeting
        for meeting in DIRECTORY.meetings
        if meeting.group.program.slug == "mara" and meeting.format == Format.PHONE
    ]

    assert {meeting.weekday for meeting in by_phone} >= set(range(7))
    assert ScheduleKind.ALWAYS in {meeting.kind for meeting in by_phone}


def test_evidence_is_of_every_kind_and_target():
    assert {piece.kind for piece in EVIDENCE} == set(EvidenceKind)
    assert {piece.target for piece in EVIDENCE} == set(EvidenceTarget)


def test_evidence_obeys_the_rules_for_real_evidence():
    for row in EVIDENCE:
        curation.check_evidence(row.as_piece(), today=TODAY, source=row.source_note)


def test_what_speaks_against_a_group_stands_on_invented_programs_alone():
    pressed = [piece for piece in EVIDENCE if "no" in (piece.attend, piece.no_pressure)]

    assert pressed
    assert all(piece.group.program.is_demo for piece in pressed)


def test_load_shows_every_label_and_cautions_on_invented_programs_alone(loaded_places, now):
    call_command("load_demo", stdout=StringIO())

    readings = Assessment.objects.select_related("group__program")
    waiting = readings.filter(label__in=[Label.MIXED, Label.REPORTED_LIMITS])
    assert set(readings.values_list("label", flat=True)) == set(Label.values)
    assert waiting.exclude(group__program__is_demo=True).count() == 0
    cautioned = readings.filter(has_caution=True)
    assert set(cautioned.values_list("group__program__is_demo", flat=True)) == {True}
    assert Listing.objects.count() > 1300


def test_load_again_the_same_day_writes_nothing(loaded_places, now, django_assert_max_num_queries):
    call_command("load_demo", stdout=StringIO())
    said = StringIO()

    with django_assert_max_num_queries(8) as queries:
        call_command("load_demo", stdout=said)

    assert said.getvalue().startswith("Nothing to change: 600 invented groups")
    verbs = {query["sql"].split()[0] for query in queries.captured_queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_load_on_another_day_moves_the_dates_and_keeps_the_ids(loaded_places):
    demo.load(today=TODAY)
    before = dict(Group.objects.values_list("source_key", "id"))
    newest = Evidence.objects.latest("on").on

    later = demo.load(today=TODAY + timedelta(days=90))

    assert later.has_changed
    assert dict(Group.objects.values_list("source_key", "id")) == before
    assert Evidence.objects.latest("on").on == newest + timedelta(days=90)
    assert Evidence.objects.count() == later.evidence
    assert Meeting.objects.count() == later.meetings
    assert MeetingException.objects.count() == len(DIRECTORY.exceptions)


def test_load_retires_what_is_no_longer_invented(loaded_places):
    demo.load(today=TODAY)
    source = Source.objects.get(slug="demo")
    old = Group.objects.create(
        program=Program.objects.get(slug="na"), source=source, source_key="old", name="Old"
    )

    demo.load(today=TODAY + timedelta(days=1))

    old.refresh_from_db()
    assert (old.status, old.retired_on) == (Status.RETIRED, TODAY + timedelta(days=1))


def test_load_leaves_other_listings_alone(loaded_places):
    catalogue.load(catalogue.read())
    mine = Group.objects.create(program=Program.objects.get(slug="na"), name="Mine")
    Evidence.objects.create(group=mine, kind="hearsay", target="any", on=TODAY, attend="yes")

    demo.load(today=TODAY)

    mine.refresh_from_db()
    assert mine.status == Status.ACTIVE
    assert mine.evidence.count() == 1


def test_reviewers_of_the_invented_evidence_cannot_sign_in(loaded_places):
    demo.load(today=TODAY)

    reviewer = Evidence.objects.exclude(reviewed_by=None).first().reviewed_by
    assert not reviewer.is_active
    assert not reviewer.has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize("command", [("load_demo",), ("seed", "--meetings", "10")])
def test_commands_say_what_is_missing_without_places(command):
    with pytest.raises(CommandError, match="Run load_places first"):
        call_command(*command)


def test_seed_writes_as_many_meetings_as_asked(loaded_places, now):
    said = StringIO()

    call_command("seed", "--meetings", "500", "--seed", "7", stdout=said)

    assert Meeting.objects.filter(source__slug="seed-7").count() == 500
    assert Listing.objects.count() == 500
    assert "500 meetings" in said.getvalue()


def test_seed_gives_the_same_rows_for_the_same_number(loaded_places):
    demo.seed(meetings=50, number=1, today=TODAY)
    first = list(Place.objects.order_by("id").values_list("name", "lat", "zip"))
    Meeting.objects.all().delete()
    Group.objects.all().delete()
    Place.objects.all().delete()
    Source.objects.all().delete()

    demo.seed(meetings=50, number=1, today=TODAY)

    assert list(Place.objects.order_by("id").values_list("name", "lat", "zip")) == first


def test_seed_writes_neighbours_side_by_side(loaded_places):
    demo.seed(meetings=300, number=3, today=TODAY)

    places = Place.objects.filter(source__slug="seed-3").order_by("id")
    points = [Point(*pair) for pair in places.values_list("lat", "lng")]
    apart = [distance_miles(a, b) for a, b in pairwise(points)]
    anywhere = [distance_miles(a, b) for a, b in zip(points, reversed(points), strict=True)]
    assert median(apart) < median(anywhere) / 5


@pytest.mark.parametrize("meetings", [0, -1, 2_000_000])
def test_seed_refuses_a_number_out_of_range(loaded_places, meetings):
    with pytest.raises(CommandError, match="Ask for 1 to"):
        call_command("seed", "--meetings", str(meetings))


def test_seed_refuses_to_run_twice(loaded_places):
    demo.seed(meetings=5, number=1, today=TODAY)

    with pytest.raises(CommandError, match="loaded already"):
        call_command("seed", "--meetings", "5")


def test_dice_speak_more_than_english_now_and_then():
    spoken = [Dice(str(number)).languages() for number in range(400)]

    assert 10 < sum("es" in codes for codes in spoken) < 60
    assert sum("en" in codes for codes in spoken) > 150
    assert [] in spoken


def test_dice_choose_different_days():
    assert all(len(set(Dice(str(n)).days(5))) == 5 for n in range(50))
    assert Dice("all").days(9) == list(range(7))
