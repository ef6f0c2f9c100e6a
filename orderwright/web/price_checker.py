"""The price checker: what a customer would pay for a product, and why, before any order exists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import trim
from orderwright.pricing.considered import Candidate, considered
from orderwright.pricing.rules import CodeFacts, Step
from orderwright.sales import new_orders
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import Quote
from orderwright.web.display import money, percent, price, quantity
from orderwright.web.forms import Form
from orderwright.web.inputs import Input, bound
from orderwright.web.road import page

NEEDED: Final = ("sales_orders:read", "orders_commercial:read", "customers:read")
ASKED: Final = (
    Input("customer_id", "Customer", "combobox", source="/lookup/customers", required=True),
    Input("product_id", "Product", "combobox", source="/lookup/products", required=True),
    Input("quantity", "Quantity", "num", required=True, width="third"),
    Input("unit", "Unit", hint="Empty: the product’s own.", width="third"),
    Input("currency", "Currency", hint="Empty: the customer’s.", width="third"),
    Input("discount_code", "Discount code", width="third"),
    Input("date", "On the day", "date", hint="Empty: today.", width="third"),
)
_WORDS: Final = {
    "base": "Base price",
    "customer": "Customer price",
    "volume": "Volume discount",
    "rounding": "Rounding",
    "no_price": "No price",
    "manual": "Typed price",
}


@dataclass(frozen=True, slots=True)
class StepView:
    """One row of the table: what happened, in words, and the unit price after it."""

    name: str
    sentence: str
    price: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """The answer of the price checker."""

    headline: str
    steps: list[StepView]
    sums: list[tuple[str, str, str]]
    candidates: tuple[Candidate, ...]
    flags: tuple[str, ...]


def price_checker(request: HttpRequest) -> HttpResponse:
    """Ask for a price; the whole question stands in the address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must(*NEEDED)
    form = Form(values={name: request.GET.getlist(name) for name in request.GET})
    if not form.values:
        form = Form.of({"quantity": "1"})
    checked = None
    if request.GET:
        if form.accept(lambda: _quoted(by, form)):
            checked = view_of(by, form.result)
        form.errors = {_place(name): text for name, text in form.errors.items()}
    context = {"form": form, "inputs": bound(ASKED, by), "checked": checked}
    return page(request, "pricing/checker.html", context, status=form.status)


def _quoted(by: Caller, form: Form) -> Quote:
    customer = form.uuid("customer_id", required="Choose a customer of the list.")
    product = form.uuid("product_id", required="Choose a product of the list.")
    asked = form.number_text("quantity")
    if not asked:
        form.errors["quantity"] = "Give a quantity."
    on = form.day("date")
    form.check()
    assert customer is not None
    assert product is not None
    return _quote(by, form, NewLine(product, asked, form.text("unit") or None), customer, on)


def _quote(by: Caller, form: Form, line: NewLine, customer: Any, on: date | None) -> Quote:
    return new_orders.quote(
        by=by,
        customer_id=customer,
        lines=[line],
        discount_code=form.text("discount_code") or None,
        currency=form.text("currency") or None,
        on=on,
    )


def _place(name: str) -> str:
    """`lines.0.quantity` is the field `quantity` here."""
    return name.removeprefix("lines.0.")


def view_of(by: Caller, quote: Quote) -> CheckView:
    """The quote of one line, step by step."""
    (line,), (priced,) = quote.lines, quote.priced.lines
    found = considered(quote.asked, quote.priced.lines)[priced.key]
    each = price(priced.unit_price, quote.currency)
    return CheckView(
        headline=f"{quantity(line.ordered, line.unit)} of {line.product.name} at {each} each: "
        f"{money(priced.line_total, quote.currency)}",
        steps=[_step(step, quote.currency, line.unit) for step in priced.breakdown or ()],
        sums=list(_sums(quote)),
        candidates=found if by.may("discounts:read") else (),
        flags=quote.priced.flags,
    )


def _step(step: Step, currency: str, unit: str) -> StepView:
    sentence = {
        "base": f"The product’s own price is {step.note}.",
        "customer": f"A customer price replaces it: {step.note}.",
        "volume": f"{step.note}.",
        "rounding": f"The unit price is rounded {step.note}.",
        "no_price": f"There is {step.note}.",
    }.get(step.step, step.note)
    return StepView(_WORDS[step.step], sentence, f"{_long(step.price, currency)} per {unit}")


def _long(amount: Decimal, currency: str) -> str:
    """A unit price before rounding keeps its digits."""
    rounded = price(amount, currency)
    return rounded if amount == round(amount, 4) else f"{trim(amount)} {currency}"


def _sums(quote: Quote) -> Iterable[tuple[str, str, str]]:
    """What becomes of the line: its total, the code, freight, tax and the total, with why."""
    (priced,) = quote.priced.lines
    totals, currency = quote.priced, quote.currency
    yield "Line", "Unit price times quantity.", money(priced.line_total, currency)
    code = quote.asked.code
    if code is not None:
        yield f"Code {code.code}", _code_words(code), f"−{money(totals.discount_total, currency)}"
    note = totals.freight.note
    yield "Freight", f"{note[:1].upper()}{note[1:]}.", money(totals.freight.amount, currency)
    if priced.tax_rate:
        rate = percent(priced.tax_rate)
        yield "Tax", f"{rate} of the line less its discount.", money(totals.tax, currency)
    yield "Total", "", money(totals.grand_total, currency)


def _code_words(code: CodeFacts) -> str:
    if code.type == "percentage":
        return f"{percent(code.percentage)} of the merchandise."
    return f"{money(code.amount, code.currency)} off, never more than the merchandise."
