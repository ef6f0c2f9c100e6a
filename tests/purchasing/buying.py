"""A buying desk: a company with a supplier, products and a place for goods.

desk = open_buying()
gem = desk.product(sku="GEM")
order = desk.ordered({gem: 10})
desk.receive(order, {1: 4})
assert desk.seen(order).head.fulfillment_status == "partially_received"
"""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.activity import records
from orderwright.directory.suppliers import SUPPLIER
from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries
from orderwright.inventory import queries as inventory
from orderwright.kernel.numbers import trim
from orderwright.purchasing import actions, new_orders, queries, receiving
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.new_orders import NewPurchaseOrder
from orderwright.purchasing.page import OrderPage
from orderwright.purchasing.queries import ReceiptPage
from orderwright.purchasing.receiving import Arrived, NewReceipt
from tests.company import Company, found_company


@dataclass
class Buying:
    """One company that buys."""

    company: Company
    by: Caller
    supplier: UUID

    def product(self, **fields: Any) -> UUID:
        """A product, counted in pcs unless said."""
        return self.company.product(**fields)

    def order(self, wanted: Mapping[UUID, object] | list[NewLine], **fields: Any) -> OrderPage:
        """A quoted purchase order: quantities by product, or lines."""
        lines = (
            [NewLine(product_id=id_, quantity=str(quantity)) for id_, quantity in wanted.items()]
            if isinstance(wanted, Mapping)
            else wanted
        )
        new = NewPurchaseOrder(
            supplier_id=self.supplier,
            order_lead_id=self.company.lead_id,
            accept_terms=True,
            lines=lines,
            **fields,
        )
        return new_orders.create_order(by=self.by, new=new)

    def ordered(self, wanted: Mapping[UUID, object] | list[NewLine], **fields: Any) -> OrderPage:
        """An issued purchase order."""
        return actions.issue_order(by=self.by, order=self.order(wanted, **fields).id)

    def receive(
        self, order: OrderPage, arrived: Mapping[int, object], **fields: Any
    ) -> ReceiptPage:
        """Quantities by line position."""
        lines = {line.position: line.id for line in order.lines}
        rows = [
            one if isinstance(one, Arrived) else Arrived(lines[position], quantity=str(one))
            for position, one in arrived.items()
        ]
        new = NewReceipt(lines=rows, **fields)
        return receiving.receive(by=self.by, order=order.id, new=new)

    def seen(self, order: OrderPage) -> OrderPage:
        """The order as it stands."""
        return queries.order_page(self.by, order.id)

    def figures(self, product: UUID) -> list[str]:
        """On hand, reserved, short and available of a product."""
        found = inventory.availability(self.by, [product])[product]
        return [trim(one) for one in (found.on_hand, found.reserved, found.short, found.available)]

    def lot(self, lot_id: UUID | None) -> lot_queries.LotRow:
        """A lot as it stands."""
        assert lot_id is not None
        return lot_queries.lot(by=self.by, ref=lot_id)


def open_buying() -> Buying:
    """A company with one supplier."""
    company = found_company()
    company.enter()
    supplier = records.create(
        by=company.by,
        kind=SUPPLIER,
        sent={"name": "Rough & Sons", "email": "orders@rough.example"},
    )
    return Buying(company, company.by, supplier)


@contextmanager
def counting() -> Any:
    """The statements of what happens inside."""
    with CaptureQueriesContext(connection) as found:
        yield found
