"""Monthly figures: groups are counted once, what may not be spoken of never."""

from datetime import UTC, date, datetime

import pytest

from finder import asking
from finder.models import GroupStatement, Inquiry, MonthFigures, ServiceBody
from tests.factories import make_evidence, make_group, make_program, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 2)
OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)
PRESSED = {"no_pressure": "no", "pressure_from": "chair"}


def ask(group, outcome, on=date(2026, 10, 5)):
    Inquiry.objects.create(
        group=group, asked_on=on, route="helpline", outcome=outcome, asked_by=make_user()
    )


def test_figures_count_each_group_once_in_the_month_that_ended():
    twice, declined, silent = make_group(), make_group(), make_group()
    ask(twice, "not_reached")
    ask(twice, "no_position", on=date(2026, 10, 31))
    ask(declined, "declined")
    ask(silent, "waiting")
    ask(silent, "answered", on=date(2026, 11, 1))

    assert asking.publish_figures(today=TODAY) == 1

    row = MonthFigures.objects.get()
    assert (row.month, row.asked, row.answered, row.declined) == (date(2026, 10, 1), 3, 1, 1)


def test_statements_through_the_lane_are_answers_of_the_month_they_were_accepted_in():
    spoke, asked_too, waits, declined = (make_group() for _ in range(4))
    ask(asked_too, "waiting")
    told = {"on": date(2026, 10, 1), "form": "vote", "has_position": False, "received_at": OCTOBER}
    decided = {"decided_by": make_user(), "decided_at": OCTOBER}
    for group, fields in (
        (spoke, {"is_accepted": True, **decided}),
        (spoke, {"is_accepted": True, **decided}),
        (asked_too, {"is_accepted": True, **decided}),
        (waits, {}),
        (declined, {"is_accepted": False, **decided}),
    ):
        body, _is_new = ServiceBody.objects.get_or_create(
            program=group.program, entity="River Area", defaults={"entered_by": make_user()}
        )
        GroupStatement.objects.create(group=group, body=body, **told, **fields)

    asking.publish_figures(today=TODAY)

    row = MonthFigures.objects.get()
    assert (row.asked, row.answered, row.declined) == (2, 2, 0)


def test_figures_are_published_once_and_catch_up():
    asking.publish_figures(today=TODAY)

    assert asking.publish_figures(today=TODAY) == 0
    assert asking.publish_figures(today=date(2027, 1, 1)) == 2


@pytest.mark.parametrize(
    ("fields", "compared"),
    [
        ({}, 1),
        ({"needs_community_consent": True}, 0),
        ({"needs_community_consent": True, "consent_on": TODAY, "consent_by": "Council"}, 1),
    ],
)
def test_figures_leave_out_groups_that_nothing_may_be_said_of(fields, compared):
    group = make_group(**fields)
    ask(group, "declined")
    make_evidence(group=group)
    make_evidence(group=group, kind="listing_claim", source_note="Page", **PRESSED)

    asking.publish_figures(today=TODAY)

    row = MonthFigures.objects.get()
    assert (row.asked, row.compared, row.disagreed) == (compared,) * 3


@pytest.mark.parametrize("fields", [{"model": "wellbriety"}, {"is_demo": True}])
def test_figures_leave_out_wellbriety_without_consent_and_invented_programs(fields):
    group = make_group(program=make_program(**fields))
    ask(group, "declined")
    make_evidence(group=group)
    make_evidence(group=group)

    asking.publish_figures(today=TODAY)

    row = MonthFigures.objects.get()
    assert (row.asked, row.compared) == (0, 0)


def test_sources_are_compared_on_one_medication_within_a_year():
    agreeing, changed_long_ago, other = make_group(), make_group(), make_group()
    make_evidence(group=agreeing)
    make_evidence(group=agreeing)
    make_evidence(group=changed_long_ago)
    make_evidence(group=changed_long_ago, on=date(2025, 10, 1), **PRESSED)
    make_evidence(group=other)
    make_evidence(group=other, kind="hearsay", **PRESSED)

    asking.publish_figures(today=TODAY)

    row = MonthFigures.objects.get()
    assert (row.compared, row.disagreed) == (1, 0)


def test_one_visitor_who_comes_twice_is_one_source():
    group, visitor = make_group(), make_user()
    told = {"group": group, "kind": "peer_visit", "disclosed": "yes", "entered_by": visitor}
    make_evidence(**told)
    make_evidence(**told | PRESSED)

    asking.publish_figures(today=TODAY)

    assert MonthFigures.objects.get().compared == 0
