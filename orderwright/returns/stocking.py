"""Stock that comes back: which lots take it up, and what it weighs (domain 4.15)."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.inventory.arrival_facts import NewLot
from orderwright.inventory.arrivals import put_lots
from orderwright.inventory.ledger import Cause
from orderwright.inventory.queries import Holding
from orderwright.kernel.numbers import EXACT, ZERO, round_half_up
from orderwright.kernel.quantity import decimals_allowed
from orderwright.kernel.weight import convert, is_weight_unit, round_weight
from orderwright.returns import rules
from orderwright.returns.queries import ReturnPage
from orderwright.returns.rules import Read
from orderwright.sales.page import LineRow, OrderPage


def put(by: Caller, found: ReturnPage, order: OrderPage, rows: Sequence[Read]) -> dict[UUID, UUID]:
    """Put everything that came back into lots; answers the lot of each line. Six statements,
    however many lines."""
    known = order.lines_by_id()
    lines = [known[row.line_id] for row in rows]
    held = inventory.holdings_of(by, [line.reservation_id for line in lines if line.reservation_id])
    lots = [
        _lot(found, known[row.line_id], row, held, field=f"lines.{index}.")
        for index, row in enumerate(rows)
        if known[row.line_id].product_id is not None
    ]
    cause = Cause(found.id, f"return {found.head.number}")
    puts = put_lots(by, lots, action="return", cause=cause)
    stocked = [row.line_id for row in rows if known[row.line_id].product_id is not None]
    return {line_id: put.lot_id for line_id, put in zip(stocked, puts, strict=True)}


def _lot(
    found: ReturnPage, line: LineRow, row: Read, held: dict[UUID, Holding], *, field: str
) -> NewLot:
    assert line.product_id is not None
    quantity, weight, unit = _in_stock(line, row.quantity, held)
    return NewLot(
        product_id=line.product_id,
        quantity=quantity,
        weight=weight,
        weight_unit=unit,
        location_id=row.location_id,
        status=rules.LOT_STATUSES[row.disposition],
        shape=line.shape,
        size=line.size,
        color=line.color,
        quality=line.quality,
        notes=row.condition,
        source="return",
        source_id=found.id,
        auto_merge=row.disposition == "restock",
        field=field,
    )


def _in_stock(
    line: LineRow, quantity: Decimal, held: dict[UUID, Holding]
) -> tuple[Decimal, Decimal | None, str]:
    """What came back as quantity in the product's unit, its weight, and the weight's unit.

    The weight is the share of what was shipped: `weight shipped × q ÷ quantity shipped`.
    """
    if line.basis == "weight":
        if is_weight_unit(line.stock_unit):
            return round_weight(convert(quantity, line.unit, line.stock_unit)), None, line.unit
        return ZERO, quantity, line.unit
    in_stock = round_half_up(
        EXACT.multiply(quantity, line.unit_ratio), decimals_allowed(line.stock_unit)
    )
    sent = held[line.reservation_id].sent if line.reservation_id in held else (ZERO, {})
    shipped, weights = sent
    if is_weight_unit(line.stock_unit) or len(weights) != 1 or not shipped:
        return in_stock, None, line.product_weight_unit
    ((unit, weight),) = weights.items()
    if not weight:
        return in_stock, None, unit
    return in_stock, round_weight(EXACT.divide(EXACT.multiply(weight, in_stock), shipped)), unit
