"""Returns over HTTP."""

import pytest

from tests.returns.test_actions import shipped_order
from tests.sales.desk import open_desk

pytestmark = pytest.mark.django_db


def test_a_return_from_the_announcement_to_the_end() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    api, line = desk.company.api(), str(order.lines[0].id)
    asked = {
        "order_id": order.head.number,
        "reason": "too small",
        "lines": [{"line_id": line, "quantity": "2", "disposition": "restock"}],
    }
    made = api.post("/returns", asked)
    assert made.status == 201, made.body
    assert (made.body["number"], made.body["status"], made.body["credit_memo"]) == (
        "RMA-00001",
        "requested",
        None,
    )
    assert [one["action"] for one in made.body["allowed_actions"] if one["allowed"]] == [
        "receive",
        "cancel",
    ]
    over = api.post("/returns", {**asked, "lines": [{"line_id": line, "quantity": "9"}]})
    assert (over.status, over.body["code"], list(over.body["fields"])) == (
        409,
        "over_return",
        ["lines.0.quantity"],
    )
    received = api.post("/returns/RMA-00001/actions/receive")
    assert received.status == 200, received.body
    assert received.body["lines"][0]["received_quantity"] == "2"
    seen = api.get(f"/sales-orders/{order.head.number}").body
    assert (seen["fulfillment_status"], seen["lines"][0]["returned_quantity"]) == (
        "partially_returned",
        "2",
    )
    assert api.post("/returns/RMA-00001/actions/close").body["status"] == "closed"
    rows = api.get("/returns", status="closed", order_id=str(order.id)).body["data"]
    assert [row["number"] for row in rows] == ["RMA-00001"]
    assert api.get("/returns/RMA-00009").status == 404
    empty = api.post("/returns", {"order_id": order.head.number, "reason": "x"})
    assert (empty.status, empty.body["code"]) == (422, "no_lines")
