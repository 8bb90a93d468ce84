"""No further word finds more: whatever is typed, each kind of thing narrows what was found."""

from datetime import time
from random import Random

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finder.search import ListingFilterSet, index
from finder.search.box import read_box
from finder.search.everything import matching_ids
from tests.factories import make_group, make_locality, make_meeting, make_program

# One kind in each row: words of one kind are alternatives where a meeting can only have one.
KINDS = [
    ["tuesday", "martes", "weekend"],
    # Neither "night" nor "tonight": the night of a Tuesday runs into Wednesday.
    ["evening", "after 6pm", "morning"],
    ["tomorrow", "now", "today"],
    ["na", "smart"],
    ["spanish", "english"],
    ["near 62701", "online", "phone"],
]
# These may all hold at once.
TOGETHER = ["women", "beginners", "gay", "young people", "veteranos", "wheelchair", "asl", "open"]
TOGETHER += ["lantern", "lantren", "hope", '"night hope"', "harbour", "xyzzy", "methadone", "the"]


@pytest.fixture
def directory(db, now):
    random = Random(11)
    make_locality()
    groups = [
        make_group(program=make_program(slug=slug, name=slug.upper(), short_name=slug))
        for slug in ("na", "smart")
    ]
    for _number in range(60):
        make_meeting(
            group=random.choice(groups),
            name=random.choice(["Lantern", "Night hope", "Hope at night", "Harbour of hope"]),
            format=random.choice(["in_person", "online", "hybrid", "phone"]),
            weekday=random.choice([1, 1, 2, 5]),
            # The same part of the day in the zone of the place and in the one without it.
            start=time(random.choice([8, 12, 19, 21])),
            focus=random.sample(["women", "newcomers", "gay", "young-people", "veterans"], 2),
            access=random.sample(["step-free", "asl", "open"], 2),
            languages=random.choice([["en"], ["es"], ["en", "es"]]),
        )
    index.rebuild()


def found(text: str, now) -> set[int]:
    programs = [("na", "NA", "na"), ("smart", "SMART", "smart")]
    asked = QueryDict(mutable=True)
    for name, values in read_box({"q": [text]}, programs=programs).params.items():
        asked.setlist(name, values)
    filters = ListingFilterSet(asked)
    assert filters.is_valid(), filters.errors
    return set(matching_ids(filters.search(now=now)))


@st.composite
def sentences(draw) -> list[str]:
    words = [draw(st.sampled_from(kind)) for kind in KINDS if draw(st.integers(0, 2)) == 0]
    words += draw(st.lists(st.sampled_from(TOGETHER), max_size=4, unique=True))
    return draw(st.permutations(words))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=sentences())
def test_no_further_word_finds_more(directory, now, words):
    before = found("", now)
    for end in range(1, len(words) + 1):
        after = found(" ".join(words[:end]), now)
        assert after <= before, words[:end]
        before = after


def test_people_named_together_are_all_meant(directory, now):
    both = found("women beginners", now)

    assert both == found("women", now) & found("beginners", now)
    assert 0 < len(both) < len(found("women", now))


def test_day_beside_a_night_still_narrows_it(directory, now):
    assert found("tuesday tonight", now) <= found("tonight", now)
    assert found("wednesday tonight", now) < found("tonight", now)
