"""A sales desk: a company with a customer, products and stock, worked through the actions.

desk = open_desk()
gem = desk.product(sku="GEM")
desk.lot(gem, 600)
order = desk.issued({gem: 750})
assert desk.statuses(order) == ["backordered"]
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.identity.caller import Caller
from orderwright.identity.permissions import default_permissions
from orderwright.inventory import lots
from orderwright.inventory import queries as inventory
from orderwright.kernel.numbers import trim
from orderwright.sales import actions, new_orders, queries, stock
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.stock import LineAsk, LotAsk
from orderwright.shipping import actions as shipping
from orderwright.shipping import queries as shipments
from orderwright.shipping.actions import NewShipment, SelectionAsk, ShipLine
from orderwright.shipping.queries import ShipmentPage
from tests.company import Company, found_company


@dataclass
class Desk:
    """One company at work; what it sells is counted in pcs unless said."""

    company: Company
    by: Caller
    customer: UUID
    tracked: int = 0

    def product(self, **fields: Any) -> UUID:
        """A product to sell."""
        return self.company.product(**fields)

    def lot(self, product: UUID, quantity: object, **sent: Any) -> UUID:
        """Stock that arrives."""
        sent = {"product_id": product, "quantity": str(quantity), **sent}
        return lots.add_lot(by=self.by, sent=sent).id

    def order(self, wanted: Mapping[UUID, object] | Iterable[NewLine], **fields: Any) -> OrderPage:
        """An estimate: quantities by product, or lines."""
        lines = (
            [NewLine(product_id=id_, quantity=str(quantity)) for id_, quantity in wanted.items()]
            if isinstance(wanted, Mapping)
            else list(wanted)
        )
        values: dict[str, Any] = {
            "customer_id": self.customer,
            "order_lead_id": self.company.lead_id,
            "accept_terms": True,
            **fields,
        }
        return new_orders.create_order(by=self.by, new=NewOrder(lines=lines, **values))

    def issued(self, wanted: Mapping[UUID, object] | Iterable[NewLine], **fields: Any) -> OrderPage:
        """An issued order."""
        return actions.issue_order(by=self.by, order=self.order(wanted, **fields).id)

    def read(self, order: OrderPage) -> OrderPage:
        """The order as it stands in the database."""
        return queries.read_order(self.by, order.id)

    def read_by_number(self, number: str | None) -> OrderPage:
        """The order with this number."""
        return queries.read_order(self.by, number or "")

    def line(self, order: OrderPage, position: int = 1) -> LineRow:
        """A line as it stands in the database."""
        return self.read(order).lines[position - 1]

    def select(
        self, order: OrderPage, amounts: Mapping[UUID, object], *, position: int = 1, **asked: Any
    ) -> OrderPage:
        """Select so much of each lot for a line; "full" takes all of a lot."""
        chosen = [
            LotAsk(lot, full=True) if amount == "full" else LotAsk(lot, quantity=str(amount))
            for lot, amount in amounts.items()
        ]
        line = LineAsk(self.line(order, position).id, chosen, **asked)
        return stock.select_inventory(by=self.by, order=order.id, lines=[line])

    def open_selections(self, order: OrderPage, position: int = 1) -> list[UUID]:
        """The selections of a line that wait to be shipped, oldest first."""
        reservation = self.line(order, position).reservation_id
        rows = inventory.selections_of(self.by, [reservation] if reservation else [])
        return sorted(row.id for row in rows if row.status == "retrieved")

    def ship(self, order: OrderPage, *lines: ShipLine, **fields: Any) -> ShipmentPage:
        """Ship lines, or all open selections."""
        self.tracked += 1
        values: dict[str, Any] = {
            "carrier_id": self.company.carrier_id,
            "tracking_number": f"1Z{self.tracked:05}",
            "lines": list(lines) or None,
            **fields,
        }
        return shipping.create_shipment(by=self.by, order=order.id, new=NewShipment(**values))

    def ship_lots(
        self, order: OrderPage, amounts: Mapping[UUID, object], *, position: int = 1, **fields: Any
    ) -> ShipmentPage:
        """Ship so much of each lot for a line, without selecting before."""
        chosen = [LotAsk(lot, quantity=str(amount)) for lot, amount in amounts.items()]
        return self.ship(order, ShipLine(self.line(order, position).id, lots=chosen), **fields)

    def shipment(self, shipment: ShipmentPage) -> ShipmentPage:
        """The shipment as it stands in the database."""
        return shipments.read_shipment(self.by, shipment.head.id)

    def statuses(self, order: OrderPage) -> list[str]:
        """The stored statuses of the lines of goods, in the order of their positions."""
        return [line.status for line in self.read(order).lines if line.status is not None]

    def stages(self, order: OrderPage) -> tuple[str, str]:
        """The order's stage and fulfillment, as stored."""
        head = self.read(order).head
        return head.status, head.fulfillment_status

    def figures(self, product: UUID) -> dict[str, str]:
        """The product's on hand, reserved, short and available, as texts."""
        found = inventory.availability(self.by, [product])[product]
        return {
            name: trim(getattr(found, name))
            for name in ("on_hand", "reserved", "short", "available")
        }

    def acting_as(self, role: str) -> "Desk":
        """The same desk in the hands of another role."""
        permissions = default_permissions(role)
        return replace(self, by=replace(self.by, role=role, permissions=permissions))


def open_desk(**fields: Any) -> Desk:
    """A desk with one customer and no products."""
    company = found_company(**fields)
    return Desk(company, company.by, company.customer(name="Acme"))


def selected_of(line: LineRow, selections: Mapping[UUID, object] | Collection[UUID]) -> ShipLine:
    """What to ship of a line that is selected: whole selections, or so much of each."""
    amounts = selections if isinstance(selections, Mapping) else dict.fromkeys(selections)
    asked = [
        SelectionAsk(id_, None if amount is None else str(amount))
        for id_, amount in amounts.items()
    ]
    return ShipLine(line.id, selections=asked)


@contextmanager
def counted() -> Any:
    """How many statements run inside: a list that holds the one number afterwards."""
    found: list[int] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found.append(sum(1 for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]))
