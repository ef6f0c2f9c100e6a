"""The number of statements of a request never depends on the number of lines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.company import Api, Company, found_company

pytestmark = pytest.mark.django_db

SIZES = (1, 10, 100)


class Order:
    """An order of so many lines, each with a lot that covers it, as far as it has come."""

    def __init__(self, company: Company, size: int) -> None:
        self.api: Api = company.api()
        self.body = {
            "customer_id": str(company.customer(name=f"Buyer of {size}")),
            "order_lead_id": str(company.lead_id),
            "accept_terms": True,
            "lines": [],
        }
        self.lots = []
        for index in range(size):
            product = str(company.product(sku=f"P{size}-{index}"))
            sent = {"product_id": product, "quantity": "5"}
            self.lots.append(self.api.post("/lots", sent).body["id"])
            self.body["lines"].append({"product_id": product, "quantity": "2"})
        self.carrier = str(company.carrier_id)
        self.record: dict[str, Any] = {}

    def create(self) -> Any:
        answer = self.api.post("/sales-orders", self.body)
        self.record = answer.body
        return answer

    def act(self, verb: str, body: Any = None) -> Any:
        return self.api.post(f"/sales-orders/{self.record['id']}/actions/{verb}", body)

    def lines(self) -> list[str]:
        return [line["id"] for line in self.record["lines"] if line["kind"] == "product"]

    def select(self) -> Any:
        pairs = zip(self.lines(), self.lots, strict=True)
        asked = [
            {"line_id": line, "selections": [{"lot_id": lot, "quantity": "1"}]}
            for line, lot in pairs
        ]
        return self.act("select-inventory", {"lines": asked})

    def ship(self) -> Any:
        return self.act(
            "create-shipment", {"carrier_id": self.carrier, "tracking_number": self.record["id"]}
        )

    def cancel(self) -> Any:
        return self.act("cancel-lines", {"line_ids": self.lines(), "reason": "no longer needed"})

    def read(self) -> Any:
        return self.api.get(f"/sales-orders/{self.record['id']}")


STEPS: tuple[tuple[str, Callable[[Order], Any]], ...] = (
    ("create", Order.create),
    ("issue", lambda order: order.act("issue")),
    ("select", Order.select),
    ("auto-select", lambda order: order.act("auto-select")),
    ("ship", Order.ship),
    ("read", Order.read),
)


def counted(order: Order, step: Callable[[Order], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = step(order)
    assert answer.status in {200, 201}, answer.body
    return len(captured)


def test_a_hundred_lines_take_the_statements_of_one() -> None:
    company = found_company()
    budgets = {}
    for size in SIZES:
        order = Order(company, size)
        budgets[size] = {name: counted(order, step) for name, step in STEPS}
    assert budgets[1] == budgets[10] == budgets[100]
    assert max(budgets[1].values()) <= 25


def test_cancelling_a_hundred_lines_takes_the_statements_of_one() -> None:
    company = found_company()
    budgets = []
    for size in SIZES:
        order = Order(company, size)
        order.create()
        order.act("issue")
        order.select()
        budgets.append(counted(order, Order.cancel))
    assert len(set(budgets)) == 1, budgets
