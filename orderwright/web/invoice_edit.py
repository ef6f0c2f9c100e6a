"""Change a draft: what it bills, in which words, its dates and notes; a final one's due date."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.invoicing import actions
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.previewing import preview_invoice
from orderwright.invoicing.rules import FINAL
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.web.forms import Form, done
from orderwright.web.invoice_actions import allowed_invoice, caller
from orderwright.web.invoice_lines import (
    BillRow,
    asked_lines,
    bill_rows,
    first_values,
    rename_errors,
)
from orderwright.web.invoice_list import url_of
from orderwright.web.invoice_new import previewed
from orderwright.web.merging import Meanwhile
from orderwright.web.road import page

DAYS: Final = ("invoice_date", "due_date")


def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what the invoice's step allows; what somebody saved meanwhile is merged."""
    by = caller(request)
    found = allowed_invoice(by, reference, "edit")
    order, rows = _billable(by, found)
    now = _values(found, rows)
    form = Form.of(now, merges=[name for name in now if name != "version"])
    if request.method == "POST":
        form = Form.posted(request)
        asked, names = asked_lines(form, rows)
        if form.accept(
            lambda: actions.edit_invoice(
                by=by,
                invoice=found.id,
                changes=_changes(form, found, asked if rows else None, now),
                version=form.whole("version"),
            ),
            meanwhile=lambda: Meanwhile(now),
        ):
            return done(request, url_of(form.result.head), "The invoice is changed.")
        rename_errors(form, names)
    context = {
        "invoice": found.head,
        "page": found,
        "url": url_of(found.head),
        "form": form,
        "rows": rows,
        "is_draft": found.head.step == "draft",
        "order": order.head if order else None,
        **(_sums(by, found, order, form, rows) if order and rows else {}),
    }
    return page(request, "invoices/edit.html", context, status=form.status)


def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """What the draft would come to with the quantities in the address."""
    by = caller(request)
    found = allowed_invoice(by, reference, "edit")
    order, rows = _billable(by, found)
    form = Form(values={name: request.GET.getlist(name) for name in request.GET})
    context: dict[str, Any] = {"order": order.head if order else None}
    if order and rows:
        context |= _sums(by, found, order, form, rows)
    return page(request, "invoices/preview.html", context)


def _billable(by: Caller, found: InvoicePage) -> tuple[OrderPage | None, list[BillRow]]:
    """The order of a draft of goods, and the lines that it bills or could bill."""
    head = found.head
    if head.step in FINAL or head.kind == "deposit" or head.order_id is None:
        return None, []
    order = sales.read_order(by, head.order_id)
    mine = {line.line_id for line in found.lines}
    book = preview_invoice(by, order, without=head.id, shipment=head.shipment_id).book
    lines = [line for line in book.lines.values() if line.open() > 0 or line.id in mine]
    return order, bill_rows(lines)


def _sums(
    by: Caller, found: InvoicePage, order: OrderPage, form: Form, rows: list[BillRow]
) -> dict[str, Any]:
    head = found.head
    return previewed(by, order, form, rows, without=head.id, shipment=head.shipment_id)


def _values(found: InvoicePage, rows: list[BillRow]) -> dict[str, Any]:
    head = found.head
    values: dict[str, Any] = {"due_date": head.due_date, "version": head.version}
    if head.step in FINAL:
        return values
    values |= {"invoice_date": head.invoice_date, "notes": head.notes}
    if rows:
        quantities = {line.line_id: line.quantity for line in found.lines if line.line_id}
        words = {line.line_id: line.description for line in found.lines if line.line_id}
        values |= first_values(rows, quantities, words)
    return values


def _changes(
    form: Form, found: InvoicePage, asked: list[Any] | None, now: Mapping[str, Any]
) -> dict[str, Any]:
    """What differs from the invoice, of the fields that the form had."""
    head = found.head
    days = {name: form.day(name) for name in DAYS if name in form.values}
    for name in days:
        if not form.value(name):
            form.errors[name] = "Give a day."
    form.check()
    changes: dict[str, Any] = {
        name: day for name, day in days.items() if day != getattr(head, name)
    }
    notes = form.value("notes").replace("\r\n", "\n")
    if "notes" in form.values and notes != head.notes:
        changes["notes"] = notes
    if asked is not None and any(name.startswith("lines.") for name in form.values):
        before = Form.of({"lines": now.get("lines", [])}).values
        typed = {name: form.values.get(name) for name in before}
        if typed != before:
            changes["lines"] = asked
    return changes
