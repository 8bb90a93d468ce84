"""Facet counts beside a search: each code is counted as the search with that code would be."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finder.search import ListingFilterSet, index, query, version
from finder.search.facets import facets
from finder.vocab import Label, Medication, ScheduleKind
from tests.factories import (
    make_assessment,
    make_group,
    make_locality,
    make_meeting,
    make_place,
    make_program,
)

RULES = ["FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2"]
COUNTED = ("day", "format", "program", "model", "focus", "language", "access", "acceptance")


@pytest.fixture
def directory(db):
    """Forty meetings of every kind, from a fixed seed."""
    random = Random(11)
    make_locality()
    programs = [make_program(slug="na"), make_program(slug="smart", model="smart")]
    for _number in range(20):
        group = make_group(program=random.choice(programs))
        if random.random() < 0.6:
            make_assessment(group=group, medication="methadone", label=random.choice(Label.values))
        for _twice in range(2):
            _make_meeting(random, group)
    index.rebuild()


def _make_meeting(random: Random, group) -> None:
    format_ = random.choice(["in_person", "in_person", "online", "hybrid", "phone"])
    kind = random.choices(ScheduleKind.values, [10, 3, 1, 1])[0]
    fields = {"group": group, "format": format_, "kind": kind}
    fields["timezone"] = random.choice(["America/Chicago", "Pacific/Auckland"])
    fields["name"] = random.choice(["Lantern", "Harbor"])
    fields["focus"] = random.sample(["women", "veterans"], random.randint(0, 2))
    fields["access"] = random.sample(["step-free", "captions"], random.randint(0, 2))
    fields["languages"] = random.choice([["en"], ["es"], ["en", "es"]])
    if kind in ("weekly", "rule"):
        fields |= {"start": f"{random.randrange(24):02d}:30", "duration_minutes": 60}
    if kind == "weekly":
        fields["weekday"] = random.randrange(7)
    if kind == "rule":
        fields |= {"rrule": random.choice(RULES), "first_on": "2026-01-06"}
    if format_ in ("in_person", "hybrid"):
        fields["place"] = make_place(lat=39.8 + random.uniform(-0.6, 0.6))
    make_meeting(**fields)


def ask(asked: QueryDict, now: datetime):
    filterset = ListingFilterSet(asked)
    assert filterset.is_valid(), filterset.errors
    return filterset.search(now=now)


@st.composite
def questions(draw) -> QueryDict:
    asked = QueryDict(mutable=True)
    for name, values in (
        ("format", ["in_person", "online", "phone"]),
        ("day", ["mon", "tue", "sun"]),
        ("program", ["na"]),
        ("focus", ["women", "veterans"]),
        ("language", ["es"]),
        ("access", ["step-free"]),
        ("from", ["20:00", "06:00"]),
        ("to", ["05:00", "13:00"]),
        ("starts_within", ["3000"]),
        ("near", ["62701"]),
        ("q", ["lantern"]),
        ("tz", ["America/Chicago", "Asia/Tokyo"]),
        ("medication", ["methadone"]),
    ):
        if draw(st.integers(0, 3)) == 0:
            asked[name] = draw(st.sampled_from(values))
    if "medication" in asked and draw(st.booleans()):
        asked["acceptance"] = "positive"
    return asked


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=questions(),
    now=st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)),
    data=st.data(),
)
def test_each_code_is_counted_as_its_search_would_be(directory, asked, now, data):
    now = now.replace(tzinfo=UTC)
    found = facets(ask(asked, now))

    for name in COUNTED:
        if name == "acceptance" and "medication" not in asked:
            continue
        facet = data.draw(st.sampled_from(found[name]))
        alone = asked.copy()
        alone[name] = facet["code"]
        assert facet["count"] == query(ask(alone, now)).count, (name, facet)


def test_without_a_medication_acceptance_is_not_counted(directory):
    found = facets(ask(QueryDict("near=62701"), datetime(2026, 11, 24, tzinfo=UTC)))

    assert {facet["count"] for facet in found["acceptance"]} == {None}
    assert {facet["code"] for facet in found["medication"]} == set(Medication.values)


def test_counting_costs_two_queries_more_than_the_programs(directory, django_assert_num_queries):
    search = ask(QueryDict("near=62701&day=mon&focus=women"), datetime(2026, 11, 24, tzinfo=UTC))
    search = replace(search, version=version.current())
    # What is worked out once for each version of the directory is known by then.
    query(search)

    with django_assert_num_queries(3):
        facets(search)
