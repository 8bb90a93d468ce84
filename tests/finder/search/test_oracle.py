"""Search against a brute-force oracle: random listings, random questions, plain Python."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finder.geo import Point, distance_miles
from finder.models import Listing, MeetingException
from finder.schedule import next_start
from finder.search import ListingFilterSet, index, query
from finder.search.document import TIERS, schedule_of
from finder.vocab import Access, Focus, Format, Label, Medication, ScheduleKind
from tests.factories import (
    make_assessment,
    make_group,
    make_locality,
    make_meeting,
    make_place,
    make_program,
)

ZONES = ["America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Auckland"]
RULES = ["FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "FREQ=MONTHLY;BYDAY=-1FR"]
FOCUS = [Focus.WOMEN, Focus.VETERANS, Focus.LGBTQ]
ACCESS = [Access.STEP_FREE, Access.CAPTIONS]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MEETS = {"in_person": {"in_person", "hybrid"}, "online": {"online", "hybrid"}, "phone": {"phone"}}


@pytest.fixture
def directory(db):
    """Sixty meetings of every kind, near and far, from a fixed seed."""
    random = Random(7)
    make_locality()
    programs = [make_program(slug="na"), make_program(slug="smart", model="smart")]
    groups = [make_group(program=random.choice(programs)) for _ in range(25)]
    for group in groups:
        for medication in Medication.values:
            if random.random() < 0.7:
                label = random.choice(Label.values)
                lower = random.random()
                make_assessment(group=group, medication=medication, label=label, lower=lower)
    for _ in range(60):
        _make_random_meeting(random, random.choice(groups))
    index.rebuild()
    return list(Listing.objects.select_related("text"))


def _make_random_meeting(random: Random, group) -> None:
    format_ = random.choice(Format.values)
    zone = random.choice(ZONES)
    kind = random.choices(ScheduleKind.values, [12, 3, 1, 1])[0]
    fields = {
        "group": group,
        "format": format_,
        "timezone": zone,
        "kind": kind,
        "name": random.choice(["Night light", "Morning hope", "Hope at noon"]),
        "focus": random.sample(FOCUS, random.randint(0, 2)),
        "access": random.sample(ACCESS, random.randint(0, 2)),
        "languages": random.choice([[], ["en"], ["es"], ["en", "es"]]),
    }
    if kind in ("weekly", "rule"):
        fields["start"] = time(random.randrange(24), random.choice([0, 15, 30]))
        fields["duration_minutes"] = 60
    if kind == "weekly":
        fields["weekday"] = random.randrange(7)
    if kind == "rule":
        fields |= {"rrule": random.choice(RULES), "first_on": date(2026, 1, 6)}
    if format_ in ("in_person", "hybrid"):
        lat, lng = 39.8 + random.uniform(-0.6, 0.6), -89.65 + random.uniform(-0.6, 0.6)
        shut = {"closed_from": date(2026, 3, 1)} if random.random() < 0.1 else {}
        fields["place"] = make_place(lat=lat, lng=lng, **shut)
    meeting = make_meeting(**fields)
    if kind == "weekly" and random.random() < 0.2:
        MeetingException.objects.create(meeting=meeting, on=date(2026, 3, 10), start=time(9))


def matches(listing: Listing, search) -> bool:
    """Judge one listing as design says, without SQL."""
    if (search.formats or search.near) and not _place_fits(listing, search):
        return False
    pairs = ((search.programs, listing.program), (search.models, listing.model))
    if any(asked and has not in asked for asked, has in pairs):
        return False
    if set(search.focus) - set(listing.focus):
        return False
    if search.languages and not set(search.languages) & set(listing.languages):
        return False
    if set(search.access) - set(listing.access):
        return False
    if search.acceptance:
        tier = getattr(listing, f"{search.medication}_tier")
        if tier not in [TIERS[label] for label in search.acceptance]:
            return False
    if search.words and search.words.lower() not in listing.text.title_words.lower():
        return False
    return not search.has_times or _time_fits(listing, search)


def _place_fits(listing: Listing, search) -> bool:
    here = listing.format in MEETS["in_person"]
    if search.near:
        away = _away(listing, search)
        here = here and away is not None and away <= search.within
    if not search.formats:
        return here
    asked = [f for f in search.formats if f != "in_person"]
    afar = any(listing.format in MEETS[f] for f in asked)
    return afar or ("in_person" in search.formats and here)


def _away(listing: Listing, search) -> float | None:
    if listing.lat is None:
        return None
    return distance_miles(search.near.point, Point(listing.lat, listing.lng))


def _time_fits(listing: Listing, search) -> bool:
    if listing.kind == "always":
        return not listing.closures
    at = next_start(schedule_of(listing), search.now)
    if at is None:
        return False
    wait = search.starts_within
    if wait is not None and at > search.now + timedelta(minutes=wait):
        return False
    local = at.astimezone(ZoneInfo(search.tz))
    minute, weekday = local.hour * 60 + local.minute, local.weekday()
    begins = 0 if search.from_minute is None else search.from_minute
    ends = 1439 if search.to_minute is None else search.to_minute
    if begins <= ends:
        is_on = begins <= minute <= ends
    else:
        is_on = minute >= begins or minute <= ends
        if minute <= ends:
            weekday = (weekday - 1) % 7
    return is_on and (not search.days or weekday in search.days)


def _sort_key(listing: Listing, search):
    if search.sort == "distance":
        away = _away(listing, search)
        return (1e9 if away is None else round(away, 6), _starts(listing, search), listing.pk)
    if search.sort == "next_start":
        return (_starts(listing, search), listing.pk)
    if search.sort == "name":
        return (listing.sort_name, listing.pk)
    tier = getattr(listing, f"{search.medication}_tier")
    return (tier, -getattr(listing, f"{search.medication}_lower"), listing.pk)


def _starts(listing: Listing, search) -> float:
    at = next_start(schedule_of(listing), search.now)
    return 1e12 if at is None else at.timestamp()


def some(values, most: int = 2):
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


clocks = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
moments = st.one_of(
    st.datetimes(datetime(2026, 3, 6), datetime(2026, 3, 12)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)


@st.composite
def questions(draw) -> str:
    asked = QueryDict(mutable=True)
    for name, values in (
        ("format", ["in_person", "online", "phone"]),
        ("day", DAYS),
        ("program", ["na", "smart"]),
        ("model", ["12-step", "smart"]),
        ("focus", [f.value for f in FOCUS]),
        ("language", ["en", "es"]),
        ("access", [a.value for a in ACCESS]),
    ):
        if draw(st.integers(0, 3)) == 0:
            asked.setlist(name, draw(some(values)))
    for name, strategy in (
        ("from", clocks),
        ("to", clocks),
        ("starts_within", st.sampled_from(["30", "300", "3000"])),
        ("tz", st.sampled_from([*ZONES, "Asia/Kathmandu"])),
        ("q", st.sampled_from(["hope", "Night"])),
    ):
        if draw(st.integers(0, 4)) == 0:
            asked[name] = draw(strategy)
    sorts = ["next_start", "name"]
    if draw(st.booleans()):
        asked["near"] = draw(st.sampled_from(["62701", "39.9,-89.5"]))
        asked["within"] = draw(st.sampled_from(["5", "25", "40"]))
        sorts.append("distance")
    if draw(st.booleans()):
        asked["medication"] = draw(st.sampled_from(Medication.values))
        asked.setlist("acceptance", draw(some([*Label.values, "positive"])))
        sorts.append("acceptance")
    asked["sort"] = draw(st.sampled_from(sorts))
    asked["page_size"] = draw(st.sampled_from(["3", "7", "100"]))
    return asked.urlencode()


def ask(text: str, now: datetime):
    filterset = ListingFilterSet(QueryDict(text))
    assert filterset.is_valid(), filterset.errors
    return filterset.search(now=now)


def walk(text: str, now: datetime) -> tuple[list[int], list[int], int]:
    """Follow next to the end and previous back; return both lists of ids and the count."""
    forward, backward = [], []
    results = query(ask(text, now))
    pages = [[row["id"] for row in results.rows]]
    while results.next_cursor:
        # The clock has moved on: the cursor's own now must keep the list as it was.
        results = query(ask(f"{text}&cursor={results.next_cursor}", now + timedelta(hours=5)))
        pages.append([row["id"] for row in results.rows])
    forward = [id_ for page in pages for id_ in page]
    back = [pages[-1]]
    while results.previous_cursor:
        results = query(ask(f"{text}&cursor={results.previous_cursor}", now))
        back.append([row["id"] for row in results.rows])
    backward = [id_ for page in reversed(back) for id_ in page]
    return forward, backward, results.count


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=questions(), naive=moments)
def test_search_finds_what_the_oracle_finds_in_its_order(directory, text, naive):
    now = naive.replace(tzinfo=UTC)
    search = ask(text, now)
    expected = [listing for listing in directory if matches(listing, search)]
    expected.sort(key=lambda listing: _sort_key(listing, search))

    forward, backward, count = walk(text, now)

    assert forward == [listing.pk for listing in expected]
    assert backward == forward
    assert count == len(expected)
