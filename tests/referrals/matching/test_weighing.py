"""Weighing all groups at once gives what judging and scoring them one by one gives."""

import random
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from finder.models import MeetingException
from finder.search import candidates, index
from finder.search.snapshot import gather
from finder.vocab import Access, Focus, Format, Label, Medication, MeetingType, Model
from referrals.matching import (
    AcceptanceMode,
    Device,
    Needs,
    Taking,
    Travel,
    Way,
    Window,
    suggest_from,
)
from referrals.matching.judging import judge
from referrals.matching.matches import in_order, match_of
from referrals.matching.sifting import order_of, sift
from referrals.matching.suggesting import suggest_sifted
from referrals.matching.weighing import weigh
from tests.factories import make_assessment, make_group, make_meeting, make_place, make_program

pytestmark = pytest.mark.django_db

# Two days before clocks go back in the United States.
NOW = datetime(2026, 10, 30, 21, 7, 30, tzinfo=UTC)
# Fewer than the query path bounds, so that both see all.
GROUPS = 150
HOME = {"lat": 39.8, "lng": -89.65, "zone": "America/Chicago"}
ZONES = ("America/Chicago", "America/New_York", "America/Phoenix", "Europe/London")


def make_directory(chance: random.Random) -> None:
    """Make groups that differ in everything matching asks of them."""
    programs = [
        make_program(model=model, is_secular=secular, is_family=family, substances=substances)
        for model, secular, family, substances in (
            (Model.TWELVE_STEP, None, False, []),
            (Model.TWELVE_STEP, False, False, ["alcohol"]),
            (Model.SECULAR, True, False, ["any"]),
            (Model.FAITH, False, False, ["opioids", "alcohol"]),
            (Model.FAMILY, None, True, []),
            (Model.WELLBRIETY, None, False, []),
            (Model.HUB, None, False, ["gambling"]),
        )
    ]
    programs.append(make_program(slug="mara", model=Model.MEDICATION, prior_class="built_for"))
    programs.append(make_program(slug="smart", model=Model.SMART, is_secular=True))
    for _ in range(GROUPS):
        _make_group(chance, chance.choice(programs))


def _some(chance: random.Random, codes: list[str], most: int) -> list[str]:
    return chance.sample(codes, chance.randrange(most + 1)) if chance.random() < 0.4 else []


def _tags(chance: random.Random) -> dict:
    focus, access = _some(chance, Focus.values, 3), _some(chance, Access.values, 6)
    return {
        "focus": focus,
        "focus_no": [c for c in _some(chance, Focus.values, 3) if c not in focus],
        "access": access,
        "access_no": [c for c in _some(chance, Access.values, 4) if c not in access],
        "languages": _some(chance, ["en", "es", "fr-CA"], 2),
        "languages_no": _some(chance, ["en"], 1) if chance.random() < 0.2 else [],
    }


def _make_group(chance: random.Random, program) -> None:
    verified = chance.choice([None, date(2026, 10, 1), date(2026, 3, 1)])
    by = {"verified_on": verified, "verified_by": "test" if verified else ""}
    group = make_group(program=program, **_tags(chance), **by)
    for medication in Medication.values:
        if chance.random() < 0.4:
            make_assessment(
                group=group,
                medication=medication,
                label=chance.choice(Label.values),
                basis=chance.choice(["group", "program"]),
                lower=chance.choice([0.1, 0.35, 0.61, chance.random()]),
            )
    # Whole steps make ties likely.
    lat, lng = (chance.choice([0, 0.05, 0.2, 0.5, 1, 2.5]) * chance.choice([-1, 1]) for _ in "ab")
    place = make_place(lat=39.8 + lat, lng=-89.65 + lng)
    for _ in range(chance.choice([1, 1, 2, 4])):
        _make_meeting(chance, group, place)


def _make_meeting(chance: random.Random, group, place) -> None:
    format_ = chance.choice(Format.values)
    is_there = format_ in (Format.IN_PERSON, Format.HYBRID)
    fields = {
        "format": format_,
        "place": place if is_there else None,
        "timezone": "America/Chicago" if is_there else chance.choice(ZONES),
        "types": chance.sample(MeetingType.values, 2),
        "phone": "217-555-0100" if format_ == Format.PHONE or chance.random() < 0.2 else "",
        "weekday": chance.randrange(7),
        "start": time(chance.randrange(24), chance.choice([0, 30])),
        "duration_minutes": chance.choice([None, 60, 90]),
    }
    kind = chance.random()
    if kind < 0.1:
        fields |= {"kind": chance.choice(["always", "appointment"]), "weekday": None, "start": None}
    elif kind < 0.2:
        rule = chance.choice(["FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"])
        fields |= {"kind": "rule", "rrule": rule, "first_on": date(2026, 1, 1), "weekday": None}
    tags = _tags(chance) if chance.random() < 0.4 else {}
    meeting = make_meeting(group=group, **tags, **fields)
    if kind > 0.9:
        MeetingException.objects.create(
            meeting=meeting, on=NOW.date() + timedelta(days=chance.randrange(8))
        )


@pytest.fixture(scope="module")
def directory(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_directory(random.Random(20))
        index.rebuild()
        columns = gather(now=NOW)
        # A function, since a failing example is told with all that it was given.
        yield lambda: columns
        transaction.set_rollback(True)


WINDOWS = st.lists(
    st.builds(
        lambda day, start, length: Window(day, start * 60, min(start + length, 24) * 60),
        st.integers(0, 6),
        st.integers(0, 23),
        st.integers(1, 10),
    ),
    max_size=4,
).map(tuple)


def codes(values, most):
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True).map(tuple)


NEEDS = st.builds(
    Needs,
    lat=st.just(HOME["lat"]),
    lng=st.just(HOME["lng"]),
    zone=st.sampled_from(ZONES),
    miles=st.sampled_from([1.0, 5.0, 25.0, 100.0]),
    travel=st.sampled_from(Travel),
    device=st.sampled_from(Device),
    times=WINDOWS,
    busy=WINDOWS,
    wanted_per_week=st.integers(1, 4),
    taking=st.sampled_from(Taking),
    medication=st.sampled_from(["", *Medication.values]),
    acceptance=st.sampled_from(AcceptanceMode),
    formats=codes(Way, 2),
    languages=st.sampled_from([("en",), ("es",), ("fr", "en"), ("zh",)]),
    access=codes(Access.values, 2),
    with_children=st.booleans(),
    focus=codes(Focus.values, 3),
    does_not_fit=codes(["women", "men"], 1),
    is_under_18=st.booleans(),
    models_wanted=codes(Model.values, 2),
    models_unwanted=codes(Model.values, 2),
    no_religion=st.booleans(),
    substance=st.sampled_from(["", "opioids", "alcohol"]),
    dual_diagnosis=st.booleans(),
)
NOTHING = Needs(**HOME)
EVERYTHING = Needs(
    **HOME, travel=Travel.NONE, device=Device.VOICE_PHONE, languages=("zh",),
    acceptance=AcceptanceMode.ONLY, taking=Taking.TAKES, medication="methadone",
)  # fmt: skip


def found(needs):
    around = {"lat": needs.lat, "lng": needs.lng, "miles": needs.reach}
    return candidates(**around, zone=needs.zone, now=NOW)


@given(needs=NEEDS)
@settings(max_examples=40, phases=[Phase.explicit, Phase.generate])
def test_weighing_is_judging_and_scoring_of_each_group(directory, needs):
    assert_alike(directory(), needs)


@pytest.mark.parametrize("needs", [NOTHING, EVERYTHING], ids=["nothing", "everything"])
def test_needs_that_exclude_nothing_and_everything_are_weighed_alike(directory, needs):
    assert_alike(directory(), needs)


def assert_alike(columns, needs):
    groups = found(needs)
    judged = [judge(group, needs) for group in groups]
    matches = in_order(match_of(item, needs) for item in judged if not item.ruled_out_by)

    weighed = weigh(columns, needs, now=NOW)

    ids = columns.group["id"][weighed.group]
    assert sorted(ids.tolist()) == [group.id for group in groups]
    order = order_of(columns, weighed)
    assert ids[order].tolist() == [match.group.id for match in matches]
    scores = [match.score for match in matches]
    np.testing.assert_allclose(weighed.score[order], scores, rtol=0, atol=1e-9)
    assert_suggests_alike(columns, weighed, groups, needs)


def assert_suggests_alike(columns, weighed, groups, needs):
    sifted = sift(columns, weighed, needs, rest=20, left_out=8)
    ids = {*sifted.chosen, *sifted.rest, *sifted.left_out}
    shown = suggest_sifted(sifted, [group for group in groups if group.id in ids], needs)

    assert shown == suggest_from(groups, needs)
