"""One attempt: an HTTP POST to an address that is looked at anew, within a deadline.

The name is resolved once; what it resolves to is checked, and exactly that is connected to, so
that a name that changes its mind meanwhile leads nowhere. Redirects are not followed, and what the
surroundings say about proxies and passwords is not used.
"""

import ipaddress
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests_hardened import Config, HTTPSession  # type: ignore[import-untyped]
from requests_hardened.ip_filter import InvalidIPAddress  # type: ignore[import-untyped]
from requests_hardened.ip_filter_adapter import IPFilterAdapter  # type: ignore[import-untyped]
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from orderwright.webhooks.rules import may_be_called

PATIENCE: Final = 15.0  # seconds, from the first byte to the last
MOST_READ: Final = 10_000  # bytes of an answer that are kept
AGENT: Final = "Orderwright-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said; `status` is None when it said nothing, and `error` why."""

    status: int | None
    body: str = ""
    error: str = ""
    milliseconds: int = 0

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


class Deadline:
    """Ends a connection when its time is over, however slowly the other side drips."""

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for one in self._sockets:
            one.close()

    def watch(self, connection: socket.socket) -> socket.socket:
        """Watch a connection; TLS takes over its socket, so a duplicate is kept."""
        self._sockets.append(connection.dup())
        if self.has_passed:
            self._end()
        return connection

    def _end(self) -> None:
        self.has_passed = True
        for one in self._sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has ended already
                continue


class _Adapter(IPFilterAdapter):
    """Connects to public addresses only, under a deadline."""

    def __init__(self, deadline: Deadline, *, is_https: bool, allow_local: bool) -> None:
        self._deadline = deadline
        super().__init__(is_https_proto=is_https, allow_loopback=allow_local)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _pools_under(self._deadline)

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        address = ipaddress.ip_address(host["host"].strip("[]"))
        if not may_be_called(address, allow_local=self._allow_loopback):
            raise InvalidIPAddress(address)
        return host, options


def post(
    url: str,
    *,
    headers: dict[str, str],
    content: bytes,
    allow_local: bool = False,
    patience: float = PATIENCE,
) -> Answer:
    """Send a message once, and say what came of it; never raises for what a receiver does."""
    began = time.monotonic()
    with Deadline(patience) as deadline, _session(deadline, allow_local=allow_local) as session:
        try:
            said = session.post(
                url,
                data=content,
                headers={
                    **headers,
                    "Content-Type": "application/json",
                    "Accept-Encoding": "identity",
                },
                timeout=patience,
                allow_redirects=False,
                stream=True,
            )
            if deadline.has_passed:  # cut among the headers: they end there as if whole
                raise requests.Timeout
            answer = _read(said)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            answer = Answer(None, error=_sentence(error, deadline, patience))
    spent = int((time.monotonic() - began) * 1000)
    return Answer(answer.status, answer.body, answer.error, spent)


def _session(deadline: Deadline, *, allow_local: bool) -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=False,  # our own adapters below are stricter
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(PATIENCE, PATIENCE),
            user_agent_override=AGENT,
        )
    )
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", _Adapter(deadline, is_https=True, allow_local=allow_local))
    if allow_local:
        session.mount("http://", _Adapter(deadline, is_https=False, allow_local=True))
    return session


def _read(said: requests.Response) -> Answer:
    with said:
        try:
            body = said.raw.read(MOST_READ, decode_content=False)
        except (HTTPError, OSError):  # the status is there; the rest does not matter
            body = b""
    text = body.decode("utf-8", errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    error = "Redirects are not followed." if 300 <= said.status_code < 400 else ""
    return Answer(said.status_code, text, error)


def _sentence(error: Exception, deadline: Deadline, patience: float) -> str:
    """Why there is no answer, without addresses or headers: they could hold secrets."""
    if isinstance(error, InvalidIPAddress):
        return "The name leads to an address that is not public: nothing was sent."
    if deadline.has_passed or isinstance(error, requests.Timeout):
        return f"No answer within {patience:g} seconds."
    if isinstance(error, requests.exceptions.SSLError):
        return "The certificate of the receiver is not valid for its name."
    if isinstance(error, requests.exceptions.InvalidSchema):
        return "Webhooks go to https:// only: nothing was sent."
    if "resolve" in str(error):
        return "There is no such host."
    if "refused" in str(error).lower():
        return "The receiver refused the connection."
    return "The connection failed or was cut before an answer."


def _pools_under(deadline: Deadline) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return deadline.watch(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return deadline.watch(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
