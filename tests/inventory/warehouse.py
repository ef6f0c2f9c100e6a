"""A company with stock and promises, moved through the actions as sales and shipping do.

warehouse = open_warehouse()
gem = warehouse.product(sku="GEM")
lot = warehouse.lot(gem, 600, weight=120)
line = warehouse.promise(gem, 750)
warehouse.select(line, {lot: 600})
assert warehouse.figures(gem) == figures(on_hand=0, reserved=0, short=150)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import actions, lot_queries, lots, queries
from orderwright.inventory.actions import Cause, Promise, Selected
from orderwright.inventory.lot_queries import LotRow
from orderwright.inventory.measures import Need
from orderwright.inventory.releasing import SelectionFacts
from orderwright.inventory.selecting import Asked
from orderwright.kernel.ids import new_id
from tests.company import Company, found_company

NOBODY = Cause(None, "a test")
Figures = dict[str, str]


@dataclass
class Line:
    """A line as inventory sees it: a need with a reservation of its own."""

    id: UUID
    reservation: UUID
    product: UUID
    wanted: Decimal
    priority: int
    issued_at: datetime
    position: int
    basis: str = "quantity"
    unit: str = "pcs"
    ratio: Decimal = Decimal(1)
    stock_unit: str = "pcs"
    cancelled: bool = False


@dataclass
class Warehouse:
    """Stock and promises of one company."""

    company: Company
    by: Caller
    lines: list[Line] = field(default_factory=list)

    def product(self, **fields: Any) -> UUID:
        """A product, counted in pcs unless said."""
        return self.company.product(**fields)

    def lot(self, product: UUID, quantity: object, **sent: Any) -> UUID:
        """Add stock; answers the lot's id."""
        return self.added(product, quantity, **sent).id

    def added(self, product: UUID, quantity: object, **sent: Any) -> LotRow:
        """Add stock; answers the lot."""
        sent = {"product_id": product, "quantity": str(quantity), **sent}
        return lots.add_lot(by=self.by, sent=sent)

    def seen(self, lot: UUID) -> LotRow:
        """The lot as it stands."""
        return lot_queries.lot(by=self.by, ref=lot)

    def adjust(self, lot: UUID, quantity: object = None, weight: object = None) -> LotRow:
        """Count a lot anew."""
        return lots.adjust_lot(
            by=self.by,
            ref=lot,
            sent={"quantity": quantity, "weight": weight, "reason": "counted"},
        )

    def promise(self, product: UUID, wanted: object, **fields: Any) -> Line:
        """Reserve for a new line; later lines are issued later unless said."""
        line = self.line(product, wanted, **fields)
        self.reserve(line)
        return line

    def line(self, product: UUID, wanted: object, **fields: Any) -> Line:
        """A line that nothing is reserved for yet."""
        number = len(self.lines)
        values: dict[str, Any] = {
            "priority": 1,
            "issued_at": self.by.now + timedelta(minutes=number),
            "position": 1,
            **fields,
        }
        line = Line(new_id(), new_id(), product, Decimal(str(wanted)), **values)
        self.lines.append(line)
        return line

    def reserve(self, *lines: Line) -> None:
        """Reserve everything that these lines want."""
        actions.reserve(self.by, [self.promise_of(line) for line in lines])

    def promise_of(self, line: Line) -> Promise:
        """The promise to a line, all of it."""
        by_weight = line.basis == "weight"
        return Promise(
            id=line.reservation,
            product_id=line.product,
            required=line.wanted if by_weight else line.wanted * line.ratio,
            issued_at=line.issued_at,
            priority_rank=line.priority,
            position=line.position,
            basis=line.basis,
            weight_unit=line.unit if by_weight else "",
        )

    def close(self, required: Mapping[UUID, object], product: UUID) -> None:
        """Shrink reservations."""
        sizes = {id_: Decimal(str(size)) for id_, size in required.items()}
        actions.close_promises(self.by, sizes, [product])

    def need(self, line: Line) -> Need:
        """What the line still wants now."""
        held = queries.holdings_of(self.by, [line.reservation]).get(line.reservation)
        taken = Decimal(0)
        if held is not None and line.basis == "quantity":
            taken = (held.selected[0] + held.sent[0]) / line.ratio
        elif held is not None:
            taken = sum(held.selected[1].values(), Decimal(0))
        return Need(
            line_id=line.id,
            product_id=line.product,
            to_select=max(Decimal(0), line.wanted - taken),
            position=line.position,
            unit=line.unit,
            unit_ratio=line.ratio,
            basis=line.basis,
            stock_unit=line.stock_unit,
            cancelled=line.cancelled,
        )

    def select(self, line: Line, amounts: Mapping[UUID, object], **asked: Any) -> list[Selected]:
        """Select so much of each lot for a line; "full" takes all of a lot."""
        rows = [
            Asked(line.id, lot, full=True, **asked)
            if amount == "full"
            else Asked(line.id, lot, quantity=str(amount), **asked)
            for lot, amount in amounts.items()
        ]
        return self.select_rows([line], rows)

    def select_rows(self, lines: list[Line], rows: list[Asked]) -> list[Selected]:
        """Select rows of a request for several lines."""
        return actions.select(
            self.by,
            needs=[self.need(line) for line in lines],
            asked=rows,
            reservations={line.id: line.reservation for line in lines},
            cause=NOBODY,
        )

    def release(self, line: Line, *selected: Selected) -> None:
        """Put selections of one line back."""
        need = self.need(line)
        grown = replace(need, to_select=need.to_select + sum(one.quantity for one in selected))
        if line.basis == "weight":
            grown = replace(need, to_select=need.to_select + sum(one.weight for one in selected))
        actions.release(
            self.by,
            selections=[facts_of(one) for one in selected],
            needs=[grown],
            reservations={line.id: line.reservation},
            cause=NOBODY,
        )

    def figures(self, product: UUID) -> Figures:
        """The four figures of a product, as texts."""
        found = queries.availability(self.by, [product])[product]
        return figures(found.on_hand, found.reserved, found.short)

    def covered(self, *lines: Line) -> list[str]:
        """What covers each line, as texts."""
        held = queries.holdings_of(self.by, [line.reservation for line in lines])
        return [text(held[line.reservation].covered) for line in lines]

    def held(self, line: Line) -> tuple[str, str]:
        """What is required and covered for a line."""
        held = queries.holdings_of(self.by, [line.reservation])[line.reservation]
        return text(held.required), text(held.covered)

    def allowing_negative(self) -> "Warehouse":
        """The same warehouse with `stock.allow_negative`."""
        organization = replace(self.by.organization, settings={"stock.allow_negative": True})
        return replace(self, by=replace(self.by, organization=organization))


def open_warehouse(**fields: Any) -> Warehouse:
    """A new company's warehouse, empty."""
    company = found_company(**fields)
    return Warehouse(company, company.by)


def facts_of(selected: Selected) -> SelectionFacts:
    """A selection as it was made."""
    return SelectionFacts(
        id=selected.id,
        line_id=selected.line_id,
        lot_id=selected.lot_id,
        quantity=selected.quantity,
        weight=selected.weight,
    )


def figures(on_hand: object, reserved: object = 0, short: object = 0) -> Figures:
    """On hand, reserved, short, and what is available to promise."""
    numbers = [Decimal(str(value)) for value in (on_hand, reserved, short)]
    return {
        "on_hand": text(numbers[0]),
        "reserved": text(numbers[1]),
        "short": text(numbers[2]),
        "available": text(numbers[0] - numbers[1] - numbers[2]),
    }


def text(number: Decimal) -> str:
    """A number without trailing zeros."""
    return format(number.normalize() if number else Decimal(0), "f")


def rows(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Rows of a statement, as the app sees them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
