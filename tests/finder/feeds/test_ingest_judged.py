"""Parked runs as a curator judges them, and runs taken back exactly."""

import random
from datetime import timedelta

import pytest

from finder import curation
from finder.feeds import ingest
from finder.models import (
    FieldLock,
    Group,
    ImportRun,
    ImportStatus,
    Listing,
    Meeting,
    ParkedRow,
    Place,
    Record,
)
from finder.vocab import Status
from tests.factories import make_evidence, make_user
from tests.finder.feeds.town import NOW, TEN, counts, digest, row

pytestmark = pytest.mark.django_db
SHRUNK = [*TEN[:5], row(5, time="20:30", notes="Side door"), row(77)]
SECRET = "https://zoom.us/j/123456789?pwd=Abc123Abc123"


def everything():
    """All that the directory holds, with the ids it gave and what searches find."""
    models = (Group, Place, Meeting, Record, Listing)
    # The words of a listing are made by the database from the rest; a record is its meeting's.
    hidden = {Listing: {"words"}, Record: {"id"}}
    return {
        model.__name__: sorted(
            str({k: v for k, v in values.items() if k not in hidden.get(model, ())})
            for values in model.objects.values()
        )
        for model in models
    }


@pytest.fixture
def parked(bring):
    bring(TEN)
    assert bring(SHRUNK).parked_because
    return ImportRun.objects.get(status=ImportStatus.PARKED)


def told(run):
    return {(each.kind, each.title): each for each in ingest.proposals(run, today=NOW.date())}


def test_proposals_name_each_field_with_what_stands_and_what_would(parked):
    found = told(parked)

    assert [kind for kind, _ in found] == ["gone"] * 4 + ["changed", "new"]
    changed = found["changed", "Group Cedar 5"]
    assert {(d.of, d.field, d.before, d.after) for d in changed.differences} == {
        ("meeting", "start", "19:00:00", "20:30:00"),
        ("meeting", "notes", "", "Side door"),
    }
    new = {d.field: d.after for d in found["new", "Group Maple 77"].differences}
    assert new["start"] == "19:00:00"
    assert new["place"].startswith("77 Maple St")


def test_whole_of_a_parked_run_is_applied_as_if_it_had_been_let_through(parked, bring):
    user = make_user()

    outcome = ingest.apply_parked(parked, by=user, now=NOW)

    assert counts(outcome, "created", "updated", "unchanged", "retired") == (1, 1, 5, 4)
    parked.refresh_from_db()
    assert (parked.status, parked.decided_by, parked.created) == (ImportStatus.APPLIED, user, 1)
    assert not ParkedRow.objects.exists()
    assert counts(bring(SHRUNK), "created", "updated", "unchanged", "retired") == (0, 0, 7, 0)
    meeting = Meeting.objects.get(slug="slug-5")
    # By number: events of one transaction share their time.
    event = meeting.events.order_by("pgh_id").last()
    assert event.pgh_context.metadata == {"user": user.pk, "view": "feeds.ingest.apply_parked"}


def test_some_of_a_parked_run_leaves_the_rest_as_it_was(parked):
    chosen = [
        told(parked)["gone", "Group Beech 8"].token,
        told(parked)["new", "Group Maple 77"].token,
    ]

    ingest.apply_parked(parked, by=make_user(), now=NOW, chosen=chosen)

    retired = Meeting.objects.filter(status=Status.RETIRED).values_list("slug", flat=True)
    assert list(retired) == ["slug-8"]
    assert Meeting.objects.filter(slug="slug-77").exists()
    assert Meeting.objects.get(slug="slug-5").notes == ""
    parked.source.refresh_from_db()
    assert parked.source.last_hash == ""


def test_parked_run_thrown_away_changes_nothing_and_does_not_come_back(parked, bring):
    before = digest()

    ingest.dismiss(parked, by=make_user(), now=NOW)
    with pytest.raises(ingest.AlreadyDecided):
        ingest.apply_parked(parked, by=make_user(), now=NOW)
    assert bring(SHRUNK).parked_because

    assert digest() == before
    assert not ImportRun.objects.filter(status=ImportStatus.PARKED).exists()
    assert not ParkedRow.objects.exists()


def test_later_feed_of_the_source_replaces_what_waits(parked, bring):
    bring(TEN, now=NOW + timedelta(days=1))

    parked.refresh_from_db()
    assert parked.status == ImportStatus.REPLACED
    assert not ParkedRow.objects.exists()


def test_a_correction_made_while_a_run_waits_outlives_its_being_applied(parked):
    meeting, user = Meeting.objects.get(slug="slug-5"), make_user()
    meeting.notes = "Ring twice"
    curation.correct(meeting, fields=["notes"], by=user, today=NOW.date())

    ingest.apply_parked(parked, by=user, now=NOW)

    meeting.refresh_from_db()
    assert (meeting.notes, meeting.start.hour) == ("Ring twice", 20)
    lock = FieldLock.objects.get(field="notes")
    assert (lock.feed_value, lock.conflict_since) == ("Side door", NOW)


def test_what_waits_holds_no_credential_in_the_clear(bring):
    online = [row(n, conference_url=SECRET, attendance_option="online") for n in range(10)]
    bring(online)

    bring([row(n, conference_url=SECRET + "9", attendance_option="online") for n in range(5)])

    said = str(list(ParkedRow.objects.values()))
    assert ParkedRow.objects.count() == 5
    assert "Abc123" not in said
    run = ImportRun.objects.get(status=ImportStatus.PARKED)
    assert "Abc123" not in str(ingest.proposals(run, today=NOW.date()))
    ingest.apply_parked(run, by=make_user(), now=NOW)
    assert Meeting.objects.get(slug="slug-1").join_url_secret == SECRET + "9"


def test_a_run_taken_back_leaves_exactly_what_was(bring):
    bring([row(n, conference_url=SECRET, attendance_option="hybrid") for n in range(10)])
    before = everything()
    changed = [
        *[row(n, conference_url=SECRET + "x", attendance_option="hybrid") for n in range(4)],
        *[row(n, name=f"Other {n}", time="08:00") for n in range(4, 9)],
        row(30), row(31),
    ]  # fmt: skip
    bring(changed, now=NOW + timedelta(hours=1), accept_shrink=True)
    assert everything() != before
    run = ImportRun.objects.latest("pk")

    assert ingest.roll_back(run, by=make_user(), now=NOW + timedelta(hours=2)) == 1

    assert everything() == before
    assert "took this very feed back" in bring(changed).parked_because
    with pytest.raises(ingest.CannotRollBack):
        ingest.roll_back(run, by=make_user(), now=NOW)


@pytest.mark.parametrize("seed", range(4))
def test_runs_taken_back_one_by_one_or_at_once_pass_through_every_state(bring, seed):
    chance, states, user = random.Random(seed), [], make_user()
    rows = list(TEN)
    for turn in range(5):
        states.append(everything())
        rows = [
            row(chance.randrange(12), time=f"{chance.randrange(8, 20):02}:00", notes=f"Turn {turn}")
            if chance.random() < 0.4
            else each
            for each in rows
        ]
        bring(chance.sample(rows, len(rows)), now=NOW + timedelta(hours=turn), accept_shrink=True)
    runs = list(ImportRun.objects.order_by("pk"))

    ingest.roll_back(runs[4], by=user, now=NOW)
    assert everything() == states[4]
    assert ingest.roll_back(runs[2], by=user, now=NOW) == 2
    assert everything() == states[2]


def test_a_new_group_that_somebody_spoke_of_is_kept_and_no_longer_listed(bring):
    bring(TEN)
    group = Meeting.objects.get(slug="slug-3").group
    evidence = make_evidence(group=group)

    ingest.roll_back(ImportRun.objects.get(), by=make_user(), now=NOW)

    assert list(Group.objects.values_list("pk", "status")) == [(group.pk, Status.RETIRED)]
    assert evidence.group_id == group.pk
    assert not Listing.objects.exists()


def test_a_locked_field_is_not_taken_back(bring):
    bring(TEN)
    bring([row(0, notes="New"), *TEN[1:]], now=NOW + timedelta(hours=1))
    meeting = Meeting.objects.get(slug="slug-0")
    meeting.notes = "Ours"
    curation.correct(meeting, fields=["notes"], by=make_user(), today=NOW.date())

    ingest.roll_back(ImportRun.objects.latest("pk"), by=make_user(), now=NOW)

    meeting.refresh_from_db()
    assert meeting.notes == "Ours"
