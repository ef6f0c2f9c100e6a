"""A client that costs little: prepared bytes over connections that stay open, one thread."""

import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

import orjson

_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Run:
    """What a number of requests took; `bodies` in the order of the requests."""

    seconds: float
    statuses: dict[int, int]
    bodies: list[bytes]
    latencies: list[float]

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.bodies) / self.seconds

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 requests stay within."""
        return 1000 * quantiles(self.latencies, n=100)[98]


def request(method: str, path: str, key: str, body: object = None) -> bytes:
    """The bytes of one request to the API."""
    content = b"" if body is None else orjson.dumps(body, default=str)
    head = (
        f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    number: int = 0
    sent_at: float = 0.0
    got: bytearray | None = None
    wanted: int = 0


def drive(port: int, requests: Iterable[bytes], *, clients: int) -> Run:
    """Send every request once, over so many connections, each waiting for its answer."""
    waiting = deque(enumerate(requests))
    bodies: list[bytes] = [b""] * len(waiting)
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    selector = selectors.DefaultSelector()
    for _ in range(min(clients, len(waiting))):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(opened, selectors.EVENT_READ, _Connection(opened))
    begun = time.perf_counter()
    for key in list(selector.get_map().values()):
        _send_next(key.data, waiting)
    active = len(selector.get_map())
    while active:
        for key, _ in selector.select():
            connection: _Connection = key.data
            if not _received(connection):
                continue
            assert connection.got is not None
            end = connection.got.index(_HEAD_END) + 4
            statuses[int(connection.got[9:12])] += 1
            bodies[connection.number] = bytes(connection.got[end:])
            latencies.append(time.perf_counter() - connection.sent_at)
            if not _send_next(connection, waiting):
                selector.unregister(connection.socket)
                connection.socket.close()
                active -= 1
    return Run(time.perf_counter() - begun, dict(statuses), bodies, latencies)


def _send_next(connection: _Connection, waiting: deque[tuple[int, bytes]]) -> bool:
    if not waiting:
        return False
    connection.number, content = waiting.popleft()
    connection.got = None
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(content)
    return True


def _received(connection: _Connection) -> bool:
    """Read what is there; whether the answer is whole."""
    piece = connection.socket.recv(262_144)
    if not piece:
        raise ConnectionError("the server closed a connection")
    if connection.got is None:
        connection.got = bytearray(piece)
        head = piece[: piece.index(_HEAD_END)].lower()
        start = head.index(b"content-length: ") + 16
        length = int(head[start:].split(b"\r\n", 1)[0])
        connection.wanted = len(head) + 4 + length
    else:
        connection.got += piece
    return len(connection.got) >= connection.wanted
