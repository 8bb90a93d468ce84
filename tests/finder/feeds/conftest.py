"""Fixtures for tests of ingest: a program, and a feed brought into the directory."""

import json

import pytest

from finder.feeds import ingest
from tests.factories import make_program
from tests.finder.feeds.town import NOW


@pytest.fixture
def program():
    return make_program(slug="aa", name="Alcoholics Anonymous")


@pytest.fixture
def bring(program):
    """Import rows and give the outcome."""

    def bring(rows, *, now=NOW, **options):
        data = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        request = ingest.Request(data=data, source="town", program=program, **options)
        return ingest.apply(request, now=now)

    return bring
