"""Codes that a curator mapped are known to the next import; withdrawn consent outlives it."""

from finder import asking, curation
from finder.models import Assessment, Group, ImportProblem, Listing, Meeting
from tests.factories import make_evidence, make_user
from tests.finder.feeds.town import NOW, counts, row

ROWS = [row(1, types=["O", "QM1"]), row(2, types=["O", "QM1", "QM2"])]


def test_mapped_code_is_read_by_the_next_import(bring, program, db):
    bring(ROWS)
    assert Meeting.objects.get(slug="slug-1").unknown_codes == ["QM1"]

    curation.map_code(program, "QM1", {"focus": ["women"]}, by=make_user(), now=NOW)
    said_by_hand = list(Meeting.objects.order_by("slug").values_list("focus", "unknown_codes"))
    bring([*ROWS, row(3, types=["QM1"])])

    rows = list(Meeting.objects.order_by("slug").values_list("focus", "unknown_codes"))
    assert rows == [(["women"], []), (["women"], ["QM2"]), (["women"], [])]
    assert rows[:2] == said_by_hand


def test_import_after_a_mapping_settles_at_once(bring, program, db):
    bring(ROWS)
    curation.map_code(program, "QM1", {"types": ["topic"]}, by=make_user(), now=NOW)
    bring(ROWS)

    assert counts(bring(ROWS), "updated", "unchanged") == (0, 2)


def test_row_whose_codes_are_all_mapped_is_no_problem(bring, program, db):
    curation.map_code(program, "QM1", {}, by=make_user(), now=NOW)

    bring(ROWS)

    puzzling = ImportProblem.objects.filter(code="unknown_code")
    assert set(puzzling.values_list("row", flat=True)) == {2}


def test_code_of_another_program_stays_unknown(bring, db):
    curation.map_code(make_evidence().group.program, "QM1", {}, by=make_user(), now=NOW)

    bring(ROWS)

    assert Meeting.objects.get(slug="slug-1").unknown_codes == ["QM1"]


def test_import_brings_back_nothing_that_a_community_withdrew(bring, program, db):
    rows = [row(1, types=["NDG"])]
    bring(rows)
    group = Group.objects.get()
    group.consent_on, group.consent_by = NOW.date(), "Council"
    group.save()
    make_evidence(group=group)
    curation.reassess(today=NOW.date())
    assert Assessment.objects.filter(weight__gt=0).exists()

    asking.withdraw_consent(group, by=make_user(), today=NOW.date())
    bring([row(1, types=["NDG"], name="Another name")])

    assert not Assessment.objects.filter(weight__gt=0).exists()
    assert Listing.objects.get().document["acceptance"] == {}
