"""The lane of a service body: its link, and what it can say of its groups through it."""

from datetime import date, timedelta

import pytest

from finder import lane
from finder.acceptance import Answers
from finder.curation import EvidenceRefused
from finder.models import (
    Assessment,
    BodyLink,
    Evidence,
    FieldLock,
    GroupReply,
    GroupStatement,
    Letter,
    Listing,
    ServiceBody,
    Tombstone,
)
from finder.search import index
from tests.conftest import NOON
from tests.factories import make_evidence, make_group, make_meeting, make_source, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 10)
YES = dict.fromkeys(("attend", "speak", "service", "milestone", "sponsor", "no_pressure"), "yes")


@pytest.fixture
def group():
    group = make_group(entity="River Area", source=make_source(), source_key="g1")
    meeting = make_meeting(group=group)
    index.refresh([meeting.pk])
    return group


@pytest.fixture
def link(group):
    body = ServiceBody.objects.create(
        program=group.program, entity="River Area", entered_by=make_user()
    )
    lane.make_link(body, by=make_user(), now=NOON, site="https://example.org")
    return BodyLink.objects.get()


def test_link_is_found_by_its_hash_until_it_ends_or_is_taken_back(link):
    url = lane.make_link(link.body, by=make_user(), now=NOON, site="https://example.org")
    token = url.rstrip("/").split("/")[-1]

    assert lane.find(token, now=NOON).body == link.body
    assert not BodyLink.objects.filter(token_hash__contains=token).exists()
    assert lane.find(token, now=NOON + timedelta(days=401)) is None
    lane.revoke(lane.find(token, now=NOON), now=NOON)
    assert lane.find(token, now=NOON) is None
    assert lane.find("", now=NOON) is None


def test_link_without_an_address_mails_nothing(link):
    assert not Letter.objects.exists()


def test_groups_are_those_of_the_program_that_name_the_body(link, group):
    make_group(entity="River Area")
    make_group(entity="Hill Area", program=group.program)
    make_group(entity="River Area", program=group.program, status="retired", retired_on=TODAY)

    assert list(lane.groups_of(link.body)) == [group]


def test_confirming_dates_the_group_and_its_meetings_and_locks_nothing(link, group):
    lane.confirm(link, group, now=NOON)

    group.refresh_from_db()
    assert (group.verified_on, group.verified_by) == (TODAY, "River Area")
    assert group.meetings.get().verified_on == TODAY
    assert Listing.objects.get().verified_on == TODAY
    assert not FieldLock.objects.exists()


def test_taking_out_retires_everything_and_leaves_a_tombstone(link, group):
    lane.take_out(link, group, now=NOON)

    group.refresh_from_db()
    assert (group.status, group.meetings.get().status) == ("retired", "retired")
    assert not Listing.objects.exists()
    stone = Tombstone.objects.get()
    assert (stone.source_key, stone.entered_by) == ("g1", link.made_by)
    assert "River Area" in stone.note


def test_reply_is_shown_at_once_and_reaches_the_evidence_that_was_asked_about(link, group):
    asked = make_evidence(group=group, reply_asked_on=TODAY)
    other = make_evidence(group=group)

    lane.reply(link, group, "We voted in June.", now=NOON)
    lane.reply(link, group, "We voted in July.", now=NOON)

    assert [row.text for row in GroupReply.objects.standing()] == ["We voted in July."]
    assert GroupReply.objects.count() == 2
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.reply, other.reply) == ("We voted in July.", "")
    lane.withdraw_reply(
        GroupReply.objects.standing().get(), reason="It names a person", by=make_user(), now=NOON
    )
    asked.refresh_from_db()
    assert (asked.reply, GroupReply.objects.standing().count()) == ("", 0)


def state(link, group, position):
    return lane.state(
        link, group, on=date(2026, 11, 1), form="vote", text="8 to 1", position=position, now=NOON
    )


def test_statement_counts_only_after_a_curator_read_it(link, group):
    row = state(link, group, lane.Position("any", Answers(**YES), is_affirming=True))

    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.reviewed_at) == ("group_statement", None)
    assert set(Assessment.objects.values_list("label", flat=True)) == {"not_known"}
    assert lane.decide_statement(row, is_accepted=True, by=make_user(), now=NOON)
    assert not lane.decide_statement(row, is_accepted=False, by=make_user(), now=NOON)
    reading = Assessment.objects.get(group=group, medication="methadone")
    assert reading.label in ("accepting", "affirming")


def test_declined_statement_is_withdrawn(link, group):
    row = state(link, group, lane.Position("any", Answers(**YES)))

    lane.decide_statement(row, is_accepted=False, by=make_user(), now=NOON)

    assert Evidence.objects.get().withdrawn_at


def test_no_position_is_kept_without_evidence(link, group):
    row = state(link, group, None)

    assert not Evidence.objects.exists()
    assert not GroupStatement.objects.no_position().exists()
    lane.decide_statement(row, is_accepted=True, by=make_user(), now=NOON)
    assert GroupStatement.objects.no_position().get() == row


def test_statement_with_nothing_answered_is_refused_and_leaves_nothing(link, group):
    with pytest.raises(EvidenceRefused):
        state(link, group, lane.Position("any", Answers()))

    assert not GroupStatement.objects.exists()
