"""Purchase orders and receipts as the API shows them."""

from decimal import Decimal
from typing import Any

from orderwright.api.answers import day, instant
from orderwright.api.records import reference
from orderwright.identity.caller import Caller
from orderwright.kernel.money import format_money, format_price
from orderwright.kernel.quantity import trim
from orderwright.purchasing.page import LineRow, OrderPage, OrderRow, worth_of
from orderwright.purchasing.queries import OrderSummary, ReceiptLineRow, ReceiptPage


def show_order(page: OrderPage, by: Caller) -> dict[str, Any]:
    """The record of a purchase order, as far as the caller may see it."""
    return {
        **_show_head(page.head),
        **(_show_commercial(page) if sees_prices(by) else {}),
        "completion": _fraction(page.completion),
        "lines": [_show_line(line, page.head, by) for line in page.lines],
        "allowed_actions": [one.as_json() for one in page.allowed(by.permissions)],
    }


def sees_prices(by: Caller) -> bool:
    """Whether prices and totals are shown (domain 1.2)."""
    return by.may("orders_commercial:read")


def show_summary(row: OrderSummary, by: Caller) -> dict[str, Any]:
    """One row of the list."""
    shown = {
        "id": row.id,
        "number": row.number,
        "version": row.version,
        "status": row.status,
        "closed": row.is_closed,
        "fulfillment_status": row.fulfillment_status,
        "completion": _fraction(row.completion),
        "on_hold": row.manual_hold,
        "supplier_id": row.supplier_id,
        "supplier": reference(row.supplier_id, number=row.supplier_number, name=row.supplier_name),
        "order_lead_id": row.order_lead_id,
        "order_lead": reference(row.order_lead_id, name=row.order_lead_name),
        "supplier_reference": row.supplier_reference or None,
        "date_required": day(row.date_required),
        "promised_at": day(row.promised_at),
        "priority": row.priority,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }
    if sees_prices(by):
        shown["currency"] = row.currency
        shown["subtotal"] = format_money(row.subtotal, row.currency)
    return shown


def show_receipt(receipt: ReceiptPage) -> dict[str, Any]:
    """Goods that arrived in one go."""
    return {
        "id": receipt.id,
        "order_id": receipt.order_id,
        "number": receipt.number,
        "received_date": day(receipt.received_on),
        "location_id": receipt.location_id,
        "location": reference(receipt.location_id, name=receipt.location_name),
        "note": receipt.note or None,
        "received_at": instant(receipt.at),
        "received_by": receipt.received_by,
        "reversed_at": instant(receipt.reversed_at),
        "reversed_by": receipt.reversed_by or None,
        "lines": [_show_receipt_line(line) for line in receipt.lines],
        "covered": [one.as_json() for one in receipt.covered],
    }


def _show_receipt_line(line: ReceiptLineRow) -> dict[str, Any]:
    return {
        "id": line.id,
        "line_id": line.line_id,
        "position": line.position,
        "description": line.description,
        "quantity": trim(line.quantity),
        "unit": line.unit,
        "rejected": trim(line.rejected),
        "reject_reason": line.reject_reason or None,
        "lot_id": line.lot_id,
        "lot": reference(line.lot_id, tag_id=line.tag_id),
        "stock_quantity": trim(line.stock_quantity),
        "weight": trim(line.stock_weight),
        "weight_unit": line.weight_unit,
        "merged": line.is_merged,
        "rejected_lot_id": line.rejected_lot_id,
        "rejected_lot": reference(line.rejected_lot_id, tag_id=line.rejected_tag_id),
    }


def _show_head(head: OrderRow) -> dict[str, Any]:
    return {
        "id": head.id,
        "number": head.number,
        "version": head.version,
        "status": head.status,
        "closed": head.is_closed,
        "closed_at": instant(head.closed_at),
        "fulfillment_status": head.fulfillment_status,
        "fulfillment_reasons": head.fulfillment_reasons,
        "acknowledgment_status": head.acknowledgment_status,
        "on_hold": head.manual_hold,
        "hold_reason": head.hold_reason or None,
        "supplier_id": head.supplier_id,
        "supplier": reference(
            head.supplier_id, number=head.supplier_number, name=head.supplier_name
        ),
        "order_lead_id": head.order_lead_id,
        "order_lead": reference(head.order_lead_id, name=head.order_lead_name),
        "supplier_reference": head.supplier_reference or None,
        "notes": head.notes or None,
        "internal_note": head.internal_note or None,
        "date_required": day(head.date_required),
        "order_deadline": day(head.order_deadline),
        "promised_at": day(head.promised_at),
        "priority": head.priority,
        "payment_term_id": head.payment_term_id,
        "payment_term": reference(head.payment_term_id, name=head.payment_term_name),
        "shipping_term_id": head.shipping_term_id,
        "shipping_term": reference(head.shipping_term_id, name=head.shipping_term_name),
        "carrier_id": head.carrier_id,
        "carrier": reference(head.carrier_id, name=head.carrier_name),
        "location_id": head.location_id,
        "location": reference(head.location_id, name=head.location_name),
        "bill_to": head.bill_to,
        "ship_to": head.ship_to,
        "issued_at": instant(head.issued_at),
        "fulfilled_at": instant(head.fulfilled_at),
        "source": head.source,
        "created_at": instant(head.created_at),
        "updated_at": instant(head.updated_at),
    }


def _show_commercial(page: OrderPage) -> dict[str, Any]:
    currency, worth = page.head.currency, worth_of(page.lines)
    budget = page.head.internal_budget
    return {
        "currency": currency,
        "internal_budget": None if budget is None else format_money(budget, currency),
        "totals": {
            "subtotal": format_money(page.head.subtotal, currency),
            "ordered": format_money(worth.ordered, currency),
            "received": format_money(worth.received, currency),
            "yet_to_receive": format_money(worth.yet_to_receive, currency),
        },
    }


def _show_line(line: LineRow, head: OrderRow, by: Caller) -> dict[str, Any]:
    facts, status = line.facts(), line.status
    shown = {
        "id": line.id,
        "position": line.position,
        "product_id": line.product_id,
        "product": reference(line.product_id, sku=line.sku, name=line.product_name),
        "sku": line.sku or None,
        "description": line.description,
        "basis": line.basis,
        "quantity": trim(line.ordered),
        "unit": line.unit,
        "requested_weight": None if line.requested_weight is None else trim(line.requested_weight),
        "weight_unit": line.weight_unit or None,
        **{
            name: getattr(line, name) or None
            for name in ("size", "shape", "color", "quality", "material")
        },
        "needed_by": day(line.needed_by),
        "status": status.status,
        "reasons": [reason.as_json() for reason in status.reasons],
        "cancelled_quantity": trim(line.cancelled_quantity),
        "received_quantity": trim(line.received),
        "rejected_quantity": trim(line.rejected),
        "outstanding_quantity": trim(line.outstanding),
        "short_quantity": trim(line.short),
        "completion": _fraction(line.completion),
        "is_fully_received": facts.is_fully_received,
        "is_over_received": facts.is_over_received,
    }
    if sees_prices(by):
        shown["unit_price"] = format_price(line.unit_price, head.currency)
        shown["line_total"] = format_money(line.line_total, head.currency)
    return shown


def _fraction(value: Decimal | None) -> str | None:
    return None if value is None else trim(value)
