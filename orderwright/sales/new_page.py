"""A new order as it will be read: nothing of it has been promised, selected or shipped."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO
from orderwright.pricing.facts import CatalogFacts
from orderwright.pricing.rules import CodeFacts, PricedOrder
from orderwright.sales.page import LineRow, OrderRow
from orderwright.sales.party import Party

_NOTHING: dict[str, Decimal] = dict.fromkeys(
    (
        "cancelled_quantity",
        "retrieved",
        "picked",
        "packed",
        "shipped",
        "returned",
        "invoiced",
        "required",
        "covered",
        "short_closed_quantity",
    ),
    ZERO,
)


def new_line(row: dict[str, Any], product: CatalogFacts | None = None) -> LineRow:
    """A line from the row to insert, before its status is derived; a generated one has no
    product."""
    sold = product.pricing if product else None
    values: dict[str, Any] = {
        **row,
        **_NOTHING,
        "reservation_id": None,
        "is_cancelled": False,
        "cancel_reason": "",
        "ready": False,
        "ready_forced": False,
        "over_ship_confirmed": False,
        "status": None,
        "reasons": [],
        "shipment_status": "",
        "stock_unit": sold.default_unit if sold else "",
        "product_is_active": product.is_active if product else True,
        "product_name": product.name if product else "",
        "weight_per_unit": sold.weight_per_unit if sold else None,
        "product_weight_unit": sold.weight_unit if sold else "",
    }
    return LineRow(**values)


def new_head(
    by: Caller,
    order_id: UUID,
    party: Party,
    priced: PricedOrder,
    code: CodeFacts | None,
    **given: Any,
) -> OrderRow:
    """The head before its number is taken and its statuses are derived.

    `given` are the fields that stand in the order as they were sent.
    """
    terms, names = party.terms, party.names
    never = ("issued_at", "fulfilled_at", "completed_at", "reopened_at", "first_shipped_at")
    values: dict[str, Any] = {
        **given,
        **dict.fromkeys(never),
        "id": order_id,
        "number": "",
        "version": 1,
        "status": "estimate",
        "fulfillment_status": "",
        "fulfillment_reasons": [],
        "payment_status": "",
        "acknowledgment_status": "not_sent",
        "manual_hold": False,
        "hold_reason": "",
        "held_at": None,
        "customer_id": party.customer_id,
        "customer_number": party.number,
        "customer_name": party.name,
        "customer_status": party.status,
        "order_lead_id": party.order_lead_id,
        "order_lead_name": names.order_lead,
        "sales_rep_id": terms.sales_rep_id,
        "sales_rep_name": names.sales_rep,
        "priority": terms.priority,
        "payment_term_id": terms.payment_term_id,
        "payment_term_name": names.payment_term,
        "payment_timing": names.payment_timing,
        "shipping_term_id": terms.shipping_term_id,
        "shipping_term_name": names.shipping_term,
        "carrier_id": terms.carrier_id,
        "carrier_name": names.carrier,
        "carrier_code": names.carrier_code,
        "carrier_option_id": terms.carrier_option_id,
        "carrier_option_name": names.carrier_option,
        "bill_to": party.bill_to,
        "ship_to": party.ship_to,
        "acknowledgement_contacts": party.acknowledgement_contacts,
        "invoice_contacts": party.invoice_contacts,
        "discount_code_id": code.id if code else None,
        "discount_code": code.code if code else None,
        "created_at": by.now,
        "updated_at": by.now,
        "subtotal": priced.subtotal,
        "discount_total": priced.discount_total,
        "freight": priced.freight.amount,
        "tax": priced.tax,
        "grand_total": priced.grand_total,
        "pricing_flags": list(priced.flags),
        "told": {},
    }
    return OrderRow(**values)
