"""An e-mail with wishes becomes a delivered order: read, accepted, confirmed, shipped, tracked."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from procrastinate.contrib.django import app
from standardwebhooks.webhooks import Webhook

from tests.plugins.server import Server
from tests.stories.shop import ADDRESS, Shop, chips, lines, open_shop

NOTES = (
    "Hi, we need 25 pcs round diamond 1.2mm and 10 gold rings size 7 US. Rush - deliver by 15 Dec."
)


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def test_from_the_notes_of_a_customer_to_the_delivery(shop: Shop) -> None:
    diamond, ring = (
        shop.post("/products", {"sku": sku, "name": name, "base_price": price})["id"]
        for sku, name, price in (("RD", "Round Diamond", "12.50"), ("GR", "Gold Ring", "310"))
    )
    for product, pieces in ((diamond, "40"), (ring, "12")):
        shop.post("/lots", {"product_id": product, "quantity": pieces})
    bo = {"first_name": "Bo", "last_name": "Li", "email": "bo@acme.example"}
    acme = shop.post(
        "/customers",
        {
            "name": "Acme",
            "addresses": [ADDRESS],
            "contacts": [{**bo, "order_confirmation": True}],
        },
    )["id"]

    # What the notes ask for is read; a person accepts the rows as they are.
    read = shop.post(
        "/extractions", {"notes": NOTES, "customer_id": acme, "reference_date": "2026-12-02"}
    )
    assert [(row["product"]["sku"], row["quantity"], row["size"]) for row in read["rows"]] == [
        ("RD", "25", "1.2 mm"),
        ("GR", "10", "7 US"),
    ]
    assert read["suggestions"]["date_required"] == "2026-12-15"
    accepted = shop.post(f"/extractions/{read['id']}/actions/accept", {"rows": read["rows"]})

    # The lines become an order as they are.
    order = shop.post(
        "/sales-orders",
        {
            "customer_id": acme,
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "notes": NOTES,
            "priority": read["suggestions"]["priority"],
            "lines": accepted["lines"],
        },
    )
    number = order["number"]
    assert lines(order, "sku", "quantity", "line_total", "size") == [
        ("RD", "25", "312.50", "1.2 mm"),
        ("GR", "10", "3100.00", "7 US"),
    ]
    assert order["totals"]["grand_total"] == "3412.50"
    assert order["priority"] == "high"

    # It is issued, and Acme is told by e-mail: the worker sends it.
    order = shop.act(number, "issue", notify_customer=True)
    assert order["acknowledgment_status"] == "sent"
    run_the_worker()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bo@acme.example"], f"Order {number}")
    assert "3,412.50 USD" in message.body or "3412.50 USD" in message.body

    # The oldest lots serve it, and everything leaves in one parcel.
    order = shop.act(number, "auto-select")
    assert order["unserved"] == []
    assert lines(order, "selected_quantity", "status") == [
        ("25", "in_progress"),
        ("10", "in_progress"),
    ]
    carrier = str(shop.company.carrier_id)
    shipment = shop.act(number, "create-shipment", carrier_id=carrier, tracking_number="1Z999")
    assert [line["quantity"] for line in shipment["lines"]] == ["25", "10"]
    assert chips(shop.order(number)) == ("fulfilled", "shipped", "unpaid")

    # The carrier reports by signed webhooks; what is not signed is not believed.
    secret = shop.post(f"/carriers/{carrier}/actions/new-webhook-secret")["secret"]
    carrier_says = Carrier(shop, carrier, secret)
    assert carrier_says("evt-1", "In Transit") == (200, {"matched": True})
    assert carrier_says("evt-1", "In Transit") == (200, {"matched": True})
    assert carrier_says("evt-2", "delivered", secret="whsec_" + "A" * 43 + "=")[0] == 401
    assert carrier_says("evt-3", "delivered", number="1Z000") == (200, {"matched": False})
    assert chips(shop.order(number)) == ("fulfilled", "shipped", "unpaid")
    assert carrier_says("evt-4", "DELIVERED") == (200, {"matched": True})
    late = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    assert carrier_says("evt-5", "out-for-delivery", occurred_at=late)[0] == 200
    assert chips(shop.order(number)) == ("fulfilled", "completed", "unpaid")
    kept = shop.get(f"/shipments/{shipment['id']}")
    assert kept["delivered_at"] is not None
    assert sorted(event["status"] for event in kept["events"]) == [
        "delivered", "in_transit", "out_for_delivery", "pending",
    ]  # fmt: skip


class Carrier:
    """A carrier that signs what it says."""

    def __init__(self, shop: Shop, carrier: str, secret: str) -> None:
        self.shop, self.carrier, self.secret = shop, carrier, secret

    def __call__(
        self, event: str, status: str, *, number: str = "1Z999", secret: str = "", **said: str
    ) -> tuple[int, Any]:
        body = {"tracking_number": number, "status": status, **said}
        now = datetime.now(UTC)
        headers = {
            "webhook-id": event,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret or self.secret).sign(event, now, json.dumps(body)),
        }
        return self.shop.send("post", f"/carrier-webhooks/{self.carrier}", body, headers)


def run_the_worker() -> None:
    """Do what is due, and stop. In a thread: a browser test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_work_once).result(timeout=60)


def _work_once() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False)
    connections.close_all()
