"""Short tasks on a payment, each a dialog and a page: allocate, take back, give back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.invoicing import payments, queries, receivables
from orderwright.invoicing.page import PaymentPage
from orderwright.invoicing.settling import NewPayment
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.kernel.money import format_money
from orderwright.web.display import money
from orderwright.web.forms import Form, done
from orderwright.web.payment_page import url_of
from orderwright.web.payment_parts import invoice_fields, place_errors, settlings
from orderwright.web.payment_words import METHODS
from orderwright.web.road import page


def allocate(request: HttpRequest, reference: str) -> HttpResponse:
    """Settle invoices with what the payment has left."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("payments:update")
    found = _open(by, reference)
    head = found.head
    form = Form.of({"version": head.version})
    if request.method == "POST":
        form = Form.posted(request)

        def act() -> PaymentPage:
            return payments.allocate(
                by=by,
                payment=head.id,
                allocations=settlings(form),
                version=form.whole("version"),
            )

        if form.accept(act):
            return done(request, url_of(found), _allocated_said(form.result))
        place_errors(form, message_at="allocations")
    open_now = receivables.open_invoices(by, head.customer_id)
    fitting = [one for one in open_now if one.currency == head.currency]
    context = {
        "payment": head,
        "url": url_of(found),
        "form": form,
        "currency": head.currency,
        "credit": format_money(head.open_credit, head.currency),
        "invoices": invoice_fields(by, form, fitting, customer_id=head.customer_id),
    }
    return page(request, "payments/allocate.html", context, status=form.status)


def deallocate(request: HttpRequest, reference: str, allocation_id: UUID) -> HttpResponse:
    """Take an allocation back, after it was said what follows."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("payments:delete")
    found = queries.payment_page(by, reference)
    row = next((one for one in found.allocations if one.id == allocation_id), None)
    if row is None:
        raise NotFound("not_found", "This payment has no such allocation.")
    form = Form.of({"version": found.head.version})
    if request.method == "POST":
        form = Form.posted(request)

        def act() -> PaymentPage:
            return payments.deallocate(
                by=by,
                payment=found.id,
                allocation_ids=[allocation_id],
                version=form.whole("version"),
            )

        if form.accept(act):
            said = f"{row.invoice_number} is no longer settled by {found.head.number}."
            return done(request, url_of(found), said)
    invoice = queries.read_invoice(by, row.invoice_id).head
    context = {
        "payment": found.head,
        "url": url_of(found),
        "form": form,
        "row": row,
        "invoice": invoice,
        "balance_after": invoice.balance + row.amount,
        "credit_after": found.head.open_credit + row.amount,
    }
    return page(request, "payments/deallocate.html", context, status=form.status)


def refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Give open credit back to the customer."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("payments:create")
    found = _open(by, reference)
    head = found.head
    start: dict[str, Any] = {
        "amount": Decimal(format_money(head.open_credit, head.currency)),
        "date": by.today,
        "method": head.method if head.type == "payment" else "wire",
    }
    form = Form.of(start)
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: payments.record_payment(by=by, new=_refund(form, found))):
            made = form.result.head
            said = f"{money(made.amount, made.currency)} is given back with {made.number}."
            return done(request, url_of(found), said)
    context = {
        "payment": head,
        "url": url_of(found),
        "form": form,
        "methods": METHODS,
    }
    return page(request, "payments/refund.html", context, status=form.status)


def _refund(form: Form, found: PaymentPage) -> NewPayment:
    head = found.head
    new = NewPayment(
        type="refund",
        amount=_amount(form),
        method=form.text("method", required="Say how it is given back."),
        customer_id=head.customer_id,
        currency=head.currency,
        paid_on=form.day("date"),
        reference=form.text("reference"),
        note=form.text("note"),
        refund_of=head.id,
        order=head.order_id,
        confirmed=frozenset(form.several("confirm")),
    )
    form.check()
    return new


def _amount(form: Form) -> str:
    form.text("amount", required="Give an amount.")
    return form.number_text("amount")


def _open(by: Caller, reference: str) -> PaymentPage:
    """The payment, which has something left."""
    found = queries.payment_page(by, reference)
    if found.head.open_credit <= 0:
        message = f"{found.head.number} has no open credit: all of it is allocated or given back."
        raise Conflict("insufficient_credit", message)
    return found


def _allocated_said(made: PaymentPage) -> str:
    head = made.head
    if head.open_credit:
        return f"{money(head.open_credit, head.currency)} of {head.number} is left."
    return f"{head.number} is allocated in full."
