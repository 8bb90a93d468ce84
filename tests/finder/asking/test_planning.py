"""Whom to ask next: most people per known group, stalest first, near a clinic after dosing."""

from datetime import date, time, timedelta

import pytest
from django.core.management import CommandError, call_command

from finder import asking
from finder.acceptance import expected_narrowing
from finder.curation import reassess
from finder.geo import Point
from finder.models import Draw, Inquiry, Locality, Population
from finder.search import index
from tests.factories import (
    make_evidence,
    make_group,
    make_meeting,
    make_place,
    make_program,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)


def make_county(name, zip_, people, rucc=None):
    Locality.objects.create(
        **{"kind": "zip", "name": zip_, "key": zip_, "state": "IL", "county": name},
        **{"lat": 39.8, "lng": -89.6, "timezone": "America/Chicago"},
    )
    Population.objects.create(zip=zip_, people=people, rucc=rucc)


def meet(zip_="62701", group=None, city="Springfield", **fields):
    place = make_place(zip=zip_, city=city)
    meeting = make_meeting(group=group or make_group(), place=place, **fields)
    index.refresh([meeting.pk])
    return meeting.group


def planned(**fields):
    return [each.group for each in asking.plan(asking.Plan(**fields), today=TODAY)]


def test_plan_begins_where_most_people_have_no_known_group():
    make_county("Logan", "62656", 20_000)
    make_county("Sangamon", "62701", 190_000)
    small, large = meet("62656"), meet("62701")

    found = asking.plan(asking.Plan(), today=TODAY)

    assert [each.group for each in found] == [large, small]
    assert (found[0].area, found[0].reach) == ("Sangamon, IL", 190_000)
    assert found[0].gain == pytest.approx(190_000 * expected_narrowing(1, 1) / 2)


def test_plan_counts_each_known_group_of_the_area():
    make_county("Sangamon", "62701", 90_000)
    known, unknown = meet(), meet()
    make_evidence(group=known, on=TODAY)
    reassess(today=TODAY)

    found = asking.plan(asking.Plan(), today=TODAY)

    assert [each.group for each in found] == [unknown, known]
    assert {each.reach for each in found} == {45_000}


def test_plan_asks_the_stalest_first():
    fresh, stale = meet(), meet()
    make_evidence(group=fresh, on=TODAY - timedelta(days=10))
    make_evidence(group=stale, on=TODAY - timedelta(days=700))
    reassess(today=TODAY)

    assert planned() == [stale, fresh]


def test_plan_without_population_counts_listings():
    crowded = [meet("60601", city="Chicago") for _ in range(3)]
    lonely = meet("62701")

    found = asking.plan(asking.Plan(), today=TODAY)

    assert [each.group for each in found] == [*crowded, lonely]
    assert [each.reach for each in found] == [3, 3, 3, 1]


def test_plan_near_a_clinic_keeps_what_starts_after_dosing():
    early = meet(start=time(9))
    late = meet(start=time(12))
    far = make_group()
    make_meeting(group=far, place=make_place(lat=41.9, lng=-87.6, zip="60601"), start=time(12))
    index.rebuild()
    near = {"near": Point(39.8, -89.65), "within": 10}

    assert set(planned(**near)) == {early, late}
    assert planned(**near, after=time(11)) == [late]


@pytest.mark.parametrize(
    ("outcome", "days", "is_asked"),
    [
        ("waiting", 29, False),
        ("waiting", 30, True),
        ("declined", 179, False),
        ("not_reached", 3, True),
        ("answered", 89, False),
    ],
)
def test_plan_leaves_groups_alone_for_a_while(outcome, days, is_asked):
    group = meet()
    on = TODAY - timedelta(days=days)
    Inquiry.objects.create(
        group=group, asked_on=on, route="helpline", outcome=outcome, asked_by=make_user()
    )

    assert (group in planned()) is is_asked


def test_plan_leaves_out_groups_whose_community_has_not_agreed():
    meet(group=make_group(needs_community_consent=True))
    meet(group=make_group(program=make_program(model="wellbriety")))

    assert planned() == []


def test_plan_of_a_sample_holds_its_groups_alone():
    drawn = meet()
    draw = asking.draw_sample(seed="s", per_stratum=1, programs=[], by=make_user(), today=TODAY)
    meet()

    assert planned(sample=draw.pk) == [drawn]


def test_sample_is_drawn_by_rurality():
    make_county("Sangamon", "62701", 190_000, rucc=3)
    make_county("Logan", "62656", 20_000, rucc=6)
    program = make_program()
    for zip_ in ("62701", "62701", "62656"):
        meet(zip_, make_group(program=program))
    make_meeting(group=make_group(program=program), format="online", place=None)

    asking.draw_sample(seed="s", per_stratum=1, programs=[], by=make_user(), today=TODAY)

    strata = Draw.objects.get().groups.values_list("rurality", flat=True)
    assert sorted(strata) == ["metro", "nonmetro", "remote"]


def test_plan_asks_the_database_as_often_for_many_as_for_few(django_assert_max_num_queries):
    meet()
    with django_assert_max_num_queries(12) as few:
        planned()
    for _ in range(5):
        meet()

    with django_assert_max_num_queries(12) as many:
        planned()

    assert len(few) == len(many)


def load(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    call_command("load_population", str(path))


def test_population_is_loaded_anew(tmp_path):
    load(tmp_path, "zip,people\n1,5\n")
    load(tmp_path, '\ufeffzip,people,rucc\n02139,"36,349",1\n501,0,\n')

    rows = Population.objects.order_by("zip").values_list("zip", "people", "rucc")
    assert list(rows) == [("00501", 0, None), ("02139", 36349, 1)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n", "must name the columns"),
        ("zip,people\nspringfield,2\n", "Line 2: “springfield” is not a ZIP code"),
        ("zip,people\n62701,many\n", "not a number of people"),
        ("zip,people,rucc\n62701,5,10\n", "not a code from 1 to 9"),
    ],
)
def test_population_with_a_mistake_changes_nothing(tmp_path, text, sentence):
    Population.objects.create(zip="62701", people=1)

    with pytest.raises(CommandError, match=sentence):
        load(tmp_path, text)

    assert Population.objects.get().people == 1
