"""Fixtures for tests of feeds: a program, a feed brought into the directory, servers of feeds."""

import json

import pytest

from finder.feeds import ingest
from tests.factories import make_program
from tests.finder.feeds.pulls import feed
from tests.finder.feeds.servers import Server, always, reply
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


@pytest.fixture
def serve():
    """Start servers that answer as the test says; all are closed with it."""
    servers = []

    def start(answer, **options):
        servers.append(Server(answer, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def server(serve):
    """A server of ten meetings, with a validator."""
    return serve(always(reply(feed(), etag='"1"')))
