"""Duplicate an order: a new estimate of the same lines and terms, at today\'s prices."""

from dataclasses import replace
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.sales import lifecycle, queries
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from orderwright.sales.page import LineRow, OrderPage


def duplicate_order(*, by: Caller, order: UUID | str, source: str = "api") -> OrderPage:
    """A new estimate like this order; answers the new one.

    Lines keep what was ordered and every description, and are priced by today\'s lists; lines that
    were cancelled whole stay behind. Dates, the PO number, the budget and the internal note are
    empty; a discount code comes along where it can still be used. Raises what `create_order`
    raises, for a product or a carrier that is no longer there among others.
    """
    by.must("sales_orders:create", "sales_orders:read")
    page = queries.read_order(by, order)
    lifecycle.check("duplicate", page.facts())
    new = _like(page, source)
    try:
        made = create_order(by=by, new=new)
    except Invalid as refusal:
        if new.discount_code is None or "discount_code" not in refusal.fields:
            raise
        made = create_order(by=by, new=replace(new, discount_code=None))
    body = {"number": made.head.number, "order_id": made.id}
    activity.record(by, "sales_order.duplicated", page.id, body=body)
    return made


def _like(page: OrderPage, source: str) -> NewOrder:
    head = page.head
    return NewOrder(
        customer_id=head.customer_id,
        order_lead_id=head.order_lead_id,
        lines=[_line_like(line) for line in page.lines if _is_wanted(line)],
        accept_terms=True,
        notes=head.notes,
        discount_code=head.discount_code,
        currency=head.currency,
        priority=head.priority,
        payment_term_id=head.payment_term_id,
        shipping_term_id=head.shipping_term_id,
        carrier_id=head.carrier_id,
        carrier_option_id=head.carrier_option_id,
        sales_rep_id=head.sales_rep_id,
        bill_to=head.bill_to,
        ship_to=head.ship_to,
        source=source,
    )


def _is_wanted(line: LineRow) -> bool:
    is_dead = line.is_cancelled and not line.short_closed_quantity
    return not line.is_generated and line.product_id is not None and not is_dead


def _line_like(line: LineRow) -> NewLine:
    assert line.product_id is not None
    by_weight = line.basis == "weight"
    return NewLine(
        product_id=line.product_id,
        quantity=None if by_weight else line.ordered,
        unit=None if by_weight else line.unit,
        requested_weight=line.ordered if by_weight else line.requested_weight,
        weight_unit=line.unit if by_weight else line.weight_unit or None,
        weight_basis=line.weight_basis,
        size=line.size,
        shape=line.shape,
        color=line.color,
        quality=line.quality,
        material=line.material,
        description=line.description,
        priority=line.line_priority or None,
    )
