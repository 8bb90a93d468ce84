"""Reads all meetings of a BMLT server through its own interface; what they mean is bmlt's.

Interface: <root>/client_interface/json/?switcher=GetSearchResults and GetFormats, the same
since version 2 of the server.
"""

import json
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from finder.feeds import bmlt, payload
from finder.feeds.fetch import Fetched, fetch, site_network
from finder.feeds.network import FetchError, Network
from finder.feeds.record import FeedError

PAGE_SIZE = 1000
MAX_PAGES = 200
MAX_BYTES = 100 * 1024 * 1024
# For all pages together.
LONGEST_SECONDS = 600.0
_INTERFACE = "/client_interface/json/"
# Ours to choose; every other parameter narrows the search and stays.
_OURS = {
    *("switcher", "page_size", "page_num", "sort_key", "sort_keys", "data_field_key"),
    *("get_used_formats", "get_formats_only", "callback"),
}


def is_server(url: str, *, format_: str) -> bool:
    """Say whether an address is a server to ask page by page, not a file to fetch.

    >>> is_server("https://bmlt.example.org/main_server/", format_="bmlt")
    True
    >>> is_server("https://example.org/meetings.json", format_="bmlt")
    False
    """
    path = urlsplit(url).path
    is_bmlt = format_ in (bmlt.NAME, "", "auto")
    is_root = format_ == bmlt.NAME and not path.endswith(".json")
    return is_bmlt and ("/client_interface/" in path or is_root)


def fetch_all(url: str, *, network: Network | None = None) -> Fetched:
    """Fetch every meeting and the server's formats as one feed; FetchError when any page fails.

    Sorted by id, since any other order of this server shifts between pages.
    """
    network = network or site_network()
    began, size = time.monotonic(), 0

    def ask(**asked: str | int) -> list:
        nonlocal size
        left = LONGEST_SECONDS - (time.monotonic() - began)
        if left <= 0:
            raise FetchError("slow", "The server took more than ten minutes for all its pages.")
        address = _address(url, asked)
        got = fetch(address, network=network, seconds=min(network.seconds, left))
        size += len(got.body)
        if size > MAX_BYTES:
            raise FetchError("large", "The pages of this server are too large together.")
        return _rows(got.body)

    formats = ask(switcher="GetFormats")
    feed = {"meetings": _all_pages(ask), "formats": formats}
    # Escaped, so that odd characters reach the reader as the server sent them.
    return Fetched(json.dumps(feed, separators=(",", ":")).encode("ascii"))


def _all_pages(ask: Callable[..., list]) -> list:
    found, seen = [], set()
    for number in range(1, MAX_PAGES + 1):
        rows = ask(
            switcher="GetSearchResults",
            sort_keys="id_bigint",
            page_size=PAGE_SIZE,
            page_num=number,
        )
        fresh = [row for row in rows if _key(row) not in seen]
        # Not a short page, since a server may give fewer rows than asked for; and one that
        # does not know pages gives everything again.
        if not fresh:
            return found
        found += fresh
        seen.update(map(_key, fresh))
    raise FetchError("large", f"The server has more than {MAX_PAGES} pages of meetings.")


def _key(row: object) -> str:
    named = row.get("id_bigint") if isinstance(row, dict) else None
    return f"id {named}" if named else json.dumps(row, sort_keys=True)


def _address(url: str, asked: dict[str, str | int]) -> str:
    parts = urlsplit(url)
    root = parts.path.partition("/client_interface/")[0].removesuffix("/")
    kept = []
    if asked["switcher"] == "GetSearchResults":
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in _OURS]
    query = urlencode([*kept, *asked.items()], safe="[],-")
    return urlunsplit((parts.scheme, parts.netloc, root + _INTERFACE, query, ""))


def _rows(body: bytes) -> list:
    try:
        parsed, _ = payload.parse(payload.decode(body)[0])
    except FeedError as error:
        raise FetchError("format", str(error)) from error
    if not isinstance(parsed, list):
        raise FetchError("format", "The server did not answer with a list, as a BMLT server does.")
    return parsed
