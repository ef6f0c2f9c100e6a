"""Give a job's good output to its line at once (domain 4.16): selections without a second step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory.arrivals import Put
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.kernel.quantity import round_quantity
from orderwright.kernel.weight import convert, round_weight
from orderwright.production.telling import Locked
from orderwright.sales import promises, stock
from orderwright.sales.page import LineRow, OrderPage


@dataclass(frozen=True, slots=True)
class Assigned:
    """The order as it stood before the selections, and the selection of each lot."""

    order: OrderPage
    selections: dict[UUID, UUID]


def assign(by: Caller, held: Locked, lots: Sequence[Put]) -> Assigned | None:
    """Select the lots for the job's line, as far as it still needs them.

    None when there is nothing to select. Raises Conflict `no_line` and `not_issued`.
    """
    order, line_id = held.order, held.job.line_id
    line = order.line(line_id) if order is not None and line_id is not None else None
    if order is None or line is None:
        message = "This job belongs to no line any more. Receive it into stock."
        raise Conflict("no_line", message, fields={"assign_to_line": message})
    if order.head.status != "issued" or line.reservation_id is None:
        message = "Issue the order first, or receive the output into stock."
        raise Conflict("not_issued", message, fields={"assign_to_line": message})
    fresh = tuple(promises.recounted(by, order.lines))
    order = replace(order, lines=fresh)
    asked = _asked(order.line(line.id) or line, lots)
    if not asked:
        return None
    made = stock.take(by, order, asked)
    return Assigned(order, {one.lot_id: one.id for one in made})


def _asked(line: LineRow, lots: Sequence[Put]) -> list[Asked]:
    left = max(ZERO, line.outstanding - line.retrieved)
    asked = []
    for lot in lots:
        holds = _held(line, lot)
        if holds <= 0 or left <= 0:
            continue
        if holds <= left:
            asked.append(Asked(line.id, lot.lot_id, full=True, field="assign_to_line"))
            left -= holds
        else:
            asked.append(_part(line, lot, left))
            left = ZERO
    return asked


def _held(line: LineRow, lot: Put) -> Decimal:
    """What the lot holds, in the line's measure."""
    if line.basis == "weight":
        return round_weight(convert(lot.weight, lot.weight_unit, line.unit))
    return round_quantity(EXACT.divide(lot.quantity, line.unit_ratio))


def _part(line: LineRow, lot: Put, left: Decimal) -> Asked:
    if line.basis == "weight":
        weight = round_weight(convert(left, line.unit, lot.weight_unit))
        return Asked(line.id, lot.lot_id, weight=weight, field="assign_to_line")
    quantity = promises.in_stock_units(line, left)
    return Asked(line.id, lot.lot_id, quantity=quantity, field="assign_to_line")
