"""A receiver of webhooks: a real HTTP server that answers as it is told to."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook

# What a receiver may do with a message: a status to answer, or a way to misbehave.
RESET, HANG, DRIP = "reset", "hang", "drip"


@dataclass(frozen=True, slots=True)
class Message:
    """What came in."""

    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of its signatures is by this secret, whenever it was sent."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        wanted = Webhook(secret).sign(self.id, at, self.content.decode())
        return wanted in self.headers["webhook-signature"].split(" ")

    def read(self, secret: str) -> Any:
        """The body, if the signature fits; raises WebhookVerificationError."""
        return Webhook(secret).verify(self.content, self.headers)


@dataclass
class Receiver:
    """Everything that came, in its order, and what was answered."""

    url: str
    behave: Callable[[Message], Any] = lambda message: 200
    messages: list[Message] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving(behave: Callable[[Message], Any] = lambda message: 200) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            message = Message(
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            receiver.messages.append(message)
            _answer(self, receiver, message)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.daemon_threads = True
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook", behave)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.stopping.set()
            server.shutdown()


def _answer(hook: BaseHTTPRequestHandler, receiver: Receiver, message: Message) -> None:
    what = receiver.behave(message)
    if what == RESET:
        linger = struct.pack("ii", 1, 0)
        hook.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        hook.close_connection = True
        hook.connection.close()
    elif what == HANG:
        receiver.stopping.wait(30)
    elif what == DRIP:
        _drip(hook, receiver)
    else:
        status, headers, body = what if isinstance(what, tuple) else (what, {}, b"thanks")
        if 200 <= status < 300:
            receiver.taken.append(message)
        hook.send_response(status)
        for name, value in headers.items():
            hook.send_header(name, value)
        hook.send_header("Content-Length", str(len(body)))
        hook.end_headers()
        hook.wfile.write(body)


def _drip(hook: BaseHTTPRequestHandler, receiver: Receiver) -> None:
    """A header that never ends, a byte at a time."""
    try:
        hook.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not receiver.stopping.wait(0.1):
            hook.wfile.write(b"a")
            hook.wfile.flush()
    except OSError:
        return
