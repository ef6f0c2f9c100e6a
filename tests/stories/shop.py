"""A shop over real HTTP, with words that a story can use.

shop = open_shop(server)
acme = shop.post("/customers", {"name": "Acme", …})["id"]
shop.refuses(409, "customer_hold_all", "post", "/sales-orders/SO-00001/actions/issue")
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.company import Company, found_company
from tests.plugins.server import Server

ADDRESS = {
    "label": "Main",
    "street_1": "1 Main Street",
    "city": "Springfield",
    "postal_code": "12345",
    "country": "US",
    "is_bill_to": True,
    "is_ship_to": True,
}


@dataclass(frozen=True, slots=True)
class Shop:
    """The API of one company, behind its web server."""

    url: str
    company: Company

    def get(self, path: str) -> Any:
        """Read a record."""
        return self._told("get", path, None, 200)

    def post(self, path: str, body: Any = None) -> Any:
        """Create, or act."""
        return self._told("post", path, body or {}, 200, 201)

    def patch(self, path: str, body: Any) -> Any:
        """Change."""
        return self._told("patch", path, body, 200)

    def act(self, order: str, verb: str, **body: Any) -> Any:
        """Take an action on a sales order; answers the order, or what the action makes."""
        return self.post(f"/sales-orders/{order}/actions/{verb}", body)

    def order(self, number: str) -> Any:
        """A sales order as it stands."""
        return self.get(f"/sales-orders/{number}")

    def stock(self, product: str) -> dict[str, str]:
        """On hand, reserved, short and available of a product."""
        found = self.get(f"/products/{product}/availability")
        return {name: found[name] for name in ("on_hand", "reserved", "short", "available")}

    def refuses(self, status: int, code: str, method: str, path: str, body: Any = None) -> Any:
        """The request is refused so; answers the details."""
        answered, told = self.send(method, path, body)
        assert (answered, told["code"]) == (status, code), told
        return told["details"]

    def send(
        self, method: str, path: str, body: Any, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """One request; status and answer."""
        request = Request(
            f"{self.url}/api/v1{path}",
            method=method.upper(),
            data=None if body is None and method == "get" else json.dumps(body or {}).encode(),
            headers={
                "Authorization": f"Bearer {self.company.api_key}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )
        try:
            with urlopen(request, timeout=30) as answer:
                said = answer.read()
                return answer.status, json.loads(said) if said else None
        except HTTPError as error:
            return error.code, json.loads(error.read())

    def _told(self, method: str, path: str, body: Any, *expected: int) -> Any:
        status, told = self.send(method, path, body)
        assert status in expected, (method, path, status, told)
        return told


def open_shop(server: Server) -> Shop:
    """Found a company behind the server."""
    return Shop(server.url, found_company())


def lines(order: Any, *names: str) -> list[tuple[Any, ...]]:
    """So much of each line of goods of an order."""
    goods = [line for line in order["lines"] if line["kind"] == "product"]
    return [tuple(line[name] for name in names) for line in goods]


def chips(order: Any) -> tuple[str, str, str]:
    """What stands at the top of an order: stage, fulfillment, payment."""
    return order["status"], order["fulfillment_status"], order["payment_status"]
