"""750 diamonds and 10 rings for Acme, from the estimate to the second delivery (domain 8.5)."""

from typing import Any

import pytest

from tests.plugins.server import Server
from tests.stories.shop import ADDRESS, Shop, chips, lines, open_shop

BULK = [
    {"threshold": "100", "percent": "0.05"},
    {"threshold": "500", "percent": "0.10"},
    {"threshold": "1000", "percent": "0.15"},
]


def set_up(shop: Shop) -> dict[str, str]:
    """What the table of domain 8.5 starts from."""
    gems = shop.post("/product-lines", {"name": "Gems"})["id"]
    rings = shop.post("/product-lines", {"name": "Rings"})["id"]
    diamond = shop.post(
        "/products",
        {
            "sku": "RD12",
            "name": "Round Diamond 1.2",
            "base_price": "12.50",
            "product_line_id": gems,
        },
    )["id"]
    ring = shop.post(
        "/products",
        {
            "sku": "RING",
            "name": "Silver Ring",
            "base_price": "40.00",
            "product_line_id": rings,
            "weight_per_unit": "3",
            "weight_unit": "g",
            "is_manufactured": True,
        },
    )["id"]
    shop.post("/volume-discounts", {"name": "Bulk", "product_line_ids": [gems], "tiers": BULK})
    shop.post("/discount-codes", {"code": "TEN", "type": "percentage", "percentage": "0.1"})
    flat = shop.post(
        "/shipping-terms", {"name": "Flat 25", "type": "flat_rate_freight", "flat_rate": "25.00"}
    )["id"]
    acme = shop.post(
        "/customers",
        {
            "name": "Acme",
            "addresses": [ADDRESS],
            "defaults": {"shipping_term_id": flat, "priority": "high"},
        },
    )["id"]
    first, second = (
        shop.post(
            "/lots",
            {"product_id": diamond, "tag_id": tag, "quantity": pieces, "weight": grams},
        )["id"]
        for tag, pieces, grams in (("GEMDIA0001", "600", "120"), ("GEMDIA0002", "200", "40"))
    )
    return {"diamond": diamond, "ring": ring, "acme": acme, "first": first, "second": second}


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def test_diamonds_from_stock_and_rings_that_arrive_later(shop: Shop) -> None:
    made = set_up(shop)

    # Step 1. The order: prices by quantity, 10 % off by code, flat freight.
    order = shop.post(
        "/sales-orders",
        {
            "customer_id": made["acme"],
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "discount_code": "TEN",
            "lines": [
                {"product_id": made["diamond"], "quantity": "750"},
                {"product_id": made["ring"], "quantity": "10"},
            ],
        },
    )
    number = order["number"]
    assert number == "SO-00001"
    assert chips(order) == ("estimate", "not_started", "unpaid")
    assert lines(order, "unit_price", "line_total") == [
        ("10.6875", "8015.63"),
        ("40.00", "400.00"),
    ]
    assert order["totals"] == {
        "subtotal": "8415.63",
        "discount_total": "841.56",
        "freight": "25.00",
        "tax": "0.00",
        "grand_total": "7599.07",
        "invoiced": "0.00",
        "paid": "0.00",
        "balance": "7599.07",
    }
    assert [line["kind"] for line in order["lines"]] == [
        "product", "product", "discount", "freight",
    ]  # fmt: skip

    # Step 4. Issue: all diamonds are promised from stock, the rings wait.
    order = shop.act(number, "issue")
    assert lines(order, "status", "reserved_quantity", "short_quantity") == [
        ("not_started", "750", "0"),
        ("backordered", "0", "10"),
    ]
    assert chips(order) == ("issued", "not_started", "unpaid")
    assert shop.stock(made["diamond"]) == figures("800", "750", "0", "50")
    assert shop.stock(made["ring"]) == figures("0", "0", "10", "-10")

    # The rings arrive: the waiting line is covered at once.
    bought = shop.post("/lots", {"product_id": made["ring"], "quantity": "10", "weight": "30"})
    assert lines(shop.order(number), "status", "short_quantity")[1] == ("not_started", "0")
    assert shop.stock(made["ring"]) == figures("10", "10", "0", "0")

    # Step 6. Select the diamonds: one lot whole, 150 of the other, and mark the line ready.
    diamonds, rings = (line["id"] for line in order["lines"][:2])
    order = select(
        shop, number, diamonds,
        {"lot_id": made["first"], "full": True}, {"lot_id": made["second"], "quantity": "150"},
    )  # fmt: skip
    assert lines(order, "status", "fulfilled_quantity", "ready")[0] == ("ready", "750", True)
    assert chips(order) == ("issued", "in_production", "unpaid")
    assert shop.stock(made["diamond"]) == figures("50", "0", "0", "50")
    assert shop.get(f"/lots/{made['first']}")["status"] == "retrieved_out"
    taken = shop.get(f"/sales-orders/{number}/selections")["data"]
    assert sorted((one["quantity"], one["weight"]) for one in taken) == [
        ("150", "30"),
        ("600", "120"),
    ]

    # Step 7. Nobody takes more than was ordered.
    more = {
        "lines": [
            {"line_id": diamonds, "selections": [{"lot_id": made["second"], "quantity": "60"}]}
        ]
    }
    path = f"/sales-orders/{number}/actions"
    shop.refuses(409, "over_selection", "post", f"{path}/select-inventory", more)
    order = select(shop, number, rings, {"lot_id": bought["id"], "full": True})
    assert chips(order) == ("issued", "ready_to_ship", "unpaid")

    # Step 9. Acme does not pay: nothing is shipped until the hold is lifted.
    parcel = {"carrier_id": str(shop.company.carrier_id), "tracking_number": "1Z750"}
    shop.patch(f"/customers/{made['acme']}", {"status": "hold_shipment"})
    order = shop.order(number)
    assert (order["fulfillment_status"], order["on_hold"]) == ("on_hold", True)
    shop.refuses(409, "customer_hold_shipment", "post", f"{path}/create-shipment", parcel)
    shop.patch(f"/customers/{made['acme']}", {"status": "normal"})
    assert shop.order(number)["fulfillment_status"] == "ready_to_ship"

    # Step 10. The diamonds leave; from here on prices and quantities stand.
    waiting = {one["line_id"]: [] for one in shop.get(f"/sales-orders/{number}/selections")["data"]}
    for one in shop.get(f"/sales-orders/{number}/selections")["data"]:
        waiting[one["line_id"]].append({"selection_id": one["id"]})
    first = shop.post(
        f"{path}/create-shipment",
        {**parcel, "lines": [{"line_id": diamonds, "selections": waiting[diamonds]}]},
    )
    assert (first["number"], first["tracking_status"]) == ("SO-00001", "pending")
    assert [line["quantity"] for line in first["lines"]] == ["750"]
    order = shop.order(number)
    assert lines(order, "status", "shipped_quantity", "shipment_status") == [
        ("shipped", "750", "pending"),
        ("ready", "0", None),
    ]
    assert chips(order) == ("issued", "partially_shipped", "unpaid")
    for change in ({"quantity": "9"}, {"unlock_price": True, "unit_price": "1"}):
        details = shop.refuses(
            409, "order_locked", "patch", f"/sales-orders/{number}/lines/{rings}", change
        )
        assert details["reason"] == "shipment_sent"

    # Step 11. The rings leave: everything has shipped.
    second = shop.post(f"{path}/create-shipment", {**parcel, "tracking_number": "1Z10"})
    assert (second["number"], second["lines"][0]["quantity"]) == ("SO-00001-2", "10")
    assert chips(shop.order(number)) == ("fulfilled", "shipped", "unpaid")

    # Step 12. Delivered, one after the other.
    for shipment, expected in ((first, "shipped"), (second, "completed")):
        event = {"status": "delivered", "location": "Springfield"}
        shop.post(f"/shipments/{shipment['id']}/tracking-events", event)
        assert chips(shop.order(number)) == ("fulfilled", expected, "unpaid")

    # Step 16. What is done stays.
    shop.refuses(
        409, "invalid_transition", "delete", f"/sales-orders/{number}", {"confirm_number": number}
    )
    details = shop.refuses(
        409, "order_locked", "patch", f"/sales-orders/{number}/lines/{rings}", {"quantity": "9"}
    )
    assert details["reason"] == "fulfilled"
    assert told(shop, number) == [
        "shipment.tracked", "shipment.tracked", "shipment.created", "shipment.created",
        "sales_order.inventory_selected", "sales_order.inventory_selected", "sales_order.issued",
        "sales_order.created",
    ]  # fmt: skip


def figures(on_hand: str, reserved: str, short: str, available: str) -> dict[str, str]:
    return {"on_hand": on_hand, "reserved": reserved, "short": short, "available": available}


def select(shop: Shop, number: str, line: str, *lots: dict[str, Any]) -> Any:
    """Select lots for a line and mark it ready."""
    asked = {"line_id": line, "selections": list(lots), "mark_ready": True}
    return shop.act(number, "select-inventory", lines=[asked])


def told(shop: Shop, number: str) -> list[str]:
    """What people and carriers did to the order, newest first; not what followed from it."""
    derived = ("_changed", "fulfilled", "pick.created")
    events = shop.get(f"/sales-orders/{number}/events?limit=200")["data"]
    return [event["type"] for event in events if not event["type"].endswith(derived)]
