"""A BMLT server is read whole, page by page, with its formats, or not at all."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from finder import feeds
from finder.feeds import bmlt_server, pulling
from finder.feeds.bmlt_server import fetch_all, is_server
from finder.feeds.network import FetchError
from finder.models import Meeting
from tests.factories import make_program, make_source
from tests.finder.feeds.servers import Server, reply

ROOT = "http://bmlt.example.org/main_server/"
FORMATS = [
    {"id": "17", "key_string": "O", "world_id": "OPEN", "lang": "en", "name_string": "Open"},
    {"id": "27", "key_string": "Q9", "world_id": "STEP", "lang": "en", "name_string": "Step"},
]


def row(number):
    return {
        "id_bigint": str(number),
        "worldid_mixed": f"G{number}",
        "service_body_bigint": "3",
        "weekday_tinyint": str(number % 7 + 1),
        "venue_type": "1",
        "start_time": "19:30:00",
        "duration_time": "01:00:00",
        "time_zone": "America/Chicago",
        "formats": "O,Q9",
        "format_shared_id_list": "17,27",
        "longitude": "-89.65",
        "latitude": "39.8",
        "meeting_name": f"Lantern {number}",
        "location_text": "Walnut Hall",
        "location_street": f"{number} Walnut Street",
        "location_municipality": "Springfield",
        "location_province": "IL",
    }


class Bmlt(Server):
    """A server that pages as the real ones do; ``quirk`` makes it one of the odd ones."""

    def __init__(self, count, quirk=""):
        super().__init__(self._answer)
        self.rows, self.quirk, self.asked = (
            [row(number) for number in range(1, count + 1)],
            quirk,
            [],
        )

    def _answer(self, client, request):
        target = request.split()[1].decode()
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(target).query).items()}
        self.asked.append((urlsplit(target).path, asked))
        client.sendall(self._reply(asked))

    def _reply(self, asked):
        if asked["switcher"] == "GetFormats":
            return reply(json.dumps(FORMATS).encode())
        number, size = int(asked["page_num"]), int(asked["page_size"])
        if self.quirk == "fails on page 2" and number == 2:
            return reply(status="503 Busy")
        if self.quirk == "page on page 2" and number == 2:
            return reply(b"<!doctype html><p>Busy")
        if self.quirk == "object":
            return reply(b'{"message": "no such switcher"}')
        if self.quirk == "knows no pages":
            return reply(json.dumps(self.rows).encode())
        if self.quirk == "endless":
            first = (number - 1) * size
            return reply(json.dumps([row(first + each) for each in range(1, 11)]).encode())
        if self.quirk == "small pages":
            size = 7
        if self.quirk == "grows" and number == 2:
            self.rows.insert(0, row(0))
        return reply(json.dumps(self.rows[(number - 1) * size : number * size]).encode())


@pytest.fixture
def start():
    """Start BMLT servers; all are closed with the test."""
    servers = []

    def start(*args):
        servers.append(Bmlt(*args))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(autouse=True)
def pages_of_ten(monkeypatch):
    """Pages small enough for a test."""
    monkeypatch.setattr(bmlt_server, "PAGE_SIZE", 10)


def ids(fetched):
    return [int(each["id_bigint"]) for each in json.loads(fetched.body)["meetings"]]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 35])
def test_all_pages_are_read_in_order_of_id(start, count):
    server = start(count)

    fetched = fetch_all(ROOT, network=server.network())

    assert ids(fetched) == list(range(1, count + 1))
    assert json.loads(fetched.body)["formats"] == FORMATS
    pages = [asked for _, asked in server.asked if asked["switcher"] == "GetSearchResults"]
    assert {asked["sort_keys"] for asked in pages} == {"id_bigint"}


@pytest.mark.parametrize("quirk", ["small pages", "knows no pages"])
def test_odd_server_is_read_whole_and_nothing_twice(start, quirk):
    server = start(35, quirk)

    assert ids(fetch_all(ROOT, network=server.network())) == list(range(1, 36))


def test_row_that_slips_to_the_next_page_is_kept_once(start):
    server = start(35, "grows")

    found = ids(fetch_all(ROOT, network=server.network()))

    assert len(found) == len(set(found))
    assert set(range(1, 36)) <= set(found)


@pytest.mark.parametrize(
    ("quirk", "code"),
    [
        ("fails on page 2", "status"),
        ("page on page 2", "page"),
        ("object", "format"),
        ("endless", "large"),
    ],
)
def test_server_that_fails_half_way_is_not_taken_for_whole(start, quirk, code):
    server = start(35, quirk)

    with pytest.raises(FetchError) as caught:
        fetch_all(ROOT, network=server.network())

    assert caught.value.code == code
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "url",
    [
        "http://bmlt.example.org/main_server/",
        "http://bmlt.example.org/main_server",
        "http://bmlt.example.org/main_server/client_interface/json/",
        "http://bmlt.example.org/main_server/client_interface/json/?switcher=GetSearchResults"
        "&page_num=7&page_size=1&data_field_key=id_bigint&callback=run&sort_keys=town",
        "http://bmlt.example.org/main_server/client_interface/jsonp/?switcher=GetFormats",
    ],
)
def test_every_form_of_the_address_asks_the_same(start, url):
    server = start(3)

    fetch_all(url, network=server.network())

    path, asked = server.asked[1]
    assert path == "/main_server/client_interface/json/"
    assert asked == {
        "switcher": "GetSearchResults",
        "sort_keys": "id_bigint",
        "page_size": "10",
        "page_num": "1",
    }


def test_narrowing_parameters_stay_with_the_search_alone(start):
    server = start(3)

    fetch_all(f"{ROOT}client_interface/json/?services[]=5&recursive=1", network=server.network())

    assert server.asked[0][1] == {"switcher": "GetFormats"}
    assert server.asked[1][1]["services[]"] == "5"
    assert server.asked[1][1]["recursive"] == "1"


@pytest.mark.parametrize(
    ("url", "format_", "is_one"),
    [
        (ROOT, "bmlt", True),
        (ROOT, "", False),
        (f"{ROOT}client_interface/json/", "", True),
        (f"{ROOT}client_interface/json/", "meeting_guide", False),
        ("https://example.org/bmlt.json", "bmlt", False),
    ],
)
def test_servers_are_told_from_files(url, format_, is_one):
    assert is_server(url, format_=format_) is is_one


def test_fetched_feed_reads_as_bmlt_with_its_own_formats(start):
    server = start(12)
    fetched = fetch_all(ROOT, network=server.network())

    reading = feeds.read(fetched.body, program="na", today=datetime(2026, 11, 10).date())

    assert (reading.format, reading.read, reading.rejected) == ("bmlt", 12, frozenset())
    # Q9 is this server's own key for the world's STEP.
    assert all("Q9" not in record.unknown_codes for record in reading.records)


@pytest.mark.django_db
def test_pull_of_a_server_imports_all_its_pages(start):
    server = start(25)
    program = make_program(slug="na")
    source = make_source(program=program, format="bmlt", url=ROOT, interval_hours=24)

    ended = pulling.pull(source, now=datetime(2026, 11, 10, tzinfo=UTC), network=server.network())

    assert ended == pulling.Pull(pulling.Result.APPLIED)
    assert Meeting.objects.filter(source=source).count() == 25
