"""What the order page shows of money: its invoices and payments, why it reads as paid or unpaid."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from orderwright.identity.caller import Caller
from orderwright.invoicing import queries
from orderwright.invoicing.page import InvoiceRow
from orderwright.invoicing.queries import InvoiceFilter, PaymentFilter
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.sales.page import OrderPage, OrderRow
from orderwright.web import display
from orderwright.web.invoice_list import url_of
from orderwright.web.invoice_next import when_due
from orderwright.web.order_next import Next, Offer

MOST = 50


@dataclass(frozen=True, slots=True)
class InvoiceCard:
    """An invoice in the activity of its order."""

    row: InvoiceRow
    url: str
    chip: str
    is_owed: bool
    when: str
    bar: Any


def may_see(by: Caller) -> bool:
    """Whether the tab of invoices is offered."""
    return by.may("invoices:read")


def money_tab(
    by: Caller, order: OrderPage, asked: Mapping[str, str], offered: Mapping[str, Offer]
) -> dict[str, Any]:
    """The invoices of an order, newest first, its deposits and other payments; five statements."""
    head = order.head
    found = queries.invoices(by, InvoiceFilter(order_id=order.id), limit=MOST)[:MOST]
    payments = (
        queries.payments(by, PaymentFilter(order_id=order.id), limit=MOST)[:MOST]
        if by.may("payments:read")
        else []
    )
    rest = head.grand_total - head.money.invoiced
    return {
        "invoices": [_card(by, page.head) for page in found],
        "deposits": [page.head for page in payments],
        "money": head.money,
        "left_to_pay": head.grand_total - head.money.paid,
        "not_invoiced": max(ZERO, rest),
        "invoiced_bar": _bar(head, head.money.invoiced, "blue", "invoiced"),
        "paid_bar": _bar(head, head.money.paid, "green", "paid"),
        "may_bill": [
            offered[name] for name in ("create-invoice", "record-deposit") if name in offered
        ],
        "may_bill_deposit": by.may("invoices:create") and head.status != "estimate",
    }


def payment_reasons(head: OrderRow) -> list[str]:
    """Why the payment status is what it is: what is due, invoiced and paid."""
    money = head.money
    told = [
        f"{display.money(head.grand_total, head.currency)} ordered",
        f"{display.money(money.invoiced, head.currency)} invoiced",
        f"{display.money(money.paid, head.currency)} paid",
    ]
    if money.drafts:
        told.append(f"{_count(money.drafts, 'draft invoice')} not final yet")
    return told


def next_with_money(order: OrderPage, offered: Mapping[str, Offer], step: Next) -> Next:
    """The next step, with what is to be invoiced where nothing else is to be done (domain 2.1)."""
    head = order.head
    if step.offer is not None or step.tone == "red" or head.status not in ("issued", "fulfilled"):
        return step
    bill = offered.get("create-invoice")
    if bill is not None and bill.allowed:
        if head.status == "fulfilled":
            return Next("Invoice what has shipped.", step.text, bill)
        return replace(step, hint=f"{step.hint} What has shipped can be invoiced.", offer=bill)
    if head.money.drafts and head.status == "fulfilled":
        hint = f"{_count(head.money.drafts, 'draft invoice')} to finalise, under Invoices."
        return replace(step, hint=f"{step.hint} {hint}".strip())
    return step


def _card(by: Caller, head: InvoiceRow) -> InvoiceCard:
    is_owed = head.step in ("finalised", "sent") and head.balance > 0
    share = min(ONE, head.allocated / head.total) if head.total > 0 else ZERO
    shown = display.bar([("green", share)], f"{int(share * 100)} % paid") if head.allocated else ""
    return InvoiceCard(
        row=head,
        url=url_of(head),
        chip=display.chip("invoice", head.status(by.today)),
        is_owed=is_owed,
        when=when_due(head, by.today) if is_owed else "",
        bar=shown,
    )


def _bar(head: OrderRow, part: Decimal, tone: str, said: str) -> Any:
    share = max(ZERO, min(ONE, part / head.grand_total)) if head.grand_total > 0 else ZERO
    return display.bar([(tone, share)], f"{int(share * 100)} % {said}")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
