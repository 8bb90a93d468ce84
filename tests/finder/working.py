"""What tests of background work share: a clock by hand, a task that leaves a trace, waiting."""

import threading
import time
from datetime import UTC, datetime

from django.db import connection

from finder import outbox
from tests.factories import make_program

START = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves on by hand."""

    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at


def note(*, now, name):
    """A task whose trace counts how often it was done for good."""
    make_program(slug=name)


def work_off(tasks, **options):
    """Work in this thread until nothing is due."""
    return outbox.work(tasks, name="here", stop=threading.Event(), is_once=True, **options)


def in_threads(count, call):
    """Run ``call(number)`` in threads, each with its own connection; raise what they raised."""
    errors = []

    def run(number):
        try:
            call(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def until(is_so, seconds=60.0):
    """Wait for something that another thread or process does."""
    limit = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)
