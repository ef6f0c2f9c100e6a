"""A desk that bills: orders that ship, their invoices and payments.

desk = open_billing()
order = desk.shipped({gem: 10})
invoice = desk.final(order)
desk.pay(invoice, "100.00")
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from orderwright.invoicing import actions, payments, queries
from orderwright.invoicing.page import InvoicePage, PaymentPage
from orderwright.invoicing.settling import NewPayment, Settling
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from tests.sales.desk import Desk, open_desk


class Billing(Desk):
    """A sales desk with an accountant."""

    def shipped(
        self, wanted: Mapping[UUID, object] | Iterable[NewLine], **fields: Any
    ) -> OrderPage:
        """An issued order of which everything has shipped, from new stock."""
        order = self.issued(wanted, **fields)
        self.ship_all(order)
        return self.read(order)

    def ship_all(self, order: OrderPage) -> None:
        """Ship what is outstanding of an order, from new stock."""
        for line in self.read(order).lines:
            if line.is_stock and line.outstanding and line.product_id:
                lot = self.lot(line.product_id, line.outstanding)
                self.ship_lots(order, {lot: line.outstanding}, position=line.position)

    def ship_some(self, order: OrderPage, quantity: object, *, position: int = 1) -> UUID:
        """Ship so much of a line; answers the shipment."""
        product = self.line(order, position).product_id
        assert product is not None
        shipment = self.ship_lots(order, {self.lot(product, quantity): quantity}, position=position)
        return shipment.head.id

    def draft(self, order: OrderPage, **asked: Any) -> InvoicePage:
        """A draft of all that shipped and is not invoiced."""
        return actions.create_invoice(by=self.by, order=order.id, **asked)

    def final(self, order: OrderPage, **asked: Any) -> InvoicePage:
        """The same, finalised."""
        return actions.finalise_invoice(by=self.by, invoice=self.draft(order, **asked).id)

    def pay(self, invoice: InvoicePage | None, amount: object, **fields: Any) -> PaymentPage:
        """A payment for an invoice, or for nothing yet."""
        settling = [Settling(invoice.id, amount)] if invoice else []
        values = {
            "customer_id": self.customer,
            "method": "wire",
            "allocations": settling,
            **fields,
        }
        return payments.record_payment(by=self.by, new=NewPayment(amount=amount, **values))

    def invoice(self, invoice: InvoicePage) -> InvoicePage:
        """The invoice as it stands."""
        return queries.read_invoice(self.by, invoice.id)

    def payment(self, payment: PaymentPage) -> PaymentPage:
        """The payment as it stands."""
        return queries.read_payment(self.by, payment.id)

    def money(self, order: OrderPage) -> tuple[str, str]:
        """Where an order stands: stage and payment status."""
        head = self.read(order).head
        return head.status, head.payment_status


def open_billing(**fields: Any) -> Billing:
    """A desk with one customer and no products."""
    desk = open_desk(**fields)
    return Billing(desk.company, desk.by, desk.customer)
