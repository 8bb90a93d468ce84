"""Candidates for matching: who is among them, and what is known of each."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finder.search import candidates, index
from finder.vocab import Fact, Format, Label
from tests.factories import make_assessment, make_group, make_meeting, make_place, make_program

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


def near(miles: float = 25, zone: str = "America/Chicago"):
    index.rebuild()
    return candidates(lat=39.8, lng=-89.65, miles=miles, zone=zone, now=NOW)


def test_groups_near_and_those_joined_from_afar_are_candidates(db):
    far = {"lat": 45.0, "lng": -120.0}
    here = make_meeting()
    make_meeting(place=make_place(**far))
    online = make_meeting(format=Format.ONLINE)
    hybrid = make_meeting(format=Format.HYBRID, place=make_place(**far))
    phone = make_meeting(format=Format.PHONE)

    found = near()

    assert [g.id for g in found] == sorted(m.group_id for m in (here, online, hybrid, phone))


def test_a_far_meeting_of_a_near_group_is_left_out(db):
    group = make_group()
    here = make_meeting(group=group)
    make_meeting(group=group, place=make_place(lat=45.0, lng=-120.0))

    (found,) = near()

    assert [meeting.id for meeting in found.meetings] == [here.pk]


def test_facts_are_yes_no_or_not_known(db):
    group = make_group(access=["asl"], access_no=["captions"], focus=["women"], languages=["es"])
    make_meeting(group=group, access=["step-free"])

    (found,) = near()

    access = found.meetings[0].access
    assert [access.of(code) for code in ("step-free", "captions", "child-care")] == [
        Fact.YES,
        Fact.NO,
        Fact.NOT_KNOWN,
    ]
    assert found.focus.of("women") == Fact.YES
    assert found.languages.of("en") == Fact.NOT_KNOWN


def test_slots_are_told_in_the_viewers_week(db):
    make_meeting(format=Format.ONLINE, timezone="America/New_York", weekday=0, start=time(1))

    (found,) = near(zone="Pacific/Honolulu")

    (meeting,) = found.meetings
    assert (meeting.slot.weekday, meeting.slot.minute) == (6, 20 * 60)
    assert meeting.row["next_start"].endswith("T20:00:00-10:00")


@pytest.mark.parametrize(
    ("fields", "per_week"),
    [
        ({}, 1.0),
        ({"kind": "always"}, 0.0),
        ({"kind": "rule", "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}, 0.5),
        ({"kind": "rule", "rrule": "FREQ=MONTHLY;BYDAY=2TU"}, 12 * 7 / 365.2425),
        ({"kind": "rule", "rrule": "FREQ=MONTHLY;BYDAY=TU"}, 1.0),
    ],
)
def test_a_rule_counts_for_less_than_every_week(db, fields, per_week):
    extra = {"start": time(19), "first_on": date(2026, 1, 6)} if "rrule" in fields else {}
    make_meeting(**fields, **extra)

    (found,) = near()

    assert found.meetings[0].per_week == pytest.approx(per_week)


def test_acceptance_is_the_public_reading_of_each_medication(db):
    group = make_group(program=make_program(prior_class="explicit", substances=["opioids"]))
    make_assessment(group=group, label=Label.ACCEPTING, basis="group", lower=0.63)
    make_meeting(group=group)

    (found,) = near()

    assert found.acceptance["methadone"].label == "accepting"
    assert found.acceptance["methadone"].lower == 0.63
    assert found.acceptance["naltrexone"].label == "not_known"
    assert found.prior_class == "explicit"
    assert found.substances == {"opioids"}


def test_a_group_that_may_not_be_judged_has_no_reading(db):
    group = make_group(needs_community_consent=True)
    make_assessment(group=group, label=Label.ACCEPTING)
    make_meeting(group=group)

    (found,) = near()

    assert found.acceptance == {}


def test_the_many_that_anyone_could_join_are_bounded(db, monkeypatch):
    module = candidates.__globals__
    monkeypatch.setitem(module, "REMOTE_ALL", 5)
    monkeypatch.setitem(module, "REMOTE_EACH", 2)
    program = make_program()
    groups = [make_group(program=program) for _ in range(6)]
    make_assessment(group=groups[4], label=Label.ACCEPTING)
    for group in groups:
        make_meeting(group=group, format=Format.ONLINE)
    here = make_meeting()

    found = [group.id for group in near()]

    assert found == sorted([groups[0].pk, groups[4].pk, here.group_id])


def test_queries_do_not_grow(db):
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_meeting()
        index.rebuild()
        with CaptureQueriesContext(connection) as queries:
            candidates(lat=39.8, lng=-89.65, miles=25, zone="UTC", now=NOW)
        counts.append(len(queries))

    assert counts == [4, 4]
