"""Sales orders as JSON. A field that the caller may not see is absent, never blanked."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from orderwright.api.answers import day, instant
from orderwright.api.production_shapes import show_production_of
from orderwright.identity.caller import Caller
from orderwright.inventory.auto_selecting import Unserved
from orderwright.kernel.money import format_money, format_price
from orderwright.kernel.numbers import ZERO, trim
from orderwright.pricing.considered import Candidate
from orderwright.pricing.rules import PricedLine
from orderwright.sales.allowed import allowed_actions
from orderwright.sales.money import NOTHING, MoneyTold
from orderwright.sales.new_lines import ReadLine
from orderwright.sales.order_lists import OrderSummary
from orderwright.sales.page import LineRow, OrderPage, OrderRow
from orderwright.sales.repricing import FREIGHT_OUTDATED
from orderwright.sales.statuses import badges, count_statuses, hold_reasons

COMMERCIAL = "orders_commercial:read"


def show_order(page: OrderPage, by: Caller) -> dict[str, Any]:
    """The record of an order."""
    facts = page.facts()
    held = hold_reasons(facts)
    production = show_production_of(page, by)
    return {
        **_head(page.head, by),
        "on_hold": bool(held),
        "hold_reasons": [reason.as_json() for reason in held],
        "line_status_counts": count_statuses(line.status for line in page.lines),
        "badges": [
            {"code": badge.code, "value": badge.value, "text": badge.text}
            for badge in badges(facts)
        ],
        "stage_totals": _stage_totals(page, by),
        "lines": [
            show_line(line, page.head.currency, by, production.of_lines.get(str(line.id)))
            for line in page.lines
        ],
        "production": production.whole,
        "allowed_actions": [
            one.as_json() for one in allowed_actions(facts, by.permissions, is_admin=by.is_admin)
        ],
    }


def _head(head: OrderRow, by: Caller) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(head.id),
        "number": head.number,
        "version": head.version,
        "status": head.status,
        "fulfillment_status": head.fulfillment_status,
        "fulfillment_reasons": head.fulfillment_reasons,
        "payment_status": head.payment_status,
        "acknowledgment_status": head.acknowledgment_status,
        "order_lead_id": str(head.order_lead_id),
        "order_lead": {"id": str(head.order_lead_id), "name": head.order_lead_name},
        "sales_rep": named(head.sales_rep_id, head.sales_rep_name),
        "customer_po_number": head.customer_po_number or None,
        "notes": head.notes,
        "internal_note": head.internal_note,
        "date_required": day(head.date_required),
        "order_deadline": day(head.order_deadline),
        "promised_at": day(head.promised_at),
        "priority": head.priority,
        **_ids(head),
        "payment_term": named(head.payment_term_id, head.payment_term_name),
        "shipping_term": named(head.shipping_term_id, head.shipping_term_name),
        "carrier": named(head.carrier_id, head.carrier_name),
        "carrier_option": named(head.carrier_option_id, head.carrier_option_name),
        "issued_at": instant(head.issued_at),
        "fulfilled_at": instant(head.fulfilled_at),
        "completed_at": instant(head.completed_at),
        "reopened_at": instant(head.reopened_at),
        "created_at": instant(head.created_at),
        "updated_at": instant(head.updated_at),
        "source": head.source,
    }
    shown.update(_customer(head, by))
    if _sees_prices(by):
        shown["currency"] = head.currency
        shown["discount_code"] = head.discount_code
        shown["pricing_flags"] = head.pricing_flags
        shown["internal_budget"] = _money(head.internal_budget, head.currency)
        shown["totals"] = show_totals(
            head.currency,
            subtotal=head.subtotal,
            discount_total=head.discount_total,
            freight=head.freight,
            tax=head.tax,
            grand_total=head.grand_total,
            money=head.money,
        )
        shown["freight_out_of_date"] = FREIGHT_OUTDATED in head.pricing_flags
    return shown


def _stage_totals(page: OrderPage, by: Caller) -> dict[str, dict[str, str]]:
    """How far the order's value has come; amounts only for those who may see prices."""
    with_amounts = _sees_prices(by)
    return {
        stage: ({"amount": format_money(total.amount, page.head.currency)} if with_amounts else {})
        | {"completion": trim(total.completion)}
        for stage, total in page.stage_totals().items()
    }


def _ids(head: OrderRow) -> dict[str, str | None]:
    """Each reference also as `<noun>_id`: both forms name the same record."""
    found = {
        "sales_rep_id": head.sales_rep_id,
        "payment_term_id": head.payment_term_id,
        "shipping_term_id": head.shipping_term_id,
        "carrier_id": head.carrier_id,
        "carrier_option_id": head.carrier_option_id,
    }
    return {name: str(value) if value else None for name, value in found.items()}


def _customer(head: OrderRow, by: Caller) -> dict[str, Any]:
    """The customer with its addresses and contacts; hidden from those who may read orders but no
    customers (domain 1.2)."""
    if not by.may("customers:read"):
        return {}
    return {
        "customer_id": str(head.customer_id),
        "customer": {
            "id": str(head.customer_id),
            "number": head.customer_number,
            "name": head.customer_name,
            "status": head.customer_status,
        },
        "bill_to": head.bill_to,
        "ship_to": head.ship_to,
        "acknowledgement_contacts": head.acknowledgement_contacts,
        "invoice_contacts": head.invoice_contacts,
    }


def _sees_prices(by: Caller) -> bool:
    return by.may(COMMERCIAL)


def show_totals(
    currency: str,
    *,
    subtotal: Decimal,
    discount_total: Decimal,
    freight: Decimal,
    tax: Decimal,
    grand_total: Decimal,
    money: MoneyTold = NOTHING,
) -> dict[str, str]:
    """Totals in the minor digits; the discount is positive and subtracted (ruling 15)."""
    values = {
        "subtotal": subtotal,
        "discount_total": discount_total,
        "freight": freight,
        "tax": tax,
        "grand_total": grand_total,
        "invoiced": money.invoiced,
        "paid": money.paid,
        "balance": grand_total - money.paid,
    }
    return {name: format_money(value, currency) for name, value in values.items()}


def show_line(
    line: LineRow, currency: str, by: Caller, production: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One line of an order; `production`: the progress of the jobs that make it."""
    shown = {
        "id": str(line.id),
        "position": line.position,
        "kind": line.kind,
        "product_id": str(line.product_id) if line.product_id else None,
        "sku": line.sku,
        "description": line.description,
        "quantity": trim(line.ordered),
        "unit": line.unit,
        "basis": line.basis,
        "requested_weight": _trimmed(line.requested_weight),
        "weight_unit": line.weight_unit or None,
        "size": line.size or None,
        "shape": line.shape or None,
        "color": line.color or None,
        "quality": line.quality or None,
        "material": line.material or None,
        "status": line.status,
        "reasons": line.reasons,
        "ready": line.ready,
        "cancelled_quantity": trim(line.cancelled_quantity),
        "reserved_quantity": trim(line.reserved_quantity),
        "short_quantity": trim(line.short_quantity),
        "selected_quantity": trim(line.retrieved),
        "fulfilled_quantity": trim(line.fulfilled),
        "picked_quantity": trim(line.picked),
        "packed_quantity": trim(line.packed),
        "shipped_quantity": trim(line.shipped),
        "returned_quantity": trim(line.returned),
        "invoiced_quantity": trim(line.invoiced),
        "outstanding_quantity": trim(line.outstanding if not line.is_generated else ZERO),
        "shipment_status": line.shipment_status or None,
        "production_progress": production,
    }
    if _sees_prices(by):
        shown |= {
            "unit_price": format_price(line.unit_price, currency),
            "price_locked": line.price_locked,
            "price_source": line.price_source,
            "price_breakdown": line.price_breakdown,
            "line_total": format_money(line.line_total, currency),
        }
    return shown


def show_priced_line(
    line: ReadLine,
    priced: PricedLine,
    currency: str,
    candidates: Sequence[Candidate] | None = None,
) -> dict[str, Any]:
    """One line of a quote, with what was considered for its price if that was asked for."""
    shown = {
        "position": line.position,
        "product_id": str(line.product.id),
        "sku": line.product.sku,
        "description": line.new.description or line.product.name,
        "quantity": trim(line.ordered),
        "unit": line.unit,
        "unit_price": format_price(priced.unit_price, currency),
        "price_source": priced.price_source,
        "price_locked": line.to_price.price_locked,
        "price_breakdown": [step.as_json() for step in priced.breakdown or ()],
        "line_total": format_money(priced.line_total, currency),
        "discount_share": format_money(priced.discount_share, currency),
        "tax": format_money(priced.tax, currency),
        "flags": list(priced.flags),
    }
    if candidates is not None:
        shown["candidates"] = [candidate.as_json() for candidate in candidates]
    return shown


def show_summary(row: OrderSummary, by: Caller) -> dict[str, Any]:
    """One order in a list. Ids and dates are written by the answer."""
    shown = {
        "id": row.id,
        "number": row.number,
        "version": row.version,
        "status": row.status,
        "fulfillment_status": row.fulfillment_status,
        "payment_status": row.payment_status,
        "on_hold": row.fulfillment_status == "on_hold",
        "order_lead": {"id": row.order_lead_id, "name": row.order_lead_name},
        "customer_po_number": row.customer_po_number or None,
        "date_required": row.date_required,
        "promised_at": row.promised_at,
        "priority": row.priority,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    if by.may("customers:read"):
        shown["customer_id"] = row.customer_id
        shown["customer"] = {
            "id": row.customer_id,
            "number": row.customer_number,
            "name": row.customer_name,
            "status": row.customer_status,
        }
    if _sees_prices(by):
        shown["currency"] = row.currency
        shown["totals"] = {"grand_total": format_money(row.grand_total, row.currency)}
    return shown


def show_selection(row: Any) -> dict[str, Any]:
    """A quantity taken from a lot (ruling 17)."""
    return {
        "id": str(row.id),
        "line_id": str(row.line_id),
        "lot_id": str(row.lot_id),
        "lot": {"id": str(row.lot_id), "tag_id": row.tag_id},
        "quantity": trim(row.quantity),
        "unit": row.unit,
        "weight": trim(row.weight),
        "weight_unit": row.weight_unit,
        "status": row.status,
        "shipment_id": str(row.shipment_id) if row.shipment_id else None,
        "selected_at": instant(row.selected_at),
    }


def show_unserved(one: Unserved) -> dict[str, Any]:
    """What automatic selection could not give a line."""
    return {
        "line_id": str(one.line_id),
        "missing": trim(one.missing),
        "unit": one.unit,
        "why": one.why,
    }


def named(record_id: Any, name: str | None) -> dict[str, str] | None:
    return {"id": str(record_id), "name": name or ""} if record_id else None


def _money(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else format_money(value, currency)


def _trimmed(value: Decimal | None) -> str | None:
    return None if value is None else trim(value)
