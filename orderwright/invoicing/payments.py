"""Money that comes in and goes back: record, allocate, take off again (domain 4.14)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.directory.models import Customer
from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries, rules, sql
from orderwright.invoicing.actions import recount
from orderwright.invoicing.models import Allocation, Invoice, Payment
from orderwright.invoicing.page import AllocationRow, InvoiceRow, PaymentPage
from orderwright.invoicing.writing import check_version, lock_orders, tell_orders
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.money import check_currency, check_money
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.text import check_text
from orderwright.sales import lifecycle
from orderwright.sales import queries as sales

MOST_ALLOCATIONS: Final = 200


@dataclass(frozen=True, slots=True)
class Settling:
    """So much for one invoice."""

    invoice_id: UUID
    amount: object
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewPayment:
    """What somebody writes down of a payment. `order` makes it a deposit, or says what a refund
    is about; `refund_of` is the payment whose open credit a refund gives back.

    `invoice` records it on one invoice: what is beyond its balance stays as credit, once confirmed.
    """

    amount: object
    method: str = ""
    type: str = "payment"
    adjustment_type: str = ""
    customer_id: UUID | None = None
    order: UUID | str | None = None
    paid_on: date | None = None
    currency: str | None = None
    reference: str = ""
    note: str = ""
    refund_of: UUID | None = None
    allocations: Sequence[Settling] = ()
    confirmed: Collection[str] = frozenset()


def record_payment(*, by: Caller, new: NewPayment) -> PaymentPage:
    """Write down a payment, credit, adjustment, rebate or refund, and settle invoices with it.

    Raises Invalid with the field (unknown customer, order or invoice, another customer's, amounts,
    dates); Conflict `invoice_not_open`, `over_allocation`, `insufficient_credit`, and
    `confirmation_required` for a date to come (`past_date`), or for more than the invoices that it
    is for have left (`overpay`).
    """
    by.must("payments:create")
    fields = _fields(by, new)
    orders = _orders_of(by, new)
    order_id = fields["order_id"]
    lock_orders(by, [*orders, order_id])
    invoices = queries.lock_invoices(by, [one.invoice_id for one in new.allocations])
    if fields["type"] == "refund":
        _check_refund(by, new, fields)
    settled = _settled(by, new.allocations, invoices, fields["customer_id"], fields["currency"])
    wanted = _within(settled, invoices, fields["amount"], new)
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
    _tell_settled(by, made, wanted, invoices)
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
    _check_count(allocations)
    orders = _invoice_orders(by, [one.invoice_id for one in allocations])
    lock_orders(by, [*orders, head.order_id])
    found = queries.lock_payment(by, head.id)
    check_version("payment", found.head.version, version)
    invoices = queries.lock_invoices(by, [one.invoice_id for one in allocations])
    if head.type == "refund":
        message = "A refund gives money back; it settles no invoice."
        raise Conflict("insufficient_credit", message, details={"open_credit": "0"})
    wanted = _settled(by, allocations, invoices, head.customer_id, head.currency)
    credit = found.head.open_credit
    for at, (invoice_id, amount, _) in enumerate(wanted):
        balance = invoices[invoice_id].balance - _before(wanted, at, invoice_id)
        field = f"allocations.{at}.amount"
        rules.check_settling(amount, balance=balance, credit=credit, field=field)
        credit -= amount
    _write(by, head.id, wanted)
    recount_all(by, [head.id], wanted)
    made = queries.read_payment(by, head.id)
    _tell_settled(by, made, wanted, invoices)
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


def _fields(by: Caller, new: NewPayment) -> dict[str, Any]:
    """The columns of a payment, checked; three statements at most."""
    for name, known in (("type", rules.TYPES), ("method", rules.METHODS)):
        value = getattr(new, name)
        if value not in known and (value or name == "type" or new.type in ("payment", "refund")):
            message = f"Choose one of {', '.join(known)}."
            raise Invalid(f"unknown_{name}", message, fields={name: message})
    if new.adjustment_type and new.adjustment_type not in rules.ADJUSTMENTS:
        message = f"Choose one of {', '.join(rules.ADJUSTMENTS)}."
        raise Invalid("unknown_adjustment_type", message, fields={"adjustment_type": message})
    order_id, customer_id, currency = _party(by, new)
    day = new.paid_on or by.today
    if day > by.today and "past_date" not in new.confirmed:
        message = "The date of this payment lies ahead. Confirm to go on."
        raise Conflict("confirmation_required", message, details={"confirm": "past_date"})
    return {
        "type": new.type,
        "adjustment_type": new.adjustment_type,
        "customer_id": customer_id,
        "method": new.method,
        "currency": currency,
        "amount": check_money(new.amount, currency),
        "payment_date": day,
        "reference": check_text(new.reference or "", "reference", longest=120).strip(),
        "note": check_text(new.note or "", "note", longest=5_000).strip(),
        "order_id": order_id,
        "refund_of_id": new.refund_of,
    }


def _party(by: Caller, new: NewPayment) -> tuple[UUID | None, UUID, str]:
    """The order, the customer and the currency of a payment.

    Raises Invalid for what is unknown, and for an order of another customer.
    """
    order_id, customer_id, currency = None, new.customer_id, new.currency
    if new.order is not None:
        try:
            head = sales.read_order(by, new.order).head
        except NotFound as error:
            raise _unknown("order_id", "sales order") from error
        if customer_id is not None and head.customer_id not in _payable(by, customer_id):
            message = f"{head.number} is another customer’s order."
            raise Invalid("wrong_customer", message, fields={"order_id": message})
        order_id, customer_id = head.id, customer_id or head.customer_id
        currency = currency or head.currency
    if customer_id is None or not _exists(by, customer_id):
        raise _unknown("customer_id", "customer")
    if currency is None and new.allocations:
        currency = _currency_of(by, new.allocations[0].invoice_id)
    return order_id, customer_id, check_currency(currency or by.organization.default_currency)


def _currency_of(by: Caller, invoice_id: UUID) -> str | None:
    try:
        return queries.read_invoice(by, invoice_id).head.currency
    except NotFound:
        return None


def _exists(by: Caller, customer_id: UUID) -> bool:
    return bool(Customer.objects.of(by.organization_id).with_ids([customer_id]).exists())


def _orders_of(by: Caller, new: NewPayment) -> list[UUID | None]:
    _check_count(new.allocations)
    return _invoice_orders(by, [one.invoice_id for one in new.allocations])


def _check_count(allocations: Sequence[Settling]) -> None:
    if len(allocations) > MOST_ALLOCATIONS:
        message = f"Settle at most {MOST_ALLOCATIONS} invoices at a time."
        raise Invalid("too_many_allocations", message, fields={"allocations": message})


def _invoice_orders(by: Caller, invoice_ids: Sequence[UUID]) -> list[UUID | None]:
    rows = Invoice.objects.of(by.organization_id).with_ids(invoice_ids)
    return list(rows.values_list("order_id", flat=True)) if invoice_ids else []


def _orders_of_payments(by: Caller, payment_ids: Sequence[UUID]) -> list[UUID]:
    if not payment_ids:
        return []
    rows = Payment.objects.of(by.organization_id).with_ids(payment_ids).exclude(order_id=None)
    return list(rows.values_list("order_id", flat=True))


def _settled(
    by: Caller,
    asked: Sequence[Settling],
    invoices: dict[UUID, InvoiceRow],
    customer_id: UUID,
    currency: str,
) -> list[tuple[UUID, Decimal, str]]:
    """Invoice, amount and note of each allocation that is asked for, checked.

    Raises Invalid for an unknown invoice, another customer's or another currency; Conflict
    `invoice_not_open` for a draft or a void one.
    """
    payable = _payable(by, customer_id) if asked else frozenset()
    found = []
    for at, one in enumerate(asked):
        field = f"allocations.{at}.invoice_id"
        row = invoices.get(one.invoice_id)
        if row is None:
            raise _unknown(field, "invoice")
        if row.customer_id not in payable:
            message = f"{row.title} belongs to {row.customer_name}, who is another customer."
            raise Invalid("wrong_customer", message, fields={field: message})
        if row.currency != currency:
            message = f"{row.title} is in {row.currency}, the payment in {currency}."
            raise Invalid("wrong_currency", message, fields={field: message})
        if row.step not in rules.FINAL:
            said = "void" if row.step == "void" else "a draft; finalise it first"
            message = f"{row.title} is {said}."
            details = {"status": row.step}
            raise Conflict("invoice_not_open", message, fields={field: message}, details=details)
        amount = check_money(one.amount, currency, f"allocations.{at}.amount")
        note = check_text(one.note or "", f"allocations.{at}.note", longest=500)
        found.append((one.invoice_id, amount, note))
    return found


def _payable(by: Caller, customer_id: UUID) -> frozenset[UUID]:
    with connection.cursor() as cursor:
        values = {"organization": by.organization_id, "customer": customer_id}
        cursor.execute(sql.BELOW, values)
        return frozenset(row[0] for row in cursor.fetchall())


def _within(
    wanted: list[tuple[UUID, Decimal, str]],
    invoices: dict[UUID, InvoiceRow],
    amount: Decimal,
    new: NewPayment,
) -> list[tuple[UUID, Decimal, str]]:
    """What of a new payment settles which invoice.

    More for one invoice than it has left settles it, and the rest stays as open credit once that is
    confirmed (`overpay`, ruling 9). Raises Conflict.
    """
    kept: list[tuple[UUID, Decimal, str]] = []
    credit = amount
    for at, (invoice_id, asked, note) in enumerate(wanted):
        taken, balance = asked, invoices[invoice_id].balance - _before(kept, at, invoice_id)
        if asked > balance and asked <= credit and len(wanted) == 1 and balance > 0:
            if "overpay" not in new.confirmed:
                message = (
                    f"{invoices[invoice_id].title} has only {balance:f} left. Confirm to keep "
                    "the rest as open credit."
                )
                details = {"confirm": "overpay", "balance": f"{balance:f}"}
                raise Conflict("confirmation_required", message, details=details)
            taken = balance
        field = f"allocations.{at}.amount"
        rules.check_settling(taken, balance=balance, credit=credit, field=field)
        kept.append((invoice_id, taken, note))
        credit -= taken
    return kept


def _before(wanted: Sequence[tuple[UUID, Decimal, str]], at: int, invoice_id: UUID) -> Decimal:
    """What earlier rows of the same request take of this invoice."""
    return sum((row[1] for row in wanted[:at] if row[0] == invoice_id), ZERO)


def _check_refund(by: Caller, new: NewPayment, fields: dict[str, Any]) -> None:
    """A refund gives back what somebody has: a payment's open credit, or what an order was paid.

    Raises Conflict `insufficient_credit`, Invalid.
    """
    if new.allocations:
        message = "A refund gives money back; it settles no invoice."
        raise Invalid("refund_settles_nothing", message, fields={"allocations": message})
    if new.refund_of is not None:
        try:
            source = queries.lock_payment(by, new.refund_of).head
        except NotFound as error:
            raise _unknown("refund_of_id", "payment") from error
        if source.customer_id != fields["customer_id"] or source.currency != fields["currency"]:
            message = f"{source.number} is another customer’s, or in another currency."
            raise Invalid("wrong_customer", message, fields={"refund_of_id": message})
        held = source.open_credit
    elif fields["order_id"] is not None:
        held = sales.read_order(by, fields["order_id"]).head.money.paid
    else:
        message = "Say which payment is given back, or on which order."
        raise Invalid("refund_of_missing", message, fields={"refund_of_id": message})
    if fields["amount"] > held:
        message = f"Only {held:f} can be given back."
        details = {"open_credit": f"{held:f}"}
        raise Conflict("insufficient_credit", message, fields={"amount": message}, details=details)


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


def _tell_settled(
    by: Caller,
    made: PaymentPage,
    wanted: Sequence[tuple[UUID, Decimal, str]],
    before: dict[UUID, InvoiceRow],
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


def _unknown(field: str, noun: str) -> Invalid:
    message = f"There is no such {noun}. Choose one from the list."
    name = field.rsplit(".", 1)[-1].removesuffix("_id")
    return Invalid(f"unknown_{name}", message, fields={field: message})
