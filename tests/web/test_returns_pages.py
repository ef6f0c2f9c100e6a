"""The pages of returns: the list, one return, announcing, receiving, and what the order shows."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.kernel.numbers import trim
from orderwright.returns import actions, queries
from orderwright.returns.actions import NewReturn
from orderwright.returns.queries import ReturnPage
from orderwright.returns.rules import Asked
from orderwright.sales.page import OrderPage
from orderwright.shipping.actions import NewShipment
from orderwright.shipping.actions import create_shipment as ship
from tests.company import Company
from tests.sales.desk import Desk

pytestmark = pytest.mark.django_db

ORDER = "/orders/sales/SO-00001"
BACK = "/returns/RMA-00001"


@pytest.fixture
def desk(company: Company) -> Desk:
    """The company's desk, behind the pages."""
    return Desk(company, company.by, company.customer(name="Acme"))


def shipped(desk: Desk, goods: Mapping[str, int], *, tracking: str = "1Z1") -> OrderPage:
    """An order of these products that has left, all of it."""
    products = [desk.product(sku=sku, name=f"Fine {sku.title()}") for sku in goods]
    wanted = dict(zip(products, goods.values(), strict=True))
    lots = [desk.lot(product, quantity) for product, quantity in wanted.items()]
    order = desk.issued(wanted)
    for position, (lot, quantity) in enumerate(zip(lots, wanted.values(), strict=True), start=1):
        desk.select(order, {lot: quantity}, position=position)
    new = NewShipment(carrier_id=desk.company.carrier_id, tracking_number=tracking)
    ship(by=desk.by, order=order.id, new=new)
    return desk.read(order)


def announced(desk: Desk, order: OrderPage, *quantities: str) -> ReturnPage:
    rows = [Asked(line.id, one) for line, one in zip(order.lines, quantities, strict=False)]
    return actions.request_return(by=desk.by, new=NewReturn(order.id, rows, reason="too small"))


def seen(desk: Desk, number: str = "RMA-00001") -> ReturnPage:
    desk.company.enter()
    return queries.return_page(desk.by, number)


def stored(desk: Desk) -> list[tuple[str, str]]:
    """Every return with its status."""
    desk.company.enter()
    rows = queries.returns(desk.by, queries.ReturnFilter())
    return [(row.number, row.status) for row in reversed(rows)]


def said(answer: Any, status: int = 200) -> str:
    """The page's words, one space between them."""
    assert answer.status_code == status, answer.content.decode()[:3000]
    return " ".join(answer.content.decode().split())


def statements(web: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        said(web.get(url))
    return len(found)


def test_goods_are_announced_received_and_closed(admin: Client, desk: Desk) -> None:
    order = shipped(desk, {"RING": 5})
    line = order.lines[0].id
    form = said(admin.get(f"{ORDER}/return?line={line}"))
    assert f'name="quantity-{line}" type="text" value="5"' in form
    sent = {
        "line": str(line),
        f"quantity-{line}": "2",
        f"disposition-{line}": "restock",
        f"condition-{line}": "as new",
        "reason": "too small",
    }
    made = admin.post(f"{ORDER}/return", sent)
    assert (made.status_code, made["Location"]) == (302, f"{ORDER}?tab=returns")
    told = said(admin.get(made["Location"]))
    assert "RMA-00001: 2 pcs Fine Ring may come back." in told
    assert "2 pcs Fine Ring on the way back," in told
    assert "Waiting for goods to come back: RMA-00001." in told
    page = said(admin.get(BACK))
    assert "2 pcs Fine Ring on the way back." in page
    assert "Announced 2 pcs of line 1 in return RMA-00001" in page

    arrived = said(admin.get(f"{BACK}/receive"))
    assert f'name="quantity-{line}" type="text" value="2"' in arrived
    assert 'value="as new"' in arrived
    receive = {**sent, f"quantity-{line}": "2", "version": "1"}
    assert admin.post(f"{BACK}/receive", receive)["Location"] == BACK
    page = said(admin.get(BACK))
    (row,) = seen(desk).lines
    assert (trim(row.received), row.disposition, row.condition) == ("2", "restock", "as new")
    assert f"RMA-00001 is received: 2 pcs to restock ({row.tag_id})." in page
    assert f'href="/inventory/{row.tag_id}"' in page
    assert "Received 2 pcs of line 1 to restock in return RMA-00001" in page

    assert "Nothing more follows" in said(admin.get(f"{BACK}/close"))
    assert admin.post(f"{BACK}/close", {"version": "2"}).status_code == 302
    assert stored(desk) == [("RMA-00001", "closed")]
    assert "Closed: nothing more follows from it." in said(admin.get(BACK))


def test_goods_that_go_by_weight_come_back_by_weight(admin: Client, desk: Desk) -> None:
    grain = desk.product(sku="GRAIN", name="Silver Grain", default_unit="g")
    lot = desk.lot(grain, "30")
    order = desk.issued({grain: "20"})
    desk.ship_lots(order, {lot: "20"})
    line = order.lines[0].id
    assert "Back by weight, g" in said(admin.get(f"{ORDER}/return"))
    sent = {"line": str(line), f"quantity-{line}": "2.5", "reason": "too coarse"}
    assert admin.post(f"{ORDER}/return", sent).status_code == 302
    assert "Arrived by weight, g" in said(admin.get(f"{BACK}/receive"))
    arrived = {"line": str(line), f"quantity-{line}": "2.125", "version": "1"}
    too_fine = {**arrived, f"quantity-{line}": "2.1234567"}
    assert f"e-quantity-{line}" in said(admin.post(f"{BACK}/receive", too_fine), 422)
    assert admin.post(f"{BACK}/receive", arrived).status_code == 302
    desk.company.enter()
    assert trim(desk.read(order).lines[0].returned) == "2.125"
    assert desk.figures(grain)["on_hand"] == "12.125"


def test_the_order_says_what_came_back_and_why_it_reads_so(admin: Client, desk: Desk) -> None:
    order = shipped(desk, {"RING": 5})
    announced(desk, order, "2")
    actions.receive_return(by=desk.by, reference="RMA-00001")
    told = said(admin.get(ORDER))
    assert told.count("Partially Returned") >= 2
    assert "2 of 5 shipped came back" in told
    assert "on the way back" not in told
    announced(desk, order, "3")
    actions.receive_return(by=desk.by, reference="RMA-00002")
    told = said(admin.get(f"{ORDER}?tab=returns"))
    assert "All Returned" in told
    assert "5 of 5 shipped came back" in told
    assert [number in told for number in ("RMA-00001", "RMA-00002")] == [True, True]
    assert "Everything that has shipped has come back already" in told


def test_nothing_can_come_back_of_what_has_not_shipped(admin: Client, desk: Desk) -> None:
    gem = desk.product(sku="GEM")
    desk.lot(gem, 5)
    desk.order({gem: 5})
    assert "Return goods" not in said(admin.get(ORDER))
    desk.issued({gem: 5})
    told = said(admin.get("/orders/sales/SO-00002"))
    assert 'Return goods</span><span class="why">Nothing of SO-00002 has shipped' in told
    refused = said(admin.get("/orders/sales/SO-00002/return"), 409)
    assert "Nothing of SO-00002 has shipped, so nothing can come back." in refused
    assert admin.post("/orders/sales/SO-00002/return", {"reason": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"quantity": "6"}, 409, "5 pcs have shipped, and 5 can still come back"),
        ({"quantity": "-1"}, 422, "e-quantity-"),
        ({"quantity": "1.5"}, 422, "e-quantity-"),
        ({"quantity": "many"}, 422, "e-quantity-"),
        ({"quantity": ""}, 422, "Nothing comes back by these numbers."),
        ({"quantity": "1", "reason": " "}, 422, "Say why it comes back."),
        ({"quantity": "1", "disposition": "burn"}, 422, "e-disposition-"),
    ],
)
def test_what_cannot_be_announced_is_said_and_nothing_typed_is_lost(
    admin: Client, desk: Desk, typed: dict[str, str], status: int, sentence: str
) -> None:
    line = shipped(desk, {"RING": 5}).lines[0].id
    sent = {
        "line": str(line),
        "reason": typed.get("reason", "Wrong colour"),
        "note": "By courier",
        f"quantity-{line}": typed["quantity"],
        f"disposition-{line}": typed.get("disposition", "scrap"),
        f"condition-{line}": "scratched",
    }
    told = said(admin.post(f"{ORDER}/return", sent), status)
    assert sentence in told
    for kept in ("By courier", "scratched", typed["quantity"]):
        assert f'value="{kept}"' in told
    assert stored(desk) == []


def test_lines_of_other_orders_do_not_come_back_with_this_one(admin: Client, desk: Desk) -> None:
    first = shipped(desk, {"RING": 5})
    other = shipped(desk, {"GEM": 5}, tracking="1Z2").lines[0].id
    sent = {"line": str(other), f"quantity-{other}": "1", "reason": "x"}
    assert "does not stand on the order" in said(admin.post(f"{ORDER}/return", sent), 422)
    odd = {"line": "nonsense", "quantity-nonsense": "1", "reason": "x"}
    assert "does not stand on the order" in said(admin.post(f"{ORDER}/return", odd), 422)
    announced(desk, first, "1")
    assert "does not stand on the order" in said(admin.post(f"{BACK}/receive", sent), 422)
    assert stored(desk) == [("RMA-00001", "requested")]


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("6", 409, "5 can still come back"),
        ("-2", 422, "e-quantity-"),
        ("0.5", 422, "e-quantity-"),
        ("", 422, "Nothing has arrived by these numbers."),
        ("0", 422, "Nothing has arrived by these numbers."),
    ],
)
def test_what_cannot_arrive_is_said_and_nothing_typed_is_lost(
    admin: Client, desk: Desk, typed: str, status: int, sentence: str
) -> None:
    order = shipped(desk, {"RING": 5})
    announced(desk, order, "2")
    line = order.lines[0].id
    sent = {
        "line": str(line),
        f"quantity-{line}": typed,
        f"disposition-{line}": "reject",
        f"condition-{line}": "a stone is missing",
        "version": "1",
    }
    told = said(admin.post(f"{BACK}/receive", sent), status)
    assert sentence in told
    assert 'value="a stone is missing"' in told
    assert 'value="reject" selected' in told
    assert stored(desk) == [("RMA-00001", "requested")]
    assert trim(desk.read(order).lines[0].returned) == "0"


def test_a_return_is_received_once_and_never_after_it_was_cancelled(
    admin: Client, desk: Desk
) -> None:
    order = shipped(desk, {"RING": 5})
    line = order.lines[0].id
    announced(desk, order, "2")
    sent = {"line": str(line), f"quantity-{line}": "2", "version": "1"}
    stale = said(admin.post(f"{BACK}/receive", {**sent, "version": "7"}), 409)
    assert "Somebody changed this return since you opened it." in stale
    assert admin.post(f"{BACK}/receive", sent).status_code == 302
    for path in ("receive", "cancel"):
        assert admin.get(f"{BACK}/{path}").status_code == 409
        assert admin.post(f"{BACK}/{path}", sent).status_code == 409
    announced(desk, order, "1")
    assert "stay with the customer" in said(admin.get("/returns/RMA-00002/cancel"))
    assert admin.post("/returns/RMA-00002/cancel", {"version": "1"}).status_code == 302
    assert admin.post("/returns/RMA-00002/receive", sent).status_code == 409
    assert "Cancelled: the goods stay" in said(admin.get("/returns/RMA-00002"))
    assert stored(desk) == [("RMA-00001", "received"), ("RMA-00002", "cancelled")]
    assert trim(desk.read(order).lines[0].returned) == "2"
    assert admin.get("/returns/RMA-00099").status_code == 404


def test_the_list_narrows_counts_and_sorts(admin: Client, desk: Desk) -> None:
    order = shipped(desk, {"RING": 5, "GEM": 4})
    assert "A return carries goods that a customer sends back" in said(admin.get("/returns"))
    for _ in range(3):
        announced(desk, order, "1", "1")
    actions.receive_return(by=desk.by, reference="RMA-00001")
    actions.cancel_return(by=desk.by, reference="RMA-00003")
    everything = said(admin.get("/returns"))
    assert "2 pcs" in everything
    assert [f"RMA-0000{number}" in everything for number in (1, 2, 3)] == [True, True, True]

    def found(query: str) -> list[int]:
        told = said(admin.get(f"/returns?{query}"))
        places = {n: told.find(f'href="/returns/RMA-0000{n}"') for n in (1, 2, 3)}
        return sorted((n for n in places if places[n] >= 0), key=lambda n: places[n])

    assert found("status=requested") == [2]
    assert found("q=rma-00003") == [3]
    assert found("q=acme") == [3, 2, 1]
    assert found(f"customer_id={desk.customer}") == [3, 2, 1]
    assert found(f"customer_id={UUID(int=1)}") == []
    assert found("disposition=scrap") == []
    assert found("sort=number") == [1, 2, 3]
    assert found("sort=-received")[0] == 1
    assert found("received_from=2020-01-01") == [1]
    assert found("requested_to=2020-01-01") == []
    counts = {"All": 3, "Requested": 1, "Received": 1, "Closed": 0, "Cancelled": 1}
    tabs = [f'{text}<span class="count">{count}</span>' for text, count in counts.items()]
    assert [tab in everything for tab in tabs] == [True] * 5
    file = b"".join(admin.get("/lists/returns/export.csv?status=received").streaming_content)  # type: ignore[attr-defined]
    head, row = file.decode("utf-8-sig").splitlines()
    assert head.split(",")[:6] == ["Return", "Order", "Customer", "Status", "Reason", "Pieces"]
    assert row.split(",")[:6] == ["RMA-00001", "SO-00001", "Acme", "Received", "too small", "2 pcs"]


def test_search_finds_a_return_by_its_number(admin: Client, desk: Desk) -> None:
    announced(desk, shipped(desk, {"RING": 5}), "1")
    for typed in ("RMA-00001", "rma 1", "rma00001"):
        assert 'href="/returns/RMA-00001"' in said(admin.get(f"/search?q={typed}"))


def test_pages_cost_the_same_for_thirty_lines_as_for_one(admin: Client, desk: Desk) -> None:
    small = shipped(desk, {"RING": 5})
    large = shipped(desk, {f"P{index}": 5 for index in range(30)}, tracking="1Z2")
    announced(desk, small, "1")
    announced(desk, large, *["1"] * 30)
    for one, other in (
        (BACK, "/returns/RMA-00002"),
        (f"{BACK}/receive", "/returns/RMA-00002/receive"),
        (f"{ORDER}/return", "/orders/sales/SO-00002/return"),
        (f"{ORDER}?tab=returns", "/orders/sales/SO-00002?tab=returns"),
    ):
        assert statements(admin, one) == statements(admin, other)
    few = statements(admin, "/returns")
    for _ in range(3):
        announced(desk, small, "1")
    assert statements(admin, "/returns") == few


def test_the_credit_memo_is_shown_to_those_who_may_see_money(
    admin: Client, person: Callable[[str], Client], desk: Desk
) -> None:
    ring = desk.product(sku="RING", name="Fine Ring", base_price="40")
    lot = desk.lot(ring, 5)
    order = desk.issued({ring: 5})
    desk.ship_lots(order, {lot: 5})
    announced(desk, order, "2")
    assert "The credit memo is made when the goods are received" in said(admin.get(BACK))
    api = desk.company.api()
    draft = api.post(f"/sales-orders/{order.id}/actions/create-invoice", {}).body
    assert api.post(f"/invoices/{draft['id']}/actions/finalise").status == 200
    actions.receive_return(by=desk.by, reference="RMA-00001")
    told = said(admin.get(BACK))
    assert 'href="/payments/CM-00001">CM-00001</a>' in told
    assert told.count("$80.00") == 2
    assert "credit memo of 80.00 USD" in said(admin.get(f"{ORDER}?tab=returns"))
    assert "$80.00" in said(admin.get("/returns"))
    warehouse = person("Warehouse")
    for page in (BACK, f"{ORDER}?tab=returns", "/returns"):
        assert "80.00" not in said(warehouse.get(page))
    assert "Close return" in said(warehouse.get(BACK))


def test_who_only_reads_returns_is_offered_nothing(
    person: Callable[[str], Client], desk: Desk
) -> None:
    announced(desk, shipped(desk, {"RING": 5}), "1")
    finance = person("Finance")
    told = said(finance.get(BACK))
    assert "needs returns:update" in told
    for path in (f"{BACK}/receive", f"{BACK}/cancel", f"{ORDER}/return"):
        assert finance.get(path).status_code == 403
    member = person("Member")
    assert (member.get("/returns").status_code, member.get(BACK).status_code) == (403, 403)
    assert stored(desk) == [("RMA-00001", "requested")]
