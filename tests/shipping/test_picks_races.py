"""Two in the warehouse at once: nothing is packed twice, shipped twice, or lost between them."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from orderwright.inventory import sql as inventory_sql
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.shipping import picking, queries
from orderwright.shipping.actions import SelectionAsk, ShipLine
from orderwright.shipping.queries import ShipmentPage, shipments_of_order
from tests.sales.books import wrong
from tests.sales.desk import Desk, open_desk
from tests.sales.test_actions_races import Pause, side_by_side
from tests.shipping import picks
from tests.shipping.picks import wrong_picks

pytestmark = pytest.mark.django_db(transaction=True)


def picked(desk: Desk) -> OrderPage:
    """An order with everything selected and picked."""
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM")
        lot = desk.lot(gem, 10)
        order = desk.issued({gem: 10})
        desk.select(order, {lot: 10})
        picking.pick_all(by=desk.by, pick=order.head.number)
        return order


def both(desk: Desk, first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Two at once; the codes of those who were refused."""
    refused: list[str] = []

    def trying(act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                act()
        except (Conflict, Invalid) as refusal:
            refused.append(refusal.code)

    def holding(_: Pause) -> None:
        trying(first)

    side_by_side(desk, holding, lambda: trying(second))
    return refused


def stands(desk: Desk, order: OrderPage) -> tuple[list[str], str, list[str]]:
    """Stages of the shipments, on hand, and everything that is wrong."""
    with transaction.atomic():
        desk.company.enter()
        shipments = shipments_of_order(desk.by, order.id)
        product = desk.line(order).product_id
        assert product is not None
        on_hand = desk.figures(product)["on_hand"]
        faults = [*wrong_picks(desk), *(str(fault) for fault in wrong(desk.by))]
        return [one.head.stage for one in shipments], on_hand, faults


def two_packers(desk: Desk) -> tuple[OrderPage, list[str]]:
    order = picked(desk)
    refused = both(desk, lambda: picks.pack(desk, order), lambda: picks.pack(desk, order))
    return order, refused


def test_two_packers_pack_once() -> None:
    desk = open_desk()
    order, refused = two_packers(desk)
    assert refused == ["nothing_picked"]
    assert stands(desk, order) == (["packed"], "0", [])


def pack_beside_a_shipment(desk: Desk) -> tuple[OrderPage, list[str]]:
    order = picked(desk)
    with transaction.atomic():
        desk.company.enter()
        line = desk.line(order).id
        chosen = [SelectionAsk(one) for one in desk.open_selections(order)]
    refused = both(
        desk,
        lambda: desk.ship(order, ShipLine(line, chosen)),
        lambda: picks.pack(desk, order),
    )
    return order, refused


def test_what_somebody_ships_is_not_packed_as_well() -> None:
    desk = open_desk()
    order, refused = pack_beside_a_shipment(desk)
    assert refused == ["invalid_transition"]
    assert stands(desk, order) == (["shipped"], "0", [])


def packed(desk: Desk) -> tuple[OrderPage, ShipmentPage]:
    order = picked(desk)
    with transaction.atomic():
        desk.company.enter()
        return order, picks.pack(desk, order)


def void_beside_leaving(desk: Desk) -> tuple[OrderPage, list[str]]:
    order, shipment = packed(desk)
    return order, both(desk, lambda: picks.void(desk, shipment), lambda: picks.ship(desk, shipment))


def test_a_shipment_that_is_voided_does_not_leave() -> None:
    desk = open_desk()
    order, refused = void_beside_leaving(desk)
    assert refused == ["invalid_transition"]
    assert stands(desk, order) == (["voided"], "0", [])


def test_a_shipment_that_leaves_is_voided_as_one_that_left() -> None:
    desk = open_desk()
    order, shipment = packed(desk)
    assert both(desk, lambda: picks.ship(desk, shipment), lambda: picks.void(desk, shipment)) == []
    assert stands(desk, order) == (["voided"], "0", [])


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders, what lies in a box, and numbers are guarded by nothing."""

    def read(by: Any, reference: Any, further: Any = ()) -> OrderPage:
        return sales.read_order(by, reference)

    monkeypatch.setattr(sales, "lock_order", read)
    monkeypatch.setattr(sales, "lock_order_with_stock", read)
    guarded = inventory_sql.SHIP_SELECTIONS
    monkeypatch.setattr(
        inventory_sql,
        "SHIP_SELECTIONS",
        guarded.replace("AND s.status = 'retrieved' AND NOT s.is_packed", ""),
    )
    numbers = count(1)
    monkeypatch.setattr(picking, "next_number", lambda page: f"{page.head.number}-{next(numbers)}")


def test_the_test_would_notice_goods_that_are_packed_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_locks(monkeypatch)
    desk = open_desk()
    order, _ = two_packers(desk)
    stages, _, faults = stands(desk, order)
    assert stages == ["packed", "packed"]
    assert faults != []


def test_the_test_would_notice_goods_that_are_shipped_and_packed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_locks(monkeypatch)
    desk = open_desk()
    order, _ = pack_beside_a_shipment(desk)
    stages, _, faults = stands(desk, order)
    assert stages == ["packed", "shipped"]
    assert faults != []


def test_the_test_would_notice_goods_that_leave_after_they_were_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_locks(monkeypatch)
    monkeypatch.setattr(queries, "lock_shipment", queries.read_shipment)
    guarded = inventory_sql.MOVE_PACKED
    unguarded = guarded.replace("AND status = 'retrieved' AND is_packed", "")
    monkeypatch.setattr(inventory_sql, "MOVE_PACKED", unguarded)
    desk = open_desk()
    order, refused = void_beside_leaving(desk)
    _, _, faults = stands(desk, order)
    assert (refused, faults != []) == ([], True)
