"""What the forms that settle invoices share: open invoices with a field each, and their errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from orderwright.identity.caller import Caller
from orderwright.invoicing.page import PaymentRow
from orderwright.invoicing.receivables import OpenInvoice
from orderwright.invoicing.settlement import Using
from orderwright.invoicing.settling import Settling
from orderwright.kernel.money import format_money
from orderwright.web.forms import Form


@dataclass(frozen=True, slots=True)
class InvoiceField:
    """An open invoice, and how much of it is to be settled."""

    row: OpenInvoice
    name: str
    typed: str
    error: str
    balance: str
    is_late: bool
    is_of_other: bool


@dataclass(frozen=True, slots=True)
class PaymentField:
    """A payment with open credit, and how much of it is to be used."""

    row: PaymentRow
    name: str
    typed: str
    error: str
    credit: str


def invoice_fields(
    by: Caller, form: Form, invoices: Sequence[OpenInvoice], *, customer_id: UUID | None
) -> list[InvoiceField]:
    """A field for each open invoice; those of other customers below say so."""
    return [
        InvoiceField(
            row=one,
            name=f"amount-{one.id}",
            typed=form.value(f"amount-{one.id}"),
            error=form.errors.get(f"amount-{one.id}", ""),
            balance=format_money(one.balance, one.currency),
            is_late=one.due_date < by.today,
            is_of_other=one.customer_id != customer_id,
        )
        for one in invoices
    ]


def payment_fields(form: Form, payments: Sequence[PaymentRow]) -> list[PaymentField]:
    """A field for each payment that has something left."""
    return [
        PaymentField(
            row=one,
            name=f"use-{one.id}",
            typed=form.value(f"use-{one.id}"),
            error=form.errors.get(f"use-{one.id}", ""),
            credit=format_money(one.open_credit, one.currency),
        )
        for one in payments
    ]


def settlings(form: Form) -> list[Settling]:
    """What is to be settled of which invoice, of all that have an amount."""
    return [Settling(UUID(key), text) for key, text in _amounts(form, "amount-")]


def usings(form: Form) -> list[Using]:
    """What is to be used of which payment, of all that have an amount."""
    return [Using(UUID(key), text) for key, text in _amounts(form, "use-")]


def place_errors(form: Form, *, message_at: str = "settlement") -> None:
    """Errors of `allocations.<index>.…` and `payments.<index>.…` stand at their fields."""
    keys = {
        "allocations": [f"amount-{key}" for key, _ in _amounts(form, "amount-")],
        "payments": [f"use-{key}" for key, _ in _amounts(form, "use-")],
    }
    placed: dict[str, str] = {}
    for name, text in form.errors.items():
        placed[_place(name, keys, message_at)] = text
    form.errors = placed


def currency_of(request: HttpRequest, currencies: Sequence[str], usual: str) -> str:
    """The currency that the address asks for, else the usual one, else the first that there is."""
    asked = request.GET.get("currency", "")
    if asked in currencies or not currencies:
        return asked or usual
    return usual if usual in currencies else currencies[0]


def _amounts(form: Form, prefix: str) -> list[tuple[str, str]]:
    found = []
    for name in form.values:
        if not name.startswith(prefix) or not _is_id(name.removeprefix(prefix)):
            continue
        text = form.number_text(name)
        if text and text.strip("0.") != "":
            found.append((name.removeprefix(prefix), text))
    return found


def _place(name: str, keys: Mapping[str, list[str]], message_at: str) -> str:
    part, _, rest = name.partition(".")
    index = rest.partition(".")[0]
    if part in keys and index.isdigit() and int(index) < len(keys[part]):
        return keys[part][int(index)]
    return message_at if part in keys else name


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
