"""Whatever happens to orders, stored statuses equal what the facts say (domain 1.20, 2.0).

A random walk over everything that people, carriers and stock do to a few orders. After each step
every order is read anew and derived anew, and the books of the stock are audited. The seed replays
a walk.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from orderwright.directory import actions as directory
from orderwright.inventory import lots
from orderwright.inventory import queries as inventory
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.sales import actions, edits, queries, removal, stock
from orderwright.sales.edits import LineChange
from orderwright.sales.models import SalesOrder
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.stock import LineAsk, LotAsk
from orderwright.shipping import queries as shipments
from orderwright.shipping import tracking
from orderwright.shipping.actions import SelectionAsk, ShipLine
from orderwright.shipping.rules import TRACKING_STATUSES
from orderwright.shipping.tracking import Said
from tests.sales.books import wrong
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db

STEPS = 400
MOST_ORDERS = 3
STATUSES = ("normal", "normal", "normal", "preferred", "hold_shipment", "hold_all")


@dataclass
class Walk:
    """A desk that random things happen to."""

    desk: Desk
    chance: Random
    pairs: UUID
    rings: UUID
    grain: UUID
    lots: list[UUID] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    last: str = ""

    def step(self) -> None:
        """One thing that happens, or is refused and leaves no trace."""
        act = self.chance.choice(ACTS)
        self.last = act.__name__
        try:
            with transaction.atomic():
                act(self)
        except (Conflict, Invalid) as refusal:
            self.last += f" ({refusal.code})"
            self.refused[refusal.code] += 1
        else:
            self.done[act.__name__] += 1

    def arrive(self) -> None:
        product, quantity = self.chance.choice(
            [(self.pairs, 30), (self.rings, 12), (self.grain, 40)]
        )
        sent = {} if product == self.grain else {"weight": str(self.chance.randint(1, 60))}
        self.lots.append(self.desk.lot(product, self.chance.randint(1, quantity), **sent))

    def count(self) -> None:
        lot = self.chance.choice(self.lots)
        sent = {"quantity": str(self.chance.randint(0, 20)), "reason": "counted"}
        lots.adjust_lot(by=self.desk.by, ref=lot, sent=sent)

    def create(self) -> None:
        if SalesOrder.objects.of(self.desk.by.organization_id).count() >= MOST_ORDERS:
            return
        size = self.chance.randint(1, 3)
        self.desk.order([self.new_line() for _ in range(size)], priority=self.priority())

    def new_line(self) -> NewLine:
        kind = self.chance.random()
        if kind < 0.3:
            return NewLine(self.pairs, quantity=self.chance.randint(1, 3), unit="carton")
        if kind < 0.5:
            return NewLine(self.grain, requested_weight=self.chance.randint(1, 30), weight_unit="g")
        product = self.chance.choice([self.pairs, self.rings])
        return NewLine(product, quantity=self.chance.randint(1, 12))

    def priority(self) -> str:
        return self.chance.choice(["low", "normal", "high"])

    def issue(self) -> None:
        actions.issue_order(by=self.desk.by, order=self.order().id)

    def unissue(self) -> None:
        actions.unissue_order(by=self.desk.by, order=self.order().id)

    def hold(self) -> None:
        actions.hold_order(by=self.desk.by, order=self.order().id, reason="wait")

    def release_hold(self) -> None:
        actions.release_hold(by=self.desk.by, order=self.order().id)

    def cancel_lines(self) -> None:
        order = self.order()
        actions.cancel_lines(by=self.desk.by, order=order.id, line_ids=self.some_lines(order))

    def restore_lines(self) -> None:
        order = self.order()
        actions.restore_lines(by=self.desk.by, order=order.id, line_ids=self.some_lines(order))

    def select(self) -> None:
        order = self.order()
        lines = [
            LineAsk(
                line.id,
                [self.lot_ask(line) for _ in range(self.chance.randint(0, 2))],
                mark_ready=self.chance.random() < 0.5,
                force_ready=self.chance.random() < 0.2,
                allow_over=self.chance.random() < 0.2,
            )
            for line in self.some(order)
        ]
        stock.select_inventory(by=self.desk.by, order=order.id, lines=lines)

    def auto_select(self) -> None:
        stock.auto_select(by=self.desk.by, order=self.order().id)

    def release(self) -> None:
        order = self.order()
        chosen = self.open_of(order)
        ids = self.chance.sample(chosen, self.chance.randint(0, len(chosen)))
        stock.release_inventory(by=self.desk.by, order=order.id, selection_ids=ids)

    def edit_line(self) -> None:
        order = self.order()
        change = LineChange(quantity=self.chance.randint(1, 9))
        line = self.some_lines(order)[0]
        edits.edit_line(by=self.desk.by, order=order.id, line_id=line, change=change)

    def add_line(self) -> None:
        order = self.order()
        if len(order.lines) < 5:
            edits.add_lines(by=self.desk.by, order=order.id, lines=[self.new_line()])

    def delete_line(self) -> None:
        order = self.order()
        edits.delete_line(by=self.desk.by, order=order.id, line_id=self.some_lines(order)[0])

    def edit_head(self) -> None:
        changes = {"priority": self.priority(), "discount_code": self.chance.choice(["TEN", None])}
        edits.edit_order(by=self.desk.by, order=self.order().id, changes=changes)

    def ship_everything(self) -> None:
        self.desk.ship(self.order(), allow_over=self.chance.random() < 0.2)

    def ship_some(self) -> None:
        order = self.order()
        lines = []
        for line in self.some(order):
            open_ones = [
                row
                for row in inventory.selections_of(self.desk.by, [line.reservation_id])
                if row.status == "retrieved"
            ]
            taken = self.chance.sample(open_ones, self.chance.randint(0, len(open_ones)))
            part = self.chance.random() < 0.5
            asked = [
                SelectionAsk(row.id, str(self.chance.randint(1, 3)) if part else None)
                for row in taken
            ]
            fresh = [self.lot_ask(line)] if self.chance.random() < 0.5 else []
            lines.append(ShipLine(line.id, asked, fresh))
        self.desk.ship(order, *lines, allow_over=self.chance.random() < 0.2)

    def track(self) -> None:
        status = self.chance.choice(TRACKING_STATUSES)
        shipment = self.shipment()
        if self.chance.random() < 0.5:
            tracking.add_tracking_event(by=self.desk.by, shipment=shipment, said=Said(status))
        else:
            said = Said(self.chance.choice([status, "lost in space"]), source="carrier")
            tracking.take_carrier_event(by=self.desk.by, shipment_id=shipment, said=said)

    def cancel_shipment(self) -> None:
        tracking.cancel_shipment(by=self.desk.by, shipment=self.shipment())

    def change_customer(self) -> None:
        directory.change_customer_status(
            by=self.desk.by, customer_id=self.desk.customer, status=self.chance.choice(STATUSES)
        )

    def remove(self) -> None:
        order = self.order()
        if self.chance.random() < 0.5:
            removal.remove_order(by=self.desk.by, order=order.id, confirm_number=order.head.number)

    def order(self) -> OrderPage:
        rows = SalesOrder.objects.of(self.desk.by.organization_id).order_by("pk")
        ids = list(rows.values_list("pk", flat=True))
        if not ids:
            raise Conflict("nothing_there", "No order yet.")
        return queries.read_order(self.desk.by, self.chance.choice(ids))

    def shipment(self) -> UUID:
        found = shipments.shipments_of_order(self.desk.by, self.order().id)
        if not found:
            raise Conflict("nothing_there", "No shipment yet.")
        return self.chance.choice(found).head.id

    def some(self, order: OrderPage) -> list[LineRow]:
        goods = [line for line in order.lines if line.is_stock and line.reservation_id]
        return self.chance.sample(goods, self.chance.randint(min(1, len(goods)), len(goods)))

    def some_lines(self, order: OrderPage) -> list[UUID]:
        goods = [line.id for line in order.lines if line.is_stock]
        if not goods:
            raise Conflict("nothing_there", "No line yet.")
        return self.chance.sample(goods, self.chance.randint(1, len(goods)))

    def lot_ask(self, line: LineRow) -> LotAsk:
        mine = [
            lot.id
            for lot in inventory.lots_of_products(self.desk.by, [line.product_id]).get(
                line.product_id, []
            )
        ]
        if not mine:
            raise Conflict("nothing_there", "No lot yet.")
        if self.chance.random() < 0.3:
            return LotAsk(self.chance.choice(mine), full=True)
        return LotAsk(self.chance.choice(mine), quantity=str(self.chance.randint(1, 6)))

    def open_of(self, order: OrderPage) -> list[UUID]:
        owners = [line.reservation_id for line in order.lines if line.reservation_id]
        rows = inventory.selections_of(self.desk.by, owners)
        return sorted(row.id for row in rows if row.status == "retrieved")


ACTS: tuple[Callable[[Walk], Any], ...] = (
    *(Walk.arrive, Walk.arrive, Walk.count, Walk.create, Walk.create, Walk.issue, Walk.issue),
    *(Walk.issue, Walk.unissue, Walk.hold, Walk.release_hold, Walk.release_hold),
    *(Walk.release_hold, Walk.release, Walk.ship_everything, Walk.auto_select),
    *(Walk.cancel_lines, Walk.restore_lines, Walk.restore_lines, Walk.select, Walk.select),
    *(Walk.select, Walk.auto_select, Walk.release, Walk.edit_line, Walk.edit_line),
    *(Walk.add_line, Walk.delete_line, Walk.edit_head, Walk.ship_everything, Walk.ship_some),
    *(Walk.ship_some, Walk.ship_some, Walk.track, Walk.track, Walk.cancel_shipment),
    *(Walk.cancel_shipment, Walk.change_customer, Walk.change_customer, Walk.remove),
)


@pytest.mark.parametrize("seed", range(5))
def test_stored_statuses_equal_the_facts_after_every_step_of_a_random_walk(seed: int) -> None:
    desk = open_desk()
    pairs = desk.product(sku="PAIR", units={"carton": {"ratio": "12"}}, base_price="3.333")
    rings = desk.product(sku="RING", base_price="40", weight_per_unit="3", weight_unit="g")
    grain = desk.product(sku="GRAIN", default_unit="g", weight_unit="g", base_price="0.8")
    code_for(desk)
    walk = Walk(desk, Random(seed), pairs, rings, grain)
    walk.arrive()
    for number in range(STEPS):
        walk.step()
        assert wrong(desk.by) == {}, f"seed {seed}, step {number}: {walk.last}"
    never = {act.__name__ for act in ACTS} - set(walk.done)
    assert len(never) <= 2, never


def code_for(desk: Desk) -> None:
    from orderwright.pricing.models import DiscountCode

    DiscountCode.objects.create(
        organization_id=desk.by.organization_id,
        code="TEN",
        type="percentage",
        percentage="0.1",
        once_per_customer=False,
    )
