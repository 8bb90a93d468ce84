"""Reports on one group say nothing of its sisters, and hearsay never judges anybody."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from finder import cards, suggestions
from finder.acceptance import Answers
from finder.curation import reassess
from finder.models import Assessment, Evidence
from finder.search import ListingFilterSet, index, query
from finder.secret_links import new_token
from tests.conftest import NOON
from tests.factories import make_evidence, make_group, make_meeting, make_program, make_user

pytestmark = pytest.mark.django_db

TOLD_TO_STOP = Answers(attend="yes", no_pressure="no")


@pytest.fixture
def na():
    return make_program(slug="na", name="Narcotics Anonymous")


def listed(na, count):
    meetings = [make_meeting(group=make_group(program=na)) for _ in range(count)]
    index.refresh([meeting.pk for meeting in meetings])
    return [meeting.group for meeting in meetings]


def hear(group, *, by):
    row = suggestions.open_suggestion(
        suggestions.Told(kind="safety", group=group, words="They told me to stop."),
        token=new_token(),
        link="https://example.org/x/",
        now=NOON,
    )
    suggestions.record_hearsay(
        row,
        target="methadone",
        answers=TOLD_TO_STOP,
        pressure_from="chair",
        on=NOON.date(),
        by=by,
        now=NOON,
    )
    suggestions.accept(row, values={}, by=by, now=NOON)


def readings(groups):
    rows = Assessment.objects.filter(group__in=groups).order_by("group", "medication")
    return list(rows.values_list("group", "medication", "label", "basis", "lower", "facts"))


def test_a_flood_on_one_group_changes_no_other(client, na):
    curator = make_user(is_staff=True, is_superuser=True)
    first, *linked, silent = listed(na, 22)
    limits = listed(na, 1)[0]
    reassess(today=NOON.date())
    before = readings([silent])

    for _ in range(50):
        hear(first, by=curator)
    codes = cards.make_sheet(note="North", count=20, by=curator, today=date(2026, 9, 1))[1]
    for code, group in zip(codes, linked, strict=True):
        told = cards.CardReport(
            group=group,
            target="methadone",
            on=date(2026, 9, 3),
            answers=TOLD_TO_STOP,
            disclosed="yes",
            pressure_from="chair",
        )
        cards.report(code, told, now=NOON)
    clear(limits)
    reassess(today=NOON.date())

    # No group without evidence of its own changed, and one report shows nowhere.
    assert readings([silent]) == before
    assert {row[2:4] for row in readings(linked)} == {("not_known", "program")}
    # Fifty times nothing is nothing: not known, and said to be second-hand.
    found = Assessment.objects.get(group=first, medication="methadone")
    assert (found.label, found.basis, found.has_caution) == ("not_known", "program", False)
    assert found.facts["sources"] == [["hearsay", 50]]
    assert found.weight <= 1
    assert Evidence.objects.filter(group=first, kind="hearsay").count() == 50
    # Curators see what it is, in the queue and on the list of evidence.
    client.force_login(curator)
    moderation = client.get(reverse("admin:finder_evidence_changelist"), {"kind": "hearsay"})
    assert "Second-hand report" in moderation.content.decode()
    # A group never asked stands above one with reported limits.
    assert Assessment.objects.get(group=limits, medication="methadone").label == "reported_limits"
    order = by_acceptance()
    assert order.index(silent.pk) < order.index(limits.pk)
    assert order.index(first.pk) < order.index(limits.pk)


def clear(group):
    pressed = {"no_pressure": "no", "pressure_from": "chair", "disclosed": "yes"}
    reviewed = {"second_reviewed_by": make_user(), "second_reviewed_at": NOON}
    for name in ("p", "q", "r"):
        make_evidence(
            group=group,
            kind="patient_report",
            reporter=name,
            on=date(2026, 9, 1),
            reply_asked_on=date(2026, 10, 1),
            **pressed | reviewed,
        )


def by_acceptance():
    asked = QueryDict("medication=methadone&sort=acceptance&page_size=100")
    filterset = ListingFilterSet(asked)
    assert filterset.is_valid(), filterset.errors
    return [row["group"]["id"] for row in query(filterset.search(now=NOON)).rows]
