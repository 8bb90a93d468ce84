"""What would be found with one condition less: the counts are those of the searches themselves."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from django.http import QueryDict

from finder.geo import Point
from finder.search import ListingFilterSet, afar, index, query, version
from finder.search.conditions import conditions
from finder.search.relaxing import relaxed
from finder.search.values import Origin, Search
from finder.search.when import NO_TIMES
from tests.factories import make_group, make_locality, make_meeting, make_place, make_program

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture
def directory(db):
    make_locality()
    group = make_group(program=make_program(slug="na"))
    for number in range(12):
        make_meeting(
            group=group,
            name="Lantern" if number % 2 else "Harbor",
            place=make_place(lat=39.8 + number / 10),
            weekday=number % 7,
            start=time(6 + number),
            focus=["women"] if number % 3 else [],
            access=["step-free"] if number % 4 else [],
            languages=["es"] if number == 5 else ["en"],
        )
    make_meeting(group=group, format="online", weekday=2, focus=["women"], name="Lantern")
    make_meeting(group=group, format="phone", kind="always", name="Lantern")
    rule = {"kind": "rule", "rrule": "FREQ=MONTHLY;BYDAY=2TU", "first_on": NOW.date()}
    make_meeting(group=group, name="Harbor", start=time(9), **rule)
    index.rebuild()


def ask(params):
    asked = QueryDict(mutable=True)
    for name, values in params.items():
        asked.setlist(name, values)
    filterset = ListingFilterSet(asked)
    assert filterset.is_valid(), filterset.errors
    return filterset.search(now=NOW)


def search(text: str):
    return ask(dict(QueryDict(text).lists()))


@pytest.mark.parametrize(
    "text",
    [
        "near=62701&within=5&day=sun&q=lantern",
        "near=62701&focus=women&access=step-free&language=fr",
        "near=62701&day=tue&from=01:00&to=02:00&program=na",
        "q=lantern&day=tue&from=08:00&to=10:00",
        "near=62701&within=60&q=harbor&model=smart&starts_within=600",
        "format=phone&day=mon&focus=women",
    ],
)
def test_counts_are_those_of_the_searches(directory, text):
    found = relaxed(search(text))

    assert found
    for less in found:
        assert query(ask(less.params)).count == less.count > 0


def test_only_what_helps_is_told(directory):
    found = relaxed(search("q=nosuchword&focus=women"))

    assert [(less.dropped, less.count) for less in found] == [(("q",), 9)]


def test_two_queries_tell_what_helps(directory, django_assert_num_queries):
    asked = search("near=62701&within=5&day=sun&q=lantern&program=na&focus=women&access=asl")
    asked = replace(asked, version=version.current())
    # What is worked out once for each version of the directory is known by then.
    query(asked)

    with django_assert_num_queries(2):
        relaxed(asked)


def test_search_for_everything_has_nothing_to_leave_out(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert relaxed(search("")) == []


def test_counts_from_afar_are_kept_for_codes_and_never_for_words_or_a_place(now):
    def kept(**asked) -> int | None:
        search = Search(now=now, tz="America/Chicago", version="7.1", **asked)
        counts = afar.Counts(search)
        counts.put(conditions(search), NO_TIMES, 5)
        return counts.get(conditions(search), NO_TIMES)

    assert kept(formats=("online",), medication="methadone", acceptance=("accepting",)) == 5
    assert kept(formats=("online",), words="somebody by name") is None
    assert kept(near=Origin(Point(39.8, -89.6), "62701", "America/Chicago"), within=5) is None
