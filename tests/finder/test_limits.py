"""Counting without keeping: exact limits, one by one, and nothing left when the day is over."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from finder import limits
from finder.models import Salt, Tally
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
FIVE = ("thing", 5)


def count(address, *, now=NOON, times=1):
    return [limits.allow(FIVE, address, now=now) for _turn in range(times)]


def test_fifth_is_allowed_and_sixth_is_not():
    assert count("192.0.2.1", times=6) == [True] * 5 + [False]


def test_others_other_things_and_the_next_hour_count_apart():
    count("192.0.2.1", times=6)

    assert count("192.0.2.2") == [True]
    assert limits.allow(("other thing", 5), "192.0.2.1", now=NOON)
    assert count("192.0.2.1", now=NOON + timedelta(hours=1)) == [True]


def test_one_ipv6_line_is_one_connection():
    count("2001:db8::1", times=5)

    assert count("2001:db8::2") == [False]
    assert count("2001:db8:0:1::1") == [True]
    assert count("::ffff:192.0.2.1", times=5) and count("192.0.2.1") == [False]


def test_asking_does_not_count():
    assert not any(limits.is_used_up(FIVE, "192.0.2.1", now=NOON) for _turn in range(9))

    count("192.0.2.1", times=5)

    assert limits.is_used_up(FIVE, "192.0.2.1", now=NOON)


def test_tables_hold_no_address():
    count("192.0.2.1")

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM finder_tally t UNION SELECT s::text FROM finder_salt s")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert "192" not in stored.replace(Tally.objects.get().key, "").replace(
        Salt.objects.get().value, ""
    )


def test_counts_and_salts_are_gone_after_a_day():
    count("192.0.2.1")

    assert limits.forget(now=NOON + timedelta(hours=24)) == 1
    assert not Tally.objects.exists() and not Salt.objects.exists()


def test_first_count_of_a_day_sweeps_up_the_day_before():
    count("192.0.2.1")

    count("192.0.2.1", now=NOON + timedelta(hours=24))

    assert (Tally.objects.count(), Salt.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_counted_one_by_one():
    allowed = []

    def post():
        try:
            allowed.append(limits.allow(FIVE, "192.0.2.1", now=NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _turn in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (allowed.count(True), allowed.count(False)) == (5, 15)
