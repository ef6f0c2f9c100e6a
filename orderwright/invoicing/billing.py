"""What an invoice bills of an order: parts that add up to it, however it is split (ruling 15).

Pure. Quantities are in a line's own measure; amounts in the order's currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.money import round_money
from orderwright.kernel.numbers import EXACT, ZERO, trim
from orderwright.kernel.quantity import check_quantity


@dataclass(frozen=True, slots=True)
class Billed:
    """What invoices that are not void hold of a line, or of several, drafts included."""

    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    discount: Decimal = ZERO
    tax: Decimal = ZERO

    def plus(self, part: "Part") -> "Billed":
        """With a further part."""
        return Billed(
            self.quantity + part.quantity,
            self.amount + part.amount,
            self.discount + part.discount,
            self.tax + part.tax,
        )


@dataclass(frozen=True, slots=True)
class Billable:
    """A line of an order as billing sees it. A service has nothing to ship.

    `gone` is what came back and was not credited: it came back before it was invoiced.
    """

    id: UUID
    position: int
    effective: Decimal
    unit: str
    unit_price: Decimal
    total: Decimal
    description: str = ""
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax: Decimal = ZERO
    shipped: Decimal = ZERO
    is_service: bool = False
    billed: Billed = field(default_factory=Billed)
    gone: Decimal = ZERO

    @property
    def reached(self) -> Decimal:
        """What invoices may bill of it: shipped, at most as ordered, less what came back before it
        was invoiced, for which nobody is credited (domain 4.13, 4.15). All of a service."""
        if self.is_service:
            return self.effective
        return min(self.shipped - self.gone, self.effective)

    def open(self, *, with_services: bool = True) -> Decimal:
        """What may be billed now: what may be billed at all, and is not yet invoiced."""
        if self.is_service and not with_services:
            return ZERO
        return max(ZERO, self.reached - self.billed.quantity)


@dataclass(frozen=True, slots=True)
class Part:
    """What one invoice bills of a line: `amount` before its share of the order's discount."""

    line_id: UUID
    quantity: Decimal
    amount: Decimal
    discount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to: total = subtotal − discount + freight + tax."""

    subtotal: Decimal
    discount: Decimal
    freight: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What the customer owes."""
        return self.subtotal - self.discount + self.freight + self.tax


def part_of(line: Billable, quantity: Decimal, currency: str) -> Part:
    """So much of a line at the order's price, with its shares of discount and tax.

    Each part is rounded and never takes more than is left, before the discount and after it; the
    one that completes the line takes all that is left, so that the parts add up to the line to the
    last digit (ruling 15).
    """
    before = line.billed
    left = (
        line.total - before.amount,
        line.discount - before.discount,
        line.tax - before.tax,
    )
    if before.quantity + quantity >= line.effective:
        return Part(line.id, quantity, *left)
    amount = min(round_money(EXACT.multiply(quantity, line.unit_price), currency), left[0])
    discount = min(_share(line.discount, quantity, line.effective, currency), left[1], amount)
    # What is left never comes to less than nothing: tiny prices round up part by part.
    discount = max(discount, amount - (left[0] - left[1]))
    tax = min(_share(line.tax, quantity, line.effective, currency), left[2])
    return Part(line.id, quantity, amount, discount, tax)


def plan_parts(
    lines: Iterable[Billable], currency: str, *, with_services: bool = True
) -> tuple[Part, ...]:
    """Everything that has shipped and is not yet invoiced; empty when there is nothing."""
    wanted = [(line, line.open(with_services=with_services)) for line in lines]
    return tuple(part_of(line, quantity, currency) for line, quantity in wanted if quantity > 0)


def plan_asked(
    lines: Mapping[UUID, Billable], asked: Sequence[tuple[UUID, object]], currency: str
) -> tuple[Part, ...]:
    """What somebody wants to bill, line by line.

    Raises Invalid for an unknown or repeated line or a senseless quantity, Conflict
    `over_invoicing` for more than has shipped and is not yet invoiced (domain 4.13).
    """
    found: dict[UUID, Part] = {}
    for index, (line_id, sent) in enumerate(asked):
        name = f"lines.{index}"
        line = lines.get(line_id)
        if line is None or line_id in found:
            message = "The order has no such line." if line is None else "Name each line once."
            raise Invalid("unknown_line", message, fields={f"{name}.line_id": message})
        quantity = check_quantity(sent, line.unit, f"{name}.quantity")
        if quantity > line.open():
            message = (
                f"Line {line.position} has {trim(line.open())} {line.unit} that shipped, "
                "were kept and are not yet invoiced."
                if line.gone
                else f"Line {line.position} has {trim(line.open())} {line.unit} that shipped and "
                "are not yet invoiced."
            )
            raise Conflict(
                "over_invoicing",
                message,
                fields={f"{name}.quantity": message},
                details={"line_id": str(line_id), "open": trim(line.open())},
            )
        found[line_id] = part_of(line, quantity, currency)
    return tuple(found.values())


def worth_of_gone(lines: Iterable[Billable], currency: str) -> Decimal:
    """What the order charges for goods that came back before they were invoiced: no invoice will
    ever bill it."""
    gone = (
        part_of(replace(line, billed=Billed()), min(line.gone, line.effective), currency)
        for line in lines
        if line.gone > 0
    )
    return sum((part.amount - part.discount + part.tax for part in gone), ZERO)


def totals_of(parts: Iterable[Part], *, freight: Decimal = ZERO) -> Totals:
    """The sums of an invoice's parts."""
    sums = Billed()
    for part in parts:
        sums = sums.plus(part)
    return Totals(sums.amount, sums.discount, freight, sums.tax)


def credit_of(
    billed: Billed, unit_price: Decimal, quantity: Decimal, credited: Billed, currency: str
) -> Part | None:
    """What a customer gets back for goods that were invoiced: price less discount share plus tax,
    in parts that add up to what was invoiced (ruling 13, domain 4.15).

    `credited` is what was given back before. Goods that were never invoiced give nothing.
    """
    counted = min(quantity, billed.quantity - credited.quantity)
    if counted <= 0:
        return None
    line = Billable(
        id=UUID(int=0),
        position=0,
        effective=billed.quantity,
        unit="",
        unit_price=unit_price,
        total=billed.amount,
        discount=billed.discount,
        tax=billed.tax,
        billed=credited,
    )
    return part_of(line, counted, currency)


def _share(whole: Decimal, quantity: Decimal, of: Decimal, currency: str) -> Decimal:
    if not whole or not of:
        return ZERO
    return round_money(EXACT.divide(EXACT.multiply(whole, quantity), of), currency)
