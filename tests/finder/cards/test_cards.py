"""Paper cards: a code works once, is kept as a hash, and gives a report like any patient's."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from finder import cards, curation
from finder.acceptance import Answers
from finder.curation import reassess
from finder.models import Assessment, Evidence, PaperCard
from tests.factories import make_group, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
GOOD = Answers(attend="yes", speak="yes", no_pressure="yes")
CLINIC = UUID("7b6c1c5e-0000-4000-8000-000000000001")


def make_codes(count=1, **fields):
    return cards.make_sheet(note="North", count=count, by=make_user(), today=TODAY, **fields)[1]


def told(group, **fields):
    values = {"target": "methadone", "on": date(2026, 9, 12), "answers": GOOD, "disclosed": "yes"}
    return cards.CardReport(group=group, **values | fields)


def test_code_works_once():
    (code,), group = make_codes(), make_group()

    row = cards.report(code, told(group), now=NOW)

    assert (row.kind, row.on, row.entered_by) == ("patient_report", date(2026, 9, 1), None)
    assert len(row.reporter) == 32
    with pytest.raises(cards.CardRefused):
        cards.report(code, told(group), now=NOW)
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "0123-4567-89AB", "x" * 500, "ÄÖÜ-4567-89AB", "' or 1=1"])
def test_code_that_is_none_gives_nothing(typed):
    make_codes()

    with pytest.raises(cards.CardRefused):
        cards.report(typed, told(make_group()), now=NOW)


def test_code_is_read_as_people_type_it():
    code = make_codes()[0]
    typed = " " + cards.spelled(code).lower().replace("0", "o").replace("1", "l") + " "

    assert cards.find(typed, today=TODAY) is not None


def test_codes_are_not_kept():
    code = make_codes()[0]

    kept = PaperCard.objects.get().code_hash
    assert code not in kept
    assert len(kept) == 64


def test_codes_end_with_their_sheet_and_their_year():
    sheet, (code, _other) = cards.make_sheet(note="N", count=2, by=make_user(), today=TODAY)

    assert cards.find(code, today=sheet.expires_on) is None
    cards.revoke(sheet, today=TODAY)
    assert cards.find(code, today=TODAY) is None


def test_refused_report_keeps_the_code():
    code = make_codes()[0]

    with pytest.raises(curation.EvidenceRefused):
        cards.report(code, told(make_group(), answers=Answers()), now=NOW)

    assert cards.find(code, today=TODAY) is not None


def test_three_cards_are_public_after_their_month_and_two_weeks():
    group = make_group()
    for code in make_codes(3):
        cards.report(code, told(group, on=date(2026, 10, 20)), now=NOW)

    reassess(today=date(2026, 11, 14))
    before = Assessment.objects.get(group=group, medication="methadone")
    assert (before.weight, before.facts["sources"]) == (0, [])
    reassess(today=date(2026, 11, 15))
    after = Assessment.objects.get(group=group, medication="methadone")
    assert (after.basis, after.facts["sources"]) == ("group", [["patient_report", "few"]])


def test_two_cards_stay_with_the_clinic():
    group = make_group()
    for code in make_codes(2, clinic=CLINIC):
        cards.report(code, told(group), now=NOW)

    reassess(today=date(2027, 1, 1))

    assert Assessment.objects.get(group=group, medication="methadone").weight == 0
    assert set(Evidence.objects.values_list("clinic", flat=True)) == {CLINIC}


def test_sheet_has_a_sensible_number_of_cards():
    for count in (0, 201):
        with pytest.raises(ValueError, match="1 to 200"):
            make_codes(count)
