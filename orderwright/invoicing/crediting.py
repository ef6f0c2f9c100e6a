"""Credit memos: what a customer gets back for goods that came back (domain 4.15, ruling 13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.invoicing import credit_sql
from orderwright.invoicing.billing import Billed, Part, credit_of
from orderwright.invoicing.models import CreditLine, Payment
from orderwright.invoicing.page import CreditLineRow
from orderwright.invoicing.writing import take_number
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import ZERO
from orderwright.returns.watchers import CreditMemo, ReturnReceived
from orderwright.sales import queries as sales

PREFIX = "CM-"


def credit_for_return(by: Caller, received: ReturnReceived) -> CreditMemo | None:
    """Give a customer credit for goods that came back: their invoiced price less discount share
    plus tax, in parts that add up to what was invoiced. None where nothing was invoiced.

    Told by returns in the transaction of the receipt, with the order locked and the permission
    checked. A constant number of statements, however many lines.
    """
    head = sales.read_order(by, received.order_id).head
    credited = _credited(by, received.order_id, head.currency, received.lines)
    parts = [one.part for one in credited]
    amount = sum((part.amount - part.discount + part.tax for part in parts), ZERO)
    if amount <= 0:
        return None
    payment = Payment.objects.create(
        organization_id=by.organization_id,
        id=new_id(),
        number=take_number(by, "credit_memo", PREFIX),
        type="credit_memo",
        customer_id=head.customer_id,
        currency=head.currency,
        amount=amount,
        payment_date=by.today,
        reference=received.number,
        order_id=received.order_id,
    )
    _write_lines(by, payment.pk, credited)
    body = {
        "number": payment.number,
        "type": "credit_memo",
        "totals": {"amount": amount, "currency": head.currency},
        "customer": head.customer_name,
        "return": received.number,
    }
    activity.record(by, "payment.credited", payment.pk, topic_id=received.order_id, body=body)
    return CreditMemo(payment.pk, amount, amount, head.currency)


def credit_lines(by: Caller, payment_ids: Sequence[UUID]) -> list[CreditLineRow]:
    """What these credit memos give back, line by line; one statement. For who may see the payments;
    a credit that somebody wrote down by hand has none."""
    values: dict[str, Any] = {"organization": by.organization_id, "payments": list(payment_ids)}
    with connection.cursor() as cursor:
        cursor.execute(credit_sql.CREDIT_LINES, values)
        return [CreditLineRow(*row) for row in cursor.fetchall()]


def credited_of_lines(by: Caller, line_ids: Sequence[UUID]) -> dict[UUID, Billed]:
    """What credit memos gave back of these order lines; one statement."""
    rows = (
        CreditLine.objects.of(by.organization_id)
        .filter(line_id__in=line_ids)
        .values("line_id")
        .annotate(q=Sum("quantity"), a=Sum("amount"), d=Sum("discount"), t=Sum("tax"))
    )
    return {row["line_id"]: Billed(row["q"], row["a"], row["d"], row["t"]) for row in rows}


@dataclass(frozen=True, slots=True)
class _Credited:
    """So much of a line, and how its invoices call and price it."""

    part: Part
    description: str
    unit: str
    unit_price: Decimal
    tax_rate: Decimal


def _write_lines(by: Caller, payment_id: UUID, credited: Sequence[_Credited]) -> None:
    CreditLine.objects.bulk_create(
        CreditLine(
            organization_id=by.organization_id,
            id=new_id(),
            payment_id=payment_id,
            line_id=one.part.line_id,
            description=one.description,
            quantity=one.part.quantity,
            unit=one.unit,
            unit_price=one.unit_price,
            amount=one.part.amount,
            discount=one.part.discount,
            tax_rate=one.tax_rate,
            tax=one.part.tax,
        )
        for one in credited
    )


def _credited(
    by: Caller, order_id: UUID, currency: str, lines: Sequence[tuple[UUID, Decimal]]
) -> list[_Credited]:
    """What is given back of each line; two statements."""
    wanted: dict[UUID, Decimal] = {}
    for line_id, quantity in lines:
        wanted[line_id] = wanted.get(line_id, ZERO) + quantity
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "order": order_id,
        "lines": list(wanted),
    }
    with connection.cursor() as cursor:
        cursor.execute(credit_sql.INVOICED_OF_LINES, values)
        invoiced = {row[0]: row[1:] for row in cursor.fetchall()}
    before = credited_of_lines(by, list(wanted))
    found = []
    for line_id, quantity in wanted.items():
        if line_id not in invoiced:
            continue
        description, unit, price, rate, *sums = invoiced[line_id]
        credited = before.get(line_id, Billed())
        part = credit_of(Billed(*sums), price, quantity, credited, currency)
        if part is not None:
            part = replace(part, line_id=line_id)
            found.append(_Credited(part, description, unit, price, rate))
    return found
