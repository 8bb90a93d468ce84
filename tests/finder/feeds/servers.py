"""Servers on this machine that answer a feed's address well or badly; the tests hold no network."""

import socket
import threading
from collections.abc import Callable

import httpcore
import pytest

from finder.feeds.fetch import FetchError, fetch
from finder.feeds.network import Network

FEED = b'[{"name": "Lantern", "day": 1}]'
URL = "http://feeds.example.org/meetings.json"

# The documentation's own addresses are refused, so this one stands for the open internet.
OUTSIDE = "93.184.216.34"


class Server:
    """A server that gives every connection to ``answer(client, request)``, and counts them."""

    def __init__(self, answer: Callable[[socket.socket, bytes], None], wrap=None) -> None:
        # ``wrap`` makes a connection speak TLS.
        self.wrap = wrap or (lambda client: client)
        self.answer, self.requests, self.dialled, self.seen = answer, [], [], 0
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.is_closed = threading.Event()
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def network(self, resolve=lambda *_: [OUTSIDE], **options) -> Network:
        """A network on which every address that the guard lets through ends here."""
        return Network(resolve=resolve, dial=self._dial, **options)

    def close(self) -> None:
        self.is_closed.set()
        # Without the shutdown, accept would go on waiting.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self._threads:
            thread.join(5)

    def _dial(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.dialled.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, seconds)

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.seen += 1
            thread = threading.Thread(target=self._serve, args=[client], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with self.wrap(client) as client:
                request = client.recv(65536)
                self.requests.append(request)
                self.answer(client, request)
        except OSError:
            # The other side had enough.
            client.close()


def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Write a whole reply; ``content_length=...`` replaces the true one."""
    names = {name.replace("_", "-").title(): value for name, value in headers.items()}
    fields = {"Content-Length": str(len(body)), "Connection": "close"} | names
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def always(data: bytes) -> Callable[[socket.socket, bytes], None]:
    """Answer the same whatever is asked."""
    return lambda client, request: client.sendall(data)


def one_after_another(*replies: bytes) -> Callable[[socket.socket, bytes], None]:
    """Answer with each in turn."""
    waiting = list(replies)
    return lambda client, request: client.sendall(waiting.pop(0))


def refused(server, url=URL, **options):
    """Fetch from a server that must be refused, and give the error."""
    with pytest.raises(FetchError) as caught:
        fetch(url, network=server.network(), **options)
    assert str(caught.value).endswith(".")
    return caught.value
