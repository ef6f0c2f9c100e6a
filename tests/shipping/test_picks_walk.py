"""Whatever the warehouse does, goods are deducted exactly once and picks equal their orders.

A random walk over selecting, picking, packing, shipping, voiding, cancelling and everything else
that happens to a few orders. The seed replays a walk.
"""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from orderwright.kernel.errors import Conflict
from orderwright.shipping import pick_queries, picking, shipping_out
from orderwright.shipping import queries as shipments
from orderwright.shipping.pick_page import PickFilter, PickPage
from orderwright.shipping.picking import PackLot
from orderwright.shipping.shipping_out import MappedLine
from tests.sales.books import wrong
from tests.sales.desk import open_desk
from tests.sales.test_actions_walk import ACTS, Walk, code_for
from tests.shipping.picks import wrong_picks

pytestmark = pytest.mark.django_db

STEPS = 250

# For each product: what ever arrived or was counted, less what lies there, waits, or has left.
ONCE = """
    SELECT m.product_id,
        (SELECT sum(x.quantity_delta) FROM inventory_movement x
         WHERE x.product_id = m.product_id AND x.action NOT IN ('select', 'release'))
        - (SELECT sum(l.quantity) FROM inventory_lot l WHERE l.product_id = m.product_id)
        - coalesce((SELECT sum(t.quantity) FROM inventory_selection t
            JOIN inventory_lot l ON l.id = t.lot_id
            WHERE l.product_id = m.product_id AND t.status <> 'released'), 0)
    FROM inventory_movement m GROUP BY m.product_id
"""

# A selection lies in at most one shipment that is neither voided nor cancelled, as it says itself.
# What was shipped for an order that was removed is gone with it.
CARRIED = """
    SELECT t.id, t.status, t.is_packed, array_agg(s.stage) FILTER (WHERE s.id IS NOT NULL)
    FROM inventory_selection t
    LEFT JOIN (
        SELECT x.selection_id, s.id, s.stage
        FROM shipping_shippedselection x
        JOIN shipping_shipmentline n ON n.id = x.shipment_line_id
        JOIN shipping_shipment s ON s.id = n.shipment_id
        WHERE s.stage <> 'voided' AND s.tracking_status <> 'cancelled') s ON s.selection_id = t.id
    WHERE EXISTS (SELECT 1 FROM sales_salesorderline l WHERE l.reservation_id = t.reservation_id)
    GROUP BY t.id, t.status, t.is_packed
"""


class PickWalk(Walk):
    """A walk through a warehouse."""

    def record(self) -> None:
        pick = self.pick()
        if not pick.open_lines:
            raise Conflict("nothing_there", "No open row.")
        row = self.chance.choice(pick.open_lines)
        picking.record_picked(
            by=self.desk.by,
            pick=pick.head.id,
            line_id=row.id,
            quantity=self.chance.randint(0, 8),
        )

    def pick_all(self) -> None:
        picking.pick_all(by=self.desk.by, pick=self.pick().head.id)

    def void_pick(self) -> None:
        picking.void_pick(by=self.desk.by, pick=self.pick().head.id)

    def pack(self) -> None:
        pick = self.pick()
        rows = [row for row in pick.open_lines if row.quantity]
        named = self.chance.random() < 0.4 and rows
        lots = [
            PackLot(row.id, self.chance.choice(row.suggested_lots).lot_id, "1")
            for row in rows
            if row.suggested_lots and self.chance.random() < 0.3
        ]
        picking.pack(
            by=self.desk.by,
            pick=pick.head.id,
            line_ids=[self.chance.choice(rows).id] if named else None,
            lots=[] if named else lots,
            cases=self.chance.randint(1, 3),
            allow_over=self.chance.random() < 0.3,
        )

    def send(self) -> None:
        self.desk.tracked += 1
        shipping_out.ship(
            by=self.desk.by,
            shipment=self.packed_shipment(),
            tracking_number=f"3Z{self.desk.tracked}",
        )

    def void(self) -> None:
        shipping_out.void_shipment(by=self.desk.by, shipment=self.shipment())

    def link(self) -> None:
        self.desk.tracked += 1
        alone = shipping_out.create_standalone(
            by=self.desk.by,
            carrier_id=self.desk.company.carrier_id,
            tracking_number=f"4Z{self.desk.tracked}",
        )
        order = self.order()
        lines = [
            MappedLine(line.id, self.chance.randint(1, 4))
            for line in self.some(order)
            if self.chance.random() < 0.7
        ]
        shipping_out.link(by=self.desk.by, shipment=alone.head.id, order_id=order.id, lines=lines)

    def packed_shipment(self) -> UUID:
        found = shipments.shipments(self.desk.by, shipments.ShipmentFilter(stage="packed"))
        return self.chance.choice(found).head.id if found else self.shipment()

    def pick(self) -> PickPage:
        found = pick_queries.picks(self.desk.by, PickFilter())
        if not found:
            raise Conflict("nothing_there", "No pick yet.")
        return pick_queries.read_pick(self.desk.by, self.chance.choice(found).id)


WAREHOUSE: tuple[Callable[[Any], Any], ...] = (
    *(PickWalk.record, PickWalk.record, PickWalk.pick_all, PickWalk.pick_all, PickWalk.void_pick),
    *(PickWalk.pack, PickWalk.pack, PickWalk.pack, PickWalk.send, PickWalk.send),
    *(PickWalk.void, PickWalk.link, PickWalk.pack, PickWalk.record),
)


RARE = (Walk.remove, Walk.change_customer, Walk.hold, Walk.unissue, Walk.cancel_shipment)
OTHERS = (*(act for act in ACTS if act not in RARE), *RARE, *[Walk.issue, Walk.arrive] * 4)


def deducted_otherwise() -> list[tuple[Any, ...]]:
    """Products of which something was deducted twice, or not at all; selections carried twice."""
    with connection.cursor() as cursor:
        cursor.execute(ONCE)
        found = [row for row in cursor.fetchall() if abs(row[1]) > Decimal("0.00001")]
        cursor.execute(CARRIED)
        for id_, status, is_packed, stages in cursor.fetchall():
            stands = ["packed"] if is_packed else ["shipped"] if status == "shipped" else None
            if stages != stands:
                found.append((id_, status, is_packed, stages))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_goods_leave_once_whatever_the_warehouse_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.sales import test_actions_walk

    monkeypatch.setattr(test_actions_walk, "ACTS", (*OTHERS, *WAREHOUSE, *WAREHOUSE))
    desk = open_desk()
    pairs = desk.product(sku="PAIR", units={"carton": {"ratio": "12"}}, base_price="3.333")
    rings = desk.product(sku="RING", base_price="40", weight_per_unit="3", weight_unit="g")
    grain = desk.product(sku="GRAIN", default_unit="g", weight_unit="g", base_price="0.8")
    code_for(desk)
    walk = PickWalk(desk, Random(seed), pairs, rings, grain)
    walk.arrive()
    for number in range(STEPS):
        walk.step()
        at = f"seed {seed}, step {number}: {walk.last}"
        assert wrong(desk.by) == {}, at
        assert wrong_picks(desk) == [], at
        assert deducted_otherwise() == [], at
    assert {"pack", "send", "record", "pick_all"} <= set(walk.done), (walk.done, walk.refused)
