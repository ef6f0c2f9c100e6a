"""Between lines and their reservations: what a line wants of stock, and what stock holds for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.inventory import queries as stock
from orderwright.inventory.actions import Promise
from orderwright.inventory.measures import Need
from orderwright.inventory.queries import Holding, SelectionRow
from orderwright.inventory.rules import PRIORITY_RANKS
from orderwright.kernel.numbers import EXACT, ZERO, exact, round_half_up
from orderwright.kernel.quantity import decimals_allowed
from orderwright.kernel.weight import convert, round_weight
from orderwright.kernel.wide_rows import with_values
from orderwright.sales.page import LineRow, OrderPage, OrderRow


def promise_of(line: LineRow, head: OrderRow, *, reservation_id: UUID) -> Promise:
    """The reservation of a line at issue: everything outstanding, in the reservation's measure."""
    assert line.product_id is not None
    by_weight = line.basis == "weight"
    return Promise(
        id=reservation_id,
        product_id=line.product_id,
        required=wanted_of(line),
        issued_at=head.issued_at or head.created_at,
        priority_rank=PRIORITY_RANKS[line.line_priority or head.priority],
        position=line.position,
        basis=line.basis,
        weight_unit=line.unit if by_weight else "",
        label=f"{head.number} line {line.position}",
    )


def rank_again(by: Caller, page: OrderPage) -> None:
    """The order's priority changed: what it waits for is served in its new turn (domain 1.10)."""
    if page.head.status != "issued":
        return
    waiting = [line for line in page.lines if line.reservation_id and line.required > 0]
    inventory.reserve(
        by,
        [
            replace(
                promise_of(line, page.head, reservation_id=line.reservation_id),
                required=line.required,
            )
            for line in waiting
            if line.reservation_id is not None
        ],
        quiet=reservations_of(page.lines).values(),
    )


def wanted_of(line: LineRow) -> Decimal:
    """What the reservation of a line is to hold: outstanding and not yet selected."""
    return in_stock_units(line, max(ZERO, line.outstanding - line.retrieved))


def in_stock_units(line: LineRow, quantity: Decimal) -> Decimal:
    """A quantity of the line in its product's default unit; a weight stays in the line's unit.

    Counted stock is whole: five twelfths of a carton, at six decimals, are five single pairs.
    """
    if line.basis == "weight":
        return quantity
    in_stock = EXACT.multiply(quantity, line.unit_ratio)
    return round_half_up(in_stock, decimals_allowed(line.stock_unit))


def need_of(line: LineRow) -> Need:
    """What a line still wants, as selecting takes it."""
    assert line.product_id is not None
    return Need(
        line_id=line.id,
        product_id=line.product_id,
        to_select=max(ZERO, line.outstanding - line.retrieved),
        position=line.position,
        unit=line.unit,
        unit_ratio=line.unit_ratio,
        basis=line.basis,
        stock_unit=line.stock_unit,
        cancelled=line.is_cancelled or not line.effective,
    )


def recounted(by: Caller, lines: Sequence[LineRow]) -> list[LineRow]:
    """The lines with what their reservations hold now, from the selections. One statement."""
    held = stock.holdings_of(by, [line.reservation_id for line in lines if line.reservation_id])
    return [
        _with_holding(line, held[line.reservation_id])
        if line.reservation_id is not None and line.reservation_id in held
        else line
        for line in lines
    ]


def promised(
    lines: Sequence[LineRow], made: Iterable[Promise], covered: Mapping[UUID, Decimal]
) -> list[LineRow]:
    """The lines with new promises, of which is known what covers them. Nothing was selected for
    them before."""
    required = {promise.id: promise.required for promise in made}
    return [
        with_values(
            line, required=required[line.reservation_id], covered=covered[line.reservation_id]
        )
        if line.reservation_id is not None and line.reservation_id in required
        else line
        for line in lines
    ]


def _with_holding(line: LineRow, holding: Holding) -> LineRow:
    return with_values(
        line,
        required=holding.required,
        covered=holding.covered,
        retrieved=in_line_measure(line, *holding.selected),
        shipped=in_line_measure(line, *holding.sent),
    )


def in_line_measure(line: LineRow, quantity: Decimal, weights: Mapping[str, Decimal]) -> Decimal:
    """A sum of selections in the line's measure: as one sum, so that no part is rounded away."""
    if line.basis == "weight":
        with exact():
            total = sum(
                (convert(weight, unit, line.unit) for unit, weight in weights.items()), ZERO
            )
        return round_weight(total)
    return line.in_line_units(quantity)


def sum_of(line: LineRow, rows: Iterable[SelectionRow]) -> Decimal:
    """What selections of the line hold together, in its measure."""
    quantity, weights = ZERO, dict[str, Decimal]()
    for row in rows:
        quantity += row.quantity
        weights[row.weight_unit] = weights.get(row.weight_unit, ZERO) + row.weight
    return in_line_measure(line, quantity, weights)


def reservations_of(lines: Iterable[LineRow]) -> dict[UUID, UUID]:
    """Each line's own reservation, for the lines that have one."""
    return {line.id: line.reservation_id for line in lines if line.reservation_id is not None}
