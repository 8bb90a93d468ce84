"""What is said of a source's health: the worst that holds, in words a curator can act on."""

from datetime import UTC, datetime, timedelta

import pytest

from finder.models import Source
from finder.presenters.sources import Health, age_words, health, health_words, next_words

NOW = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD = {"last_pulled_at": NOW - HOUR, "last_success_at": NOW - HOUR, "last_seen_at": NOW - HOUR}
NO = "The answer broke off before its end."


def source(**fields):
    defaults = {"url": "https://feeds.example.org/", "interval_hours": 24, "is_active": True}
    return Source(**defaults | {"next_pull_at": NOW + HOUR} | fields)


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        (GOOD, Health.WELL, "All well."),
        ({"next_pull_at": None}, Health.NEW, "Not read yet."),
        ({"interval_hours": 0}, Health.BY_HAND, "Read only when someone asks."),
        ({"url": ""}, Health.BY_HAND, "Read only when someone asks."),
        ({"is_active": False}, Health.BY_HAND, "Read only when someone asks."),
        (GOOD | {"failures": 1, "health": NO}, Health.FAILING, f"{NO} Tried 1 time."),
        (
            GOOD | {"last_pulled_at": NOW, "failures": 3, "health": NO},
            Health.FAILING,
            f"{NO} Tried 3 times in a row.",
        ),
        (
            GOOD | {"last_pulled_at": NOW, "health": "9 of 10 are gone."},
            Health.PARKED,
            "Waiting for a curator. 9 of 10 are gone.",
        ),
        (GOOD | {"health": "The feed has moved."}, Health.NOTED, "The feed has moved."),
        (
            GOOD | {"next_pull_at": NOW - 5 * HOUR},
            Health.OVERDUE,
            "It should have been read 5\xa0hours ago. Is a worker running?",
        ),
        (GOOD | {"next_pull_at": NOW - HOUR / 2}, Health.WELL, "All well."),
    ],
)
def test_health_is_the_worst_that_holds(fields, state, words):
    found = source(**fields)

    assert health(found, now=NOW) == state
    assert health_words(found, now=NOW) == words


@pytest.mark.parametrize(
    ("seen_at", "words"),
    [
        (None, "no data yet"),
        (NOW, "just now"),
        (NOW - 3 * HOUR, "3\xa0hours ago"),
        (NOW - 50 * HOUR, "2\xa0days ago"),
    ],
)
def test_age_counts_from_the_last_good_data(seen_at, words):
    assert age_words(source(last_seen_at=seen_at), now=NOW) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "in 1\xa0hour"),
        ({"next_pull_at": None}, "now"),
        ({"next_pull_at": NOW - HOUR}, "now"),
        ({"interval_hours": 0}, "not by itself"),
    ],
)
def test_next_reading_is_said_as_a_wait(fields, words):
    assert next_words(source(**fields), now=NOW) == words
