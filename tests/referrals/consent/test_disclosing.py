"""No read begins after the end of a consent, and no answer goes without its line: small proofs."""

import pytest

from benchmarks import disclosing


@pytest.mark.django_db(transaction=True)
def test_no_read_that_begins_after_the_end_is_let_through(settings):
    settings.ALLOWED_HOSTS = [disclosing.HOST]

    found = disclosing.race(readers=6)

    assert found.late == 0
    assert found.begun_after >= 6 * disclosing.AFTERWARDS
    assert found.let_through == found.accounted >= 6


@pytest.mark.django_db(transaction=True)
def test_reader_killed_half_way_leaves_both_rows_or_neither(settings):
    settings.ALLOWED_HOSTS = [disclosing.HOST]

    counts = disclosing.killed(points=4)

    assert counts["one"] == counts["answered without"] == 0
    assert counts["both"] + counts["neither"] == 4
