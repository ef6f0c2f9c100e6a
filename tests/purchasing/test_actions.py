"""Purchase orders from the quote to the last delivery (domain 2.7, 4.2, 4.9)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from orderwright.activity import queries as activity
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from orderwright.purchasing import actions, edits, queries, reversing
from orderwright.purchasing.edits import LineChange
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.receiving import Arrived
from orderwright.purchasing.reversing import Reversal
from tests.inventory.books import contradictions
from tests.purchasing.buying import Buying, counting, open_buying
from tests.sales.desk import Desk

pytestmark = pytest.mark.django_db


def refusal_of(call: object, *args: object, **given: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*args, **given)  # type: ignore[operator]
    return refused.value


def events_of(desk: Buying, order_id: object) -> list[str]:
    found = activity.timeline(desk.by, order_id)  # type: ignore[arg-type]
    return [event.type for event in found]


def test_a_quote_has_a_number_its_terms_and_what_it_costs() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    found = desk.order([NewLine(product_id=gem, quantity="10", unit_price="2.50")])
    head = found.head
    assert (head.number, head.status, head.fulfillment_status) == (
        "PO-00001",
        "quoted",
        "not_started",
    )
    assert (head.subtotal, head.currency, head.supplier_name) == (25, "USD", "Rough & Sons")
    assert head.location_id == desk.company.location_id
    assert desk.seen(found) == found


def test_without_a_price_the_last_one_paid_to_this_supplier_is_taken() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM", unit_cost=Decimal(3), units={"box": {"ratio": "12"}})
    first = desk.order({gem: 1})
    assert first.lines[0].unit_price == 3
    desk.order([NewLine(product_id=gem, quantity="1", unit="box", unit_price="24")])
    again = desk.order({gem: 1})
    assert again.lines[0].unit_price == 2


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (NewLine(product_id=uuid4(), quantity=1), "unknown_product", "lines.0.product_id"),
        (NewLine(quantity=1), "invalid_line", "lines.0.product_id"),
        (NewLine(description="Courier", quantity=0), "invalid_quantity", "lines.0.quantity"),
        (NewLine(description="Courier"), "missing_quantity", "lines.0.quantity"),
        (NewLine(description="Courier", quantity="1.5"), "invalid_quantity", "lines.0.quantity"),
        (
            NewLine(description="Courier", quantity=1, unit_price="-1"),
            "invalid_price",
            "lines.0.unit_price",
        ),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_with_its_field(
    line: NewLine, code: str, field: str
) -> None:
    refused = refusal_of(open_buying().order, [line])
    assert (refused.code, list(refused.fields)) == (code, [field])


def test_what_a_quote_needs_is_said() -> None:
    desk = open_buying()
    lines = [NewLine(description="Courier", quantity=1)]
    assert refusal_of(desk.order, []).code == "no_lines"
    assert refusal_of(replace_lead(desk).order, lines).code == "unknown_order_lead"
    desk.supplier = uuid4()
    assert refusal_of(desk.order, lines).code == "unknown_supplier"


def replace_lead(desk: Buying) -> Buying:
    return replace(desk, company=replace(desk.company, lead_id=uuid4()))


def test_goods_arrive_in_parts_and_the_last_part_fulfils_the_order() -> None:
    desk = open_buying()
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    order = desk.ordered({gem: 10, ring: 2})
    first = desk.receive(order, {1: 4})
    assert (first.number, first.lines[0].quantity) == ("PO-00001-R1", 4)
    seen = desk.seen(order)
    assert (seen.head.status, seen.head.fulfillment_status, seen.completion) == (
        "ordered",
        "partially_received",
        Decimal("0.3333"),
    )
    assert desk.figures(gem) == ["4", "0", "0", "4"]
    desk.receive(order, {1: 6, 2: 2})
    seen = desk.seen(order)
    assert (seen.head.status, seen.head.fulfillment_status) == ("fulfilled", "completed")
    assert [receipt.number for receipt in queries.receipts(desk.by, order.id)] == [
        "PO-00001-R2",
        "PO-00001-R1",
    ]
    assert contradictions() == {}


def test_what_arrives_covers_what_waits_and_changes_its_orders_at_once() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    sales = Desk(desk.company, desk.by, desk.company.customer())
    waiting = sales.issued({gem: 10})
    assert sales.statuses(waiting) == ["backordered"]
    order = desk.ordered({gem: 10})
    assert desk.seen(order).lines[0].short == 10
    desk.receive(order, {1: 10})
    assert sales.statuses(waiting) == ["not_started"]
    assert desk.figures(gem) == ["10", "10", "0", "0"]


def test_rejected_goods_are_counted_and_never_available() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    order = desk.ordered({gem: 10})
    (line,) = order.lines
    arrived = Arrived(line.id, quantity=7, rejected=3, reject_reason="chipped", keep_rejected=True)
    receipt = desk.receive(order, {1: arrived})
    (row,) = receipt.lines
    assert desk.lot(row.rejected_lot_id).status == "rejected"
    assert desk.figures(gem) == ["7", "0", "0", "7"]
    seen = desk.seen(order).lines[0]
    assert (seen.received, seen.rejected, seen.outstanding) == (7, 3, 3)


def test_more_than_ordered_needs_a_yes() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    order = desk.ordered({gem: 10})
    refused = refusal_of(desk.receive, order, {1: 11})
    assert (refused.code, refused.details) == (
        "confirmation_required",
        {"confirm": "over_receipt"},
    )
    desk.receive(order, {1: 11}, confirmed=frozenset({"over_receipt"}))
    line = desk.seen(order).lines[0]
    assert (line.facts().is_over_received, line.completion) == (True, Decimal("1.1"))


def test_goods_come_in_the_unit_they_were_bought_in() -> None:
    desk = open_buying()
    gem = desk.product(
        sku="GEM", units={"box": {"ratio": "12"}}, weight_per_unit=Decimal("0.2"), weight_unit="g"
    )
    order = desk.ordered([NewLine(product_id=gem, quantity="2", unit="box", unit_price="24")])
    receipt = desk.receive(order, {1: 2})
    lot = desk.lot(receipt.lines[0].lot_id)
    assert (lot.quantity, lot.weight, lot.weight_unit, lot.unit_cost) == (
        24,
        Decimal("4.8"),
        "g",
        2,
    )


def test_what_is_bought_by_weight_is_stock_by_weight() -> None:
    desk = open_buying()
    silver = desk.product(sku="AG", default_unit="g", weight_unit="g")
    order = desk.ordered([NewLine(product_id=silver, requested_weight="2", weight_unit="kg")])
    receipt = desk.receive(order, {1: "0.5"})
    lot = desk.lot(receipt.lines[0].lot_id)
    assert (lot.quantity, lot.unit) == (500, "g")
    assert desk.seen(order).lines[0].outstanding == Decimal("1.5")


def test_alike_goods_join_one_lot_on_request() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    order = desk.ordered({gem: 10})
    (line,) = order.lines
    first = desk.receive(order, {1: Arrived(line.id, quantity=4, auto_merge=True)})
    second = desk.receive(order, {1: Arrived(line.id, quantity=6, auto_merge=True)})
    assert first.lines[0].lot_id == second.lines[0].lot_id
    assert second.lines[0].is_merged
    assert desk.lot(first.lines[0].lot_id).quantity == 10


def test_bad_receipts_are_refused_and_write_nothing() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    order = desk.ordered({gem: 10})
    (line,) = order.lines
    tomorrow = desk.by.today + timedelta(days=1)
    codes = [
        refusal_of(desk.receive, order, {1: 0}).code,
        refusal_of(desk.receive, order, {1: -1}).code,
        refusal_of(desk.receive, order, {1: "1.5"}).code,
        refusal_of(desk.receive, order, {}).code,
        refusal_of(desk.receive, order, {1: 1}, received_on=tomorrow).code,
        refusal_of(desk.receive, order, {1: 1}, location_id=uuid4()).code,
        refusal_of(desk.receive, order, {1: Arrived(uuid4(), quantity=1)}).code,
        refusal_of(desk.receive, order, {1: 1}, version=99).code,
    ]
    assert codes == [
        "nothing_received",
        "invalid_quantity",
        "invalid_quantity",
        "no_lines",
        "future_date",
        "unknown_location",
        "unknown_line",
        "stale_version",
    ]
    assert queries.receipts(desk.by, order.id) == []
    assert desk.figures(gem) == ["0", "0", "0", "0"]
    assert desk.seen(order).lines[0] == line


def test_nothing_arrives_on_a_quote_or_a_closed_order() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    quoted = desk.order({gem: 10})
    assert refusal_of(desk.receive, quoted, {1: 1}).code == "not_issued"
    desk.receive(quoted, {1: 1}, auto_issue=True)
    assert desk.seen(quoted).head.status == "ordered"
    actions.close_order(by=desk.by, order=quoted.id)
    assert refusal_of(desk.receive, quoted, {1: 1}).code == "order_closed"
    actions.open_order(by=desk.by, order=quoted.id)
    desk.receive(quoted, {1: 9})
    assert desk.seen(quoted).head.status == "fulfilled"


def test_a_reversed_receipt_takes_its_stock_back_and_the_order_waits_again() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    sales = Desk(desk.company, desk.by, desk.company.customer())
    waiting = sales.issued({gem: 10})
    order = desk.ordered({gem: 10})
    receipt = desk.receive(order, {1: 10})
    reversal = Reversal(receipt.id, reason="counted twice")
    found = reversing.reverse_receipt(by=desk.by, order=order.id, reversal=reversal)
    assert (found.head.status, found.head.fulfillment_status) == ("ordered", "not_started")
    assert desk.figures(gem) == ["0", "0", "10", "-10"]
    assert sales.statuses(waiting) == ["backordered"]
    again = refusal_of(reversing.reverse_receipt, by=desk.by, order=order.id, reversal=reversal)
    assert again.code == "nothing_received"
    assert contradictions() == {}


def test_a_receipt_whose_goods_were_used_stays() -> None:
    desk = open_buying()
    gem = desk.product(sku="GEM")
    sales = Desk(desk.company, desk.by, desk.company.customer())
    waiting = sales.issued({gem: 4})
    order = desk.ordered({gem: 10})
    receipt = desk.receive(order, {1: 10})
    sales.select(waiting, {receipt.lines[0].lot_id: 4})
    reversal = Reversal(receipt.id)
    refused = refusal_of(reversing.reverse_receipt, by=desk.by, order=order.id, reversal=reversal)
    assert refused.code == "receipt_used"
    assert desk.seen(order).head.status == "fulfilled"


def test_cancelling_what_is_left_fulfils_a_partly_received_order() -> None:
    desk = open_buying()
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    order = desk.ordered([NewLine(product_id=p, quantity=10, unit_price=1) for p in (gem, ring)])
    desk.receive(order, {1: 4})
    lines = [line.id for line in order.lines]
    found = actions.cancel_lines(by=desk.by, order=order.id, line_ids=lines, reason="too late")
    assert (found.head.status, found.head.subtotal) == ("fulfilled", 4)
    assert [line.status.status for line in found.lines] == ["received", "cancelled"]


def test_a_cancelled_line_can_be_wanted_again() -> None:
    desk = open_buying()
    order = desk.ordered({desk.product(sku="GEM"): 10})
    lines = [line.id for line in order.lines]
    cancelled = actions.cancel_lines(by=desk.by, order=order.id, line_ids=lines)
    assert cancelled.head.fulfillment_status == "cancelled"
    restored = actions.restore_lines(by=desk.by, order=order.id, line_ids=lines)
    assert (restored.head.fulfillment_status, restored.lines[0].outstanding) == (
        "not_started",
        10,
    )


def test_unissue_is_possible_until_something_arrives() -> None:
    desk = open_buying()
    order = desk.ordered({desk.product(sku="GEM"): 10})
    assert actions.unissue_order(by=desk.by, order=order.id).head.issued_at is None
    actions.issue_order(by=desk.by, order=order.id)
    desk.receive(order, {1: 1})
    assert refusal_of(actions.unissue_order, by=desk.by, order=order.id).code == "already_received"


def test_lines_are_added_changed_and_taken_off() -> None:
    desk = open_buying()
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    order = desk.ordered({gem: 10})
    more = [NewLine(product_id=ring, quantity=2, unit_price="5")]
    grown = edits.add_lines(by=desk.by, order=order.id, lines=more)
    assert [line.position for line in grown.lines] == [1, 2]
    assert desk.seen(order) == grown
    second = grown.lines[1]
    changed = edits.change_line(
        by=desk.by, order=order.id, line_id=second.id, change=LineChange(quantity=3)
    )
    assert changed.head.subtotal == 15
    smaller = edits.delete_line(by=desk.by, order=order.id, line_id=order.lines[0].id)
    assert [(line.position, line.product_id) for line in smaller.lines] == [(1, ring)]
    assert desk.seen(order) == smaller
    last = refusal_of(edits.delete_line, by=desk.by, order=order.id, line_id=second.id)
    assert last.code == "last_line"


def test_a_quantity_does_not_fall_below_what_has_arrived() -> None:
    desk = open_buying()
    order = desk.ordered({desk.product(sku="GEM"): 10})
    desk.receive(order, {1: 6})
    (line,) = order.lines

    def change(quantity: int) -> object:
        return edits.change_line(
            by=desk.by, order=order.id, line_id=line.id, change=LineChange(quantity=quantity)
        )

    assert refusal_of(change, 5).code == "below_received"
    change(6)
    assert desk.seen(order).head.status == "fulfilled"
    assert refusal_of(change, 7).code == "order_locked"


def test_the_head_is_edited_as_far_as_the_order_has_come() -> None:
    desk = open_buying()
    order = desk.order({desk.product(sku="GEM"): 10})
    edited = edits.edit_order(
        by=desk.by,
        order=order.id,
        changes={"notes": "by air", "priority": "high", "supplier_reference": "Q-17"},
    )
    assert (edited.head.notes, edited.head.priority, edited.head.version) == ("by air", "high", 2)
    actions.issue_order(by=desk.by, order=order.id)
    refused = refusal_of(edits.edit_order, by=desk.by, order=order.id, changes={"currency": "EUR"})
    assert (refused.code, refused.details["reason"]) == ("order_locked", "issued")
    desk.receive(order, {1: 10})
    late = refusal_of(edits.edit_order, by=desk.by, order=order.id, changes={"priority": "low"})
    assert (late.code, late.details["reason"]) == ("order_locked", "fulfilled")
    edits.edit_order(by=desk.by, order=order.id, changes={"internal_note": "kept"})
    stale = refusal_of(
        edits.edit_order, by=desk.by, order=order.id, changes={"notes": "x"}, version=1
    )
    assert stale.code == "stale_version"


def test_removing_asks_for_the_number_and_leaves_an_event() -> None:
    desk = open_buying()
    order = desk.order({desk.product(sku="GEM"): 10})
    wrong = refusal_of(actions.remove_order, by=desk.by, order=order.id, confirm_number="PO-1")
    assert wrong.code == "wrong_confirm_number"
    actions.remove_order(by=desk.by, order=order.id, confirm_number="PO-00001")
    with pytest.raises(NotFound):
        desk.seen(order)
    assert events_of(desk, order.id)[0] == "purchase_order.removed"


def test_only_those_who_may_buy_buy() -> None:
    desk = open_buying()
    order = desk.order({desk.product(sku="GEM"): 10})
    reader = replace(desk.by, permissions=frozenset({"purchase_orders:read"}))
    with pytest.raises(Forbidden):
        actions.issue_order(by=reader, order=order.id)
    with pytest.raises(Forbidden):
        replace(desk, by=reader).order({uuid4(): 1})


def test_what_happened_stands_on_the_timeline() -> None:
    desk = open_buying()
    order = desk.ordered({desk.product(sku="GEM"): 10})
    desk.receive(order, {1: 10})
    assert sorted(events_of(desk, order.id)) == sorted(
        [
            "purchase_order.created",
            "purchase_order.issued",
            "purchase_order.received",
            "purchase_order.fulfilled",
            "purchase_order.fulfillment_changed",
        ]
    )


def test_the_number_of_statements_does_not_grow_with_the_lines() -> None:
    desk = open_buying()
    products = [desk.product(sku=f"P{index}") for index in range(30)]
    counts = []
    for chosen in (products[:1], products):
        found: dict[str, int] = {}
        with counting() as made:
            order = desk.order(dict.fromkeys(chosen, 10))
        found["create"] = len(made)
        with counting() as made:
            actions.issue_order(by=desk.by, order=order.id)
        found["issue"] = len(made)
        with counting() as made:
            receipt = desk.receive(order, {line.position: 5 for line in order.lines})
        found["receive"] = len(made)
        with counting() as made:
            reversal = Reversal(receipt.id)
            reversing.reverse_receipt(by=desk.by, order=order.id, reversal=reversal)
        found["reverse"] = len(made)
        with counting() as made:
            desk.seen(order)
        found["read"] = len(made)
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0] == {"create": 3, "issue": 4, "receive": 15, "reverse": 11, "read": 2}


def test_conflicts_are_conflicts_and_bad_input_is_invalid() -> None:
    desk = open_buying()
    order = desk.ordered({desk.product(sku="GEM"): 10})
    assert isinstance(refusal_of(desk.receive, order, {1: 0}), Invalid)
    assert isinstance(refusal_of(desk.receive, order, {1: 11}), Conflict)
