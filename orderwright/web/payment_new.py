"""Record a payment: whose, how much, how, and what it settles at once (4.14, U31)."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.directory import queries as directory
from orderwright.identity.caller import Caller
from orderwright.invoicing import payments, receivables
from orderwright.invoicing.page import PaymentPage
from orderwright.invoicing.receivables import OpenInvoice
from orderwright.invoicing.settling import NewPayment
from orderwright.kernel.errors import NotFound
from orderwright.web.display import money
from orderwright.web.forms import Form, done
from orderwright.web.payment_list import URL
from orderwright.web.payment_parts import invoice_fields, place_errors, settlings
from orderwright.web.payment_words import ADJUSTMENTS, METHODS
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

TYPES: Final = choices_of("payment_type")
_NEEDS: Final = {
    "payment": "Say how it was paid.",
    "refund": "Say how it is given back.",
}


def new_payment(request: HttpRequest) -> HttpResponse:
    """The form; a customer in the address brings what it owes."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("payments:create")
    form = Form.of(_start(by, request))
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: payments.record_payment(by=by, new=_new(form))):
            made: PaymentPage = form.result
            return done(request, f"{URL}/{made.head.number}", _said(made))
        place_errors(form, message_at="allocations")
    return page(request, "payments/new.html", _context(by, form), status=form.status)


def _start(by: Caller, request: HttpRequest) -> dict[str, Any]:
    customer = _customer(by, request.GET.get("customer", ""))
    kind = request.GET.get("type", "payment")
    return {
        "type": kind if kind in dict(TYPES) else "payment",
        "date": by.today,
        "customer_id": customer[0] if customer else "",
        "customer_id_text": customer[1] if customer else "",
        "currency": customer[2] if customer else by.organization.default_currency,
    }


def _customer(by: Caller, text: str) -> tuple[UUID, str, str] | None:
    """Id, name and currency of the customer that is named; None for nobody."""
    try:
        found = directory.customer(by=by, record_id=UUID(text)).row
    except (NotFound, ValueError):
        return None
    return found.id, found.name, found.default_currency or by.organization.default_currency


def _context(by: Caller, form: Form) -> dict[str, Any]:
    customer = _customer(by, form.value("customer_id"))
    customer_id = customer[0] if customer else None
    owed: Sequence[OpenInvoice] = ()
    if customer_id is not None and by.may("invoices:read"):
        owed = receivables.open_invoices(by, customer_id)
    held = receivables.open_payments(by, customer_id) if customer_id is not None else []
    currency = form.value("currency").strip().upper()
    fitting = [one for one in owed if one.currency == currency]
    return {
        "form": form,
        "types": TYPES,
        "methods": METHODS,
        "adjustments": ADJUSTMENTS,
        "customer": customer,
        "currency": currency,
        "others": sorted({one.currency for one in owed} - {currency}),
        "invoices": invoice_fields(by, form, fitting, customer_id=customer_id),
        "credits": [
            (str(one.id), f"{one.number}, {money(one.open_credit, one.currency)} left")
            for one in held
        ],
        "sees_orders": by.may("sales_orders:read"),
    }


def _new(form: Form) -> NewPayment:
    kind = form.text("type", required="Choose what it is.")
    form.text("amount", required="Give an amount.")
    is_refund = kind == "refund"
    new = NewPayment(
        type=kind,
        amount=form.number_text("amount"),
        method=form.text("method", required=_NEEDS[kind]) if kind in _NEEDS else "",
        adjustment_type=form.text("adjustment_type", required="Say why.")
        if kind == "adjustment"
        else "",
        customer_id=form.uuid("customer_id", required="Choose a customer."),
        order=form.uuid("order_id"),
        paid_on=form.day("date"),
        currency=form.text("currency") or None,
        reference=form.text("reference"),
        note=form.text("note"),
        refund_of=form.uuid("refund_of_id") if is_refund else None,
        allocations=[] if is_refund else settlings(form),
        confirmed=frozenset(form.several("confirm")),
    )
    form.check()
    return new


def _said(made: PaymentPage) -> str:
    head = made.head
    count = len(made.allocations)
    shown = money(head.amount, head.currency)
    if not count:
        return f"{head.number} over {shown} is recorded."
    noun = "invoice" if count == 1 else "invoices"
    left = f"; {money(head.open_credit, head.currency)} is left" if head.open_credit else ""
    return f"{head.number} over {shown} is recorded and settles {count} {noun}{left}."
