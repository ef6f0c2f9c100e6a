"""Orders through their life: what each action changes and refuses, and what follows at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from orderwright.activity import queries as activity
from orderwright.activity.models import Event
from orderwright.catalog.models import Product
from orderwright.directory import actions as directory
from orderwright.inventory import lots
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from orderwright.pricing.models import DiscountCode
from orderwright.sales import actions, drafts, edits, new_orders, removal, stock
from orderwright.sales.edits import LineChange
from orderwright.sales.models import SalesOrder
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder
from orderwright.sales.page import OrderPage
from tests.sales.books import wrong
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


def refusal(caught: pytest.ExceptionInfo[Refusal]) -> tuple[int, str, list[str]]:
    return caught.value.status, caught.value.code, sorted(caught.value.fields)


def change_status(desk: Desk, status: str) -> None:
    directory.change_customer_status(by=desk.by, customer_id=desk.customer, status=status)


def events_of(desk: Desk, order: OrderPage) -> list[str]:
    rows = Event.objects.of(desk.by.organization_id).filter(topic_id=order.id).order_by("pk")
    return list(rows.values_list("type", flat=True))


def wanted(desk: Desk, **fields: Any) -> NewOrder:
    values: dict[str, Any] = {
        "customer_id": desk.customer,
        "order_lead_id": desk.company.lead_id,
        "accept_terms": True,
        **fields,
    }
    return NewOrder(**values)


def test_a_new_order_costs_as_many_statements_for_ten_lines_as_for_one() -> None:
    desk = open_desk()
    products = [desk.product(sku=f"P{at}") for at in range(10)]
    found = []
    for size in (1, 10):
        lines = [NewLine(product, quantity=1) for product in products[:size]]
        with counted() as statements:
            new_orders.create_order(by=desk.by, new=wanted(desk, lines=lines))
        found += statements
    assert found[0] == found[1]
    assert found[0] <= 6


def test_a_change_of_the_customers_status_reaches_all_open_orders_at_once() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 10)
    estimate, issued, done = desk.order({gem: 1}), desk.issued({gem: 1}), desk.issued({gem: 1})
    desk.ship_lots(done, {lot: 1})
    versions = [desk.read(order).head.version for order in (estimate, issued, done)]
    change_status(desk, "hold_shipment")
    assert [desk.stages(order)[1] for order in (estimate, issued, done)] == [
        "not_started",
        "on_hold",
        "shipped",
    ]
    change_status(desk, "hold_all")
    assert [desk.stages(order)[1] for order in (estimate, issued, done)] == [
        "on_hold",
        "on_hold",
        "shipped",
    ]
    assert [desk.read(order).head.version for order in (estimate, issued, done)] == versions
    change_status(desk, "normal")
    assert [desk.stages(order)[1] for order in (estimate, issued)] == ["not_started"] * 2
    changes = [name for name in events_of(desk, issued) if name.endswith("fulfillment_changed")]
    assert len(changes) == 2
    assert wrong(desk.by) == {}


def test_stock_that_arrives_covers_waiting_lines_and_changes_their_status_at_once() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    late, urgent = desk.issued({gem: 4}), desk.issued({gem: 4}, priority="high")
    assert [desk.statuses(order) for order in (late, urgent)] == [["backordered"]] * 2
    lot = desk.lot(gem, 5)
    assert [desk.statuses(order) for order in (late, urgent)] == [["backordered"], ["not_started"]]
    assert (desk.line(late).covered, desk.line(urgent).covered) == (1, 4)
    counted_anew = {"quantity": "2", "reason": "counted"}
    lots.adjust_lot(by=desk.by, ref=lot, sent=counted_anew)
    assert [desk.statuses(order) for order in (late, urgent)] == [["backordered"]] * 2
    desk.lot(gem, 20)
    assert [desk.statuses(order) for order in (late, urgent)] == [["not_started"]] * 2
    assert wrong(desk.by) == {}


def test_a_higher_priority_is_served_first_from_then_on() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    first, second = desk.issued({gem: 4}), desk.issued({gem: 4})
    edits.edit_order(by=desk.by, order=second.id, changes={"priority": "high"})
    desk.lot(gem, 4)
    assert (desk.line(first).covered, desk.line(second).covered) == (0, 4)


def test_what_one_line_gives_back_covers_another_line_of_the_same_order() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    desk.lot(gem, 5)
    order = desk.issued([NewLine(gem, quantity=5), NewLine(gem, quantity=3)])
    assert desk.statuses(order) == ["not_started", "backordered"]
    first = desk.read(order).lines[0].id
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[first], reason="too many")
    assert desk.statuses(order) == ["cancelled", "not_started"]
    told = [name for name in events_of(desk, order) if name == "sales_order.lines_changed"]
    assert len(told) == 2  # at issue, and once at the cancellation
    assert wrong(desk.by) == {}


def test_an_unissued_order_gives_everything_back() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 5, weight="10")
    order = desk.issued({gem: 5})
    desk.select(order, {lot: 3}, mark_ready=True, force_ready=True)
    page = actions.unissue_order(by=desk.by, order=order.id)
    assert (page.head.status, page.head.issued_at) == ("estimate", None)
    assert (page.lines[0].ready, page.lines[0].retrieved) == (False, 0)
    assert desk.figures(gem) == {"on_hand": "5", "reserved": "0", "short": "0", "available": "5"}
    actions.issue_order(by=desk.by, order=order.id)
    assert desk.figures(gem) == {"on_hand": "5", "reserved": "5", "short": "0", "available": "0"}
    assert wrong(desk.by) == {}


def test_the_rest_of_a_partly_shipped_line_is_cancelled_and_the_order_is_done() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 4)
    order = desk.issued({gem: 10})
    desk.ship_lots(order, {lot: 4})
    page = actions.cancel_lines(by=desk.by, order=order.id, line_ids=[order.lines[0].id])
    line = page.lines[0]
    assert (line.is_cancelled, line.cancelled_quantity, line.status) == (False, 6, "shipped")
    assert (page.head.status, page.head.fulfillment_status) == ("fulfilled", "shipped")
    assert page.head.subtotal == Decimal(40)
    assert wrong(desk.by) == {}


def test_cancelling_what_is_cancelled_is_refused_and_restoring_brings_it_back() -> None:
    desk = open_desk()
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    desk.lot(gem, 2)
    order = desk.issued({gem: 4, ring: 1})
    first = order.lines[0].id
    page = actions.cancel_lines(by=desk.by, order=order.id, line_ids=[first], reason="no more")
    assert page.lines[0].cancel_reason == "no more"
    with pytest.raises(Conflict) as caught:
        actions.cancel_lines(by=desk.by, order=order.id, line_ids=[first])
    assert refusal(caught) == (409, "nothing_to_cancel", [])
    actions.restore_lines(by=desk.by, order=order.id, line_ids=[first])
    assert desk.statuses(order) == ["backordered", "backordered"]
    assert desk.line(order).covered == 2
    with pytest.raises(Conflict) as again:
        actions.restore_lines(by=desk.by, order=order.id, line_ids=[first])
    assert refusal(again) == (409, "nothing_to_restore", [])
    assert wrong(desk.by) == {}


def test_moves_that_the_table_forbids_are_conflicts() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 4)
    estimate, done = desk.order({gem: 1}), desk.issued({gem: 2})
    desk.ship_lots(done, {lot: 2})
    moves = [
        lambda: actions.unissue_order(by=desk.by, order=estimate.id),
        lambda: stock.auto_select(by=desk.by, order=estimate.id),
        lambda: desk.ship(estimate),
        lambda: actions.release_hold(by=desk.by, order=estimate.id),
        lambda: actions.issue_order(by=desk.by, order=done.id),
        lambda: actions.unissue_order(by=desk.by, order=done.id),
        lambda: actions.hold_order(by=desk.by, order=done.id, reason="late"),
        lambda: actions.cancel_lines(by=desk.by, order=done.id, line_ids=[done.lines[0].id]),
        lambda: desk.ship(done),
        lambda: removal.remove_order(by=desk.by, order=done.id, confirm_number="SO-00002"),
    ]
    found = []
    for move in moves:
        with pytest.raises(Conflict) as caught:
            move()
        found.append(caught.value.code)
    assert found == [
        "invalid_transition",
        "not_issued",
        "not_issued",
        "not_on_hold",
        "invalid_transition",
        "invalid_transition",
        "invalid_transition",
        "invalid_transition",
        "invalid_transition",
        "invalid_transition",
    ]
    assert wrong(desk.by) == {}


def test_a_held_order_is_neither_issued_nor_shipped_but_selected() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 4)
    order = desk.order({gem: 2})
    actions.hold_order(by=desk.by, order=order.id, reason="wait for the deposit")
    with pytest.raises(Conflict) as issuing:
        actions.issue_order(by=desk.by, order=order.id)
    actions.release_hold(by=desk.by, order=order.id)
    actions.issue_order(by=desk.by, order=order.id)
    actions.hold_order(by=desk.by, order=order.id, reason="wait")
    desk.select(order, {lot: 2})
    with pytest.raises(Conflict) as shipping:
        desk.ship(order)
    assert [issuing.value.code, shipping.value.code] == ["order_on_hold"] * 2
    assert desk.stages(order) == ("issued", "on_hold")


def test_prepaid_terms_and_missing_prices_need_a_yes() -> None:
    desk = open_desk()
    unpriced = desk.product(sku="NEW", base_price=None)
    order = desk.order({unpriced: 1})
    with pytest.raises(Conflict) as caught:
        actions.issue_order(by=desk.by, order=order.id)
    assert caught.value.details == {"confirm": "no_price"}
    assert actions.issue_order(by=desk.by, order=order.id, confirmed=["no_price"]).head.issued_at


def test_a_retired_product_stops_the_issue() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    order = desk.order({gem: 1})
    Product.objects.of(desk.by.organization_id).with_ids([gem]).update(is_active=False)
    with pytest.raises(Conflict) as caught:
        actions.issue_order(by=desk.by, order=order.id)
    assert refusal(caught) == (409, "product_inactive", [])


def test_ready_follows_what_is_selected() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 5})
    with pytest.raises(Conflict) as caught, transaction.atomic():
        desk.select(order, {lot: 4}, mark_ready=True)
    assert refusal(caught) == (409, "not_enough_selected", [])
    desk.select(order, {lot: 5}, mark_ready=True)
    assert desk.statuses(order) == ["ready"]
    change = LineChange(quantity="6")
    edits.edit_line(by=desk.by, order=order.id, line_id=order.lines[0].id, change=change)
    assert desk.statuses(order) == ["in_progress"]
    desk.select(order, {lot: 1}, mark_ready=True)
    released = desk.open_selections(order)[:1]
    stock.release_inventory(by=desk.by, order=order.id, selection_ids=released)
    assert (desk.line(order).ready, desk.statuses(order)) == (False, ["in_progress"])
    desk.select(order, {}, mark_ready=True, force_ready=True)
    stock.release_inventory(by=desk.by, order=order.id, selection_ids=desk.open_selections(order))
    assert (desk.line(order).ready, desk.statuses(order)) == (True, ["ready"])
    assert wrong(desk.by) == {}


def test_the_price_behind_the_padlock_is_typed_or_follows_the_lists() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM", base_price="10.00")
    order = desk.order({gem: 3})
    line = order.lines[0].id

    def change(**fields: Any) -> Decimal:
        page = edits.edit_line(
            by=desk.by, order=order.id, line_id=line, change=LineChange(**fields)
        )
        return page.lines[0].line_total

    with pytest.raises(Invalid) as caught:
        change(unit_price="9")
    assert refusal(caught) == (422, "price_locked", ["unit_price"])
    assert change(unlock_price=True, unit_price="9.5") == Decimal("28.5")
    assert change(quantity="4") == Decimal(38)
    with pytest.raises(Invalid):
        change(lock_price=True, unit_price="1")
    assert change(lock_price=True) == Decimal(40)
    with pytest.raises(Forbidden):
        edits.edit_line(
            by=desk.acting_as("Viewer").by,
            order=order.id,
            line_id=line,
            change=LineChange(unlock_price=True),
        )


def test_an_issued_line_in_another_unit_reserves_what_that_unit_holds() -> None:
    desk = open_desk()
    pair = desk.product(sku="PAIR", units={"carton": {"ratio": "12"}})
    desk.lot(pair, 30)
    order = desk.issued({pair: 2})
    change = LineChange(unit="carton")
    edits.edit_line(by=desk.by, order=order.id, line_id=order.lines[0].id, change=change)
    assert desk.figures(pair) == {"on_hand": "30", "reserved": "24", "short": "0", "available": "6"}
    assert wrong(desk.by) == {}


def test_a_change_of_nothing_writes_nothing() -> None:
    desk = open_desk()
    order = desk.order({desk.product(sku="GEM"): 1})
    known = events_of(desk, order)
    line = order.lines[0].id
    edits.edit_line(by=desk.by, order=order.id, line_id=line, change=LineChange())
    edits.edit_order(by=desk.by, order=order.id, changes={"unknown": 1})
    assert events_of(desk, order) == known
    assert desk.read(order).head.version == 1


def test_another_customer_brings_its_own_addresses_and_the_code_is_checked_again() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    other = desk.company.customer(name="Bolt")
    DiscountCode.objects.create(
        organization_id=desk.by.organization_id,
        code="ACME",
        type="percentage",
        percentage="0.1",
        customer_ids=[desk.customer],
    )
    plain, coded = desk.order({gem: 1}), desk.order({gem: 1}, discount_code="acme")
    assert coded.head.discount_total == 1
    edits.edit_order(by=desk.by, order=plain.id, changes={"customer_id": str(other)})
    head = desk.read(plain).head
    assert (head.customer_name, head.ship_to["city"]) == ("Bolt", "Springfield")
    with pytest.raises(Invalid) as caught:
        edits.edit_order(by=desk.by, order=coded.id, changes={"customer_id": str(other)})
    assert refusal(caught) == (422, "discount_code_not_usable", ["discount_code"])


def test_the_last_line_of_an_issued_order_stays() -> None:
    desk = open_desk()
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    order = desk.issued({gem: 1, ring: 1})
    first, second = (line.id for line in order.lines)
    edits.delete_line(by=desk.by, order=order.id, line_id=first)
    assert [line.position for line in desk.read(order).lines] == [1]
    with pytest.raises(Conflict) as caught:
        edits.delete_line(by=desk.by, order=order.id, line_id=second)
    assert refusal(caught) == (409, "last_line", [])
    with pytest.raises(NotFound):
        edits.delete_line(by=desk.by, order=order.id, line_id=first)
    assert wrong(desk.by) == {}


def test_a_removed_order_leaves_a_tombstone_and_returns_what_was_not_shipped() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 10)
    waiting = desk.issued({gem: 4})
    order = desk.issued({gem: 10})
    desk.select(order, {lot: 6})
    with pytest.raises(Invalid) as caught:
        removal.remove_order(by=desk.by, order=order.id, confirm_number="SO-1")
    assert refusal(caught) == (422, "wrong_confirm_number", ["confirm_number"])
    removal.remove_order(by=desk.by, order=order.id, confirm_number=order.head.number)
    assert desk.figures(gem) == {"on_hand": "10", "reserved": "4", "short": "0", "available": "6"}
    assert SalesOrder.objects.of(desk.by.organization_id).count() == 1
    assert events_of(desk, order)[-1] == "sales_order.removed"
    stone = activity.timeline(desk.by, order.id, limit=1)[0]
    assert (stone.actor_name, stone.at, stone.body) == (
        "Ada",
        desk.by.now,
        {
            "number": order.head.number,
            "customer_id": str(desk.customer),
            "customer": "Acme",
            "status": "issued",
            "subtotal": "100.0000",
            "discount_total": "0.0000",
            "freight": "0.0000",
            "tax": "0.0000",
            "grand_total": "100.0000",
            "currency": "USD",
            "line_count": 1,
        },
    )
    assert desk.statuses(waiting) == ["not_started"]
    assert wrong(desk.by) == {}


def test_a_draft_becomes_one_order_however_often_it_is_submitted() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    draft = drafts.start_draft(by=desk.by, body={"notes": "5 gems"})
    saved = drafts.save_draft(
        by=desk.by, draft_id=draft.id, step=2, body={"notes": "6 gems"}, version=draft.version
    )
    assert (saved.step, saved.body, saved.version) == (2, {"notes": "6 gems"}, 2)
    with pytest.raises(Conflict) as stale:
        drafts.save_draft(by=desk.by, draft_id=draft.id, step=3, body={}, version=1)
    assert refusal(stale) == (409, "stale_version", [])
    new = wanted(desk, lines=[NewLine(gem, quantity=6)], source="wizard")
    order = drafts.submit_draft(by=desk.by, draft_id=draft.id, new=new)
    with pytest.raises(Conflict) as twice:
        drafts.submit_draft(by=desk.by, draft_id=draft.id, new=new)
    assert (twice.value.code, twice.value.details) == (
        "draft_submitted",
        {"order": order.head.number},
    )
    assert SalesOrder.objects.of(desk.by.organization_id).count() == 1
    assert drafts.drafts_of(desk.by) == []


def test_a_draft_of_somebody_else_is_not_there() -> None:
    desk = open_desk()
    draft = drafts.start_draft(by=desk.by)
    stranger = open_desk(name="Theirs", email="bo@theirs.example")
    with pytest.raises(NotFound):
        drafts.read_draft(stranger.by, draft.id)


def test_by_weight_too_nobody_takes_automatically_what_is_promised_to_others() -> None:
    desk = open_desk()
    grain = desk.product(sku="GRAIN", default_unit="g", weight_unit="g")
    desk.lot(grain, 100)

    def ask(grams: int) -> list[NewLine]:
        return [NewLine(grain, requested_weight=grams, weight_unit="g")]

    desk.issued(ask(80))
    second = desk.issued(ask(50))
    page, unserved = stock.auto_select(by=desk.by, order=second.id)
    assert (page.lines[0].retrieved, unserved[0].missing) == (20, 30)
    known = events_of(desk, second)
    with_nothing, still = stock.auto_select(by=desk.by, order=second.id)
    assert (with_nothing.lines[0].retrieved, still[0].missing) == (20, 30)
    assert events_of(desk, second) == known
    assert wrong(desk.by) == {}


def test_an_organization_that_issues_at_once_still_waits_for_customers_on_hold() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM")
    settings = {"orders.auto_issue_on_submit": True}
    organization = replace(desk.by.organization, settings=settings)
    desk.by = replace(desk.by, organization=organization)
    assert desk.stages(desk.order({gem: 1}))[0] == "issued"
    unpriced = desk.product(sku="NEW", base_price=None)
    with pytest.raises(Conflict) as caught:
        desk.order({unpriced: 1})
    assert caught.value.details == {"confirm": "no_price"}
    change_status(desk, "hold_all")
    assert desk.stages(desk.order({gem: 1})) == ("estimate", "on_hold")


def test_what_an_action_answers_is_what_was_written() -> None:
    desk = open_desk()
    gem, grain = desk.product(sku="GEM"), desk.product(sku="GRAIN", default_unit="g")
    lot = desk.lot(gem, 4)
    lines = [
        NewLine(gem, quantity="5", size="7 US", requested_weight="3", weight_unit="ct"),
        NewLine(grain, quantity="1.5", description="fine", needed_by=date(2026, 12, 1)),
    ]
    order = desk.order(lines, notes="soon", internal_budget="900", promised_at=date(2026, 12, 1))
    assert order == desk.read(order)
    issued = actions.issue_order(by=desk.by, order=order.id)
    assert issued == desk.read(order)
    assert desk.select(order, {lot: 4}, mark_ready=True, force_ready=True) == desk.read(order)
    shipment = desk.ship(order)
    assert shipment == desk.shipment(shipment)
    first, second = (line.id for line in issued.lines)
    cancelled = actions.cancel_lines(by=desk.by, order=order.id, line_ids=[second], reason="no")
    assert cancelled == desk.read(order)
    assert first == desk.line(order).id
