"""Evidence is written down only as the method allows, reviewed by two, and taken back openly."""

from datetime import UTC, date, datetime, timedelta

import pytest

from finder.acceptance import Answers
from finder.curation import (
    EvidenceRefused,
    ask_for_reply,
    record_evidence,
    review,
    withdraw,
)
from finder.models import Assessment, Evidence
from tests.factories import make_evidence, make_group, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ALL_YES = Answers("yes", "yes", "yes", "yes", "yes", "yes")
PRESSED = Answers("yes", "yes", "", "", "", "no")


def record(**fields):
    """Record a reviewed call of today about methadone, unless told otherwise."""
    told = {
        "kind": "clinician_call",
        "target": "methadone",
        "on": NOW.date(),
        "answers": ALL_YES,
        "now": NOW,
        "is_reviewed": True,
    } | fields
    told.setdefault("group", None)
    told["group"] = told["group"] or make_group()
    if "by" not in told:
        told["by"] = make_user()
    return record_evidence(**told)


def label(group, medication="methadone"):
    return Assessment.objects.get(group=group, medication=medication).label


def test_record_evidence_keeps_what_was_told_and_who_told_it():
    curator = make_user()

    row = record(by=curator, source_note="Scripted call")

    row.refresh_from_db()
    assert (row.attend, row.no_pressure, row.source_note) == ("yes", "yes", "Scripted call")
    assert (row.entered_by, row.reviewed_by, row.reviewed_at) == (curator, curator, NOW)


def test_record_evidence_reads_the_group_anew():
    group = make_group()

    record(group=group)

    assert label(group) == "accepting"


def test_record_evidence_not_reviewed_stays_out_of_the_public_reading():
    group = make_group()

    record(group=group, is_reviewed=False)

    assert label(group) == "not_known"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"answers": Answers()}, "", "at least one"),
        ({"on": NOW.date() + timedelta(days=1)}, "on", "still to come"),
        ({"kind": "peer_visit"}, "disclosed", "knew of the medication"),
        ({"disclosed": "yes"}, "disclosed", "Only a visit"),
        ({"answers": PRESSED}, "pressure_from", "who pressed"),
        ({"pressure_from": "chair"}, "no_pressure", "answered no"),
        ({"kind": "group_statement"}, "source_note", "where it can be read"),
        ({"kind": "listing_claim", "source_note": " "}, "source_note", "where it can be read"),
        ({"is_affirming_statement": True}, "", "written statement"),
        (
            {
                "kind": "group_statement",
                "source_note": "Minutes",
                "is_affirming_statement": True,
                "answers": Answers("yes", "no", "no", "no", "", "yes"),
            },
            "is_affirming_statement",
            "affirms",
        ),
        ({"kind": "rumor"}, "", "known kind"),
    ],
)
def test_record_evidence_refuses_what_the_method_does_not_allow(fields, field, sentence):
    with pytest.raises(EvidenceRefused, match=sentence) as refusal:
        record(**fields)

    assert refusal.value.field == field
    assert not Evidence.objects.exists()


def test_record_evidence_refuses_a_merged_group():
    merged = make_group(merged_into=make_group())

    with pytest.raises(EvidenceRefused, match="merged"):
        record(group=merged)


def test_patient_report_keeps_its_month_and_nobodys_name():
    row = record(kind="patient_report", on=date(2026, 10, 23), disclosed="yes", reporter="k1")

    assert row.on == date(2026, 10, 1)
    assert row.entered_by is None
    assert row.reporter == "k1"


def test_record_evidence_leaves_nothing_behind_when_reading_fails(monkeypatch):
    group = make_group()

    def broken(meeting_ids):
        raise RuntimeError

    monkeypatch.setattr("finder.search.index.refresh", broken)
    with pytest.raises(RuntimeError):
        record(group=group)

    assert not Evidence.objects.filter(group=group).exists()


def test_review_counts_two_different_people():
    first, second = make_user(), make_user()
    row = record(by=first, is_reviewed=False)

    assert review([row], by=first, now=NOW) == 1
    assert review([row], by=first, now=NOW) == 0
    assert review([row], by=second, now=NOW) == 1

    row.refresh_from_db()
    assert (row.reviewed_by, row.second_reviewed_by) == (first, second)


def test_review_makes_a_piece_public():
    row = record(is_reviewed=False)

    review([row], by=make_user(), now=NOW)

    assert label(row.group) == "accepting"


def test_ask_for_reply_keeps_the_first_day():
    row = record()

    assert ask_for_reply([row], by=make_user(), now=NOW) == 1
    assert ask_for_reply([row], by=make_user(), now=NOW + timedelta(days=5)) == 0

    row.refresh_from_db()
    assert row.reply_asked_on == NOW.date()


def test_withdraw_keeps_the_piece_and_counts_it_no_more():
    row = record()

    assert withdraw([row], reason="Wrong group", by=make_user(), now=NOW) == 1

    row.refresh_from_db()
    assert row.withdrawn_reason == "Wrong group"
    assert label(row.group) == "not_known"


def test_withdraw_needs_a_reason():
    with pytest.raises(EvidenceRefused, match="why"):
        withdraw([make_evidence()], reason=" ", by=make_user(), now=NOW)


def test_history_never_keeps_who_reported():
    names = {field.name for field in Evidence.pgh_event_model._meta.get_fields()}

    assert "attend" in names
    assert "reporter" not in names
