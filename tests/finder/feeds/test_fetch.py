"""A feed is fetched whole or not at all, and what went wrong is said in a sentence."""

import gzip
import resource
import socket
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from finder.feeds.fetch import MAX_BYTES, Fetched, FetchError, NotModified, fetch
from tests.finder.feeds.servers import FEED, URL, always, one_after_another, refused, reply

# --- What goes well -------------------------------------------------------------------


def test_feed_comes_with_what_to_ask_by_next_time(serve):
    date = "Tue, 10 Nov 2026 17:00:00 GMT"
    server = serve(always(reply(FEED, etag='W/"7"', last_modified=date)))

    assert fetch(URL, network=server.network()) == Fetched(FEED, 'W/"7"', date)


def test_request_says_who_we_are_and_nothing_more(serve, settings):
    settings.FEEDS_USER_AGENT = "MHG-Finder/9 (+https://finder.example.org/about/)"
    server = serve(always(reply(FEED)))

    fetch(URL, network=server.network())

    lines = server.requests[0].decode().splitlines()
    names = {line.split(":")[0].lower() for line in lines[1:] if line}
    assert lines[0] == "GET /meetings.json HTTP/1.1"
    assert "User-Agent: MHG-Finder/9 (+https://finder.example.org/about/)" in lines
    assert "Host: feeds.example.org" in lines
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_unchanged_feed_is_not_sent_again(serve):
    server = serve(always(reply(status="304 Not Modified")))

    answer = fetch(URL, etag='"7"', last_modified="yesterday", network=server.network())

    assert answer == NotModified()
    assert b'If-None-Match: "7"' in server.requests[0]
    assert b"If-Modified-Since: yesterday" in server.requests[0]


def test_unasked_not_modified_is_an_error(serve):
    assert refused(serve(always(reply(status="304 Not Modified")))).code == "status"


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])]
)
def test_packed_feed_is_unpacked(serve, pack):
    server = serve(always(reply(pack(FEED), content_encoding="gzip")))

    assert fetch(URL, network=server.network()).body == FEED


def test_feed_of_just_the_largest_size_is_read(serve):
    body = FEED.ljust(MAX_BYTES)
    server = serve(always(reply(gzip.compress(body), content_encoding="gzip")))

    assert len(fetch(URL, network=server.network()).body) == MAX_BYTES


@pytest.mark.parametrize(
    ("status", "moved_to"), [("301 Moved", "http://feeds.example.org/new?a=1"), ("302 Found", "")]
)
def test_redirect_is_followed_and_a_lasting_one_reported(serve, status, moved_to):
    server = serve(one_after_another(reply(status=status, location="/new?a=1#top"), reply(FEED)))

    fetched = fetch(URL, network=server.network())

    assert (fetched.body, fetched.moved_to) == (FEED, moved_to)
    assert server.requests[1].startswith(b"GET /new?a=1 HTTP/1.1")


def test_cookie_of_one_answer_is_not_sent_with_the_next(serve):
    first = reply(status="302 Found", location="/new", set_cookie="track=1; Path=/")
    server = serve(one_after_another(first, reply(FEED)))

    fetch(URL, network=server.network())

    assert b"cookie" not in server.requests[1].lower()


@pytest.mark.parametrize("header", ['"' + "x" * 300 + '"', "caf\xe9\x85"])
def test_odd_validator_is_not_kept(serve, header):
    server = serve(always(reply(FEED, etag=header)))

    assert fetch(URL, network=server.network()).etag == ""


# --- Answers that are no feed ---------------------------------------------------------

PAGE = b"\xef\xbb\xbf\n <!DOCTYPE html><html><body>Welcome</body></html>"
CHALLENGE = b"<html><head><title>Just a moment...</title></head></html>"
IN_WORDS = [
    ("500 Oops", b"", "status", "an error of its own (500)"),
    ("503 Busy", b"down", "status", "an error of its own (503)"),
    ("401 Who", b"", "status", "password"),
    ("403 No", b'{"error": "feed_restricted"}', "status", "ask its keeper"),
    ("404 None", PAGE, "status", "no feed at this address (404)"),
    ("410 Gone", b"", "status", "taken away"),
    ("429 Slow", b"", "status", "less often"),
    ("418 Teapot", b"", "status", "418"),
    ("204 Empty", b"", "status", "204"),
    ("300 Many", b"", "status", "300"),
    ("200 OK", PAGE, "page", "a web page, not a feed"),
    ("200 OK", b"<HTML>", "page", "a web page, not a feed"),
    ("200 OK", CHALLENGE, "page", "only a browser can pass"),
    ("403 No", CHALLENGE, "page", "only a browser can pass"),
    ("503 No", b"<script src=/cdn-cgi/challenge-platform/h>", "page", "only a browser can pass"),
    ("200 OK", b"", "empty", "nothing"),
    ("200 OK", b" \n\t ", "empty", "nothing"),
]


@pytest.mark.parametrize(("status", "body", "code", "words"), IN_WORDS)
def test_answer_that_is_no_feed_is_said_in_words(serve, status, body, code, words):
    error = refused(serve(always(reply(body, status=status))))

    assert error.code == code
    assert words in str(error)


def test_sentence_never_quotes_the_answer(serve):
    error = refused(serve(always(reply(b"Alice 217-555-0100", status="500 Alice"))))

    assert "Alice" not in str(error)


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        ("120", 120, 120),
        ("99999999999999999999", 7 * 86400, 7 * 86400),
        ("-5", 0, 0),
        ("soon", 0, 0),
        ("Tue, 10 Nov 1999 17:00:00 GMT", 0, 0),
    ],
)
def test_wait_that_a_server_asks_for_is_told(serve, header, low, high):
    error = refused(serve(always(reply(status="429 Slow", retry_after=header))))

    assert low <= error.retry_after <= high


def test_wait_until_an_hour_from_now_is_told(serve):
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    error = refused(serve(always(reply(status="429 Slow", retry_after=until))))

    assert 3000 <= error.retry_after <= 3600


# --- Hostile and broken servers -------------------------------------------------------


@pytest.fixture(scope="module")
def bomb():
    """A quarter of a gigabyte in a quarter of a megabyte."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(b" " * 1024**2) for _ in range(256)), packer.flush()])


def test_bomb_is_noticed_before_it_goes_off(serve, bomb):
    server = serve(always(reply(bomb, content_encoding="gzip")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    error = refused(server)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert len(bomb) < 1024**2
    assert error.code == "large"
    assert grown < 100 * 1024


def test_bomb_in_a_refusal_is_not_unpacked_either(serve, bomb):
    server = serve(always(reply(bomb, status="403 No", content_encoding="gzip")))
    began = time.monotonic()

    assert refused(server).code == "status"
    assert time.monotonic() - began < 1


def test_announced_flood_is_refused_at_once(serve):
    server = serve(always(reply(b"[", content_length=str(2 * 1024**3))))

    assert refused(server).code == "large"


def test_endless_answer_is_cut_off(serve):
    def flood(client, request):
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            client.sendall(b"100000\r\n" + b" " * 0x100000 + b"\r\n")

    assert refused(serve(flood)).code == "large"


def drip(before, piece):
    def answer(client, request):
        client.sendall(before)
        for _ in range(24):
            client.sendall(piece)
            time.sleep(0.05)

    return answer


OK = b"HTTP/1.1 200 OK\r\n"
SLOW = {
    "body": drip(OK + b"Content-Length: 99999\r\n\r\n", b"["),
    "headers": drip(OK, b"X-A: b\r\n"),
    "one header": drip(OK + b"X-A: ", b"b"),
    "status": drip(b"HTTP/1.1 20", b""),
    "chunks": drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n[\r\n"),
    "packed": drip(reply(b"", content_encoding="gzip", content_length="99999"), b"\x1f"),
    "half open": lambda client, request: client.shutdown(socket.SHUT_RD) or time.sleep(1.2),
    "silence": lambda client, request: time.sleep(1.2),
}


@pytest.mark.parametrize("way", SLOW)
def test_slow_server_is_given_up_on_in_time(serve, way):
    server = serve(SLOW[way])
    began = time.monotonic()

    error = refused(server, seconds=0.6)

    assert time.monotonic() - began < 1.1
    assert error.code in {"slow", "unreachable", "packing", "cut short"}


def test_redirects_share_one_deadline(serve):
    def wait(client, request):
        time.sleep(0.25)
        client.sendall(reply(status="302 Found", location="/again"))

    began = time.monotonic()

    assert refused(serve(wait), seconds=0.6).code == "slow"
    assert time.monotonic() - began < 1.1


@pytest.mark.parametrize(
    "answer",
    [
        reply(FEED, content_length="500"),
        reply(gzip.compress(FEED)[:-6], content_encoding="gzip"),
        OK + b'Transfer-Encoding: chunked\r\n\r\n5\r\n[{"na',
        OK + b"Content-Le",
        b"",
        b"SSH-2.0-OpenSSH_9\r\n",
    ],
)
def test_answer_that_breaks_off_is_not_taken_for_whole(serve, answer):
    assert refused(serve(always(answer))).code == "cut short"


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "compress"])
def test_packing_that_was_not_asked_for_is_refused(serve, packing):
    assert refused(serve(always(reply(FEED, content_encoding=packing)))).code == "packing"


def test_packed_nonsense_is_refused(serve):
    assert refused(serve(always(reply(FEED, content_encoding="gzip")))).code == "packing"


def test_closed_port_is_said_in_words(settings):
    settings.FEEDS_FROM_LOOPBACK = True
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(FetchError) as caught:
        fetch(f"http://127.0.0.1:{port}/")

    assert caught.value.code == "unreachable"
