"""What leaves in a shipment: whole selections, parts of them, and what was just taken from lots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.inventory.queries import SelectionRow
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import EXACT, ZERO, trim
from orderwright.kernel.quantity import check_quantity
from orderwright.kernel.weight import TOLERANCE, convert, round_weight
from orderwright.sales import promises
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.stock import LotAsk


@dataclass(frozen=True, slots=True)
class SelectionAsk:
    """A selection to ship, whole or a part (quantity in the lot's unit)."""

    selection_id: UUID
    quantity: object = None


@dataclass(frozen=True, slots=True)
class ShipLine:
    """What to ship of one line: selections that wait, and fresh lots."""

    line_id: UUID
    selections: Sequence[SelectionAsk] = ()
    lots: Sequence[LotAsk] = ()


@dataclass(frozen=True, slots=True)
class Shipped:
    """What leaves of one line: quantity in its measure, weight in the unit of the first lot."""

    line: LineRow
    quantity: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """So much of one selection that leaves; quantity in the lot's unit."""

    row: SelectionRow
    line: LineRow
    quantity: Decimal
    weight: Decimal
    made_here: bool

    @property
    def is_whole(self) -> bool:
        """Nothing of the selection stays."""
        return (self.quantity, self.weight) == (self.row.quantity, self.row.weight)


def chosen_parts(
    by: Caller, page: OrderPage, wanted: Sequence[ShipLine] | None, fresh: set[UUID]
) -> list[Part]:
    """What leaves, selection by selection. Raises Invalid `nothing_to_ship`."""
    lines = {line.reservation_id: line for line in page.lines if line.reservation_id}
    known = {row.id: row for row in inventory.selections_of(by, list(lines))}
    parts = [_whole(known[id_], lines, made_here=True) for id_ in sorted(fresh)]
    if wanted is None:
        parts += [_whole(row, lines, made_here=False) for row in known.values() if row.is_open]
    for index, line in enumerate(wanted or ()):
        for number, asked in enumerate(line.selections):
            path = f"lines.{index}.selections.{number}"
            parts.append(_asked_part(asked, line.line_id, known, lines, path))
    if not parts:
        message = "Nothing is chosen to ship. Choose selections or lots of at least one line."
        raise invalid("nothing_to_ship", "lines", message)
    _check_once(parts)
    return parts


def _whole(row: SelectionRow, lines: Mapping[UUID, LineRow], *, made_here: bool) -> Part:
    return Part(row, lines[row.reservation_id], row.quantity, row.weight, made_here)


def _asked_part(
    asked: SelectionAsk,
    line_id: UUID,
    known: Mapping[UUID, SelectionRow],
    lines: Mapping[UUID, LineRow],
    path: str,
) -> Part:
    row = known.get(asked.selection_id)
    if row is None or lines[row.reservation_id].id != line_id:
        message = "This selection does not belong to the line."
        raise invalid("unknown_selection", f"{path}.selection_id", message)
    if not row.is_open:
        became = "packed" if row.is_packed else row.status
        raise Conflict(
            "selection_not_open",
            f"The selection from {row.tag_id} is {became} already. Reload the order.",
            details={"selection_id": str(row.id), "status": row.status},
        )
    if asked.quantity is None:
        return _whole(row, lines, made_here=False)
    quantity = check_quantity(asked.quantity, row.unit, f"{path}.quantity")
    if quantity > row.quantity:
        raise Conflict(
            "over_selection",
            f"Only {trim(row.quantity)} {row.unit} of {row.tag_id} are selected. "
            "Ship less, or select more first.",
            details={"selected": trim(row.quantity), "asked": trim(quantity)},
        )
    share = EXACT.divide(EXACT.multiply(row.weight, quantity), row.quantity)
    return Part(row, lines[row.reservation_id], quantity, round_weight(share), made_here=False)


def _check_once(parts: Sequence[Part]) -> None:
    seen: set[UUID] = set()
    for part in parts:
        if part.row.id in seen:
            message = f"The selection from {part.row.tag_id} is named twice."
            raise invalid("selection_twice", "lines", message)
        seen.add(part.row.id)


def by_line(parts: Sequence[Part]) -> dict[UUID, Shipped]:
    """What leaves of each line: counted as one sum, so that twelve single pairs are one carton."""
    of_line: dict[UUID, list[Part]] = {}
    for part in parts:
        of_line.setdefault(part.line.id, []).append(part)
    return {line_id: _shipped(own) for line_id, own in of_line.items()}


def _shipped(parts: Sequence[Part]) -> Shipped:
    line, unit = parts[0].line, parts[0].row.weight_unit
    leaving = [replace(part.row, quantity=part.quantity, weight=part.weight) for part in parts]
    weight = sum((convert(row.weight, row.weight_unit, unit) for row in leaving), ZERO)
    return Shipped(line, promises.sum_of(line, leaving), round_weight(weight))


def check_outstanding(
    page: OrderPage,
    shipped: Mapping[UUID, Shipped],
    *,
    allow_over: bool,
) -> None:
    for one in shipped.values():
        line, quantity = one.line, one.quantity
        if quantity > line.outstanding + TOLERANCE and not allow_over:
            raise Conflict(
                "over_selection",
                f"Line {line.position} has {trim(line.outstanding)} {line.unit} outstanding; "
                f"this would ship {trim(quantity)}. Ship less, or send allow_over.",
                details={
                    "line_id": str(line.id),
                    "outstanding": trim(line.outstanding),
                    "asked": trim(quantity),
                },
            )


def invalid(code: str, field: str, message: str) -> Invalid:
    """A refusal about one field."""
    return Invalid(code, message, fields={field: message})
