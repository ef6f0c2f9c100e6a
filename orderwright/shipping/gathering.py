"""The stock behind quantities that go into a shipment, so that it is deducted exactly once.

For each line: the lots that somebody named, then what was selected before, then the oldest lots
(domain 4.8, ruling 16). What lies in another box is not touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.inventory.auto_selecting import Unserved, plan_auto_select
from orderwright.inventory.queries import SelectionRow
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import EXACT, round_half_up, trim
from orderwright.kernel.quantity import decimals_allowed
from orderwright.kernel.weight import TOLERANCE, convert, round_weight
from orderwright.sales import promises, stock
from orderwright.sales.page import LineRow, OrderPage
from orderwright.shipping.parts import Part


@dataclass(frozen=True, slots=True)
class Wanted:
    """So much of a line, in its measure, and the lots that somebody named for it."""

    line: LineRow
    quantity: Decimal
    lots: Sequence[Asked] = ()


@dataclass(slots=True)
class _Gathered:
    """What is found so far, and the selections that were made here."""

    rows: dict[UUID, list[SelectionRow]]
    made: set[UUID] = field(default_factory=set)
    parts: list[Part] = field(default_factory=list)


def gather(
    by: Caller, page: OrderPage, wanted: Sequence[Wanted], *, allow_over: bool = False
) -> list[Part]:
    """The parts of selections that hold these quantities; missing ones are selected now.

    The order is locked with its stock. Raises Conflict `insufficient_stock`, and what selecting
    named lots raises. A constant number of statements.
    """
    found = _Gathered(_open_rows(by, wanted))
    named = [asked for one in wanted for asked in one.lots]
    if named:
        _take(by, page, wanted, named, found)
    rest = {one.line.id: _from_selections(one, found) for one in wanted}
    lacking = [one for one in wanted if rest[one.line.id] > TOLERANCE]
    if lacking:
        # What was just selected counts as selected: the lines still want only the rest.
        stand = replace(page, lines=tuple(promises.recounted(by, page.lines)))
        asked = _oldest(by, lacking, rest, allow_over=allow_over)
        _take(by, stand, lacking, asked, found)
    return found.parts


def _open_rows(by: Caller, wanted: Sequence[Wanted]) -> dict[UUID, list[SelectionRow]]:
    """What is selected for the lines and not packed, oldest first."""
    line_of = {one.line.reservation_id: one.line.id for one in wanted if one.line.reservation_id}
    rows: dict[UUID, list[SelectionRow]] = {}
    for row in reversed(inventory.selections_of(by, list(line_of))):
        if row.is_open:
            rows.setdefault(line_of[row.reservation_id], []).append(row)
    return rows


def _take(
    by: Caller,
    page: OrderPage,
    wanted: Sequence[Wanted],
    asked: Sequence[Asked],
    found: _Gathered,
) -> None:
    """Select from lots; what is selected leaves whole."""
    made = {one.id for one in stock.take(by, page, asked)}
    lines = {one.line.id: one.line for one in wanted}
    for line_id, rows in _open_rows(by, wanted).items():
        for row in rows:
            if row.id in made:
                line = lines[line_id]
                found.parts.append(Part(row, line, row.quantity, row.weight, made_here=True))
    found.made |= made


def _from_selections(one: Wanted, found: _Gathered) -> Decimal:
    """Use what was selected before; answers what is still missing, in the line's measure."""
    line = one.line
    own = [part.row for part in found.parts if part.line.id == line.id]
    rest = one.quantity - promises.sum_of(line, own)
    for row in found.rows.get(line.id, ()):
        if rest <= TOLERANCE:
            break
        part = _part(row, line, rest)
        found.parts.append(part)
        taken = replace(row, quantity=part.quantity, weight=part.weight)
        rest -= promises.sum_of(line, [taken])
    return rest


def _part(row: SelectionRow, line: LineRow, rest: Decimal) -> Part:
    """As much of the selection as is wanted."""
    if promises.sum_of(line, [row]) <= rest + TOLERANCE:
        return Part(row, line, row.quantity, row.weight, made_here=False)
    if line.basis == "weight":
        weight = min(row.weight, round_weight(convert(rest, line.unit, row.weight_unit)))
        share = EXACT.divide(EXACT.multiply(row.quantity, weight), row.weight)
        quantity = min(row.quantity, round_half_up(share, decimals_allowed(row.unit)))
    else:
        quantity = min(row.quantity, promises.in_stock_units(line, rest))
        share = EXACT.divide(EXACT.multiply(row.weight, quantity), row.quantity)
        weight = min(row.weight, round_weight(share))
    return Part(row, line, quantity, weight, made_here=False)


def _oldest(
    by: Caller, lacking: Sequence[Wanted], rest: Mapping[UUID, Decimal], *, allow_over: bool
) -> list[Asked]:
    """Rows for what is missing, oldest lots first, also of what is promised to others: the goods
    are in somebody's hands. Raises Conflict `insufficient_stock`."""
    needs = [replace(promises.need_of(one.line), to_select=rest[one.line.id]) for one in lacking]
    lots = inventory.lots_of_products(by, {need.product_id for need in needs})
    plan = plan_auto_select(needs, [lot for own in lots.values() for lot in own])
    if plan.unserved:
        raise _not_enough({one.line.id: one.line for one in lacking}, plan.unserved)
    return [replace(asked, allow_over=allow_over) for asked in plan.asked]


def _not_enough(lines: Mapping[UUID, LineRow], unserved: Sequence[Unserved]) -> Conflict:
    sentences = [f"Line {lines[one.line_id].position}: {one.why}" for one in unserved]
    return Conflict(
        "insufficient_stock",
        "Not enough stock. " + " ".join(sentences),
        details={
            "lines": [
                {
                    "line_id": str(one.line_id),
                    "position": lines[one.line_id].position,
                    "missing": trim(one.missing),
                    "unit": one.unit,
                }
                for one in unserved
            ]
        },
    )
