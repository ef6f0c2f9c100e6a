"""The settlement screen: open payments on one side, open invoices on the other (4.14, U31)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.directory import queries as directory
from orderwright.identity.caller import Caller
from orderwright.invoicing import receivables, settlement
from orderwright.invoicing.page import PaymentPage
from orderwright.web.forms import Form, done
from orderwright.web.lists import Tab
from orderwright.web.payment_parts import (
    currency_of,
    invoice_fields,
    payment_fields,
    place_errors,
    settlings,
    usings,
)
from orderwright.web.road import page

URL = "/payments/settle"


def settle(request: HttpRequest) -> HttpResponse:
    """Choose a customer with credit and debt; then settle one with the other."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("payments:update", "invoices:read")
    chosen = _uuid(request.GET.get("customer", ""))
    if chosen is None:
        return _choose(request, by)
    customer = directory.customer(by=by, record_id=chosen).row
    form = Form()
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(
            lambda: settlement.settle(by=by, uses=usings(form), settles=settlings(form))
        ):
            return done(request, f"/customers/{chosen}/balance", _said(form.result))
        place_errors(form)
    held = receivables.open_payments(by, chosen)
    owed = receivables.open_invoices(by, chosen)
    currencies = sorted({*(one.currency for one in held), *(one.currency for one in owed)})
    usual = customer.default_currency or by.organization.default_currency
    currency = currency_of(request, currencies, usual)
    here = f"{URL}?customer={chosen}"
    context: dict[str, Any] = {
        "customer": customer,
        "form": form,
        "currency": currency,
        "payments": payment_fields(form, [one for one in held if one.currency == currency]),
        "invoices": invoice_fields(
            by, form, [one for one in owed if one.currency == currency], customer_id=chosen
        ),
        "tabs": [Tab(one, f"{here}&currency={one}", one == currency) for one in currencies],
        "sees_customers": by.may("customers:read"),
        "may_create": by.may("payments:create"),
    }
    return page(request, "payments/settle.html", context, status=form.status)


def _choose(request: HttpRequest, by: Caller) -> HttpResponse:
    """Customers who have something left on account, those who owe something first."""
    ages = [one for one in receivables.aging_with_credit(by) if one.credit > 0]
    ready = sorted(ages, key=lambda one: (one.total <= 0, -min(one.total, one.credit)))
    return page(request, "payments/settle_whom.html", {"ready": ready[:100], "form": Form()})


def _said(made: Sequence[PaymentPage]) -> str:
    count = len({one.invoice_id for page in made for one in page.allocations})
    noun = "payment" if len(made) == 1 else "payments"
    return f"{len(made)} {noun} settled. {count} {'invoice' if count == 1 else 'invoices'} in all."


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
