"""The settlement screen's write: several payments settle several invoices at once (domain 4.14)."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import payment_sql, queries, rules
from orderwright.invoicing.actions import recount
from orderwright.invoicing.models import Allocation
from orderwright.invoicing.page import InvoiceRow, PaymentPage, PaymentRow
from orderwright.invoicing.payments import orders_of_invoices, tell_settled
from orderwright.invoicing.settling import (
    MOST_ALLOCATIONS,
    Settling,
    check_count,
    checked_settling,
    taken_before,
)
from orderwright.invoicing.writing import lock_orders, tell_orders
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.money import check_money, format_money
from orderwright.kernel.numbers import ZERO

Pair = tuple[UUID, UUID, Decimal]


@dataclass(frozen=True, slots=True)
class Using:
    """So much of one payment's open credit."""

    payment_id: UUID
    amount: object


def settle(
    *, by: Caller, uses: Sequence[Using], settles: Sequence[Settling]
) -> tuple[PaymentPage, ...]:
    """Settle invoices with open payments of one customer; all of it is written, or nothing.

    What is used of the payments and what is settled of the invoices come to the same; the payments
    are spent in the order given. Errors name `payments.<index>` and `allocations.<index>`.

    Raises Invalid `nothing_to_allocate`, `unbalanced_settlement`, `wrong_customer`,
    `wrong_currency`, unknown ids; Conflict `insufficient_credit`, `over_allocation`,
    `invoice_not_open`.
    """
    by.must("payments:update")
    _check_given(uses, settles)
    heads = _payments(by, uses)
    orders = orders_of_invoices(by, [one.invoice_id for one in settles])
    lock_orders(by, [*orders, *(head.order_id for head in heads.values())])
    heads = _payments(by, uses, locked=True)
    invoices = queries.lock_invoices(by, [one.invoice_id for one in settles])
    used = _checked_uses(uses, heads)
    first = heads[uses[0].payment_id]
    settled = checked_settling(by, settles, invoices, first.customer_id, first.currency)
    for at, (invoice_id, amount, _) in enumerate(settled):
        balance = invoices[invoice_id].balance - taken_before(settled, at, invoice_id)
        field = f"allocations.{at}.amount"
        rules.check_settling(
            amount, balance=balance, credit=amount, field=field, currency=first.currency
        )
    _check_balance(used, settled, first.currency)
    pairs = paired(used, [(invoice_id, amount) for invoice_id, amount, _ in settled])
    _write(by, pairs, {invoice_id: note for invoice_id, _, note in settled})
    recount(by, payment_ids=list(heads), invoice_ids=list(invoices))
    made = tuple(_tell(by, heads, pairs, invoices))
    tell_orders(by, [*orders, *(head.order_id for head in heads.values())])
    return made


def paired(
    used: Sequence[tuple[UUID, Decimal]], settled: Sequence[tuple[UUID, Decimal]]
) -> list[Pair]:
    """Which payment settles how much of which invoice: both are taken in their order.

    >>> one, two, due = UUID(int=1), UUID(int=2), UUID(int=9)
    >>> [str(amount) for _, _, amount in paired([(one, Decimal(3)), (two, Decimal(4))],
    ...                                         [(due, Decimal(7))])]
    ['3', '4']
    """
    found: list[Pair] = []
    waiting = deque(used)
    for invoice_id, wanted in settled:
        open_still = wanted
        while open_still and waiting:
            payment_id, left = waiting.popleft()
            taken = min(left, open_still)
            found.append((payment_id, invoice_id, taken))
            open_still -= taken
            if left > taken:
                waiting.appendleft((payment_id, left - taken))
    return found


def _check_given(uses: Sequence[Using], settles: Sequence[Settling]) -> None:
    if not uses or not settles:
        field, noun = ("allocations", "an invoice") if uses else ("payments", "a payment")
        message = f"Give an amount for {noun}."
        raise Invalid("nothing_to_allocate", message, fields={field: message})
    check_count(settles)
    if len(uses) > MOST_ALLOCATIONS:
        message = f"Use at most {MOST_ALLOCATIONS} payments at a time."
        raise Invalid("too_many_payments", message, fields={"payments": message})


def _payments(by: Caller, uses: Sequence[Using], *, locked: bool = False) -> dict[UUID, PaymentRow]:
    """The payments by id, in the order of their use. Raises Invalid for an unknown one."""
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "payments": [one.payment_id for one in uses],
    }
    with connection.cursor() as cursor:
        if locked:
            cursor.execute(payment_sql.LOCK_PAYMENTS, values)
        cursor.execute(payment_sql.PAYMENTS_BY_ID, values)
        known = {row[0]: PaymentRow(*row) for row in cursor.fetchall()}
    for at, one in enumerate(uses):
        if one.payment_id not in known:
            message = "There is no such payment. Choose one from the list."
            field = f"payments.{at}.payment_id"
            raise Invalid("unknown_payment", message, fields={field: message})
    return {one.payment_id: known[one.payment_id] for one in uses}


def _checked_uses(
    uses: Sequence[Using], heads: Mapping[UUID, PaymentRow]
) -> list[tuple[UUID, Decimal]]:
    """How much of which payment, within its open credit and all of one customer and currency."""
    first = heads[uses[0].payment_id]
    found: list[tuple[UUID, Decimal]] = []
    for at, one in enumerate(uses):
        head = heads[one.payment_id]
        if (head.customer_id, head.currency) != (first.customer_id, first.currency):
            message = f"{head.number} is another customer’s, or in another currency."
            field = f"payments.{at}.payment_id"
            raise Invalid("wrong_customer", message, fields={field: message})
        field = f"payments.{at}.amount"
        amount = check_money(one.amount, head.currency, field)
        before = sum((taken for key, taken in found if key == one.payment_id), ZERO)
        if amount > head.open_credit - before:
            left = format_money(head.open_credit - before, head.currency)
            message = f"{head.number} has only {left} left."
            raise Conflict(
                "insufficient_credit",
                message,
                fields={field: message},
                details={"open_credit": f"{head.open_credit:f}"},
            )
        found.append((one.payment_id, amount))
    return found


def _check_balance(
    used: Sequence[tuple[UUID, Decimal]],
    settled: Sequence[tuple[UUID, Decimal, str]],
    currency: str,
) -> None:
    """What is used and what is settled come to the same. Raises Invalid."""
    given = sum((amount for _, amount in used), ZERO)
    taken = sum((amount for _, amount, _ in settled), ZERO)
    if given != taken:
        message = (
            f"You use {format_money(given, currency)} of payments and settle "
            f"{format_money(taken, currency)} of invoices. Make both the same."
        )
        raise Invalid("unbalanced_settlement", message, fields={"settlement": message})


def _write(by: Caller, pairs: Sequence[Pair], notes: Mapping[UUID, str]) -> None:
    Allocation.objects.bulk_create(
        Allocation(
            organization_id=by.organization_id,
            id=new_id(),
            payment_id=payment_id,
            invoice_id=invoice_id,
            amount=amount,
            note=notes[invoice_id],
            at=by.now,
            allocated_by=by.actor.name,
        )
        for payment_id, invoice_id, amount in pairs
    )


def _tell(
    by: Caller,
    heads: Mapping[UUID, PaymentRow],
    pairs: Sequence[Pair],
    invoices: Mapping[UUID, InvoiceRow],
) -> list[PaymentPage]:
    """The events of each payment in turn; an invoice is paid by the one that settles its rest."""
    known, made = dict(invoices), []
    for payment_id in heads:
        page = queries.read_payment(by, payment_id)
        mine = [(invoice_id, amount, "") for one, invoice_id, amount in pairs if one == payment_id]
        tell_settled(by, page, mine, known)
        for invoice_id, amount, _ in mine:
            row = known[invoice_id]
            known[invoice_id] = replace(row, allocated=row.allocated + amount)
        made.append(page)
    return made
