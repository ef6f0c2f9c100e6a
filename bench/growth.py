"""How time and statements grow with the lines of an order."""

from contextlib import ExitStack
from typing import Any
from uuid import UUID

import orjson
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client

from bench.ours import Requests
from bench.wire import drive

SIZES = (1, 10, 100, 1_000)
STEPS = ("create", "issue", "select", "ship", "read", "edit", "page")


def measure(port: int, requests: Requests, *, quick: bool) -> dict[str, Any]:
    """Milliseconds (best of a few) and statements of each step for each size."""
    sizes = SIZES[:3] if quick else SIZES
    return {str(size): _one_size(port, requests, size) for size in sizes}


def _one_size(port: int, requests: Requests, size: int) -> dict[str, dict[str, float]]:
    best: dict[str, dict[str, float]] = {}
    for _ in range(3 if size < 1_000 else 2):
        for name, milliseconds in _walk(port, requests, size).items():
            known = best.setdefault(name, {"ms": milliseconds})
            known["ms"] = min(known["ms"], milliseconds)
    for name, count in _statements(requests, size).items():
        best[name]["statements"] = count
    return best


def _walk(port: int, requests: Requests, size: int) -> dict[str, float]:
    """One order's life over HTTP."""
    found = {}
    found["create"], order = _timed(port, requests.create(size))
    found["edit"], order = _timed(port, _edit(requests, order))
    found["issue"], _ = _timed(port, requests.issue(order))
    found["select"], _ = _timed(port, requests.select(order))
    found["ship"], _ = _timed(port, requests.ship(order))
    found["read"], _ = _timed(port, requests.read(order))
    found["page"], _ = _timed(port, _page(requests, order))
    return found


def _timed(port: int, content: bytes) -> tuple[float, Any]:
    run = drive(port, [content], clients=1)
    if min(run.statuses) >= 300:
        raise RuntimeError(f"{run.statuses}: {run.bodies[0][:500].decode()}")
    is_json = run.bodies[0][:1] == b"{"
    return 1000 * run.latencies[0], orjson.loads(run.bodies[0]) if is_json else None


def _edit(requests: Requests, order: dict[str, Any]) -> bytes:
    from bench.wire import request

    path = f"/sales-orders/{order['id']}/lines/{order['lines'][0]['id']}"
    return request("PATCH", path, requests.company.api_key, {"quantity": 7})


_session: list[str] = []


def _cookie(user_id: UUID) -> str:
    """A signed-in browser's session."""
    if not _session:
        with transaction.atomic():
            store = SessionStore()
            store["user_id"] = str(user_id)
            store.create()
            _session.append(store.session_key)
    return _session[0]


def _page(requests: Requests, order: dict[str, Any]) -> bytes:
    cookie = _cookie(requests.company.user_id)
    return (
        f"GET /orders/sales/{order['number']} HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: sessionid={cookie}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


class _Counter:
    """Counts the statements that go to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


def _statements(requests: Requests, size: int) -> dict[str, int]:
    """Statements of each step, in this process, by the same middlewares."""
    found = {}
    found["create"], order = _counted(requests.create(size))
    found["edit"], order = _counted(_edit(requests, order))
    found["issue"], _ = _counted(requests.issue(order))
    found["select"], _ = _counted(requests.select(order))
    found["ship"], _ = _counted(requests.ship(order))
    found["read"], _ = _counted(requests.read(order))
    found["page"], _ = _counted(_page(requests, order))
    return found


def _counted(content: bytes) -> tuple[int, Any]:
    head, body = content.split(b"\r\n\r\n", 1)
    first, *rest = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in rest)
    client = Client(headers={"Authorization": headers.get("Authorization", "")})
    if "Cookie" in headers:
        client = Client()
        client.cookies["sessionid"] = headers["Cookie"].removeprefix("sessionid=")
    counter = _Counter()
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(counter))
        response = client.generic(method, path, body, content_type="application/json")
    if response.status_code >= 300:
        raise RuntimeError(f"{method} {path}: {response.status_code} {response.content[:300]!r}")
    is_json = "json" in response["Content-Type"]
    return counter.count, orjson.loads(response.content) if is_json else None


def show(growth: dict[str, Any]) -> None:
    """Print milliseconds, and statements in brackets."""
    print("\nGrowth with lines: ms (statements)")
    print(f"{'':10}" + "".join(f"{size + ' lines':>16}" for size in growth))
    for step in STEPS:
        cells = [
            f"{figures[step]['ms']:9.1f} ({figures[step].get('statements', 0)})"
            for figures in growth.values()
        ]
        print(f"{step:10}" + "".join(f"{cell:>16}" for cell in cells))
