"""New invoices: of what has shipped of an order, or of a deposit (domain 4.13)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.invoicing import actions
from orderwright.invoicing.actions import Deposit
from orderwright.invoicing.previewing import Preview, orders_to_bill, preview_invoice
from orderwright.kernel.errors import Conflict, Invalid, NotFound, Refusal
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.web.forms import Form, done, onwards
from orderwright.web.invoice_actions import caller
from orderwright.web.invoice_lines import (
    BillRow,
    asked_lines,
    bill_rows,
    first_values,
    rename_errors,
)
from orderwright.web.invoice_list import URL, url_of
from orderwright.web.order_page import url_of as url_of_order
from orderwright.web.road import page

_SAID: Final = "The draft is made. Check it, then finalise it."


def choose_order(request: HttpRequest) -> HttpResponse:
    """Which order is billed; its page asks the rest."""
    by = caller(request)
    by.must("invoices:create", "sales_orders:read")
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _chosen(by, form)):
            return onwards(request, f"{url_of_order(form.result)}/invoice")
    context = {
        "form": form,
        "cancel": URL,
        "waiting": orders_to_bill(by),
        "sees_customer": by.may("customers:read"),
    }
    return page(request, "invoices/new.html", context, status=form.status)


def new_invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft an invoice of an order: what has shipped and is not invoiced, or a deposit."""
    by = caller(request)
    by.must("invoices:create")
    order = sales.order_page(by, reference)
    if order.head.status == "estimate":
        return _nothing(request, order, "It is an estimate. Issue it first.")
    if request.GET.get("kind") == "deposit":
        return _deposit(request, by, order)
    preview = preview_invoice(by, order)
    if not preview.lines:
        return _nothing(request, order, "Nothing has shipped that is not yet invoiced.")
    return _goods(request, by, order, preview)


def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """What an invoice of the quantities in the address would come to, as a part of the page."""
    by = caller(request)
    by.must("invoices:create")
    order = sales.order_page(by, reference)
    rows = bill_rows(preview_invoice(by, order).lines)
    form = Form(values={name: request.GET.getlist(name) for name in request.GET})
    context = {"order": order.head, **previewed(by, order, form, rows)}
    return page(request, "invoices/preview.html", context)


def previewed(
    by: Caller, order: OrderPage, form: Form, rows: list[BillRow], **draft: Any
) -> dict[str, Any]:
    """The sums of what stands in the form, or the sentence that says what is wrong with it."""
    asked, _ = asked_lines(form, rows)
    if not asked:
        return {"problem": "Give a quantity of at least one line."}
    try:
        content = preview_invoice(by, order, lines=asked, **draft).content
    except Refusal as refusal:
        return {"problem": next(iter(refusal.fields.values()), refusal.message)}
    taken = [row for row in content.rows if row["kind"] == "deduction"]
    goods = sum(row["amount"] for row in content.rows if row["kind"] != "deduction")
    return {"sums": content.sums, "goods": goods, "taken": taken}


def _chosen(by: Caller, form: Form) -> OrderPage:
    order_id = form.uuid("order_id", required="Choose the order that is billed.")
    form.check()
    assert order_id is not None
    try:
        return sales.order_page(by, order_id)
    except NotFound as error:
        message = "There is no such sales order. Choose one from the list."
        raise Invalid("unknown_order", message, fields={"order_id": message}) from error


def _goods(request: HttpRequest, by: Caller, order: OrderPage, found: Preview) -> HttpResponse:
    rows = bill_rows(found.lines)
    form = Form.of(first_values(rows))
    if request.method == "POST":
        form = Form.posted(request)
        asked, names = asked_lines(form, rows)
        if form.accept(lambda: actions.create_invoice(by=by, order=order.id, lines=asked)):
            return done(request, url_of(form.result.head), _SAID)
        rename_errors(form, names)
    context = {
        "order": order.head,
        "url": url_of_order(order),
        "form": form,
        "rows": rows,
        "waiting": [
            line
            for line in order.lines
            if line.is_stock and line.outstanding and not line.is_cancelled
        ],
        **previewed(by, order, form, rows),
    }
    return page(request, "invoices/create.html", context, status=form.status)


def _deposit(request: HttpRequest, by: Caller, order: OrderPage) -> HttpResponse:
    form = Form.of({"description": "Deposit"})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _deposited(by, order, form)):
            return done(request, url_of(form.result.head), _SAID)
        form.strip_errors("deposit.")
    context = {"order": order.head, "url": url_of_order(order), "form": form}
    return page(request, "invoices/bill_deposit.html", context, status=form.status)


def _deposited(by: Caller, order: OrderPage, form: Form) -> Any:
    form.text("amount", required="Give the amount that is billed ahead.")
    form.check()
    if order.head.status == "estimate":
        raise Conflict("not_issued", "Issue the order first.")
    deposit = Deposit(form.number_text("amount"), form.text("description"))
    return actions.create_invoice(by=by, order=order.id, deposit=deposit)


def _nothing(request: HttpRequest, order: OrderPage, why: str) -> HttpResponse:
    """Nothing can be billed now: why, and what would allow it."""
    if request.method == "POST":
        raise Invalid("nothing_to_bill", why, fields={"lines": why})
    context = {"order": order.head, "url": url_of_order(order), "why": why}
    return page(request, "invoices/nothing.html", context)
