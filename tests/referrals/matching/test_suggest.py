"""Suggestions from the directory itself: through the index, in a fixed number of queries."""

import shutil
from datetime import UTC, datetime, time

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finder.curation import reassess
from finder.models import Group
from finder.search import index, snapshot
from referrals.matching import suggest
from tests.factories import make_evidence, make_group, make_meeting, make_program
from tests.referrals.matching.cast import needs

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)


def make_directory(programs, count):
    for number in range(count):
        for program, format_ in programs:
            group = make_group(program=program)
            make_meeting(group=group, format=format_, weekday=number % 7)
    index.rebuild()


@pytest.fixture
def programs():
    smart = make_program(
        slug="smart",
        model="smart",
        is_secular=True,
        prior_class="explicit",
        position_is_verified=True,
    )
    return [(make_program(slug="na", name="NA"), "in_person"), (smart, "online")]


def test_suggest_finds_near_and_online_groups_with_their_readings(programs):
    make_directory(programs, 1)
    reassess(today=NOW.date())

    found = suggest(needs(), now=NOW)

    by_program = {match.group.program: match for match in found.chosen}
    assert by_program["smart"].is_positive
    assert by_program["smart"].terms.moud == 0.5
    assert by_program["na"].terms.moud == 0.3
    assert by_program["na"].way == "in_person"
    assert by_program["na"].terms.schedule == pytest.approx(1 / 3)
    assert (found.near_count, found.asked_count) == (1, 0)


def test_suggest_counts_groups_that_were_asked(programs):
    make_directory(programs, 1)
    group = programs[0][0].groups.get()
    make_evidence(group=group, on=NOW.date())

    reassess(today=NOW.date())

    assert suggest(needs(), now=NOW).asked_count == 1


def test_suggest_reads_times_in_the_persons_zone():
    group = make_group()
    make_meeting(group=group, weekday=0, start=time(19), timezone="America/Chicago")
    index.rebuild()

    (match,) = suggest(needs(zone="America/New_York"), now=NOW).chosen

    assert (match.best.meeting.slot.weekday, match.best.meeting.slot.minute) == (0, 20 * 60)


def test_suggest_asks_as_often_for_many_groups_as_for_few(programs, django_assert_max_num_queries):
    make_directory(programs, 2)
    reassess(today=NOW.date())
    with django_assert_max_num_queries(8) as few:
        suggest(needs(), now=NOW)
    make_directory(programs, 8)
    reassess(today=NOW.date())

    with django_assert_max_num_queries(8) as many:
        suggest(needs(), now=NOW)

    assert len(few) == len(many)


def test_suggest_answers_an_empty_directory():
    found = suggest(needs(), now=NOW)

    assert found.chosen == ()
    assert [note.code for note in found.notes] == ["few"]


def test_suggest_weighs_a_snapshot_in_as_few_queries_as_a_directory_grows(programs):
    counts = []
    for count in (1, 5):
        make_directory(programs, count)
        reassess(today=NOW.date())
        by_query = suggest(needs(), now=NOW)
        snapshot.write(now=NOW)
        with CaptureQueriesContext(connection) as queries:
            found = suggest(needs(), now=NOW)
        counts.append(len(queries))
        shutil.rmtree(django_settings.SNAPSHOT_DIR)

        assert found == by_query

    assert counts[0] == counts[1] <= 5


def test_suggest_shows_no_group_that_left_since_the_snapshot(programs):
    make_directory(programs, 2)
    snapshot.write(now=NOW)
    gone = suggest(needs(), now=NOW).chosen[0].group.id
    Group.objects.filter(pk=gone).update(status="paused")
    index.rebuild()

    found = suggest(needs(), now=NOW)

    assert len(found.chosen) == 3
    assert gone not in {match.group.id for match in (*found.chosen, *found.rest)}
