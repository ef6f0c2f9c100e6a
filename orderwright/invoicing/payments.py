"""Money that comes in and goes back: record, allocate, take off again (domain 4.14)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries, rules
from orderwright.invoicing.actions import recount
from orderwright.invoicing.models import Allocation, Invoice, Payment
from orderwright.invoicing.page import AllocationRow, InvoiceRow, PaymentPage
from orderwright.invoicing.settling import (
    NewPayment,
    Settling,
    check_count,
    check_refund,
    checked_fields,
    checked_settling,
    taken_before,
    within_balance,
)
from orderwright.invoicing.writing import lock_orders, tell_orders
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.versions import check_version
from orderwright.sales import lifecycle
from orderwright.sales import queries as sales


def record_payment(*, by: Caller, new: NewPayment) -> PaymentPage:
    """Write down a payment, credit, adjustment, rebate or refund, and settle invoices with it.

    Raises Invalid with the field (unknown customer, order or invoice, another customer's, amounts,
    dates); Conflict `invoice_not_open`, `over_allocation`, `insufficient_credit`, and
    `confirmation_required` for a date to come (`past_date`), or for more than the invoices that it
    is for have left (`overpay`).
    """
    by.must("payments:create")
    fields = checked_fields(by, new)
    orders = _orders_of(by, new)
    order_id = fields["order_id"]
    lock_orders(by, [*orders, order_id])
    invoices = queries.lock_invoices(by, [one.invoice_id for one in new.allocations])
    if fields["type"] == "refund":
        check_refund(by, new, fields)
    settled = checked_settling(
        by, new.allocations, invoices, fields["customer_id"], fields["currency"]
    )
    wanted = within_balance(settled, invoices, fields["amount"], new)
    payment = Payment.objects.create(
        organization_id=by.organization_id,
        id=new_id(),
        number=f"PAY-{identity.take_number('payment'):05d}",
        **fields,
    )
    _write(by, payment.pk, wanted)
    refunded = [fields["refund_of_id"]] if fields["refund_of_id"] else []
    recount_all(by, [payment.pk, *refunded], wanted)
    made = queries.read_payment(by, payment.pk)
    _tell_recorded(by, made)
    tell_settled(by, made, wanted, invoices)
    tell_orders(by, [*orders, order_id, *_orders_of_payments(by, refunded)])
    return queries.read_payment(by, payment.pk)


def record_deposit(*, by: Caller, order: UUID | str, new: NewPayment) -> PaymentPage:
    """Money for an order before it is invoiced (domain 4.14)."""
    by.must("payments:create")
    page = sales.read_order(by, order)
    lifecycle.check("record-deposit", page.facts())
    values = {name: getattr(new, name) for name in NewPayment.__slots__}
    values |= {
        "order": page.id,
        "customer_id": page.head.customer_id,
        "currency": page.head.currency,
        "type": "payment",
    }
    return record_payment(by=by, new=NewPayment(**values))


def allocate(
    *,
    by: Caller,
    payment: UUID | str,
    allocations: Sequence[Settling],
    version: int | None = None,
) -> PaymentPage:
    """Settle invoices with what a payment has left (the settlement screen).

    Raises Conflict `over_allocation`, `insufficient_credit`, `invoice_not_open`, `stale_version`;
    Invalid for another customer's invoice, for none and for senseless amounts.
    """
    by.must("payments:update")
    if not allocations:
        message = "Name an invoice and an amount."
        raise Invalid("nothing_to_allocate", message, fields={"allocations": message})
    head = queries.read_payment(by, payment).head
    check_count(allocations)
    orders = orders_of_invoices(by, [one.invoice_id for one in allocations])
    lock_orders(by, [*orders, head.order_id])
    found = queries.lock_payment(by, head.id)
    check_version("payment", found.head.version, version)
    invoices = queries.lock_invoices(by, [one.invoice_id for one in allocations])
    if head.type == "refund":
        message = "A refund gives money back; it settles no invoice."
        raise Conflict("insufficient_credit", message, details={"open_credit": "0"})
    wanted = checked_settling(by, allocations, invoices, head.customer_id, head.currency)
    credit = found.head.open_credit
    for at, (invoice_id, amount, _) in enumerate(wanted):
        balance = invoices[invoice_id].balance - taken_before(wanted, at, invoice_id)
        field = f"allocations.{at}.amount"
        rules.check_settling(
            amount, balance=balance, credit=credit, field=field, currency=head.currency
        )
        credit -= amount
    _write(by, head.id, wanted)
    recount_all(by, [head.id], wanted)
    made = queries.read_payment(by, head.id)
    tell_settled(by, made, wanted, invoices)
    tell_orders(by, [*orders, head.order_id])
    return made


def deallocate(
    *,
    by: Caller,
    payment: UUID | str,
    allocation_ids: Sequence[UUID],
    version: int | None = None,
) -> PaymentPage:
    """Take allocations back; their amounts are open credit again, and statuses follow.

    Raises Invalid `unknown_allocation`, Conflict `stale_version`.
    """
    by.must("payments:delete")
    head = queries.read_payment(by, payment)
    wanted = _chosen(head, allocation_ids)
    orders = [one.order_id for one in wanted]
    lock_orders(by, [*orders, head.head.order_id])
    found = queries.lock_payment(by, head.id)
    check_version("payment", found.head.version, version)
    wanted = _chosen(found, allocation_ids)
    invoice_ids = sorted({one.invoice_id for one in wanted})
    queries.lock_invoices(by, invoice_ids)
    Allocation.objects.of(by.organization_id).with_ids([one.id for one in wanted]).delete()
    recount(by, payment_ids=[head.id], invoice_ids=invoice_ids)
    made = queries.read_payment(by, head.id)
    for order_id, rows in _by_order(wanted).items():
        _record(by, made, "payment.deallocated", order_id, sum(rows, ZERO))
    tell_orders(by, [*orders, head.head.order_id])
    return made


def recount_all(
    by: Caller, payment_ids: Sequence[UUID], wanted: Sequence[tuple[UUID, Decimal, str]]
) -> None:
    """What is settled of these payments and of the invoices that they settle."""
    recount(by, payment_ids=payment_ids, invoice_ids=[one[0] for one in wanted])


def _orders_of(by: Caller, new: NewPayment) -> list[UUID | None]:
    check_count(new.allocations)
    return orders_of_invoices(by, [one.invoice_id for one in new.allocations])


def orders_of_invoices(by: Caller, invoice_ids: Sequence[UUID]) -> list[UUID | None]:
    """The orders that these invoices bill; one statement."""
    rows = Invoice.objects.of(by.organization_id).with_ids(invoice_ids)
    return list(rows.values_list("order_id", flat=True)) if invoice_ids else []


def _orders_of_payments(by: Caller, payment_ids: Sequence[UUID]) -> list[UUID]:
    if not payment_ids:
        return []
    rows = Payment.objects.of(by.organization_id).with_ids(payment_ids).exclude(order_id=None)
    return list(rows.values_list("order_id", flat=True))


def _write(by: Caller, payment_id: UUID, wanted: Sequence[tuple[UUID, Decimal, str]]) -> None:
    Allocation.objects.bulk_create(
        Allocation(
            organization_id=by.organization_id,
            id=new_id(),
            payment_id=payment_id,
            invoice_id=invoice_id,
            amount=amount,
            note=note,
            at=by.now,
            allocated_by=by.actor.name,
        )
        for invoice_id, amount, note in wanted
    )


def _chosen(page: PaymentPage, allocation_ids: Sequence[UUID]) -> list[AllocationRow]:
    known = {one.id: one for one in page.allocations}
    unknown = [at for at, one in enumerate(allocation_ids) if one not in known]
    if unknown or not allocation_ids:
        field = f"allocation_ids.{unknown[0]}" if unknown else "allocation_ids"
        message = "This payment has no such allocation." if unknown else "Choose an allocation."
        raise Invalid("unknown_allocation", message, fields={field: message})
    return [known[one] for one in dict.fromkeys(allocation_ids)]


def _by_order(rows: Sequence[AllocationRow]) -> dict[UUID | None, list[Decimal]]:
    found: dict[UUID | None, list[Decimal]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row.amount)
    return found


def _tell_recorded(by: Caller, made: PaymentPage) -> None:
    _record(by, made, f"payment.{_VERBS[made.head.type]}", made.head.order_id, made.head.amount)


def tell_settled(
    by: Caller,
    made: PaymentPage,
    wanted: Sequence[tuple[UUID, Decimal, str]],
    before: Mapping[UUID, InvoiceRow],
) -> None:
    """One event for each order whose invoices were settled, and one for each invoice now paid."""
    by_order: dict[UUID | None, Decimal] = {}
    left = {invoice_id: before[invoice_id].balance for invoice_id, _, _ in wanted}
    for invoice_id, amount, _ in wanted:
        order_id = before[invoice_id].order_id
        by_order[order_id] = by_order.get(order_id, ZERO) + amount
        left[invoice_id] -= amount
    for order_id, amount in by_order.items():
        _record(by, made, "payment.allocated", order_id, amount)
    for invoice_id, balance in left.items():
        if balance <= 0:
            row = before[invoice_id]
            totals = {"total": row.total, "currency": row.currency}
            body = {"number": row.number, "totals": totals}
            topic = row.order_id or row.id
            activity.record(by, "invoice.paid", row.id, topic_id=topic, body=body)


_VERBS: Final = {
    "payment": "recorded",
    "credit_memo": "credited",
    "adjustment": "adjusted",
    "rebate": "rebated",
    "refund": "refunded",
}


def _record(
    by: Caller, made: PaymentPage, event_type: str, order_id: UUID | None, amount: Decimal
) -> None:
    head = made.head
    body = {
        "number": head.number,
        "type": head.type,
        "totals": {"amount": amount, "currency": head.currency},
        "method": head.method,
        "customer": head.customer_name,
    }
    activity.record(by, event_type, head.id, topic_id=order_id or head.id, body=body)
