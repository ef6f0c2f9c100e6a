"""The requests of one order's life, as a client of the API sends them."""

import random
from collections.abc import Iterable, Sequence
from itertools import cycle, islice
from typing import Any

import orjson

from bench.company import Company
from bench.wire import Run, drive, request

ROAD = ("create", "issue", "select", "ship")
READS = ("read", "list")
_SEED = 20260302


class Requests:
    """Makes the bytes of requests for one company; the same seed makes the same orders."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = random.Random(_SEED)
        self.lot_of = dict(zip(map(str, company.products), map(str, company.lots), strict=True))

    def create(self, lines: int) -> bytes:
        """An order of so many lines, of different products."""
        chosen = self.chance.sample(self.company.products, min(lines, len(self.company.products)))
        return self._post(
            "",
            {
                "customer_id": self.chance.choice(self.company.customers),
                "order_lead_id": self.company.lead_id,
                "accept_terms": True,
                "lines": [
                    {"product_id": product, "quantity": str(self.chance.randint(1, 9))}
                    for product in islice(cycle(chosen), lines)
                ],
            },
        )

    def issue(self, order: dict[str, Any]) -> bytes:
        """Issue it."""
        return self._post(f"/{order['id']}/actions/issue", {})

    def select(self, order: dict[str, Any]) -> bytes:
        """Select what each line wants from the lot of its product."""
        lines = [
            {
                "line_id": line["id"],
                "selections": [
                    {"lot_id": self.lot_of[line["product_id"]], "quantity": line["quantity"]}
                ],
                "mark_ready": True,
            }
            for line in order["lines"]
            if line["kind"] == "product"
        ]
        return self._post(f"/{order['id']}/actions/select-inventory", {"lines": lines})

    def auto_select(self, order: dict[str, Any]) -> bytes:
        """Let the oldest lots be chosen."""
        return self._post(f"/{order['id']}/actions/auto-select", {})

    def ship(self, order: dict[str, Any]) -> bytes:
        """Ship everything that is selected."""
        body = {"carrier_id": self.company.carrier_id, "tracking_number": f"1Z{order['id']}"}
        return self._post(f"/{order['id']}/actions/create-shipment", body)

    def cancel(self, order: dict[str, Any]) -> bytes:
        """Cancel every line."""
        lines = [line["id"] for line in order["lines"] if line["kind"] == "product"]
        return self._post(f"/{order['id']}/actions/cancel-lines", {"line_ids": lines})

    def read(self, order: dict[str, Any]) -> bytes:
        """Read it."""
        return request("GET", f"/sales-orders/{order['id']}", self.company.api_key)

    def list(self) -> bytes:
        """The 50 newest orders."""
        return request("GET", "/sales-orders?limit=50", self.company.api_key)

    def _post(self, path: str, body: object) -> bytes:
        return request("POST", f"/sales-orders{path}", self.company.api_key, body)


def road(port: int, requests: Requests, *, orders: int, lines: int, clients: int) -> dict[str, Run]:
    """Create, issue, select, ship and read so many orders, one operation after the other."""
    created = _checked(
        drive(port, [requests.create(lines) for _ in range(orders)], clients=clients), 201
    )
    known = [orjson.loads(body) for body in created.bodies]
    found = {"create": created}
    found["issue"] = _checked(drive(port, map(requests.issue, known), clients=clients), 200)
    found["select"] = _checked(drive(port, map(requests.select, known), clients=clients), 200)
    found["ship"] = _checked(drive(port, map(requests.ship, known), clients=clients), 201)
    found["read"] = _checked(drive(port, map(requests.read, known), clients=clients), 200)
    return found


def lists(port: int, requests: Requests, *, count: int, clients: int) -> Run:
    """Read the list so many times."""
    return _checked(drive(port, [requests.list()] * count, clients=clients), 200)


def send(port: int, contents: Iterable[bytes], status: int) -> Sequence[Any]:
    """One request after the other; the answers read."""
    run = _checked(drive(port, contents, clients=1), status)
    return [orjson.loads(body) for body in run.bodies]


def _checked(run: Run, status: int) -> Run:
    if set(run.statuses) != {status}:
        bad = next(body for body in run.bodies if b'"code"' in body[:200])
        raise RuntimeError(f"answers {run.statuses}, expected {status}: {bad[:500].decode()}")
    return run
