"""What may come back, and what may be done with a return (domain 2.7, 4.15, ruling 10)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.lifecycle import Allowed, Lifecycle, Move, why_not_permitted
from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.quantity import check_quantity
from orderwright.kernel.text import check_text
from orderwright.kernel.weight import TOLERANCE

DISPOSITIONS = ("restock", "reject", "scrap")
LOT_STATUSES = {"restock": "available", "reject": "rejected", "scrap": "scrap"}

_NOTHING = "Nothing of {} has shipped, so nothing can come back."

LIFECYCLE = Lifecycle(
    "return",
    (
        Move("receive", ("requested",), "received"),
        Move("close", ("received",), "closed"),
        Move("cancel", ("requested",), "cancelled"),
    ),
)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of the order: `announced` is on its way in other returns that are not received."""

    id: UUID
    position: int
    unit: str
    shipped: Decimal
    returned: Decimal
    announced: Decimal = ZERO

    @property
    def returnable(self) -> Decimal:
        """Shipped, not returned and not announced."""
        return max(ZERO, self.shipped - self.returned - self.announced)


@dataclass(frozen=True, slots=True)
class Asked:
    """One row as sent."""

    line_id: UUID
    quantity: object = None
    disposition: str = "restock"
    condition: str = ""
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One row that makes sense."""

    line_id: UUID
    quantity: Decimal
    disposition: str
    condition: str
    location_id: UUID | None


def read_rows(asked: Sequence[Asked], lines: Mapping[UUID, LineFacts]) -> list[Read]:
    """The rows of a request, checked against what has shipped (ruling 10).

    Raises Invalid `no_lines`, `unknown_line`, `unknown_disposition` and for quantities that make no
    sense, Conflict `over_return` for more than has shipped and has not come back.
    """
    if not asked:
        message = "Say what comes back: choose at least one line."
        raise Invalid("no_lines", message, fields={"lines": message})
    rows = [_read(row, lines, f"lines.{index}.") for index, row in enumerate(asked)]
    twice = [row.line_id for row in rows]
    for index, row in enumerate(rows):
        if twice.index(row.line_id) != index:
            message = "This line stands in the return already."
            raise Invalid("duplicate_line", message, fields={f"lines.{index}.line_id": message})
        check_not_over(lines[row.line_id], row.quantity, f"lines.{index}.quantity")
    return rows


def check_shipped(lines: Mapping[UUID, LineFacts], number: str) -> None:
    """Refuse a return of an order of which nothing has left. Raises Conflict `nothing_shipped`."""
    if not any(line.shipped > 0 for line in lines.values()):
        message = _NOTHING.format(number)
        raise Conflict("nothing_shipped", message, fields={"order_id": message})


def may_be_requested(
    lines: Mapping[UUID, LineFacts], number: str, permissions: Collection[str]
) -> Allowed:
    """Whether a return of this order may be announced now. A missing permission is named first."""
    why_not = why_not_permitted(("returns:create",), permissions)
    if why_not is None and not any(line.shipped > 0 for line in lines.values()):
        why_not = _NOTHING.format(number)
    if why_not is None and not any(line.returnable > TOLERANCE for line in lines.values()):
        why_not = "Everything that has shipped has come back already, or is on its way back."
    return Allowed.unless(why_not, "return")


def check_not_over(line: LineFacts, quantity: Decimal, field: str) -> None:
    """Refuse more than can come back of a line. Raises Conflict `over_return`."""
    if quantity <= line.returnable + TOLERANCE:
        return
    message = (
        f"Line {line.position}: {trim(line.shipped)} {line.unit} have shipped, and "
        f"{trim(line.returnable)} can still come back."
    )
    details = {"line_id": str(line.id), "returnable": trim(line.returnable)}
    raise Conflict("over_return", message, fields={field: message}, details=details)


def allowed_actions(status: str, permissions: Collection[str]) -> tuple[Allowed, ...]:
    """Every action in the order of the table. A missing permission is named first."""
    return LIFECYCLE.allowed(
        permissions,
        needed=LIFECYCLE.needing("returns:update"),
        refuses=lambda action: LIFECYCLE.refusal(action, status),
    )


def _read(row: Asked, lines: Mapping[UUID, LineFacts], field: str) -> Read:
    line = lines.get(row.line_id)
    if line is None:
        message = "This line does not stand on the order."
        raise Invalid("unknown_line", message, fields={f"{field}line_id": message})
    if row.disposition not in DISPOSITIONS:
        message = f"The disposition is {', '.join(DISPOSITIONS)}."
        raise Invalid("unknown_disposition", message, fields={f"{field}disposition": message})
    quantity = check_quantity(row.quantity, line.unit, f"{field}quantity")
    condition = check_text(row.condition, f"{field}condition", longest=200)
    return Read(row.line_id, quantity, row.disposition, condition, row.location_id)
