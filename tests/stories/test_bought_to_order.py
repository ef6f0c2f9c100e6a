"""Stones that are not there are bought, arrive in two parts, and go to the customer who waits."""

import pytest

from tests.plugins.server import Server
from tests.stories.shop import Shop, chips, lines, open_shop


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def test_a_backordered_line_is_covered_by_what_arrives(shop: Shop) -> None:
    gem = shop.post("/products", {"sku": "GEM", "name": "Round Gem", "base_price": "10"})["id"]
    acme = str(shop.company.customer())
    supplier = shop.post(
        "/suppliers",
        {
            "name": "Rough & Sons",
            "email": "orders@rough.example",
            "supplied_product_ids": [gem],
            "addresses": [{"label": "Works", "country": "BE", "city": "Antwerp"}],
        },
    )
    assert (supplier["number"], supplier["supplied_product_ids"]) == ("V00001", [gem])
    order = shop.post(
        "/sales-orders",
        {
            "customer_id": acme,
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "lines": [{"product_id": gem, "quantity": "10"}],
        },
    )
    number = order["number"]
    shop.act(number, "issue")
    assert lines(shop.order(number), "status", "short_quantity") == [("backordered", "10")]

    # The buyer's quote becomes an order.
    bought = shop.post(
        "/purchase-orders",
        {
            "supplier_id": supplier["id"],
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "lines": [{"product_id": gem, "quantity": "12", "unit_price": "4.25"}],
        },
    )
    at = f"/purchase-orders/{bought['number']}"
    (line,) = bought["lines"]
    assert (bought["number"], bought["status"], bought["totals"]["subtotal"]) == (
        "PO-00001",
        "quoted",
        "51.00",
    )
    assert (line["short_quantity"], line["completion"]) == ("10", "0")
    receipt = {"lines": [{"line_id": line["id"], "quantity": "5"}]}
    shop.refuses(409, "not_issued", "post", f"{at}/actions/receive", receipt)
    assert shop.post(f"{at}/actions/issue")["status"] == "ordered"

    # Five arrive: half of the customer's order is covered.
    arrived = shop.post(f"{at}/actions/receive", receipt)
    assert (arrived["number"], arrived["lines"][0]["stock_quantity"]) == ("PO-00001-R1", "5")
    assert lines(shop.order(number), "reserved_quantity", "short_quantity") == [("5", "5")]
    found = shop.get(at)
    assert (found["fulfillment_status"], found["completion"]) == ("partially_received", "0.4167")

    # The rest arrives, more than ordered: the person says yes.
    rest = {"lines": [{"line_id": line["id"], "quantity": "8"}]}
    details = shop.refuses(409, "confirmation_required", "post", f"{at}/actions/receive", rest)
    assert details == {"confirm": "over_receipt"}
    shop.post(f"{at}/actions/receive", {**rest, "confirm": ["over_receipt"]})
    found = shop.get(at)
    assert (found["status"], found["fulfillment_status"], found["completion"]) == (
        "fulfilled",
        "completed",
        "1",
    )
    assert [found["lines"][0][name] for name in ("is_fully_received", "is_over_received")] == [
        True,
        True,
    ]
    assert lines(shop.order(number), "status", "short_quantity") == [("not_started", "0")]

    # The line can be made ready from what arrived.
    order = shop.act(number, "auto-select")
    assert lines(shop.order(number), "selected_quantity") == [("10",)]
    line_id = shop.order(number)["lines"][0]["id"]
    shop.act(number, "select-inventory", lines=[{"line_id": line_id, "mark_ready": True}])
    assert chips(shop.order(number)) == ("issued", "ready_to_ship", "unpaid")
    assert [one["number"] for one in shop.get(f"{at}/receipts")["data"]] == [
        "PO-00001-R2",
        "PO-00001-R1",
    ]
