"""The edit matrix of domain 2.9: every group of fields in every phase, through the API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.company import Answer, Api, Company, found_company

pytestmark = pytest.mark.django_db

PHASES = ("estimate", "issued", "sent", "reopened", "fulfilled", "completed")
ADDRESS = {
    "label": "Dock",
    "street_1": "9 Quay",
    "city": "Hull",
    "postal_code": "HU1",
    "country": "GB",
}


@dataclass(frozen=True, slots=True)
class World:
    """A company whose API does everything, with a product, a lot of 1,000 and another customer."""

    company: Company
    api: Api
    product: str
    lot: str
    customer: str
    other: str

    def order(self) -> dict[str, Any]:
        """An estimate of two lines of ten."""
        line = {"product_id": self.product, "quantity": "10"}
        body = {
            "customer_id": self.customer,
            "order_lead_id": str(self.company.lead_id),
            "accept_terms": True,
            "lines": [line, line],
        }
        return done(self.api.post("/sales-orders", body), 201)

    def ship(self, order: dict[str, Any], *quantities: str) -> None:
        """Send so much of each line."""
        parts = zip(order["lines"], quantities, strict=False)
        lines = [
            {"line_id": line["id"], "lots": [{"lot_id": self.lot, "quantity": quantity}]}
            for line, quantity in parts
        ]
        body = {
            "carrier_id": str(self.company.carrier_id),
            "tracking_number": f"1Z{order['number']}",
            "lines": lines,
        }
        done(self.api.post(f"{at(order)}/actions/create-shipment", body), 201)

    def act(self, order: dict[str, Any], verb: str, **body: Any) -> None:
        """Take an action."""
        done(self.api.post(f"{at(order)}/actions/{verb}", body))


def at(order: dict[str, Any]) -> str:
    return f"/sales-orders/{order['number']}"


def done(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.body
    return answer.body


def world() -> World:
    company = found_company()
    api = company.api()
    product = str(company.product(sku="GEM"))
    lot = done(api.post("/lots", {"product_id": product, "quantity": "1000"}), 201)["id"]
    customers = (str(company.customer(name=name)) for name in ("Acme", "Bolt"))
    return World(company, api, product, lot, *customers)


def in_phase(world: World, phase: str) -> dict[str, Any]:
    """An order in this phase. Sent and reopened: 4 of the first line have left."""
    order = world.order()
    if phase == "estimate":
        return order
    world.act(order, "issue")
    if phase == "issued":
        return order
    if phase == "sent":
        world.ship(order, "4")
    else:
        world.ship(order, *(["4"] if phase == "reopened" else ["10", "10"]))
    if phase == "reopened":
        world.act(order, "short-close", reason="enough")
        world.act(order, "reopen", reason="wrong")
    if phase == "completed":
        world.act(order, "close", override_reason="a gift")
    return done(world.api.get(at(order)))


Edit = Callable[[World, dict[str, Any]], Answer]


def patch(**changes: Any) -> Edit:
    return lambda world, order: world.api.patch(at(order), changes)


def patch_line(position: int = 2, **changes: Any) -> Edit:
    def edit(world: World, order: dict[str, Any]) -> Answer:
        line = order["lines"][position - 1]["id"]
        return world.api.patch(f"{at(order)}/lines/{line}", changes)

    return edit


def add_line(world: World, order: dict[str, Any]) -> Answer:
    return world.api.post(f"{at(order)}/lines", {"product_id": world.product, "quantity": "1"})


def delete_line(world: World, order: dict[str, Any]) -> Answer:
    return world.api.delete(f"{at(order)}/lines/{order['lines'][1]['id']}")


def add_task(world: World, order: dict[str, Any]) -> Answer:
    return world.api.post(f"{at(order)}/tasks", {"title": "Call"})


def verb(name: str, **body: Any) -> Edit:
    return lambda world, order: world.api.post(f"{at(order)}/actions/{name}", body)


def cancel(world: World, order: dict[str, Any]) -> Answer:
    body = {"line_ids": [order["lines"][1]["id"]], "reason": "no"}
    return world.api.post(f"{at(order)}/actions/cancel-lines", body)


EARLY = {"estimate", "issued", "reopened"}
OPEN = EARLY | {"sent"}
MATRIX: dict[str, tuple[Edit, set[str]]] = {
    "internal note": (patch(internal_note="call first"), OPEN | {"fulfilled", "completed"}),
    "tasks": (add_task, OPEN | {"fulfilled"}),
    "contacts": (patch(acknowledgement_contacts=[{"email": "a@b.example"}]), OPEN),
    "promised date": (patch(promised_at="2027-01-31"), OPEN),
    "order lead": (
        lambda world, order: world.api.patch(
            at(order), {"order_lead_id": str(world.company.lead_id)}
        ),
        OPEN,
    ),
    "customer": (
        lambda world, order: world.api.patch(at(order), {"customer_id": world.other}),
        {"estimate"},
    ),
    "currency": (patch(currency="EUR"), {"estimate"}),
    "bill-to": (patch(bill_to=ADDRESS), EARLY),
    "terms": (
        lambda world, order: world.api.patch(
            at(order), {"payment_term_id": str(world.company.payment_term_id)}
        ),
        EARLY,
    ),
    "PO number": (patch(customer_po_number="PO-7"), EARLY),
    "discount code": (patch(discount_code=None), EARLY),
    "ship-to": (patch(ship_to=ADDRESS), EARLY),
    "carrier": (
        lambda world, order: world.api.patch(
            at(order), {"carrier_id": str(world.company.carrier_id)}
        ),
        EARLY,
    ),
    "priority": (patch(priority="high"), EARLY),
    "add line": (add_line, EARLY),
    "quantity": (patch_line(quantity="12"), EARLY),
    "unit price": (patch_line(unlock_price=True, unit_price="7"), EARLY),
    "delete line": (delete_line, EARLY),
}
REASONS = {
    "issued": "issued",
    "reopened": "issued",
    "sent": "shipment_sent",
    "fulfilled": "fulfilled",
    "completed": "completed",
}


@pytest.mark.parametrize("phase", PHASES)
def test_each_group_of_fields_is_changed_exactly_where_the_matrix_says(phase: str) -> None:
    there = world()
    found, reasons = set(), {}
    for name, (edit, _) in MATRIX.items():
        answer = edit(there, in_phase(there, phase))
        if answer.status in (200, 201, 204):
            found.add(name)
        else:
            assert (answer.status, answer.body["code"]) == (409, "order_locked"), name
            reasons[name] = answer.body["details"]["reason"]
    assert found == {name for name, (_, phases) in MATRIX.items() if phase in phases}
    assert set(reasons.values()) <= {REASONS.get(phase)}


VERBS: dict[str, tuple[Edit, set[str]]] = {
    "cancel": (cancel, OPEN),
    "hold": (verb("hold", reason="wait"), OPEN),
    "auto-select": (verb("auto-select"), OPEN - {"estimate"}),
}


@pytest.mark.parametrize("phase", PHASES)
def test_lines_are_cancelled_held_and_served_while_the_order_is_open(phase: str) -> None:
    there = world()
    answers = {name: edit(there, in_phase(there, phase)) for name, (edit, _) in VERBS.items()}
    found = {name for name, answer in answers.items() if answer.status == 200}
    assert found == {name for name, (_, phases) in VERBS.items() if phase in phases}
    refused = {answer.status for answer in answers.values() if answer.status != 200}
    assert refused <= {409}


def test_a_reopened_line_shrinks_to_what_has_shipped_and_no_further() -> None:
    there = world()
    order = in_phase(there, "reopened")
    below = patch_line(1, quantity="3")(there, order)
    assert (below.status, below.body["code"]) == (409, "below_shipped")
    assert patch_line(1, quantity="4")(there, order).status == 200
    assert patch_line(1, quantity="9")(there, order).status == 200


def test_a_reopened_line_that_has_shipped_is_not_deleted() -> None:
    there = world()
    order = in_phase(there, "reopened")
    answer = there.api.delete(f"{at(order)}/lines/{order['lines'][0]['id']}")
    assert (answer.status, answer.body["code"]) == (409, "line_in_use")


def test_a_stale_change_is_answered_with_the_order_as_it_is() -> None:
    there = world()
    order = in_phase(there, "estimate")
    done(patch(promised_at="2027-01-31")(there, order))
    answer = patch(internal_note="mine", version=order["version"])(there, order)
    assert (answer.status, answer.body["code"]) == (409, "stale_version")
    assert answer.body["details"]["current"]["promised_at"] == "2027-01-31"
