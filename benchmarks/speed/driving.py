"""Drives a server with a fixed number of kept connections and measures each answer.

One thread and raw sockets: a library for requests takes longer than the answers that are measured.
"""

import gc
import resource
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

TIMEOUT = 120
MOST_CLOSED = 100


@dataclass
class Driven:
    """Answers as (number of the shape, milliseconds, bytes), and how long all of it took."""

    answers: list[tuple[int, float, int]] = field(default_factory=list)
    seconds: float = 0.0
    failed: int = 0
    # Kept connections that the server closed before it answered.
    closed: int = 0
    # How much of one processor the driver itself took.
    own_share: float = 0.0

    def add(self, other: "Driven") -> None:
        """Take in a further stretch of the same measurement."""
        busy = self.own_share * self.seconds + other.own_share * other.seconds
        self.answers += other.answers
        self.seconds += other.seconds
        self.failed += other.failed
        self.closed += other.closed
        self.own_share = busy / self.seconds if self.seconds else 0.0


class Connection:
    """One kept connection: at most one request under way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, shape: int, request: bytes) -> None:
        self.shape, self.request, self.data, self.wanted = shape, request, b"", -1
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def send_again(self) -> None:
        """Ask over a new connection, as clients do when a kept one was closed."""
        self.close()
        self.open()
        self.data, self.wanted = b"", -1
        self.socket.sendall(self.request)

    def receive(self) -> bool:
        """Take what has come; say whether the answer is whole."""
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("The server closed the connection.")
        self.data += piece
        if self.wanted < 0:
            self._read_head()
        if self.wanted >= 0:
            return len(self.data) >= self.wanted
        return self.is_chunked and self.data.endswith(b"0\r\n\r\n")

    def _read_head(self) -> None:
        end = self.data.find(b"\r\n\r\n")
        if end < 0:
            self.is_chunked = False
            return
        head = self.data[:end].lower()
        self.status = int(head[9:12])
        self.head = end + 4
        self.is_chunked = b"transfer-encoding: chunked" in head
        if self.status in (204, 304):
            self.wanted = self.head
            return
        at = head.find(b"content-length:")
        if at >= 0:
            self.wanted = self.head + int(head[at + 15 :].split(b"\r\n", 1)[0])

    def close(self) -> None:
        self.socket.close()


def drive(
    port: int,
    requests: Sequence[tuple[int, bytes]],
    *,
    connections: int,
    seconds: float,
    at_least: int = 0,
    statuses: tuple[int, ...] = (200,),
) -> Driven:
    """Send the requests round and round until the time is up and ``at_least`` have been sent."""
    waiting = _round(requests)
    driven, spent = Driven(), _cpu()
    chosen = selectors.DefaultSelector()
    is_collecting = gc.isenabled()
    gc.disable()
    began = time.perf_counter()
    sent = under_way = 0
    try:
        for _number in range(connections):
            connection = Connection(port)
            chosen.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(*next(waiting))
            sent, under_way = sent + 1, under_way + 1
        while under_way:
            for key, _events in chosen.select(TIMEOUT) or _silent(port):
                connection = key.data
                try:
                    is_whole = connection.receive()
                except ConnectionError:
                    chosen.unregister(key.fileobj)
                    connection.send_again()
                    chosen.register(connection.socket, selectors.EVENT_READ, connection)
                    driven.closed += 1
                    if driven.closed > MOST_CLOSED:
                        raise
                    continue
                if not is_whole:
                    continue
                took = (time.perf_counter() - connection.began) * 1000
                driven.answers.append((connection.shape, took, len(connection.data)))
                driven.failed += connection.status not in statuses
                under_way -= 1
                if sent < at_least or time.perf_counter() - began < seconds:
                    connection.send(*next(waiting))
                    sent, under_way = sent + 1, under_way + 1
    finally:
        for key in list(chosen.get_map().values()):
            key.data.close()
        chosen.close()
        if is_collecting:
            gc.enable()
    driven.seconds = time.perf_counter() - began
    driven.own_share = (_cpu() - spent) / driven.seconds
    return driven


def _round(requests: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    while True:
        yield from requests


def _silent(port: int):
    raise TimeoutError(f"The server on port {port} did not answer for {TIMEOUT} seconds.")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def request(path: str, **headers: str) -> bytes:
    """Write a GET request as a proxy that ends TLS would send it on."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "X-Forwarded-Proto: https"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True)
class Answer:
    """One whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, **headers: str) -> Answer:
    """Ask once, over a connection of its own."""
    connection = Connection(port)
    try:
        connection.send(0, request(path, **headers))
        while not connection.receive():
            pass
    finally:
        connection.close()
    head, body = connection.data[: connection.head], connection.data[connection.head :]
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.split(": ", 1) for line in lines if ": " in line)
    # Names in any case, values as they are: a tag in small letters is another tag.
    told = {name.lower(): value for name, value in pairs}
    return Answer(connection.status, told, _joined(body) if connection.is_chunked else body)


def _joined(body: bytes) -> bytes:
    """Join the pieces of a chunked body."""
    whole = b""
    while body:
        size, _line, body = body.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            break
        whole, body = whole + body[:length], body[length + 2 :]
    return whole
