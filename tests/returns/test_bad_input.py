"""What makes no sense is refused with its reason, and nothing is written."""

from typing import Any

import pytest

from orderwright.activity.models import Event
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import trim
from orderwright.returns import actions
from orderwright.returns.models import Return
from orderwright.returns.rules import Asked
from orderwright.shipping import tracking
from orderwright.shipping.models import TrackingEvent
from orderwright.shipping.tracking import Said
from tests.inventory.books import contradictions
from tests.returns.test_actions import announce, refusal_of, shipped_order
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db


def written(desk: Desk) -> tuple[int, int, str]:
    """How much is written: events, returns, and what is on hand."""
    events = Event.objects.of(desk.by.organization_id).count()
    lots = desk.company.api().get("/lots").body["data"]
    held = sorted(f"{lot['status']} {lot['quantity']}" for lot in lots)
    return events, Return.objects.of(desk.by.organization_id).count(), ", ".join(held)


@pytest.mark.parametrize(
    ("row", "status", "code", "field"),
    [
        ({"quantity": "11"}, 409, "over_return", "lines.0.quantity"),
        ({"quantity": "-1"}, 422, "invalid_quantity", "lines.0.quantity"),
        ({"quantity": "0"}, 422, "invalid_quantity", "lines.0.quantity"),
        ({"quantity": "1.5"}, 422, "invalid_quantity", "lines.0.quantity"),
        ({"quantity": "1e9"}, 422, "invalid_number", "lines.0.quantity"),
        (
            {"quantity": "1", "disposition": "burn"},
            422,
            "unknown_disposition",
            "lines.0.disposition",
        ),
        ({"quantity": "1", "condition": "x" * 201}, 422, "invalid_text", "lines.0.condition"),
    ],
)
@pytest.mark.parametrize("verb", ["request", "receive"])
def test_a_row_that_makes_no_sense_writes_nothing(
    verb: str, row: dict[str, Any], status: int, code: str, field: str
) -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    sent: dict[str, Any] = {"lines": [{"line_id": str(order.lines[0].id), **row}]}
    path = "/returns"
    if verb == "receive":
        announce(desk, order, Asked(order.lines[0].id, "2"))
        path = "/returns/RMA-00001/actions/receive"
    else:
        sent |= {"order_id": str(order.id), "reason": "too small"}
    before = written(desk)
    told = desk.company.api().post(path, sent)
    assert (told.status, told.body["code"], list(told.body["fields"])) == (status, code, [field])
    assert written(desk) == before


def test_lines_of_other_orders_and_lines_that_did_not_leave_stay_out() -> None:
    desk = open_desk()
    gem, order = shipped_order(desk)
    other = desk.issued({gem: 1})
    asked = Asked(other.lines[0].id, "1")
    announce(desk, order, Asked(order.lines[0].id, "2"))
    before = written(desk)
    assert refusal_of(announce, desk, order, asked).code == "unknown_line"
    assert refusal_of(announce, desk, other, asked).code == "nothing_shipped"
    for lines, code in (([asked], "unknown_line"), ([], "no_lines")):
        refused = refusal_of(actions.receive_return, by=desk.by, reference="RMA-00001", lines=lines)
        assert refused.code == code
    assert written(desk) == before


def test_a_line_of_the_order_that_did_not_leave_cannot_come_back() -> None:
    desk = open_desk()
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    lot = desk.lot(gem, 5)
    order = desk.issued({gem: 5, ring: 5})
    desk.ship_lots(order, {lot: 5})
    refused = refusal_of(announce, desk, order, Asked(order.lines[1].id, "1"))
    assert (refused.code, refused.details["returnable"]) == ("over_return", "0")
    announce(desk, order, Asked(order.lines[0].id, "1"))
    stray = [Asked(order.lines[1].id, "1")]
    unknown = refusal_of(actions.receive_return, by=desk.by, reference="RMA-00001", lines=stray)
    assert unknown.code == "over_return"


@pytest.mark.parametrize("first", ["receive", "cancel"])
@pytest.mark.parametrize("then", ["receive", "cancel"])
def test_what_is_over_is_over(first: str, then: str) -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    announce(desk, order, Asked(order.lines[0].id, "2"))
    api = desk.company.api()
    assert api.post(f"/returns/RMA-00001/actions/{first}").status == 200
    before = written(desk)
    told = api.post(f"/returns/RMA-00001/actions/{then}")
    assert (told.status, told.body["code"]) == (409, "invalid_transition")
    assert written(desk) == before


def test_a_shipment_of_which_goods_came_back_stays() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    announce(desk, order, Asked(order.lines[0].id, "2"))
    actions.receive_return(by=desk.by, reference="RMA-00001")
    before = written(desk)
    refused = refusal_of(tracking.cancel_shipment, by=desk.by, shipment="SO-00001")
    assert isinstance(refused, Conflict)
    assert (refused.code, refused.details) == ("goods_returned", {"positions": [1]})
    assert written(desk) == before
    assert contradictions() == {}


def test_a_carrier_that_cancels_what_came_back_raises_an_alert() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    announce(desk, order, Asked(order.lines[0].id, "2"))
    actions.receive_return(by=desk.by, reference="RMA-00001")
    shipment = desk.read(order).head.shipments[0]["id"]
    said = Said(status="cancelled", source="carrier", message="label voided")
    tracking.take_carrier_event(by=desk.by, shipment_id=shipment, said=said)
    event = TrackingEvent.objects.of(desk.by.organization_id).order_by("-pk")[0]
    assert (event.status, event.message) == ("exception", "label voided")
    line = desk.read(order).lines[0]
    assert (trim(line.shipped), trim(line.returned)) == ("10", "2")
    assert desk.read(order).head.shipments[0]["tracking_status"] == "exception"
