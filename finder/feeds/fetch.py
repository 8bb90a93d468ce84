"""Fetches a feed politely and safely; what is in it is judged by the formats."""

import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore
import httpx
from django.conf import settings

from finder.feeds.network import (
    Deadline,
    FetchError,
    GuardedTransport,
    Network,
    check_url,
)

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 3
_LONGEST_URL = 2000
_LONGEST_WAIT = 7 * 24 * 3600

_STATUS_SENTENCES = {
    401: "The server asks for a password (401). Its feed is not open to us.",
    403: "The server refuses us (403). Its feed may be restricted: ask its keeper for access.",
    404: "There is no feed at this address (404). It may have moved.",
    410: "The feed was taken away for good (410).",
    429: "The server asks us to come less often (429).",
}
_NOT_A_FEED = "The server answered with a web page, not a feed."
_CHALLENGE = (
    "The server answered with a check that only a browser can pass (Cloudflare or the like),"
    " not a feed: ask its keeper to let us through."
)
_CHALLENGE_MARKS = (b"challenge-platform", b"just a moment", b"cf-chl", b"captcha", b"mod_security")
_CUT_SHORT = "The answer broke off before its end."
_TOO_LARGE = f"The answer is larger than {MAX_BYTES // 1024**2} MB. It is not read."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered, unpacked, and what to show it next time."""

    body: bytes
    etag: str = ""
    last_modified: str = ""
    # Where the server says that the feed lives now, when it says so for good.
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed is still what it was."""


def site_network() -> Network:
    """Give the network that the settings allow; this machine only while developing."""
    return Network(with_loopback=settings.FEEDS_FROM_LOOPBACK and settings.LOCAL)


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    network: Network | None = None,
    seconds: float | None = None,
) -> Fetched | NotModified:
    """Read one address, or raise FetchError with a sentence.

    At most the network's seconds, 20 MB unpacked and three redirects, each checked anew.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {
        "User-Agent": settings.FEEDS_USER_AGENT,
        "Accept": "application/json, text/csv;q=0.9, */*;q=0.5",
        # Others unpack to any size from one small piece, which could not be capped.
        "Accept-Encoding": "gzip",
        "Connection": "close",
    } | {name: value for name, value in conditions.items() if value}
    network = network or site_network()
    try:
        return _follow(_read_url(url), headers, network, Deadline(seconds or network.seconds))
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise FetchError("slow", "The server took too long to answer.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, OSError) as error:
        raise _explained(error) from error


def check_address(url: str) -> None:
    """Raise FetchError with a sentence for an address that is refused by its form alone."""
    check_url(_read_url(url), site_network())


def _read_url(text: str) -> httpx.URL:
    # Browsers drop these silently; here they only ever hide something.
    if len(text) > _LONGEST_URL or any(ord(sign) <= 32 or ord(sign) == 127 for sign in text):
        raise FetchError("address", "The address is too long or holds a space.")
    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError("address", "The address cannot be read.") from error


def _follow(
    url: httpx.URL, headers: dict, network: Network, deadline: Deadline
) -> Fetched | NotModified:
    moved_to, is_for_good = "", True
    for _ in range(MAX_REDIRECTS + 1):
        check_url(url, network)
        with (
            GuardedTransport(network, deadline) as transport,
            httpx.Client(transport=transport, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", url, headers=headers) as reply,
        ):
            if not reply.has_redirect_location:
                return _answer(reply, moved_to)
            is_for_good = is_for_good and reply.status_code in (301, 308)
            url = _target(url, reply.headers["location"])
            moved_to = str(url) if is_for_good else ""
    raise FetchError("redirects", f"The address leads on more than {MAX_REDIRECTS} times.")


def _target(url: httpx.URL, location: str) -> httpx.URL:
    try:
        target = url.join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError("address", "The address leads on to one that cannot be read.") from error
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError("address", "The address leads from https on to http, which is not safe.")
    return target


def _answer(reply: httpx.Response, moved_to: str) -> Fetched | NotModified:
    is_conditional = {"if-none-match", "if-modified-since"} & set(reply.request.headers)
    if reply.status_code == 304 and is_conditional:
        return NotModified()
    if reply.status_code != 200:
        raise _refusal(reply)
    body = _body(reply)
    if not body.strip():
        raise FetchError("empty", "The feed is empty: the server answered with nothing.")
    if _is_page(body):
        raise FetchError("page", _CHALLENGE if _is_challenge(reply, body) else _NOT_A_FEED)
    return Fetched(
        body,
        etag=_short(reply.headers.get("etag", ""), 200),
        last_modified=_short(reply.headers.get("last-modified", ""), 60),
        moved_to=moved_to,
    )


def _short(header: str, longest: int) -> str:
    # A cut validator would match nothing; none at all is better.
    return header if len(header) <= longest and header.isprintable() else ""


def _refusal(reply: httpx.Response) -> FetchError:
    code = reply.status_code
    start = b"".join(_first(reply, 20_000))
    if _is_challenge(reply, start):
        return FetchError("page", _CHALLENGE)
    if code >= 500:
        sentence = f"The server had an error of its own ({code})."
    else:
        sentence = _STATUS_SENTENCES.get(code, f"The server answered {code}, not a feed.")
    return FetchError("status", sentence, retry_after=_retry_after(reply))


def _first(reply: httpx.Response, size: int) -> Iterator[bytes]:
    try:
        for piece in _unpacked(reply):
            yield piece[:size]
            size -= len(piece)
            if size <= 0:
                return
    except (FetchError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        # The status alone says enough.
        return


def _retry_after(reply: httpx.Response) -> int:
    text = reply.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return min(int(text[:9]), _LONGEST_WAIT)
    try:
        seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0
    return min(max(int(seconds), 0), _LONGEST_WAIT)


def _body(reply: httpx.Response) -> bytes:
    length = reply.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > MAX_BYTES:
        raise FetchError("large", _TOO_LARGE)
    body = bytearray()
    for piece in _unpacked(reply):
        body += piece
        if len(body) > MAX_BYTES:
            raise FetchError("large", _TOO_LARGE)
    return bytes(body)


def _unpacked(reply: httpx.Response) -> Iterator[bytes]:
    """Unpack piece by piece, so that a bomb is noticed before it has gone off."""
    packing = reply.headers.get("content-encoding", "").strip().casefold()
    if packing in ("", "identity"):
        yield from reply.iter_raw()
        return
    if packing not in ("gzip", "x-gzip"):
        raise FetchError("packing", "The answer is packed in a way that we did not ask for.")
    reader = zlib.decompressobj(wbits=31)
    try:
        for piece in reply.iter_raw():
            while piece:
                if reader.eof:
                    # Several packed pieces may stand one after the other.
                    reader = zlib.decompressobj(wbits=31)
                yield reader.decompress(piece, 1024 * 1024)
                piece = reader.unconsumed_tail or reader.unused_data
    except zlib.error as error:
        raise FetchError("packing", "The answer cannot be unpacked.") from error
    if not reader.eof:
        raise FetchError("cut short", _CUT_SHORT)


def _is_page(body: bytes) -> bool:
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<!--"))


def _is_challenge(reply: httpx.Response, start: bytes) -> bool:
    text = start[:20_000].lower()
    return "cf-mitigated" in reply.headers or any(mark in text for mark in _CHALLENGE_MARKS)


def _explained(error: Exception) -> FetchError:
    cause = error.__cause__ or error.__context__ or error
    if isinstance(error, httpcore.ProtocolError):
        return FetchError("cut short", _CUT_SHORT)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FetchError("certificate", "The certificate of the server is not valid.")
    if isinstance(cause, ssl.SSLError):
        return FetchError("certificate", "No secure connection to the server could be made.")
    return FetchError("unreachable", "The connection to the server broke off.")
