"""What comes back is sold again, and the ledger balances to the last piece (domain 4.15, 1.20)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.plugins.server import Server
from tests.stories.shop import ADDRESS, Shop, chips, lines, open_shop


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def ordered(shop: Shop, customer: str, product: str, quantity: str) -> Any:
    """An order that is issued."""
    order = shop.post(
        "/sales-orders",
        {
            "customer_id": customer,
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "lines": [{"product_id": product, "quantity": quantity}],
        },
    )
    return shop.act(order["number"], "issue")


def shipped(shop: Shop, order: Any, lot: str, quantity: str) -> Any:
    """Everything of its line leaves, out of one lot."""
    line = order["lines"][0]["id"]
    parcel = {
        "carrier_id": str(shop.company.carrier_id),
        "tracking_number": f"1Z-{order['number']}",
        "lines": [{"line_id": line, "lots": [{"lot_id": lot, "quantity": quantity}]}],
    }
    return shop.act(order["number"], "create-shipment", **parcel)


def moved(shop: Shop, lot: str) -> list[tuple[str, str]]:
    """What the ledger says of a lot, oldest first."""
    rows = shop.get(f"/lots/{lot}/movements?limit=200")["data"]
    return [(row["action"], row["quantity_delta"]) for row in reversed(rows)]


def balance(shop: Shop, product: str) -> tuple[Decimal, Decimal]:
    """The sum of all movements of a product, and what lies in all of its lots."""
    lots = shop.get(f"/lots?product_id={product}&limit=200")["data"]
    sums = sum((Decimal(delta) for lot in lots for _, delta in moved(shop, lot["id"])), Decimal(0))
    return sums, sum((Decimal(lot["quantity"]) for lot in lots), Decimal(0))


def test_a_ring_comes_back_and_is_sold_to_somebody_else(shop: Shop) -> None:
    acme, bell = (
        shop.post("/customers", {"name": name, "addresses": [ADDRESS]})["id"]
        for name in ("Acme", "Bell")
    )
    line = shop.post("/product-lines", {"name": "Rings"})["id"]
    ring = shop.post(
        "/products", {"sku": "RING", "name": "Ring", "product_line_id": line, "base_price": "40"}
    )["id"]
    lot = shop.post("/lots", {"product_id": ring, "quantity": "3"})["id"]

    # All three leave; nothing is left for Bell, whose order waits.
    first = ordered(shop, acme, ring, "3")
    shipped(shop, first, lot, "3")
    waiting = ordered(shop, bell, ring, "1")
    assert lines(shop.order(waiting["number"]), "status", "short_quantity") == [
        ("backordered", "1")
    ]
    assert shop.stock(ring) == {"on_hand": "0", "reserved": "0", "short": "1", "available": "-1"}
    assert balance(shop, ring) == (0, 0)

    # Two come back: one to be sold again, and later one that is scrap.
    goods = first["lines"][0]["id"]

    def asked(quantity: str, disposition: str) -> dict[str, Any]:
        row = {"line_id": goods, "quantity": quantity, "disposition": disposition}
        return {"order_id": first["id"], "reason": "too small", "lines": [row]}

    back = shop.post("/returns", asked("1", "restock"))
    assert shop.stock(ring)["on_hand"] == "0"
    received = shop.post(f"/returns/{back['number']}/actions/receive")
    (row,) = received["lines"]
    assert (received["status"], row["received_quantity"]) == ("received", "1")
    scrap = shop.post("/returns", asked("1", "scrap"))
    gone = shop.post(f"/returns/{scrap['number']}/actions/receive")["lines"][0]
    assert gone["lot_id"] != row["lot_id"]

    # Bell's order is covered by the one ring at once; scrap covers nothing.
    assert shop.stock(ring) == {"on_hand": "1", "reserved": "1", "short": "0", "available": "0"}
    assert lines(shop.order(waiting["number"]), "status", "short_quantity") == [
        ("not_started", "0")
    ]
    assert balance(shop, ring) == (2, 2)

    # The ring that Acme sent back goes to Bell.
    at = f"/sales-orders/{waiting['number']}/actions/create-shipment"
    parcel = {
        "carrier_id": str(shop.company.carrier_id),
        "tracking_number": "1Z-BELL",
        "lines": [
            {
                "line_id": waiting["lines"][0]["id"],
                "lots": [{"lot_id": gone["lot_id"], "quantity": "1"}],
            }
        ],
    }
    status, told = shop.send("post", at, parcel)
    assert (status, told["code"]) == (409, "lot_unavailable")
    shipped(shop, waiting, row["lot_id"], "1")
    assert chips(shop.order(waiting["number"]))[:2] == ("fulfilled", "shipped")
    assert shop.stock(ring) == {"on_hand": "0", "reserved": "0", "short": "0", "available": "0"}
    assert balance(shop, ring) == (1, 1)
    assert moved(shop, gone["lot_id"]) == [("return", "1")]

    # What Acme keeps can still come back, and not one more; its order tells the story.
    shop.refuses(409, "over_return", "post", "/returns", asked("2", "restock"))
    last = shop.post("/returns", asked("1", "restock"))
    shop.post(f"/returns/{last['number']}/actions/receive")
    told = shop.order(first["number"])
    assert chips(told)[:2] == ("fulfilled", "all_returned")
    assert lines(told, "status", "shipped_quantity", "returned_quantity") == [
        ("returned", "3", "3")
    ]
    shop.refuses(409, "over_return", "post", "/returns", asked("1", "restock"))
    assert balance(shop, ring) == (2, 2)
    shipment = told["shipments"][0]["id"] if told.get("shipments") else "SO-00001"
    shop.refuses(409, "goods_returned", "post", f"/shipments/{shipment}/actions/cancel")
