"""Statements planned once: the same rows as plain ones, a plan for each form, and no more."""

import pytest
from django.db import DataError, connection, transaction

from finder.search import prepared

pytestmark = pytest.mark.django_db
SQL = "SELECT n, %(word)s::text FROM generate_series(1, %(most)s) AS n WHERE n %% 2 = %(odd)s"


def plans() -> int:
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'search_%'")
        return db.fetchone()[0]


def test_rows_are_those_of_the_statement_however_often_it_runs(
    django_assert_num_queries, monkeypatch
):
    # Tests before this one may have left as many forms as a connection keeps.
    monkeypatch.setattr(prepared, "MOST", plans() + 10)
    before = plans()
    for most in range(3, 13):
        with django_assert_num_queries(1):
            rows = prepared.fetch(SQL, {"word": "it's 100%", "most": most, "odd": 1})

        assert rows == [(n, "it's 100%") for n in range(1, most + 1, 2)]
    assert plans() == before + 1


def test_statement_without_values_and_one_with_a_value_named_twice():
    assert prepared.fetch("SELECT 1", {}) == [(1,)]
    twice = "SELECT %(n)s::int + 1, %(n)s::text"
    assert prepared.fetch(twice, {"n": 4}) == prepared.fetch(twice, {"n": 4}) == [(5, "4")]


def test_beyond_the_most_forms_statements_run_as_they_are(monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 0)
    before = plans()

    assert prepared.fetch("SELECT %(n)s::int + 41", {"n": 1}) == [(42,)]
    assert plans() == before


def test_plan_that_failed_is_no_obstacle():
    broken = "SELECT 1 / %(n)s::int AS answer"
    for _ in range(2):
        with pytest.raises(DataError), transaction.atomic():
            prepared.fetch(broken, {"n": 0})

    assert prepared.fetch(broken, {"n": 1}) == [(1,)]


def mode() -> str:
    with connection.cursor() as db:
        db.execute("SHOW plan_cache_mode")
        return db.fetchone()[0]


def test_steady_statements_are_planned_for_all_values_and_others_are_weighed():
    assert prepared.fetch("SELECT %(n)s::int", {"n": 1}, is_steady=True) == [(1,)]
    assert mode() == "force_generic_plan"
    assert prepared.fetch("SELECT %(n)s::int", {"n": 2}) == [(2,)]
    assert mode() == "auto"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [True, False])
def test_transaction_that_is_undone_does_not_leave_the_wrong_plans(first):
    modes = {True: "force_generic_plan", False: "auto"}
    prepared.fetch("SELECT %(n)s::int", {"n": 1}, is_steady=first)
    with transaction.atomic():
        prepared.fetch("SELECT %(n)s::int", {"n": 2}, is_steady=not first)
        assert mode() == modes[not first]
        transaction.set_rollback(True)

    prepared.fetch("SELECT %(n)s::int", {"n": 3}, is_steady=not first)
    assert mode() == modes[not first]
