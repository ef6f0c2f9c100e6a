"""One attempt: what a receiver may do, and addresses that are never touched."""

import socket
import time
from typing import Any

import pytest

from orderwright.webhooks import sending
from tests.webhooks.receivers import DRIP, HANG, RESET, receiving

CONTENT = b'{"type": "webhook.test"}'


def post(url: str, *, allow_local: bool = True, patience: float = 5) -> sending.Answer:
    return sending.post(
        url,
        headers={"webhook-id": "1"},
        content=CONTENT,
        allow_local=allow_local,
        patience=patience,
    )


@pytest.mark.parametrize(
    ("status", "is_delivered"),
    [(200, True), (201, True), (204, True), (299, True), (302, False), (400, False), (500, False)],
)
def test_only_a_status_of_two_hundred_is_a_delivery(status: int, is_delivered: bool) -> None:
    with receiving(lambda message: (status, {"Location": "/other"}, b"")) as receiver:
        answer = post(receiver.url)
    assert (answer.status, answer.is_delivered) == (status, is_delivered)
    assert [(one.path, one.content) for one in receiver.messages] == [("/hook", CONTENT)]


def test_a_redirect_leads_nowhere() -> None:
    with (
        receiving() as other,
        receiving(lambda message: (307, {"Location": other.url}, b"")) as receiver,
    ):
        answer = post(receiver.url)
    assert (answer.status, answer.error) == (307, "Redirects are not followed.")
    assert other.messages == []


def test_a_long_answer_is_cut_and_any_byte_is_kept_readable() -> None:
    with receiving(lambda message: (200, {}, b"\x00\xff" + b"a" * 50_000)) as receiver:
        answer = post(receiver.url)
    assert len(answer.body) == 10_000
    assert answer.body[:3] == "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}a"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (RESET, "The connection failed or was cut before an answer."),
        (HANG, "No answer within 0.5 seconds."),
        (DRIP, "No answer within 0.5 seconds."),
    ],
)
def test_a_receiver_that_misbehaves_costs_its_deadline_at_most(
    behaviour: str, sentence: str
) -> None:
    with receiving(lambda message: behaviour) as receiver:
        began = time.monotonic()
        answer = post(receiver.url, patience=0.5)
        spent = time.monotonic() - began
    assert (answer.status, answer.error) == (None, sentence)
    assert spent < 3


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        answer = post(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert (answer.status, answer.error) == (None, "The receiver refused the connection.")


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Names lead to these addresses, one after the other; the last of them for good."""
    left, asked = list(addresses), []
    original = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if str(host).replace(".", "").isdigit() or ":" in str(host):
            return original(host, port, *args, **options)
        asked.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        place = (address, port or 0, 0, 0) if ":" in address else (address, port or 0)
        return [(family, socket.SOCK_STREAM, 6, "", place)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_name_that_leads_to_a_private_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, address)
    answer = post("https://hooks.example.com/in", allow_local=False)
    assert answer.error == "The name leads to an address that is not public: nothing was sent."
    assert answer.status is None


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[Any] = []

    def connect(address: Any, *args: Any, **options: Any) -> Any:
        called.append(address[0])
        raise OSError("refused")

    asked = resolving(monkeypatch, "93.184.215.14", "127.0.0.1")
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    assert post("https://hooks.example.com/in", allow_local=False).status is None
    assert (asked, called) == (["hooks.example.com"], ["93.184.215.14"])


@pytest.mark.parametrize("kind", ["http", "loopback"])
def test_this_machine_is_called_only_where_development_allows_it(kind: str) -> None:
    with receiving() as receiver:
        url = receiver.url if kind == "http" else receiver.url.replace("http:", "https:")
        answer = post(url, allow_local=False)
    assert answer.status is None
    assert receiver.messages == []


def test_what_the_surroundings_say_about_proxies_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert post(receiver.url).is_delivered
    assert proxy.messages == []


def test_a_message_says_who_sends_it_and_what_it_is() -> None:
    with receiving() as receiver:
        post(receiver.url)
    (message,) = receiver.messages
    kept = {name: message.headers[name] for name in ("content-type", "user-agent", "webhook-id")}
    assert kept == {
        "content-type": "application/json",
        "user-agent": "Orderwright-Webhooks/1",
        "webhook-id": "1",
    }
