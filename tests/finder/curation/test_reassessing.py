"""Stored readings: one writer, quiet when nothing changed, careful with what speaks against."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from finder.curation import reassess
from finder.models import Assessment, Group, Listing, MonthFigures
from finder.search import index
from tests.factories import make_evidence, make_group, make_meeting, make_program, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)
PRESSED = {"no_pressure": "no", "pressure_from": "chair"}
LISTEN_ONLY = {"speak": "no", "service": "no", "milestone": "no", "sponsor": ""}


def reading(group, medication="methadone"):
    return Assessment.objects.get(group=group, medication=medication)


def make_report(group, days, **fields):
    asked = TODAY - timedelta(days=30)
    second = {
        "second_reviewed_by": make_user(),
        "second_reviewed_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return make_evidence(
        group=group,
        kind="patient_report",
        disclosed="yes",
        on=TODAY - timedelta(days=days),
        reply_asked_on=asked,
        **second | fields,
    )


def test_reassess_reads_every_listed_group_for_each_medication():
    groups = [make_group(), make_group(status="paused")]

    assert reassess(today=TODAY) == 6
    assert Assessment.objects.filter(group__in=groups).count() == 6


def test_reassess_again_on_one_day_writes_nothing():
    for _ in range(3):
        make_evidence(on=TODAY - timedelta(days=40))
    reassess(today=TODAY)

    assert reassess(today=TODAY) == 0


def test_reassess_on_another_day_ages_the_evidence():
    group = make_evidence(on=TODAY).group
    make_group()
    reassess(today=TODAY)
    before = reading(group).lower

    assert reassess(today=TODAY + timedelta(days=90)) == 3
    assert reading(group).lower < before


def test_reassess_stores_what_the_pure_function_gives():
    group = make_evidence(on=TODAY).group

    reassess(today=TODAY)

    stored = reading(group)
    assert (stored.label, stored.basis, stored.kinds) == ("accepting", "group", ["clinician_call"])
    assert (stored.a, stored.b, stored.weight) == (5, 1, 4)
    assert round(stored.lower, 6) == 0.630957
    assert stored.newest_month == date(2026, 11, 1)
    assert stored.facts["attend"] == "yes"
    assert stored.facts["sources"] == [["clinician_call", 1]]
    assert reading(group, "naltrexone").weight == pytest.approx(1.2)


def test_reassess_takes_readings_from_groups_no_longer_listed():
    group = make_group()
    reassess(today=TODAY)
    Group.objects.filter(pk=group.pk).update(status="retired", retired_on=TODAY)

    assert reassess(today=TODAY) == 3
    assert not Assessment.objects.exists()


def test_reassess_touches_only_the_groups_named():
    named, other = make_group(), make_group()

    reassess([named], today=TODAY)

    assert not Assessment.objects.filter(group=other).exists()


def test_reassess_asks_as_often_for_many_groups_as_for_few(django_assert_max_num_queries):
    for _ in range(2):
        make_evidence()
    with django_assert_max_num_queries(20) as few:
        reassess(today=TODAY)
    for _ in range(12):
        make_evidence()

    with django_assert_max_num_queries(20) as many:
        reassess(today=TODAY)

    assert len(many) == len(few)


def test_reassess_carries_the_reading_into_the_listing():
    meeting = make_meeting()
    index.refresh([meeting.pk])
    make_evidence(group=meeting.group, on=TODAY)

    reassess(today=TODAY)

    assert Listing.objects.get(pk=meeting.pk).methadone_tier == 1


def test_prior_of_an_explicit_program_scores_only_when_its_source_is_verified():
    def label_of(**fields):
        group = make_group(program=make_program(slug="smart", **fields))
        reassess([group], today=TODAY)
        found = reading(group).label
        group.assessments.all().delete()
        group.delete()
        group.program.delete()
        return found

    assert label_of(position_is_verified=True) == "likely_accepting"
    assert label_of(position_is_verified=False) == "not_known"


def make_mixed(group):
    make_evidence(group=group, on=TODAY - timedelta(days=10))
    make_evidence(group=group, on=TODAY - timedelta(days=200), **PRESSED)


def make_limits(group):
    make_evidence(group=group, on=TODAY - timedelta(days=20), **LISTEN_ONLY)
    for name in "pqr":
        make_report(group, 60, reporter=name, **PRESSED)


def test_mixed_limits_and_caution_are_shown_once_groups_can_reply():
    mixed, limits = make_group(), make_group()
    make_mixed(mixed)
    make_limits(limits)

    reassess(today=TODAY)

    assert reading(mixed).label == "mixed"
    assert (reading(limits).label, reading(limits).has_caution) == ("reported_limits", True)
    assert reading(limits).facts["pressure"] == "reported"


@pytest.mark.parametrize(
    "short",
    [
        {"second_reviewed_by": None, "second_reviewed_at": None},
        {"reply_asked_on": None},
        {"reply_asked_on": TODAY - timedelta(days=20)},
    ],
)
def test_limits_wait_for_two_people_and_the_groups_reply(short):
    group = make_group()
    make_limits(group)
    group.evidence.filter(kind="patient_report").update(**short)

    reassess(today=TODAY)

    assert reading(group).label == "not_known"


def test_one_person_cannot_review_twice():
    row = make_evidence()

    row.second_reviewed_by, row.second_reviewed_at = row.reviewed_by, row.reviewed_at

    with pytest.raises(IntegrityError, match="reviewed_by_two"):
        row.save()


def make_figures(compared, disagreed):
    return MonthFigures.objects.create(
        month=date(2026, 10, 1),
        asked=9,
        answered=9,
        declined=0,
        compared=compared,
        disagreed=disagreed,
        published_on=TODAY,
    )


@pytest.mark.parametrize(
    ("compared", "disagreed", "label"),
    [(4, 1, "accepting"), (4, 2, "not_known"), (100, 26, "not_known"), (3, 3, "accepting")],
)
def test_accepting_falls_back_to_facts_when_sources_disagree_too_often(compared, disagreed, label):
    group = make_evidence(on=TODAY).group
    make_figures(compared, disagreed)

    reassess(today=TODAY)

    assert (reading(group).label, reading(group).basis) == (label, "group")
    assert reading(group).facts["attend"] == "yes"


def test_stop_rule_leaves_what_a_group_or_its_program_wrote():
    statement = make_evidence(
        kind="group_statement", source_note="Vote", is_affirming_statement=True, on=TODAY
    )
    explicit = make_group(program=make_program(slug="smart", position_is_verified=True))
    make_figures(4, 4)

    reassess(today=TODAY)

    assert reading(statement.group).label == "affirming"
    assert reading(explicit).label == "likely_accepting"


def test_stop_rule_ends_with_better_figures():
    group = make_evidence(on=TODAY).group
    make_figures(4, 4)
    reassess(today=TODAY)
    MonthFigures.objects.create(
        **{"month": date(2026, 11, 1), "asked": 0, "answered": 0, "declined": 0},
        **{"compared": 4, "disagreed": 1, "published_on": TODAY},
    )

    reassess(today=TODAY)

    assert reading(group).label == "accepting"


@pytest.mark.parametrize("model", ["12-step", "wellbriety"])
def test_group_without_the_communitys_consent_shows_no_evidence(model):
    # Every circle of Wellbriety asks first, whether or not its listing says so.
    is_marked = model != "wellbriety"
    group = make_group(program=make_program(model=model), needs_community_consent=is_marked)
    make_evidence(group=group, on=TODAY)

    reassess(today=TODAY)

    assert (reading(group).label, reading(group).weight) == ("not_known", 0)
    assert reading(group).facts["sources"] == []


def test_reading_does_not_change_because_one_patient_checked_in():
    group = make_group()
    for name in "pqr":
        make_report(group, 60, reporter=name)
    reassess(today=TODAY)

    make_report(group, 1, reporter="s", **PRESSED)

    assert reassess(today=TODAY) == 0


def test_command_reassess_says_how_many_readings_changed(capsys):
    make_group()

    call_command("reassess", "--date=2026-11-02")
    call_command("reassess", "--date=2026-11-02")

    assert capsys.readouterr().out == "3 readings changed.\n0 readings changed.\n"


def test_command_reassess_refuses_a_word_for_a_day():
    with pytest.raises(CommandError, match="yesterday is not a day"):
        call_command("reassess", "--date=yesterday")
