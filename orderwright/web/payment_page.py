"""The page of a payment: what it is, what it settled, what is left of it, what happened (U31)."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.activity import queries as activity
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries
from orderwright.invoicing.page import PaymentPage
from orderwright.invoicing.queries import PaymentFilter
from orderwright.kernel.numbers import ZERO
from orderwright.web import display
from orderwright.web.order_events import entries
from orderwright.web.payment_list import URL
from orderwright.web.payment_words import adjustment_word, method_word
from orderwright.web.road import page

EVENTS_SHOWN: Final = 50


def payment(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.payment_page(by, reference)
    return page(request, "payments/payment.html", _context(by, found))


def url_of(found: PaymentPage) -> str:
    """Where the page of a payment is."""
    return f"{URL}/{found.head.number}"


def _context(by: Caller, found: PaymentPage) -> dict[str, Any]:
    head = found.head
    is_open = head.open_credit > 0
    may_update = by.may("payments:update")
    return {
        "payment": head,
        "url": url_of(found),
        "allocations": found.allocations,
        "method": method_word(head.method),
        "adjustment": adjustment_word(head.adjustment_type),
        "refunds": _refunds(by, found),
        "refund_of": _refund_of(by, head.refund_of_id),
        "bar": _bar(found),
        "is_open": is_open,
        "may_allocate": is_open and may_update and by.may("invoices:read"),
        "may_refund": is_open and head.type != "adjustment" and by.may("payments:create"),
        "may_remove": by.may("payments:delete"),
        "sees_invoices": by.may("invoices:read"),
        "sees_orders": by.may("sales_orders:read"),
        "sees_customers": by.may("customers:read"),
        "events": entries(activity.history(by, head.id, _topics(found), limit=EVENTS_SHOWN)),
    }


def _topics(found: PaymentPage) -> list[UUID]:
    """The records on whose timelines its events stand."""
    orders = {found.head.order_id, *(one.order_id for one in found.allocations)}
    return [found.id, *sorted(one for one in orders if one is not None)]


def _bar(found: PaymentPage) -> Any:
    head = found.head
    if head.type == "refund" or not head.amount:
        return ""
    settled, back = head.allocated / head.amount, head.refunded / head.amount
    label = f"{display.money(head.allocated, head.currency)} allocated"
    return display.bar([("green", settled), ("amber", back)], label)


def _refund_of(by: Caller, payment_id: UUID | None) -> PaymentPage | None:
    return queries.read_payment(by, payment_id) if payment_id is not None else None


def _refunds(by: Caller, found: PaymentPage) -> list[PaymentPage]:
    """What was given back of it, newest first."""
    if found.head.refunded == ZERO:
        return []
    wanted = PaymentFilter(type="refund", customer_id=found.head.customer_id)
    return [
        one for one in queries.payments(by, wanted, limit=200) if one.head.refund_of_id == found.id
    ]
