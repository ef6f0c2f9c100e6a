"""Invoices, payments and what customers owe, as the API shows them."""

from typing import Any

from orderwright.api.answers import day, instant
from orderwright.api.records import reference
from orderwright.identity.caller import Caller
from orderwright.invoicing.page import (
    AllocationRow,
    InvoiceLineRow,
    InvoicePage,
    InvoiceRow,
    PaymentPage,
)
from orderwright.invoicing.receivables import Aged, Statement
from orderwright.kernel.money import format_money, format_price
from orderwright.kernel.quantity import trim


def show_invoice(page: InvoicePage, by: Caller) -> dict[str, Any]:
    """The record of an invoice."""
    head = page.head
    return {
        "id": head.id,
        "number": head.number,
        "version": head.version,
        "kind": head.kind,
        "status": head.status(by.today),
        "order_id": head.order_id,
        "order": reference(head.order_id, number=head.order_number),
        "shipment_id": head.shipment_id,
        "shipment": reference(head.shipment_id, number=head.shipment_number),
        "customer_id": head.customer_id,
        "customer": reference(
            head.customer_id, number=head.customer_number, name=head.customer_name
        ),
        "currency": head.currency,
        "bill_to": head.bill_to,
        "payment_term_id": head.payment_term_id,
        "payment_term": reference(head.payment_term_id, name=head.payment_term_name),
        "invoice_date": day(head.invoice_date),
        "due_date": day(head.due_date),
        "lines": [_show_line(line, head.currency) for line in page.lines],
        "charges": _charges(head),
        "totals": _totals(head),
        "allocations": [_show_allocation(one, head.currency) for one in page.allocations],
        "notes": head.notes or None,
        "finalised_at": instant(head.finalised_at),
        "sent_at": instant(head.sent_at),
        "sent_to": head.sent_to,
        "reminders": head.reminders,
        "void_reason": head.void_reason or None,
        "voided_at": instant(head.voided_at),
        "created_at": instant(head.created_at),
        "updated_at": instant(head.updated_at),
        "allowed_actions": [one.as_json() for one in head.allowed(by.permissions)],
    }


def _show_line(line: InvoiceLineRow, currency: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "position": line.position,
        "kind": line.kind,
        "line_id": line.line_id,
        "description": line.description,
        "quantity": trim(line.quantity),
        "unit": line.unit or None,
        "unit_price": format_price(line.unit_price, currency),
        "amount": format_money(line.amount, currency),
        "discount": format_money(line.discount, currency),
        "tax": format_money(line.tax, currency),
    }


def _charges(head: InvoiceRow) -> list[dict[str, str]]:
    kinds = (("shipping", head.freight), ("discount", -head.discount_total))
    return [
        {"kind": kind, "amount": format_money(amount, head.currency)}
        for kind, amount in kinds
        if amount
    ]


def _totals(head: InvoiceRow) -> dict[str, str]:
    amounts = {
        "subtotal": head.subtotal,
        "discount_total": head.discount_total,
        "freight": head.freight,
        "tax": head.tax,
        "total": head.total,
        "allocated": head.allocated,
        "balance": head.balance,
    }
    return {name: format_money(amount, head.currency) for name, amount in amounts.items()}


def _show_allocation(one: AllocationRow, currency: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "payment_id": one.payment_id,
        "payment": reference(one.payment_id, number=one.payment_number),
        "invoice_id": one.invoice_id,
        "invoice": reference(one.invoice_id, number=one.invoice_number),
        "amount": format_money(one.amount, currency),
        "note": one.note or None,
        "at": instant(one.at),
        "by": one.allocated_by,
    }


def show_payment(page: PaymentPage) -> dict[str, Any]:
    """The record of a payment."""
    head = page.head
    return {
        "id": head.id,
        "number": head.number,
        "version": head.version,
        "type": head.type,
        "adjustment_type": head.adjustment_type or None,
        "customer_id": head.customer_id,
        "customer": reference(
            head.customer_id, number=head.customer_number, name=head.customer_name
        ),
        "order_id": head.order_id,
        "order": reference(head.order_id, number=head.order_number),
        "refund_of_id": head.refund_of_id,
        "method": head.method or None,
        "currency": head.currency,
        "amount": format_money(head.amount, head.currency),
        "allocated": format_money(head.allocated, head.currency),
        "refunded": format_money(head.refunded, head.currency),
        "open_credit": format_money(head.open_credit, head.currency),
        "date": day(head.payment_date),
        "reference": head.reference or None,
        "note": head.note or None,
        "allocations": [_show_allocation(one, head.currency) for one in page.allocations],
        "created_at": instant(head.created_at),
        "updated_at": instant(head.updated_at),
    }


def show_statement(told: Statement) -> dict[str, Any]:
    """What moved a customer's balance in one currency."""
    currency = told.currency
    amounts = {
        "opening": told.opening,
        "charged": told.invoiced,
        "credited": told.paid,
        "closing": told.closing,
    }
    aged = show_aged(told.aged)["buckets"] if told.aged else {}
    return {
        "currency": currency,
        **{name: format_money(amount, currency) for name, amount in amounts.items()},
        "movements": [
            {
                "date": day(one.day),
                "kind": one.kind,
                "number": one.number,
                "about": one.about or None,
                "due_date": day(one.due_date),
                "amount": format_money(one.amount, currency),
                "balance": format_money(one.balance, currency),
            }
            for one in told.movements
        ],
        "open_by_age": aged,
    }


def show_aged(one: Aged) -> dict[str, Any]:
    """What a customer owes, by age."""
    return {
        "customer_id": one.customer_id,
        "customer": reference(one.customer_id, number=one.customer_number, name=one.customer_name),
        "currency": one.currency,
        "buckets": {
            name: format_money(amount, one.currency) for name, amount in one.buckets.items()
        },
        "total": format_money(one.total, one.currency),
    }
