"""From the first parcel to the last cent: invoices, returns, payments (domain 8.5, 10 to 16)."""

from typing import Any

import pytest

from tests.plugins.server import Server
from tests.stories.shop import Shop, chips, open_shop
from tests.stories.test_diamonds_and_rings import set_up
from tests.stories.test_notes_to_delivery import run_the_worker


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def sums(invoice: Any) -> tuple[str, ...]:
    names = ("subtotal", "discount_total", "freight", "total", "balance")
    return tuple(invoice["totals"][name] for name in names)


def test_what_ships_is_invoiced_paid_partly_returned_and_settled(
    shop: Shop, mailoutbox: Any
) -> None:
    made = set_up(shop)
    month = next(
        one["id"] for one in shop.get("/payment-terms?limit=200")["data"] if one["net_days"] == 30
    )
    contact = {"first_name": "Ann", "last_name": "Lee", "email": "pay@acme.example"}
    shop.patch(f"/customers/{made['acme']}", {"contacts": [{**contact, "invoice": True}]})
    order = shop.post(
        "/sales-orders",
        {
            "customer_id": made["acme"],
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "discount_code": "TEN",
            "payment_term_id": month,
            "lines": [
                {"product_id": made["diamond"], "quantity": "750"},
                {"product_id": made["ring"], "quantity": "10"},
            ],
        },
    )
    number = order["number"]
    diamonds, rings = (line["id"] for line in order["lines"][:2])
    shop.act(number, "issue")
    path = f"/sales-orders/{number}/actions"
    shop.refuses(422, "nothing_to_bill", "post", f"{path}/create-invoice")

    # Step 10. The diamonds leave, and their invoice is drafted with the freight.
    taken = [
        {"lot_id": made["first"], "quantity": "600"},
        {"lot_id": made["second"], "quantity": "150"},
    ]
    parcel = {"carrier_id": str(shop.company.carrier_id), "tracking_number": "1Z750"}
    shop.act(number, "create-shipment", **parcel, lines=[{"line_id": diamonds, "lots": taken}])
    run_the_worker()
    (first,) = shop.get("/invoices")["data"]
    assert (first["status"], first["number"], first["shipment"]["number"]) == (
        "draft",
        None,
        "SO-00001",
    )
    assert sums(first) == ("8015.63", "801.56", "25.00", "7239.07", "7239.07")

    # Step 11. The rings leave; the second invoice carries no freight.
    bought = shop.post("/lots", {"product_id": made["ring"], "quantity": "10", "weight": "30"})
    rest = [{"line_id": rings, "lots": [{"lot_id": bought["id"], "quantity": "10"}]}]
    shop.act(number, "create-shipment", **parcel | {"tracking_number": "1Z10"}, lines=rest)
    run_the_worker()
    second, _ = shop.get(f"/invoices?order_id={order['id']}")["data"]
    assert sums(second) == ("400.00", "40.00", "0.00", "360.00", "360.00")
    assert chips(shop.order(number)) == ("fulfilled", "shipped", "unpaid")
    shop.refuses(422, "nothing_to_bill", "post", f"{path}/create-invoice")

    # Step 12. Both parcels arrive.
    for shipment in shop.get(f"/sales-orders/{number}/shipments")["data"]:
        event = {"status": "delivered"}
        shop.post(f"/shipments/{shipment['id']}/tracking-events", event)

    # Step 13. Finalise and send both; the first is paid.
    shop.refuses(409, "invalid_transition", "post", f"/invoices/{first['id']}/actions/send")
    for draft, expected in ((first, "INV-00001"), (second, "INV-00002")):
        final = shop.post(f"/invoices/{draft['id']}/actions/finalise")
        assert (final["number"], final["status"]) == (expected, "finalised")
        sent = shop.post(f"/invoices/{expected}/actions/send")
        assert (sent["status"], sent["sent_to"]) == ("sent", ["pay@acme.example"])
    run_the_worker()
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [
        ("Invoice INV-00001", ["pay@acme.example"]),
        ("Invoice INV-00002", ["pay@acme.example"]),
    ]
    paid = {
        "customer_id": made["acme"],
        "method": "wire",
        "amount": "7239.07",
        "allocations": [{"invoice_id": first["id"], "amount": "7239.07"}],
    }
    payment = shop.post("/payments", paid)
    assert (payment["open_credit"], len(payment["allocations"])) == ("0.00", 1)
    assert shop.get("/invoices/INV-00001")["status"] == "paid"
    assert chips(shop.order(number)) == ("fulfilled", "completed", "partially_paid")
    shop.refuses(409, "over_allocation", "post", "/payments", paid)
    shop.refuses(409, "invoice_paid", "post", "/invoices/INV-00001/actions/void", {"reason": "x"})

    # Step 14. Two rings come back and are credited at what they cost.
    back = shop.post(
        "/returns",
        {
            "order_id": order["id"],
            "reason": "too small",
            "lines": [{"line_id": rings, "quantity": "2", "disposition": "restock"}],
        },
    )
    received = shop.post(f"/returns/{back['id']}/actions/receive", {})
    memo = received["credit_memo"]
    assert (memo["amount"], memo["open_credit"]) == ("72.00", "72.00")
    assert chips(shop.order(number)) == ("fulfilled", "partially_returned", "partially_paid")

    # Step 15. The credit and the rest of the money settle the second invoice.
    part = {"allocations": [{"invoice_id": second["id"], "amount": "72.01"}]}
    at = f"/payments/{memo['id']}/actions/allocate"
    shop.refuses(409, "insufficient_credit", "post", at, part)
    part["allocations"][0]["amount"] = "72.00"
    assert shop.post(at, part)["open_credit"] == "0.00"
    owed = shop.get("/receivables/aging")
    (acme,) = owed["customers"]
    assert (acme["customer"]["name"], acme["total"], acme["buckets"]["0-30"]) == (
        "Acme",
        "288.00",
        "288.00",
    )
    shop.post(
        "/payments",
        {
            "customer_id": made["acme"],
            "method": "check",
            "amount": "288.00",
            "allocations": [{"invoice_id": second["id"], "amount": "288.00"}],
        },
    )
    done = shop.order(number)
    assert chips(done) == ("completed", "partially_returned", "paid")
    money = {name: done["totals"][name] for name in ("invoiced", "paid", "balance")}
    assert money == {"invoiced": "7599.07", "paid": "7599.07", "balance": "0.00"}
    assert shop.get("/receivables/aging")["customers"] == []

    # Step 16. What is completed stays.
    shop.refuses(409, "invalid_transition", "post", f"{path}/reopen", {"reason": "x"})
