"""What tests of pulling share: a feed of ten, a source at a server, a pull of it."""

import json
from datetime import UTC, datetime

from finder.feeds import pulling
from finder.feeds.network import Network
from finder.models import Meeting
from tests.factories import make_source

NOW = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
HERE = Network(with_loopback=True, seconds=0.8)


def feed(count=10, prefix="m", **fields):
    """Write a Meeting Guide feed of invented groups that meet in one hall each."""
    rows = [
        {
            "slug": f"{prefix}-{number}",
            "name": f"Lantern {number}",
            "day": number % 7,
            "time": "19:00",
            "address": f"{number + 1} Walnut Street",
            "city": "Springfield",
            "state": "IL",
            "postal_code": "62701",
            "latitude": 39.8,
            "longitude": -89.65,
            "timezone": "America/Chicago",
            **fields,
        }
        for number in range(count)
    ]
    return json.dumps(rows).encode()


def source_at(server, **fields):
    defaults = {"url": server.url, "interval_hours": 24, "format": "meeting_guide"}
    return make_source(**defaults | fields)


def pull(source, *, now=NOW, network=HERE):
    return pulling.pull(source, now=now, network=network)


def names(source):
    return sorted(
        Meeting.objects.filter(source=source, status="active").values_list("name", flat=True)
    )
