"""Asking a group: the answer is evidence, a refusal is none, and chance is not chosen."""

from datetime import UTC, date, datetime, timedelta

import pytest

from finder import asking, curation
from finder.acceptance import Answers
from finder.models import Assessment, DrawnGroup, Evidence, Inquiry
from tests.factories import make_group, make_program, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
YES = asking.Told("methadone", Answers(attend="yes", speak="yes", no_pressure="yes"))


def ask(group, **fields):
    told = {
        "asked_on": TODAY,
        "route": "helpline",
        "outcome": "answered",
        "by": make_user(),
        "now": NOW,
    }
    return asking.record_inquiry(group, **told | fields)


def test_answer_becomes_evidence_reviewed_by_who_asked():
    group = make_group()

    row = ask(group, told=YES)

    assert (row.evidence.kind, row.evidence.source_note) == (
        "clinician_call",
        "Helpline of its service body",
    )
    assert row.evidence.reviewed_by == row.asked_by
    assert not row.is_random_sample
    assert Assessment.objects.get(group=group, medication="methadone").label == "accepting"


def test_peer_workers_own_group_is_a_visit():
    told = asking.Told("methadone", YES.answers, disclosed="yes")

    assert ask(make_group(), route="clinic", told=told).evidence.kind == "peer_visit"


@pytest.mark.parametrize("outcome", ["declined", "waiting", "no_position", "not_reached"])
def test_asking_without_an_answer_says_nothing_of_the_group(outcome):
    group = make_group()

    row = ask(group, outcome=outcome)

    assert (row.outcome, row.evidence) == (outcome, None)
    assert not Evidence.objects.exists()


def test_answer_that_the_method_refuses_leaves_nothing_behind():
    told = asking.Told("methadone", Answers(no_pressure="no"))

    with pytest.raises(curation.EvidenceRefused):
        ask(make_group(), told=told)

    assert not Inquiry.objects.exists()


def test_only_answers_of_drawn_groups_are_marked_as_of_the_sample():
    program = make_program()
    drawn = make_group(program=program)
    asking.draw_sample(seed="s", per_stratum=1, programs=[], by=make_user(), today=TODAY)
    late = make_group(program=program)

    assert ask(drawn, told=YES).evidence.is_random_sample
    assert not ask(late, told=YES).evidence.is_random_sample


def test_old_draw_marks_nothing():
    group = make_group()
    day = TODAY - timedelta(days=180)
    asking.draw_sample(seed="s", per_stratum=1, programs=[], by=make_user(), today=day)

    assert not ask(group, told=YES).is_random_sample


def drawn(seed, **fields):
    wanted = {"per_stratum": 2, "programs": [], "by": make_user(), "today": date(2026, 11, 2)}
    draw = asking.draw_sample(seed=seed, **wanted | fields)
    return set(DrawnGroup.objects.filter(draw=draw).values_list("group", flat=True))


def test_sample_is_the_same_again_from_the_same_seed():
    program = make_program()
    for _ in range(12):
        make_group(program=program)

    assert drawn("one") == drawn("one")
    assert len({frozenset(drawn(f"seed {n}")) for n in range(8)}) > 1


def test_sample_takes_as_many_of_each_program_and_none_that_awaits_consent():
    few, many = make_program(), make_program()
    make_group(program=few)
    for _ in range(5):
        make_group(program=many)
    make_group(program=make_program(model="wellbriety"))
    make_group(program=few, needs_community_consent=True)

    rows = DrawnGroup.objects.filter(group__in=drawn("s"))

    assert sorted(rows.values_list("program", flat=True)) == sorted(
        [few.slug, many.slug, many.slug]
    )
    assert drawn("t", programs=[few.slug]) == set(few.groups.values_list("pk", flat=True)[:1])
