"""Record what a customer paid: on an invoice, or ahead on an order (domain 4.14)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.invoicing import payments, queries
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.settling import NewPayment, Settling
from orderwright.kernel.numbers import ZERO
from orderwright.sales.page import OrderPage
from orderwright.web.display import money
from orderwright.web.forms import Form, done
from orderwright.web.invoice_actions import allowed_invoice, caller
from orderwright.web.invoice_list import url_of
from orderwright.web.order_actions import allowed_order
from orderwright.web.order_page import url_of as url_of_order
from orderwright.web.payment_words import METHODS
from orderwright.web.road import page


def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a payment of an invoice; what is beyond its balance stays as open credit."""
    by = caller(request)
    found = allowed_invoice(by, reference, "pay")
    head = found.head
    form = Form.of({"amount": head.balance, "date": by.today, "customer_id": head.customer_id})
    form.values["customer_id_text"] = [head.customer_name]
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _recorded(by, found, form)):
            left = form.result.head.open_credit
            said = f"{form.result.head.number} is recorded."
            if left > 0:
                said += f" {money(left, head.currency)} stay as open credit."
            return done(request, url_of(head), said)
        rename_errors(form)
    context = {
        "invoice": head,
        "url": url_of(head),
        "form": form,
        "methods": METHODS,
        "today": by.today,
        "sees_customer": by.may("customers:read"),
        "beyond": _beyond(form, head.balance),
        "credit": _credit(by, found),
    }
    return page(request, "invoices/pay.html", context, status=form.status)


def deposit(request: HttpRequest, reference: str) -> HttpResponse:
    """Record money for an order before it is invoiced."""
    by = caller(request)
    order = allowed_order(by, reference, "record-deposit")
    left = max(ZERO, order.head.grand_total - order.head.money.paid)
    form = Form.of({"amount": left or None, "date": by.today})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _deposited(by, order, form)):
            said = f"{form.result.head.number} is recorded as a deposit on {order.head.number}."
            return done(request, f"{url_of_order(order)}?tab=invoices", said)
        rename_errors(form)
    context = {
        "order": order.head,
        "url": url_of_order(order),
        "form": form,
        "methods": METHODS,
        "today": by.today,
        "left": left,
        "may_invoice": by.may("invoices:create") and order.head.status != "estimate",
    }
    return page(request, "invoices/deposit.html", context, status=form.status)


def rename_errors(form: Form) -> None:
    """Name errors as the page names its fields: what is wrong with the one allocation is wrong
    with the amount."""
    names = {"allocations.0.amount": "amount", "paid_on": "date", "payment_date": "date"}
    form.errors = {names.get(name, name): text for name, text in form.errors.items()}


def _recorded(by: Caller, found: InvoicePage, form: Form) -> Any:
    amount = form.number_text("amount")
    new = NewPayment(
        amount=amount,
        currency=found.head.currency,
        customer_id=form.uuid("customer_id") or found.head.customer_id,
        allocations=[Settling(found.id, amount)],
        **_typed(form),
    )
    return payments.record_payment(by=by, new=new)


def _deposited(by: Caller, order: OrderPage, form: Form) -> Any:
    new = NewPayment(amount=form.number_text("amount"), **_typed(form))
    return payments.record_deposit(by=by, order=order.id, new=new)


def _typed(form: Form) -> dict[str, Any]:
    """What both forms ask. Raises Invalid with everything that is missing."""
    form.text("amount", required="Give the amount that was paid.")
    paid_on: date | None = form.day("date", required="Give the day on which it was paid.")
    method = form.text("method", required="Choose how it was paid.")
    form.check()
    return {
        "method": method,
        "paid_on": paid_on,
        "reference": form.text("reference"),
        "note": form.text("note"),
        "confirmed": frozenset(form.several("confirm")),
    }


def _beyond(form: Form, balance: Decimal) -> Decimal | None:
    """What would stay as open credit, once it is to be confirmed."""
    if form.confirm != "overpay":
        return None
    amount = form.decimal("amount")
    return amount - balance if amount is not None and amount > balance else None


def _credit(by: Caller, found: InvoicePage) -> Decimal:
    """What the customer has left on account already, which could settle the invoice."""
    if not by.may("payments:read"):
        return ZERO
    customer: UUID = found.head.customer_id
    wanted = queries.PaymentFilter(customer_id=customer, open=True)
    rows = queries.payments(by, wanted, limit=20)
    kept = (row.head for row in rows if row.head.currency == found.head.currency)
    return sum((head.open_credit for head in kept), ZERO)
