"""The page of an invoice: what is still due and when, its lines, what settled it (U30)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.activity import queries as activity
from orderwright.activity.queries import EventRow
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries
from orderwright.invoicing.page import InvoicePage, InvoiceRow
from orderwright.invoicing.rules import FINAL
from orderwright.kernel.errors import NotFound
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.sales import queries as sales
from orderwright.web import display
from orderwright.web.email_parts import emails_about
from orderwright.web.invoice_list import reference_of, url_of
from orderwright.web.invoice_next import next_step, offers, when_due
from orderwright.web.order_events import entries
from orderwright.web.places import address_text
from orderwright.web.road import page

EVENTS_SHOWN: Final = 60
_STEPS: Final = ("Draft", "Finalised", "Sent", "Paid")


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way of an invoice: `state` is done, here or ahead."""

    name: str
    state: str
    at: datetime | date | None = None


def invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.invoice_page(by, reference)
    return page(request, "invoices/invoice.html", _context(by, found))


def contacts_of(by: Caller, head: InvoiceRow) -> list[str]:
    """To whom its invoices go: the addresses of the order's invoice contacts; one who may not see
    contacts sees none."""
    if head.order_id is None or not by.may("contacts:read"):
        return []
    try:
        order = sales.read_order(by, head.order_id).head
    except NotFound:
        return []
    return list(dict.fromkeys(one["email"] for one in order.invoice_contacts if one.get("email")))


def _context(by: Caller, found: InvoicePage) -> dict[str, Any]:
    head = found.head
    to = contacts_of(by, head)
    offered = offers(head, by.permissions)
    step = next_step(head, offered, today=by.today, to=", ".join(to))
    primary = step.offer.action if step.offer else ""
    status = head.status(by.today)
    events = _events(by, found)
    drafted = (one.at for one in events if one.type == "invoice.drafted")
    drafted_at = next(drafted, head.created_at)
    return {
        "invoice": head,
        "page": found,
        "url": url_of(head),
        "reference": reference_of(head),
        "status": status,
        "next": step,
        "offers": [one for one in offered.values() if one.action != primary],
        "remind": offered["remind"] if status == "overdue" else None,
        "steps": steps_of(found, status, drafted_at),
        "when": when_due(head, by.today),
        "is_final": head.step in FINAL,
        "is_owed": head.step in FINAL and head.balance > 0,
        "bar": _bar(head),
        "percent": _percent(head),
        "goods": [line for line in found.lines if line.kind != "deduction"],
        "deductions": [line for line in found.lines if line.kind == "deduction"],
        "bill_to": address_text(head.bill_to),
        "contacts": to,
        "sees_customer": by.may("customers:read"),
        "sees_order": by.may("sales_orders:read"),
        "sees_shipment": by.may("shipments:read"),
        "sees_payments": by.may("payments:read"),
        "may_edit": by.may("invoices:update") and head.step != "void",
        "events": entries(events),
        "mails": emails_about(by, head.order_id or head.id, head.id),
    }


def steps_of(found: InvoicePage, status: str, drafted_at: datetime) -> list[Step]:
    """Draft, finalised, sent, paid: which of them are done, and when."""
    head = found.head
    last = max((one.at for one in found.allocations), default=None)
    at = (drafted_at, head.finalised_at, head.sent_at, last if status == "paid" else None)
    done = (head.step != "draft", head.step in FINAL, head.step == "sent", status == "paid")
    if head.step == "void":
        done = (True, head.finalised_at is not None, head.sent_at is not None, False)
    here = next((index for index, is_done in enumerate(done) if not is_done), len(done))
    return [
        Step(
            name,
            "done" if done[index] else "here" if index == here and head.step != "void" else "ahead",
            at[index],
        )
        for index, name in enumerate(_STEPS)
    ]


def _events(by: Caller, found: InvoicePage) -> list[EventRow]:
    """What happened to the invoice, and to the payments that settled it, newest first."""
    head = found.head
    topics = {head.order_id or head.id, head.id}
    return activity.history(by, head.id, topics, limit=EVENTS_SHOWN)


def _share(head: InvoiceRow) -> Decimal:
    if head.total <= 0:
        return ONE if head.step in FINAL else ZERO
    return min(ONE, head.allocated / head.total)


def _percent(head: InvoiceRow) -> str:
    return f"{int(_share(head) * 100)} %"


def _bar(head: InvoiceRow) -> Any:
    return display.bar([("green", _share(head))], f"{_percent(head)} paid")
