"""Nothing but the open internet is ever dialled, by any spelling, redirect or second answer."""

import socket
from pathlib import Path

import httpcore
import httpx
import pytest

from finder.feeds.fetch import FetchError, fetch, site_network
from finder.feeds.network import Network, may_reach
from tests.finder.feeds.servers import OUTSIDE, Server, always, one_after_another, reply

DATA = Path(__file__).parents[2] / "data/feeds/network"
OUTSIDE_V6 = "2606:2800:220:1::34"
_numeric = socket.getaddrinfo


def read_numbers(host, port):
    """Resolve only what is an address already, in every spelling the C library reads."""
    try:
        found = _numeric(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        return {"localhost": ["127.0.0.1"], "feeds.example.org": [OUTSIDE]}.get(host.lower(), [])
    return [entry[4][0] for entry in found]


@pytest.fixture
def listener():
    """Where every forbidden address would end, if one were dialled."""
    server = Server(always(reply(b"[]")))
    yield server
    server.close()


FORBIDDEN = (DATA / "forbidden.txt").read_text(encoding="utf-8").split()


def test_enough_targets_are_tried():
    assert len(FORBIDDEN) == len(set(FORBIDDEN)) > 100


@pytest.mark.parametrize("url", FORBIDDEN)
def test_forbidden_target_is_refused_without_a_connection(url, listener):
    with pytest.raises(FetchError) as caught:
        fetch(url, network=listener.network(read_numbers))

    assert caught.value.code in {"address", "inside", "name"}
    assert listener.dialled == []
    assert listener.seen == 0


@pytest.mark.parametrize(
    "url",
    ["http://feeds.example.org/\r\nHost: inside", "http://feeds.example.org/a b", "http://a" * 400],
)
def test_address_that_hides_something_is_refused(url, listener):
    with pytest.raises(FetchError) as caught:
        fetch(url, network=listener.network(read_numbers))

    assert caught.value.code == "address"
    assert listener.seen == 0


@pytest.mark.parametrize(
    "url", ["http://feeds.example.org/", f"http://{OUTSIDE}/", f"http://[{OUTSIDE_V6}]/"]
)
def test_open_address_is_dialled(url, listener):
    assert fetch(url, network=listener.network(read_numbers)).body == b"[]"
    assert listener.dialled[0] in (OUTSIDE, OUTSIDE_V6)


INSIDE = [
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://169.254.169.254/latest/",
    "http://[::1]/",
    "http://[64:ff9b::7f00:1]/",
    "//localhost/",
    "http://feeds.example.org:5432/",
    "http://a:b@feeds.example.org/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
]


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Moved"]
)
@pytest.mark.parametrize("target", INSIDE)
def test_redirect_to_the_inside_is_refused(status, target, listener):
    listener.answer = always(reply(status=status, location=target))

    with pytest.raises(FetchError) as caught:
        fetch("http://feeds.example.org/", network=listener.network(read_numbers))

    assert caught.value.code in {"address", "inside"}
    assert listener.dialled == [OUTSIDE]


def test_chain_of_redirects_is_checked_to_its_end(listener):
    listener.answer = one_after_another(
        reply(status="302 Found", location="/second"),
        reply(status="302 Found", location="http://feeds.example.org/third"),
        reply(status="302 Found", location="http://192.168.0.1/"),
    )

    with pytest.raises(FetchError) as caught:
        fetch("http://feeds.example.org/", network=listener.network(read_numbers))

    assert caught.value.code == "inside"
    assert listener.seen == 3


def test_endless_redirects_end(listener):
    listener.answer = always(reply(status="302 Found", location="/again"))

    with pytest.raises(FetchError) as caught:
        fetch("http://feeds.example.org/", network=listener.network(read_numbers))

    assert caught.value.code == "redirects"
    assert listener.seen == 4


def test_second_answer_of_a_name_server_is_never_asked_for(listener):
    answers = [[OUTSIDE], ["127.0.0.1"]]

    fetched = fetch(
        "http://feeds.example.org/", network=listener.network(lambda *_: answers.pop(0))
    )

    assert fetched.body == b"[]"
    assert listener.dialled == [OUTSIDE]
    assert answers == [["127.0.0.1"]]


def test_name_that_turns_inward_after_a_redirect_is_refused(listener):
    answers = [[OUTSIDE], ["127.0.0.1"]]
    listener.answer = always(reply(status="302 Found", location="/again"))

    with pytest.raises(FetchError) as caught:
        fetch("http://feeds.example.org/", network=listener.network(lambda *_: answers.pop(0)))

    assert caught.value.code == "inside"
    assert listener.seen == 1


@pytest.mark.parametrize("inside", ["10.0.0.1", "::1", "64:ff9b::a00:1", "fe80::1%lo", "nonsense"])
def test_name_with_one_inside_address_is_refused(inside, listener):
    with pytest.raises(FetchError) as caught:
        fetch("http://feeds.example.org/", network=listener.network(lambda *_: [OUTSIDE, inside]))

    assert caught.value.code == "inside"
    assert listener.dialled == []


def test_next_address_is_tried_when_one_cannot_be_reached(listener):
    def dial(address, port, seconds):
        if address == OUTSIDE_V6:
            raise httpcore.ConnectError("no route")
        return listener.network().dial(address, port, seconds)

    network = Network(resolve=lambda *_: [OUTSIDE_V6, OUTSIDE], dial=dial)

    assert fetch("http://feeds.example.org/", network=network).body == b"[]"


def test_proxy_of_the_environment_is_not_used(listener, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")

    fetch("http://feeds.example.org/", network=listener.network(read_numbers))

    assert listener.dialled == [OUTSIDE]


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        (OUTSIDE, True),
        (OUTSIDE_V6, True),
        ("8.8.8.8", True),
        ("", False),
        ("127.0.0.1", False),
        ("::ffff:8.8.8.8", False),
    ],
)
def test_reachable_addresses_are_told_from_others(address, is_open):
    assert may_reach(address) is is_open


# --- This machine, while developing ---------------------------------------------------


def test_loopback_is_read_only_where_it_is_switched_on(listener, settings):
    settings.FEEDS_FROM_LOOPBACK = True

    assert fetch(listener.url).body == b"[]"
    settings.FEEDS_FROM_LOOPBACK = False
    with pytest.raises(FetchError):
        fetch(listener.url)
    assert listener.seen == 1


def test_loopback_switch_is_dead_in_production(settings):
    settings.FEEDS_FROM_LOOPBACK, settings.LOCAL = True, False

    assert not site_network().with_loopback


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "169.254.169.254", "127.0.0.2", "::ffff:127.0.0.1"]
)
def test_loopback_switch_opens_nothing_else(address, listener):
    network = Network(
        resolve=lambda *_: [address], dial=listener.network().dial, with_loopback=True
    )

    with pytest.raises(FetchError) as caught:
        fetch("http://feeds.example.org/", network=network)

    assert caught.value.code == "inside"


def test_every_url_of_the_table_is_one_that_httpx_would_follow_or_refuse():
    readable = 0
    for url in FORBIDDEN:
        try:
            readable += bool(httpx.URL(url).host)
        except (httpx.InvalidURL, UnicodeError):
            continue

    assert readable > 90
