"""The guard of every request for a feed: which addresses may be reached, and how they are."""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import httpcore
import httpx

CONNECT_SECONDS = 8.0
READ_SECONDS = 12.0
LOOKUP_SECONDS = 6.0
PORTS = {80, 443}

# Counted as global by some versions of Python, though they lead elsewhere or nowhere.
_UNREACHABLE = [
    ipaddress.ip_network(text)
    for text in (
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "192.0.0.0/24",  # protocol assignments
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps an IPv4 address
        "3fff::/20",  # documentation
    )
]
# Outside it lie loopback, v4-mapped, v4-compatible, NAT64, link-local, unique-local, multicast.
_GLOBAL_UNICAST_V6 = ipaddress.ip_network("2000::/3")


class FetchError(Exception):
    """A feed could not be fetched; the message is a sentence for a curator.

    ``code`` is one word for tests and figures; ``retry_after`` the seconds a server asked for.
    """

    def __init__(self, code: str, message: str, *, retry_after: int = 0) -> None:
        super().__init__(message)
        self.code, self.retry_after = code, retry_after


def may_reach(address: str) -> bool:
    """Say whether an IP address is one that anybody on the internet could reach.

    >>> may_reach("93.184.216.34"), may_reach("127.0.0.1"), may_reach("64:ff9b::a00:1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip not in _GLOBAL_UNICAST_V6 or ip.scope_id):
        return False
    if any(ip in network for network in _UNREACHABLE if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name; a slow name server is given up on."""
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put([])

    # getaddrinfo has no time limit of its own.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=LOOKUP_SECONDS)
    except queue.Empty:
        found = []
    return list(dict.fromkeys(entry[4][0] for entry in found))


@lru_cache(maxsize=1)
def public_authorities() -> ssl.SSLContext:
    """Trust the authorities that browsers trust, and none of this machine's own."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class Network:
    """How names are looked up and addresses dialled; tests bring their own.

    ``with_loopback`` also lets this machine's own address through, on any port.
    """

    resolve: Callable[[str, int], Iterable[str]] = look_up
    dial: Callable[..., httpcore.NetworkStream] = httpcore.SyncBackend().connect_tcp
    authorities: Callable[[], ssl.SSLContext] = public_authorities
    # For one answer with all its redirects; a slow name server may add its six.
    seconds: float = 24.0
    with_loopback: bool = False

    def permits(self, address: str) -> bool:
        """Say whether a connection to this address may be opened."""
        return may_reach(address) or (self.with_loopback and address in ("127.0.0.1", "::1"))


def check_url(url: httpx.URL, network: Network) -> None:
    """Refuse an address by its form: scheme, user name, host, port."""
    if url.scheme not in ("http", "https"):
        raise FetchError("address", "The address must begin with https:// or http://.")
    if url.userinfo:
        raise FetchError("address", "The address must not hold a user name or password.")
    if not url.host:
        raise FetchError("address", "The address names no server.")
    if url.port is not None and url.port not in PORTS and not network.with_loopback:
        raise FetchError("address", f"Only the ports 80 and 443 are read, not {url.port}.")


class Deadline:
    """The moment by which everything must be over."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, time.monotonic() + seconds

    def within(self, limit: float | None) -> float:
        """Return how long a step may take; raise when nothing is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError("slow", f"The server did not finish within {self._seconds:g} seconds.")
        return left if limit is None else min(left, limit)


class GuardedTransport(httpx.BaseTransport):
    """Sends requests to the very address that was checked, and to no other.

    The name is looked up once for a connection, so a name server cannot answer the check one
    way and the connection another; TLS and the Host header still carry the name.
    """

    def __init__(self, network: Network, deadline: Deadline) -> None:
        # One connection for each request: connections are never shared between names.
        self._pool = httpcore.ConnectionPool(
            ssl_context=network.authorities(),
            max_keepalive_connections=0,
            network_backend=_GuardedBackend(network, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        reply = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self):
        yield from self._reply.stream

    def close(self) -> None:
        self._reply.close()


class _GuardedBackend(httpcore.NetworkBackend):
    def __init__(self, network: Network, deadline: Deadline) -> None:
        self._network, self._deadline = network, deadline

    def connect_tcp(
        self, host, port, timeout=None, local_address=None, socket_options=None
    ) -> httpcore.NetworkStream:
        error = None
        for address in self._checked(host.strip("[]"), port):
            try:
                seconds = self._deadline.within(CONNECT_SECONDS)
                return _TimedStream(self._network.dial(address, port, seconds), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                # A machine without IPv6 goes on to the name's next address.
                error = failure
        raise FetchError("unreachable", "The server could not be reached.") from error

    def _checked(self, host: str, port: int) -> list[str]:
        addresses = list(self._network.resolve(host, port))
        if not addresses:
            raise FetchError("name", "The name of the server was not found.")
        # One inside address among them is enough to refuse the name.
        if not all(self._network.permits(address) for address in addresses):
            raise FetchError("inside", "The address leads into a private network. It is not read.")
        return addresses

    def connect_unix_socket(self, path, timeout=None, socket_options=None):
        raise FetchError("inside", "The address leads into this machine. It is not read.")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline, however slowly bytes drip in."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(READ_SECONDS))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(READ_SECONDS))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        seconds = self._deadline.within(CONNECT_SECONDS)
        inner = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str):
        return self._stream.get_extra_info(info)
