"""A customer's statement between two days, one part for each currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from orderwright.documents import figures
from orderwright.documents.invoice_document import HouseTexts, spaced_account
from orderwright.documents.letterheads import Letterhead
from orderwright.invoicing.receivables import Movement, Statement
from orderwright.invoicing.rules import BUCKETS
from orderwright.kernel.numbers import ZERO

TEMPLATE: Final = "statement"
TITLE: Final = "Statement"
_KINDS: Final = {
    "invoice": "Invoice",
    "payment": "Payment",
    "credit_memo": "Credit memo",
    "adjustment": "Adjustment",
    "rebate": "Rebate",
    "refund": "Refund",
    "paid_by_other": "Paid by",
    "paid_for_other": "Payment for",
}


@dataclass(frozen=True, slots=True)
class Account:
    """Whose statement it is, and of which days."""

    number: str
    name: str
    address: Mapping[str, Any]
    first: date
    until: date


def document_of(
    parts: Sequence[Statement],
    sender: Letterhead,
    about: Account,
    texts: HouseTexts,
) -> dict[str, Any]:
    """What the template prints."""
    number, name, first, until = about.number, about.name, about.first, about.until
    account = f"To the account {spaced_account(texts.iban)}" if texts.iban else ""
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": TITLE,
        "number": number,
        "addresses": [{"title": "Customer", "lines": figures.recipient(name, about.address)}],
        "facts": figures.facts(
            [
                ("From", figures.day(first)),
                ("To", figures.day(until)),
                ("Customer", number),
                ("Our tax number", texts.tax_number),
            ]
        ),
        "parts": [_part(one, first, until) for one in parts],
        "nothing": "Nothing moved between these days, and nothing is open.",
        "notes": figures.notes("Payment", account),
    }


def _part(told: Statement, first: date, until: date) -> dict[str, Any]:
    closing = f"{figures.money(told.closing, told.currency)} {told.currency}"
    is_owed = told.closing > 0
    aged = told.aged.buckets if told.aged else {}
    return {
        "due": {
            "label": "Balance" if is_owed or not told.closing else "In your favour",
            "amount": closing if is_owed or not told.closing else closing.removeprefix("-"),
            "until": f"on {figures.day(until)}",
            "tone": "open" if is_owed else "done",
        },
        "columns": [
            figures.column("Date"),
            figures.column("What", width=1),
            figures.column("Due"),
            figures.column("Charges", align="right"),
            figures.column("Credits", align="right"),
            figures.column(f"Balance {told.currency}", align="right"),
        ],
        "rows": [
            _edge(figures.day(first), "Opening balance", told.opening, told.currency),
            *(_row(one) for one in told.movements),
            _edge(figures.day(until), "Closing balance", told.closing, told.currency),
        ],
        "aged_title": f"Open invoices by age in days, {told.currency}",
        "aged": [
            [name.replace("-", " to "), figures.money(aged.get(name, ZERO), told.currency)]
            for name, _ in BUCKETS
        ],
    }


def _edge(day: str, said: str, balance: Any, currency: str) -> dict[str, Any]:
    return {"cells": [day, said, "", "", "", figures.money(balance, currency)], "strong": True}


def _row(one: Movement) -> dict[str, Any]:
    amount = figures.money(abs(one.amount), one.currency)
    words = [_KINDS.get(one.kind, one.kind)]
    words += [one.about, one.number] if one.kind.startswith("paid_") else [one.number, one.about]
    said = " ".join(word for word in words[:2] if word)
    more = f", {words[2]}" if words[2] else ""
    cells = [
        figures.day(one.day),
        f"{said}{more}",
        figures.day(one.due_date),
        amount if one.amount > 0 else "",
        amount if one.amount <= 0 else "",
        figures.money(one.balance, one.currency),
    ]
    return {"cells": cells, "strong": False}
