"""Whatever happens to stock, the books agree (domain 1.20, invariants 2, 3 and 6).

A random walk over everything that changes stock; after each step the database is asked whether
movements, lots, selections and reservations still say the same. The seed replays a walk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from orderwright.inventory import actions, lots
from orderwright.inventory.actions import Selected
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict
from tests.inventory.books import contradictions
from tests.inventory.warehouse import Line, Warehouse, facts_of, open_warehouse, rows

pytestmark = pytest.mark.django_db

STEPS = 200
EXPECTED = {"already_there", "in_use", "insufficient_stock", "lot_unavailable", "over_selection"}


@dataclass
class Walk:
    """A warehouse that random things happen to, and what a plain sum says of it."""

    warehouse: Warehouse
    chance: Random
    products: list[UUID]
    by_weight: UUID
    lots: list[UUID] = field(default_factory=list)
    open: list[tuple[Line, Selected]] = field(default_factory=list)
    shipped: list[tuple[Line, Selected]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def step(self) -> None:
        """One thing that happens, or is refused."""
        steps: list[Callable[[], None]] = [
            self.add, self.add, self.merge, self.adjust, self.promise, self.promise, self.promise,
            self.select, self.select, self.select, self.select, self.select, self.select_beyond,
            self.release, self.release, self.ship, self.ship_a_part, self.unship, self.shrink,
            self.reject, self.accept, self.transfer, self.delete,
        ]  # fmt: skip
        act = self.chance.choice(steps)
        self.done.append(act.__name__)
        try:
            act()
        except Conflict as refusal:
            if refusal.code not in EXPECTED:
                raise

    def product(self) -> UUID:
        return self.chance.choice(self.products)

    def add(self) -> None:
        quantity = self.chance.randint(1, 20)
        weight = self.chance.choice([None, str(quantity * 2)])
        self.lots.append(self.warehouse.lot(self.product(), quantity, weight=weight))
        weighed = str(self.chance.randint(1, 20))
        self.lots.append(self.warehouse.lot(self.by_weight, 4, weight=weighed))

    def merge(self) -> None:
        row = self.warehouse.added(self.product(), 3, weight="1.5", auto_merge=True)
        self.lots = [*{*self.lots, row.id}]
        self.lots.sort()

    def lot(self) -> UUID | None:
        return self.chance.choice(self.lots) if self.lots else None

    def adjust(self) -> None:
        if lot := self.lot():
            self.warehouse.adjust(
                lot,
                quantity=str(self.chance.randint(0, 20)),
                weight=self.chance.choice([None, str(self.chance.randint(0, 9))]),
            )

    def promise(self) -> None:
        self.warehouse.promise(
            self.product(), self.chance.randint(1, 25), priority=self.chance.randint(0, 2)
        )
        wanted = self.chance.randint(1, 15)
        self.warehouse.promise(self.by_weight, wanted, basis="weight", unit="g")

    def select(self) -> None:
        """What is covered for a line, selected: available to promise stays."""
        self._select(allow_over=False)

    def select_beyond(self) -> None:
        self._select(allow_over=True)

    def _select(self, *, allow_over: bool) -> None:
        lines = [line for line in self.warehouse.lines if not line.cancelled]
        if not lines:
            return
        line = self.chance.choice(lines)
        mine = [lot for lot in self.lots if self.warehouse.seen(lot).product_id == line.product]
        if not mine:
            return
        lot = self.warehouse.seen(self.chance.choice(mine))
        required = Decimal(self.warehouse.held(line)[0])
        before = self.warehouse.figures(line.product)
        if self.chance.random() < 0.3:
            asked = Asked(line.id, lot.id, full=True, allow_over=allow_over)
        else:
            quantity = self.chance.randint(1, 12)
            asked = Asked(line.id, lot.id, quantity=str(quantity), allow_over=allow_over)
            if line.basis == "weight" and not lot.weight:
                return
        if line.basis == "weight" and lot.quantity and not lot.weight:
            return
        made = self.warehouse.select_rows([line], [asked])
        self.open += [(line, one) for one in made]
        taken = sum(one.quantity for one in made)
        if line.basis == "quantity" and taken <= required:
            assert self.warehouse.figures(line.product)["available"] == before["available"]

    def release(self) -> None:
        if self.open:
            line, selected = self.open.pop(self.chance.randrange(len(self.open)))
            self.warehouse.release(line, selected)

    def ship(self) -> None:
        if self.open:
            line, selected = self.open.pop(self.chance.randrange(len(self.open)))
            actions.ship_selections(self.warehouse.by, whole=[selected.id], parts=[])
            self.shipped.append((line, selected))

    def ship_a_part(self) -> None:
        wide = [entry for entry in self.open if entry[1].quantity > 1]
        if not wide:
            return
        line, selected = self.chance.choice(wide)
        self.open.remove((line, selected))
        weight = (selected.weight / selected.quantity).quantize(Decimal("0.000001"))
        carried = actions.ship_selections(
            self.warehouse.by, whole=[], parts=[(selected.id, Decimal(1), weight)]
        )
        part = (selected.line_id, selected.reservation_id, selected.lot_id)
        rest = (selected.quantity - 1, selected.weight - weight)
        self.shipped.append((line, Selected(carried[selected.id], *part, Decimal(1), weight)))
        self.open.append((line, Selected(selected.id, *part, *rest)))

    def unship(self) -> None:
        if self.shipped:
            entry = self.shipped.pop(self.chance.randrange(len(self.shipped)))
            actions.unship_selections(self.warehouse.by, [entry[1].id])
            self.open.append(entry)

    def shrink(self) -> None:
        """A line is cancelled: its open selections go back, and nothing stays promised to it."""
        lines = [line for line in self.warehouse.lines if not line.cancelled]
        if lines:
            line = self.chance.choice(lines)
            line.cancelled = True
            mine = [entry for entry in self.open if entry[0] is line]
            self.open = [entry for entry in self.open if entry[0] is not line]
            actions.release(
                self.warehouse.by,
                selections=[facts_of(selected) for _, selected in mine],
                needs=[self.warehouse.need(line)],
                reservations={line.id: line.reservation},
                cause=actions.Cause(None, "cancelled"),
            )
            self.warehouse.close({line.reservation: 0}, line.product)
            assert self.warehouse.held(line) == ("0", "0")

    def reject(self) -> None:
        if lot := self.lot():
            lots.edit_lot(by=self.warehouse.by, ref=lot, sent={"status": "rejected"})

    def accept(self) -> None:
        for lot in self.lots:
            if self.warehouse.seen(lot).status == "rejected":
                lots.edit_lot(by=self.warehouse.by, ref=lot, sent={"status": "available"})

    def transfer(self) -> None:
        if lot := self.lot():
            lots.transfer_lot(
                by=self.warehouse.by,
                ref=lot,
                sent={
                    "location_id": self.warehouse.company.location_id,
                    "rack": self.chance.choice(["A", "B"]),
                },
            )

    def delete(self) -> None:
        if lot := self.lot():
            lots.delete_lot(by=self.warehouse.by, ref=lot)
            self.lots.remove(lot)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_every_step_of_a_random_walk_the_books_agree(seed: int) -> None:
    warehouse = open_warehouse()
    products = [warehouse.product(sku="GEM"), warehouse.product(sku="RING", name="Ring")]
    walk = Walk(warehouse, Random(seed), products, warehouse.product(sku="GRAIN"))
    for number in range(STEPS):
        walk.step()
        assert contradictions() == {}, f"seed {seed}, step {number}: {walk.done[-1]}"
    counted = dict(rows("SELECT action, count(*) FROM inventory_movement GROUP BY action"))
    assert {action for action, count in counted.items() if count >= 3} == {
        "create_record", "delete_record", "release", "select", "user_action", "user_correction",
    }  # fmt: skip


def test_a_contradiction_would_be_found() -> None:
    warehouse = open_warehouse()
    gem = warehouse.product(sku="GEM")
    lot = warehouse.lot(gem, 10)
    warehouse.promise(gem, 4)
    assert contradictions() == {}
    rows("UPDATE inventory_lot SET quantity = 3 WHERE id = %s RETURNING 1", lot)
    assert list(contradictions()) == [
        "a lot is not the sum of its movements",
        "the last movement of a lot does not say what is there",
        "selections and what is on hand are not what was put in",
        "more is covered than is on hand",
    ]


def test_what_happened_to_a_lot_outlives_it() -> None:
    warehouse = open_warehouse()
    gem = warehouse.product(sku="GEM")
    lot = warehouse.lot(gem, 10)
    warehouse.adjust(lot, quantity="8")
    lots.delete_lot(by=warehouse.by, ref=lot)
    kept = rows(
        "SELECT action, trim_scale(quantity_delta), trim_scale(quantity_after)"
        " FROM inventory_movement WHERE lot_id = %s ORDER BY id",
        lot,
    )
    assert kept == [("create_record", 10, 10), ("user_correction", -2, 8), ("delete_record", -8, 0)]
    assert warehouse.figures(gem)["on_hand"] == "0"
