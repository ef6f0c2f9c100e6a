"""What of a payment that somebody writes down is sound, and which invoices it settles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.directory.models import Customer
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries, rules, sql
from orderwright.invoicing.page import InvoiceRow
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.money import check_currency, check_money, format_money
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.text import check_text
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


def checked_fields(by: Caller, new: NewPayment) -> dict[str, Any]:
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


def check_count(allocations: Sequence[Settling]) -> None:
    if len(allocations) > MOST_ALLOCATIONS:
        message = f"Settle at most {MOST_ALLOCATIONS} invoices at a time."
        raise Invalid("too_many_allocations", message, fields={"allocations": message})


def checked_settling(
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


def within_balance(
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
        taken, balance = asked, invoices[invoice_id].balance - taken_before(kept, at, invoice_id)
        if asked > balance and asked <= credit and len(wanted) == 1 and balance > 0:
            if "overpay" not in new.confirmed:
                row = invoices[invoice_id]
                left = format_money(balance, row.currency)
                message = f"{row.title} has only {left} left. Confirm to keep the rest as credit."
                details = {"confirm": "overpay", "balance": f"{balance:f}"}
                raise Conflict("confirmation_required", message, details=details)
            taken = balance
        field = f"allocations.{at}.amount"
        rules.check_settling(
            taken,
            balance=balance,
            credit=credit,
            field=field,
            currency=invoices[invoice_id].currency,
        )
        kept.append((invoice_id, taken, note))
        credit -= taken
    return kept


def taken_before(wanted: Sequence[tuple[UUID, Decimal, str]], at: int, invoice_id: UUID) -> Decimal:
    """What earlier rows of the same request take of this invoice."""
    return sum((row[1] for row in wanted[:at] if row[0] == invoice_id), ZERO)


def check_refund(by: Caller, new: NewPayment, fields: dict[str, Any]) -> None:
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
        message = f"Only {format_money(held, fields['currency'])} can be given back."
        details = {"open_credit": f"{held:f}"}
        raise Conflict("insufficient_credit", message, fields={"amount": message}, details=details)


def _unknown(field: str, noun: str) -> Invalid:
    message = f"There is no such {noun}. Choose one from the list."
    name = field.rsplit(".", 1)[-1].removesuffix("_id")
    return Invalid(f"unknown_{name}", message, fields={field: message})
