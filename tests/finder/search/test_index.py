"""The read model: who is in it, what it says, and that recomputing gives what is stored."""

from datetime import date, time

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finder.models import Listing, ListingText, Meeting, MeetingException
from finder.search import index
from finder.search.document import schedule_of
from finder.vocab import Format, Label, Status
from tests.factories import (
    make_assessment,
    make_group,
    make_meeting,
    make_place,
    make_program,
)

pytestmark = pytest.mark.django_db


def contents(listing: Listing) -> dict:
    told = {}
    for row in (listing, listing.text):
        names = [f.attname for f in row._meta.concrete_fields if not f.generated]
        told |= {name: getattr(row, name) for name in names}
    return told


def listed(meeting: Meeting) -> Listing:
    index.refresh([meeting.pk])
    return Listing.objects.get(pk=meeting.pk)


def test_recomputing_equals_what_is_stored():
    group = make_group(focus=["women"], focus_no=["men"], languages=["es"])
    make_assessment(group=group, label=Label.LIKELY_ACCEPTING, lower=0.123456789)
    shut = make_place(closed_from=date(2026, 11, 1), lat=39.123456789)
    meetings = [
        make_meeting(group=group, format=Format.HYBRID, start=time(18, 30, 15)),
        make_meeting(group=group, place=shut, types=["beginner", "speaker"], notes="Ring the bell"),
        make_meeting(group=group, format=Format.PHONE),
        make_meeting(group=group, kind="always", format=Format.ONLINE),
        make_meeting(
            group=group,
            kind="rule",
            rrule="FREQ=MONTHLY;BYDAY=2TU",
            first_on=date(2026, 1, 1),
            start=time(19),
        ),
    ]
    MeetingException.objects.create(meeting=meetings[0], on=date(2026, 12, 25))

    index.rebuild()

    stored = {row.pk: contents(row) for row in Listing.objects.all()}
    again = {row.pk: contents(row) for row in index.build(Meeting.objects.all())}
    assert len(stored) == 5
    assert stored == again


@pytest.mark.parametrize(
    ("meeting", "group"),
    [
        ({"status": Status.PAUSED}, {}),
        ({"status": Status.INACTIVE}, {}),
        ({"status": Status.RETIRED, "retired_on": date(2026, 1, 1)}, {}),
        ({}, {"status": Status.PAUSED}),
        ({}, {"status": Status.RETIRED, "retired_on": date(2026, 1, 1)}),
        ({"format": Format.ONLINE, "join_url": ""}, {}),
        ({"format": Format.PHONE, "phone": ""}, {}),
        ({"place": None}, {}),
        ({"timezone": "Mars/Olympus"}, {}),
        ({"kind": "rule", "rrule": "FREQ=DAILY", "first_on": date(2026, 1, 1)}, {}),
    ],
)
def test_a_meeting_nobody_could_go_to_is_not_listed(meeting, group):
    fields = {"start": time(19)} if meeting.get("kind") == "rule" else {}
    row = make_meeting(group=make_group(**group), **fields | meeting)

    assert index.refresh([row.pk]) == 0
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    "meeting",
    [
        {"format": Format.ONLINE},
        {"format": Format.ONLINE, "join_url": "", "phone": "217-555-0100"},
        {"format": Format.ONLINE, "join_url": "", "join_url_secret": "https://example.org/?p=1"},
        {"format": Format.PHONE},
        {"kind": "appointment"},
        {"kind": "always", "format": Format.ONLINE},
    ],
)
def test_a_meeting_with_a_way_in_is_listed(meeting):
    assert index.refresh([make_meeting(**meeting).pk]) == 1


def test_merged_groups_and_hidden_programs_are_not_listed():
    merged = make_group(merged_into=make_group())
    hidden = make_group(program=make_program(is_listed=False))
    rows = [make_meeting(group=merged), make_meeting(group=hidden)]

    assert index.refresh([row.pk for row in rows]) == 0


def test_a_meeting_that_stops_loses_its_listing_and_gets_it_back():
    meeting = make_meeting()
    assert listed(meeting)

    Meeting.objects.filter(pk=meeting.pk).update(status=Status.PAUSED)
    index.refresh([meeting.pk])
    assert not Listing.objects.exists()

    Meeting.objects.filter(pk=meeting.pk).update(status=Status.ACTIVE)
    index.rebuild()
    assert Listing.objects.exists()


def test_rebuild_removes_what_may_no_longer_be_found():
    meeting = make_meeting()
    index.rebuild()
    Meeting.objects.filter(pk=meeting.pk).update(status=Status.INACTIVE)

    assert index.rebuild() == 0
    assert not Listing.objects.exists()


def test_the_meetings_own_word_goes_before_its_groups():
    group = make_group(focus=["women", "veterans"], access_no=["captions", "asl"])
    listing = listed(make_meeting(group=group, focus_no=["women"], access=["captions"]))

    assert (listing.focus, listing.focus_no) == (["veterans"], ["women"])
    assert (listing.access, listing.access_no) == (["captions"], ["asl"])


def test_no_credential_is_in_any_column():
    meeting = make_meeting(
        format=Format.HYBRID,
        join_url_secret="https://example.org/j?pwd=hush",
        join_password="hush",
        phone="217-555-0100",
        phone_code="hush#",
    )

    listed(meeting)

    with connection.cursor() as db:
        db.execute(
            "SELECT l::text FROM finder_listing l "
            "UNION ALL SELECT t::text FROM finder_listingtext t"
        )
        rows = db.fetchall()
    assert len(rows) == 2
    assert "hush" not in str(rows)


def test_an_approximate_place_has_no_point_and_tells_no_more_than_two_decimals():
    listing = listed(
        make_meeting(place=make_place(lat=39.78123, lng=-89.65123, is_approximate=True))
    )

    assert (listing.lat, listing.lng) == (39.78, -89.65)
    assert listing.document["place"]["lat"] is None
    assert listing.document["place"]["approximate"] is True


def test_an_online_meeting_has_no_place_even_when_it_once_had_one():
    listing = listed(make_meeting(format=Format.ONLINE, place=make_place(name="Old Hall")))

    assert listing.document["place"] is None
    assert (listing.lat, listing.text.place_words) == (None, "")


def test_only_weeks_that_are_all_alike_are_left_to_sql():
    plain = make_meeting(weekday=2, start=time(18, 30))
    moved = make_meeting()
    MeetingException.objects.create(meeting=moved, on=date(2026, 11, 30), start=time(9))

    assert listed(plain).week_minute == 2 * 1440 + 18 * 60 + 30
    other = listed(moved)
    assert other.week_minute is None
    assert schedule_of(other).exceptions == ((date(2026, 11, 30), time(9)),)


def test_a_shut_place_stops_a_meeting_in_person_but_not_a_hybrid_one():
    shut = {"closed_from": date(2026, 11, 1), "closed_until": date(2026, 11, 30)}
    in_person = listed(make_meeting(place=make_place(**shut)))
    hybrid = listed(make_meeting(place=make_place(**shut), format=Format.HYBRID))

    assert schedule_of(in_person).closures == ((date(2026, 11, 1), date(2026, 11, 30)),)
    assert schedule_of(hybrid).closures == ()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("lantern", {"name": "The Lantern"}),
        ("women beginner", {"focus": ["women"], "types": ["beginner"]}),
        ("espanol spanish", {"name": "Grupo Español", "languages": ["es"]}),
        ("step-free", {"access": ["step-free"]}),
        ("bell", {"notes": "Ring the bell"}),
        ("walnut springfield", {}),
    ],
)
def test_words_of_name_tags_place_and_notes_find_a_meeting(words, field):
    listed(make_meeting(**field))

    found = ListingText.objects.extra(
        where=["words @@ websearch_to_tsquery('mhg', %s)"], params=[words]
    )
    assert found.count() == 1


def test_a_long_note_and_a_long_name_are_cut_not_refused():
    listing = listed(make_meeting(name="ß" * 255, notes="word " * 400_000))

    assert len(listing.sort_name) == 255
    assert len(listing.text.note_words) <= 4000


def test_an_unchanged_directory_writes_nothing():
    group = make_group()
    make_assessment(group=group)
    for _ in range(3):
        make_meeting(group=group)
    index.rebuild()

    with CaptureQueriesContext(connection) as queries:
        index.rebuild()

    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))]


def test_queries_do_not_grow_with_meetings():
    counts = []
    for _ in range(3):
        for _ in range(5):
            make_meeting()
        with CaptureQueriesContext(connection) as queries:
            index.rebuild()
        counts.append(len(queries))

    # The first finds no listing to compare with.
    assert counts[0] < counts[1] == counts[2] <= 27


def test_reindex_says_how_many_can_be_found(capsys):
    make_meeting()

    call_command("reindex")

    assert capsys.readouterr().out == "1 meetings can be found.\n"
