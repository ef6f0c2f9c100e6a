"""The end of an order and the way back: short close, reopen, correction, close; prices again."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from orderwright.activity import queries as activity
from orderwright.catalog.models import Product
from orderwright.directory.models import ShippingTerm
from orderwright.kernel.errors import Forbidden, Invalid, Refusal
from orderwright.kernel.numbers import trim
from orderwright.sales import actions, closing, copying, edits, prices_again, telling
from orderwright.sales.edits import LineChange
from orderwright.sales.models import SalesOrderLine
from orderwright.sales.money import MoneyTold
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from orderwright.shipping import picking, tracking
from tests.sales.books import wrong
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


def part_shipped(desk: Desk, **fields: Any) -> tuple[OrderPage, Any]:
    """10 ordered, 4 shipped, 3 selected, of a lot of 20."""
    gem = desk.product(sku="GEM", base_price="10")
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 10}, **fields)
    desk.ship_lots(order, {lot: 4})
    return desk.select(order, {lot: 3}), gem


def shipped(desk: Desk, **product: Any) -> OrderPage:
    gem = desk.product(**{"sku": "GEM", "base_price": "10", **product})
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 10})
    desk.ship_lots(order, {lot: 10})
    return desk.read(order)


def short_closed(desk: Desk, order: OrderPage) -> OrderPage:
    return closing.short_close(by=desk.by, order=order.id, reason="enough")


def reopened(desk: Desk, order: OrderPage) -> OrderPage:
    return closing.reopen_order(by=desk.by, order=order.id, reason="wrong colour")


def paid(desk: Desk, order: OrderPage, amount: str | None = None, **more: Any) -> OrderPage:
    due = Decimal(amount) if amount is not None else order.head.grand_total
    return telling.tell_money(desk.by, order.id, MoneyTold(paid=due, payments=1, **more))


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        act()
    return refusal.value.code


def happened(desk: Desk, order: OrderPage) -> list[str]:
    rows = activity.timeline(desk.by, order.id, limit=50)
    return [row.type.removeprefix("sales_order.") for row in rows]


def cost(product: Any, price: str) -> None:
    Product.objects.filter(id=product).update(base_price=Decimal(price))


def measures(line: Any) -> dict[str, str]:
    names = ("ordered", "cancelled_quantity", "short_closed_quantity", "retrieved", "shipped")
    return {name: trim(getattr(line, name)) for name in names}


def test_a_short_close_cancels_the_rest_and_gives_its_stock_back() -> None:
    desk = open_desk()
    order, gem = part_shipped(desk)
    after = short_closed(desk, order)
    assert after == replace(desk.read(order), locked_products=after.locked_products)
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert after.head.fulfilled_at == desk.by.now
    assert measures(after.lines[0]) == {
        "ordered": "10",
        "cancelled_quantity": "6",
        "short_closed_quantity": "6",
        "retrieved": "0",
        "shipped": "4",
    }
    assert after.lines[0].cancel_reason == "short close"
    assert after.head.subtotal == Decimal("40.00")
    assert desk.figures(gem) == {"on_hand": "16", "reserved": "0", "short": "0", "available": "16"}
    assert wrong(desk.by) == {}


def test_reopening_takes_back_what_the_short_close_cancelled_and_nothing_else() -> None:
    desk = open_desk()
    gem, ring = desk.product(sku="GEM", base_price="10"), desk.product(sku="R", base_price="5")
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 10, ring: 3})
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[desk.line(order, 2).id])
    desk.ship_lots(order, {lot: 4})
    short_closed(desk, order)
    after = reopened(desk, order)
    assert (after.head.status, after.head.fulfilled_at) == ("issued", None)
    assert after.head.reopened_at == desk.by.now
    assert [trim(line.cancelled_quantity) for line in after.lines[:2]] == ["0", "3"]
    assert desk.statuses(order) == ["partially_shipped", "cancelled"]
    assert desk.figures(gem) == {"on_hand": "16", "reserved": "6", "short": "0", "available": "10"}
    assert after.head.subtotal == Decimal("100.00")
    assert wrong(desk.by) == {}


def test_a_reopened_order_waits_for_its_correction_to_be_finished() -> None:
    desk = open_desk()
    order = reopened(desk, shipped(desk))
    assert desk.stages(order) == ("issued", "shipped")
    after = closing.finish_correction(by=desk.by, order=order.id)
    assert (after.head.status, after.head.reopened_at) == ("fulfilled", None)
    assert wrong(desk.by) == {}


def test_a_correction_ends_by_itself_when_what_was_added_has_shipped() -> None:
    desk = open_desk()
    order = reopened(desk, shipped(desk))
    ring = desk.product(sku="RING", base_price="3")
    lot = desk.lot(ring, 5)
    edits.add_lines(by=desk.by, order=order.id, lines=[NewLine(product_id=ring, quantity="2")])
    desk.ship_lots(order, {lot: 1}, position=2)
    assert (desk.read(order).head.status, desk.read(order).head.reopened_at) == (
        "issued",
        desk.by.now,
    )
    desk.ship_lots(order, {lot: 1}, position=2)
    head = desk.read(order).head
    assert (head.status, head.reopened_at) == ("fulfilled", None)
    assert wrong(desk.by) == {}


def test_an_order_of_services_ends_by_a_short_close() -> None:
    desk = open_desk()
    engraving = desk.product(sku="ENG", type="service", base_price="20")
    order = desk.issued({engraving: 2})
    after = short_closed(desk, order)
    assert (after.head.status, after.head.subtotal) == ("fulfilled", Decimal("40.00"))
    assert [trim(line.cancelled_quantity) for line in after.lines] == ["0"]


def test_a_fulfilled_order_is_issued_again_when_its_shipment_is_cancelled() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 10})
    shipment = desk.ship_lots(order, {lot: 10})
    assert desk.read(order).head.status == "fulfilled"
    tracking.cancel_shipment(by=desk.by, shipment=shipment.head.id, reason="wrong parcel")
    head = desk.read(order).head
    assert (head.status, head.fulfilled_at) == ("issued", None)
    assert wrong(desk.by) == {}


def test_a_paid_order_completes_itself_when_it_is_fulfilled() -> None:
    desk = open_desk()
    order = shipped(desk)
    after = paid(desk, order)
    assert (after.head.status, after.head.payment_status) == ("completed", "paid")
    assert after.head.completed_at == desk.by.now
    assert happened(desk, order)[:2] == ["payment_changed", "completed"]
    assert wrong(desk.by) == {}


def test_a_draft_invoice_keeps_a_paid_order_open() -> None:
    desk = open_desk()
    order = shipped(desk)
    assert paid(desk, order, invoices=2, drafts=1).head.status == "fulfilled"
    assert refused(lambda: closing.close_order(by=desk.by, order=order.id)) == "draft_invoice"


def test_a_short_close_of_what_is_paid_asks_for_a_refund() -> None:
    desk = open_desk()
    order, _ = part_shipped(desk)
    paid(desk, order, "70")
    after = short_closed(desk, order)
    assert (after.head.payment_status, after.head.status) == ("overpaid", "completed")
    assert "task_raised" in happened(desk, order)


def test_an_admin_closes_what_is_not_paid_with_a_reason() -> None:
    desk = open_desk()
    order = shipped(desk)
    assert refused(lambda: closing.close_order(by=desk.by, order=order.id)) == "not_paid"
    seller = desk.acting_as("Sales")
    with pytest.raises(Forbidden):
        closing.close_order(by=seller.by, order=order.id, override_reason="a gift")
    after = closing.close_order(by=desk.by, order=order.id, override_reason="a gift")
    assert (after.head.status, after.head.payment_status) == ("completed", "unpaid")
    assert desk.read(order).head.completed_at == desk.by.now


def test_a_dead_order_is_closed_and_kept() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM", base_price="10")
    order = desk.issued({gem: 10})
    assert refused(lambda: closing.close_order(by=desk.by, order=order.id)) == "invalid_transition"
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[desk.line(order).id])
    after = closing.close_order(by=desk.by, order=order.id)
    assert (after.head.status, after.head.fulfillment_status) == ("completed", "cancelled")


@pytest.mark.parametrize("act", [closing.short_close, closing.reopen_order])
def test_a_reason_is_needed(act: Any) -> None:
    desk = open_desk()
    order = shipped(desk)
    with pytest.raises(Invalid) as refusal:
        act(by=desk.by, order=order.id, reason="  ")
    assert refusal.value.fields == {"reason": "a reason is needed"}


def test_repricing_gives_todays_prices_and_says_which_changed() -> None:
    desk = open_desk()
    gem, ring = desk.product(sku="GEM", base_price="10"), desk.product(sku="R", base_price="5")
    order = desk.issued({gem: 10, ring: 2})
    typed = LineChange(unlock_price=True, unit_price="4")
    edits.edit_line(by=desk.by, order=order.id, line_id=desk.line(order, 2).id, change=typed)
    cost(gem, "12")
    cost(ring, "6")
    after, changes = prices_again.reprice_order(by=desk.by, order=order.id)
    assert [(one.position, trim(one.before), trim(one.after)) for one in changes] == [
        (1, "10", "12")
    ]
    assert after.head.subtotal == Decimal("128.00")
    assert happened(desk, order)[0] == "repriced"


def test_freight_may_be_out_of_date_until_it_is_quoted_again() -> None:
    desk = open_desk()
    term = ShippingTerm.objects.filter(id=desk.company.shipping_term_id)
    term.update(type="flat_rate_freight", flat_rate=Decimal(8), free_freight_threshold=None)
    gem = desk.product(sku="GEM", base_price="10")
    order = desk.order({gem: 10})
    assert (order.head.freight, order.head.pricing_flags) == (Decimal("8.00"), [])
    edits.edit_order(by=desk.by, order=order.id, changes={"promised_at": "2026-12-01"})
    assert desk.read(order).head.pricing_flags == []
    moved = {**order.head.ship_to, "city": "Shelbyville"}
    edits.edit_order(by=desk.by, order=order.id, changes={"ship_to": moved})
    assert desk.read(order).head.pricing_flags == ["freight_outdated"]
    term.update(flat_rate=Decimal(9))
    figure = prices_again.quote_freight(by=desk.by, order=order.id)
    assert (figure.current, figure.quoted, figure.is_out_of_date) == (Decimal(8), Decimal(9), True)
    after = prices_again.apply_freight(by=desk.by, order=order.id)
    assert (after.head.freight, after.head.pricing_flags) == (Decimal("9.00"), [])
    assert after.head.grand_total == Decimal("109.00")
    assert prices_again.quote_freight(by=desk.by, order=order.id).is_out_of_date is False
    line = desk.line(order).id
    edits.edit_line(by=desk.by, order=order.id, line_id=line, change=LineChange(description="Blue"))
    assert desk.read(order).head.pricing_flags == []
    edits.edit_line(by=desk.by, order=order.id, line_id=line, change=LineChange(quantity="11"))
    assert desk.read(order).head.pricing_flags == ["freight_outdated"]
    assert desk.read(order).head.freight == Decimal("9.00")


def test_a_duplicate_is_a_new_estimate_at_todays_prices_without_dates() -> None:
    desk = open_desk()
    gem, ring = desk.product(sku="GEM", base_price="10"), desk.product(sku="R", base_price="5")
    order = desk.issued(
        [NewLine(product_id=gem, quantity="10", size="7"), NewLine(product_id=ring, quantity="1")],
        customer_po_number="PO-1",
        notes="as last time",
        internal_note="slow payer",
        promised_at=desk.by.today,
    )
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[desk.line(order, 2).id])
    cost(gem, "12")
    made = copying.duplicate_order(by=desk.by, order=order.id)
    head = made.head
    assert (head.status, head.customer_po_number, head.promised_at) == ("estimate", "", None)
    assert (head.notes, head.internal_note) == ("as last time", "")
    goods = [line for line in made.lines if not line.is_generated]
    assert [(line.sku, line.size, trim(line.unit_price)) for line in goods] == [("GEM", "7", "12")]
    assert happened(desk, order)[0] == "duplicated"


def test_the_database_keeps_short_closing_within_what_is_cancelled() -> None:
    desk = open_desk()
    order, _ = part_shipped(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        SalesOrderLine.objects.filter(id=desk.line(order).id).update(short_closed_quantity=1)


def part_shipped_of(desk: Desk, size: int) -> OrderPage:
    desk.tracked += 1
    gems = [desk.product(sku=f"P{desk.tracked}-{at}", base_price="10") for at in range(size)]
    lots = [desk.lot(gem, 20) for gem in gems]
    order = desk.issued(dict.fromkeys(gems, 10))
    for at, lot in enumerate(lots, start=1):
        desk.select(order, {lot: 3}, position=at)
    desk.ship(order)
    for at, lot in enumerate(lots, start=1):
        desk.select(order, {lot: 2}, position=at)
    return desk.read(order)


COSTS: dict[str, tuple[list[Any], Any]] = {
    "short close": ([], short_closed),
    "reopen": ([short_closed], reopened),
    "finish": (
        [short_closed, reopened],
        lambda desk, order: closing.finish_correction(by=desk.by, order=order.id),
    ),
    "close": (
        [short_closed],
        lambda desk, order: closing.close_order(by=desk.by, order=order.id, override_reason="x"),
    ),
    "reprice": (
        [short_closed, reopened],
        lambda desk, order: prices_again.reprice_order(by=desk.by, order=order.id),
    ),
    "apply freight": (
        [short_closed, reopened],
        lambda desk, order: prices_again.apply_freight(by=desk.by, order=order.id),
    ),
    "duplicate": ([], lambda desk, order: copying.duplicate_order(by=desk.by, order=order.id)),
    "tell money": ([], lambda desk, order: paid(desk, order, "1")),
}


@pytest.mark.parametrize("name", COSTS)
def test_an_action_costs_as_many_statements_for_thirty_lines_as_for_one(name: str) -> None:
    desk = open_desk()
    before, act = COSTS[name]
    found = []
    for size in (1, 30):
        order = part_shipped_of(desk, size)
        for step in before:
            order = step(desk, order)
        with counted() as statements:
            act(desk, order)
        found += statements
    assert found[0] == found[1]
    assert found[0] <= 20


def test_a_packed_shipment_follows_the_orders_address_until_it_leaves() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    desk.lot(gem, 20)
    order = desk.issued({gem: 10})
    picking.pick_all(by=desk.by, pick=order.head.number)
    packed = picking.pack(by=desk.by, pick=order.head.number)
    moved = {**order.head.ship_to, "city": "Shelbyville"}
    edits.edit_order(by=desk.by, order=order.id, changes={"ship_to": moved})
    assert desk.shipment(packed).head.ship_to["city"] == "Shelbyville"
