"""Two groups become one and are parted again exactly."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from finder import curation
from finder.models import (
    Assessment,
    DuplicatePair,
    Evidence,
    Group,
    Listing,
    Meeting,
    PairState,
    Place,
    Tombstone,
)
from finder.search import index
from finder.vocab import Format, Status
from tests.factories import (
    make_evidence,
    make_group,
    make_meeting,
    make_place,
    make_program,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 10, 17, tzinfo=UTC)


def everything():
    hidden = {Listing: {"words"}, Assessment: {"id"}}
    return {
        model.__name__: sorted(
            str({k: v for k, v in row.items() if k not in hidden.get(model, ())})
            for row in model.objects.values()
        )
        for model in (Group, Meeting, Place, Evidence, Listing, Assessment)
    }


@pytest.fixture
def program():
    return make_program(slug="na")


@pytest.fixture
def twins(program):
    """One group as two sources list it; the second has a meeting that the first lacks."""
    groups = []
    for number in range(2):
        source = make_source(program=program)
        group = make_group(
            program=program, source=source, source_key="k", name="Serenity at Walnut"
        )
        place = make_place(lat=39.8 + number * 0.001)
        for weekday in range(1 + number):
            make_meeting(
                group=group, source=source, source_key=f"k{weekday}", weekday=weekday, place=place
            )
        groups.append(group)
    make_evidence(group=groups[1])
    curation.reassess(groups, today=NOW.date())
    index.rebuild()
    return groups


def ids(group):
    return list(group.meetings.order_by("pk").values_list("pk", flat=True))


def merge(kept, gone, **options):
    return curation.merge(kept, gone, by=make_user(), now=NOW, **options)


def test_one_group_stands_for_both_and_what_was_said_follows_it(twins, client):
    kept, gone = twins
    (monday,), (twin, tuesday) = ids(kept), ids(gone)

    merge(kept, gone, joined=[(twin, monday)])

    assert set(Listing.objects.values_list("pk", "group_id")) == {
        (monday, kept.pk), (tuesday, kept.pk),
    }  # fmt: skip
    assert Evidence.objects.get().group == kept
    assert {row.group_id for row in Assessment.objects.all()} == {kept.pk}
    assert client.get(f"/groups/{gone.pk}/").url == f"/groups/{kept.pk}/"
    assert client.get(f"/meetings/{twin}/").url == f"/meetings/{monday}/"
    assert client.get(f"/api/v1/groups/{gone.pk}/").url == f"/api/v1/groups/{kept.pk}/"
    assert client.get(f"/api/v1/meetings/{twin}/").url == f"/api/v1/meetings/{monday}/"
    assert client.get(f"/api/v1/meetings/{tuesday}/").status_code == 200
    assert Meeting.objects.get(pk=twin).source == gone.source


def test_parting_gives_back_exactly_what_was(twins, client):
    kept, gone = twins
    before = everything()
    made = merge(kept, gone, joined=[(ids(gone)[0], ids(kept)[0])])
    assert everything() != before

    curation.unmerge(made, by=make_user(), now=NOW + timedelta(hours=3))

    assert everything() == before
    assert client.get(f"/groups/{gone.pk}/").status_code == 200
    with pytest.raises(curation.CannotMerge):
        curation.unmerge(made, by=make_user(), now=NOW)


def test_what_is_said_after_a_merge_stays_with_the_group_that_stayed(twins):
    kept, gone = twins
    made = merge(kept, gone)
    later = make_evidence(group=kept)

    curation.unmerge(made, by=make_user(), now=NOW)

    later.refresh_from_db()
    assert later.group == kept
    assert gone.evidence.count() == 1


def test_the_other_source_stands_in_when_the_one_that_stayed_stops_listing(twins):
    kept, gone = twins
    monday, twin = ids(kept)[0], ids(gone)[0]
    merge(kept, gone, joined=[(twin, monday)])
    Meeting.objects.filter(pk=monday).update(status=Status.RETIRED, retired_on=date(2026, 1, 1))

    index.refresh([monday, twin])

    assert Listing.objects.filter(pk=twin).exists()


def test_groups_of_two_programs_are_never_merged(twins):
    with pytest.raises(curation.CannotMerge):
        merge(twins[0], make_group())


def test_a_merge_asks_for_what_makes_sense(twins, program):
    kept, gone = twins
    (monday,), (twin, tuesday) = ids(kept), ids(gone)
    awaiting = make_group(program=program, needs_community_consent=True)
    for told in (
        (kept, kept, ()),
        (kept, awaiting, ()),
        (kept, gone, [(twin, monday), (tuesday, monday)]),
        (kept, gone, [(monday, twin)]),
    ):
        with pytest.raises(curation.CannotMerge):
            merge(*told[:2], joined=told[2])
    merge(kept, gone)
    with pytest.raises(curation.CannotMerge):
        merge(kept, gone)


def test_a_merged_group_that_asked_out_is_known_to_every_source_that_listed_it(twins):
    kept, gone = twins
    merge(kept, gone)

    curation.take_out(kept, by=make_user(), today=NOW.date(), note="Asked by its chair")

    told = set(Tombstone.objects.values_list("source", "source_key"))
    assert told == {(kept.source_id, "k"), (gone.source_id, "k")}
    assert not Meeting.objects.exclude(status=Status.RETIRED).exists()


# --- Candidates -------------------------------------------------------------------------


def pair_of(program, **second):
    """One meeting, and another of a second source; ``second`` says how that one differs."""
    place = second.pop("place", None) or make_place()
    name = second.pop("name", "Serenity at Noon")
    first = make_meeting(
        group=make_group(program=program, name="Serenity at Noon"), source=make_source()
    )
    other = make_meeting(
        group=make_group(program=second.pop("other_program", program), name=name),
        **{"source": make_source(), "place": place} | second,
    )
    return first, other


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"start": time(19, 5)},
        {"name": "The Serenity at Noon Group"},
        {"name": "Serenity Noon"},
    ],
)
def test_alike_meetings_of_two_sources_are_candidates(program, second):
    first, other = pair_of(program, **second)

    assert curation.find_duplicates(now=NOW) == 1

    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second) == (first.group, other.group)
    assert pair.meetings == [[first.pk, other.pk]]


@pytest.mark.parametrize(
    "second",
    [
        {"start": time(19, 6)},
        {"weekday": 1},
        {"name": "Just for Today"},
        {"place": {"lat": 39.8 + 160 / 111195, "address": "8 Elm Street"}},
        {"other_program": {}},
        {"status": Status.RETIRED, "retired_on": date(2026, 1, 1)},
    ],
)
def test_meetings_that_differ_are_no_candidates(program, second):
    makers = {"place": make_place, "other_program": make_program}
    pair_of(program, **{k: makers[k](**v) if k in makers else v for k, v in second.items()})

    assert curation.find_duplicates(now=NOW) == 0


def test_candidates_150_metres_apart_or_by_one_link(program):
    pair_of(program, place=make_place(lat=39.8 + 140 / 111195, address="8 Elm Street"))
    links = ("https://zoom.us/j/123456789", "http://us02web.zoom.us/j/123456789?x=1")
    for link in links:
        make_meeting(
            group=make_group(program=program, name="Online Serenity"),
            source=make_source(), format=Format.ONLINE, join_url=link, weekday=4,
        )  # fmt: skip

    assert curation.find_duplicates(now=NOW) == 2


def test_decided_pairs_stay_decided_and_past_ones_go(program):
    first, other = pair_of(program)
    curation.find_duplicates(now=NOW)
    Meeting.objects.filter(pk=other.pk).update(start=time(21))
    assert curation.find_duplicates(now=NOW) == 0
    assert not DuplicatePair.objects.exists()

    Meeting.objects.filter(pk=other.pk).update(start=first.start)
    curation.find_duplicates(now=NOW)
    curation.keep_apart(DuplicatePair.objects.get(), by=make_user(), now=NOW)

    assert curation.find_duplicates(now=NOW) == 0
    assert DuplicatePair.objects.get().state == PairState.DIFFERENT
