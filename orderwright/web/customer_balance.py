"""A customer's money: its balance, its transactions, and its statement (U26, U31)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.directory import queries as directory
from orderwright.directory.queries import CustomerRecord
from orderwright.identity.caller import Caller
from orderwright.invoicing import payment_lists, receivables
from orderwright.invoicing.payment_lists import PaymentListFilter
from orderwright.invoicing.receivables import Movement, OpenInvoice, Standing, Statement
from orderwright.invoicing.rules import BUCKETS
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.sales.standing import CreditUse, credit_use
from orderwright.web import display, lists
from orderwright.web.customer_page import head_of
from orderwright.web.lists import Empty
from orderwright.web.payment_list import LIST as PAYMENTS
from orderwright.web.payment_words import MOVEMENTS
from orderwright.web.places import address_text
from orderwright.web.receivables import read_day
from orderwright.web.records import values_of
from orderwright.web.road import page

OPEN_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open invoice as the tab shows it."""

    row: OpenInvoice
    is_late: bool
    is_of_other: bool
    days_late: int


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A line of a statement as it is printed."""

    row: Movement
    said: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """The statement of one currency with the words of its lines."""

    told: Statement
    rows: tuple[MovementRow, ...]
    buckets: tuple[tuple[str, Decimal], ...]


def balance(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What it owes, what it has on account, how much credit it takes, and its transactions."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("payments:read", "invoices:read")
    found = directory.customer(by=by, record_id=customer_id)
    standings = _standings(by, found)
    owed = receivables.open_invoices(by, customer_id, most=OPEN_SHOWN + 1)
    asked = lists.asked(request)
    wanted = PaymentListFilter(customer_id=(customer_id,))
    shown = lists.listing(
        name="Transactions",
        asked=asked,
        columns=[
            replace(one, sort="")
            for one in PAYMENTS.columns(by)
            if one.label != "Customer" and not one.optional
        ],
        found=payment_lists.page_of_list(by, wanted, asked.window),
        empty=Empty("No payments yet", "What this customer pays stands here.", "cash"),
    )
    context = head_of(by, found, "/balance") | {
        "standings": standings,
        "credit_uses": _credit(by, found),
        "open_rows": [_open_row(by, one, customer_id) for one in owed[:OPEN_SHOWN]],
        "more": len(owed) > OPEN_SHOWN,
        "has_both": any(one.credit and one.owed for one in standings),
        "list": shown,
        "may_create": by.may("payments:create"),
        "may_settle": by.may("payments:update"),
    }
    return page(request, "directory/customer_balance.html", context)


def statement(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everything that moved its balance between two days, ready for paper."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    first, until = receivables.days_of_statement(
        by, read_day(request, "from"), read_day(request, "to")
    )
    found = directory.customer(by=by, record_id=customer_id)
    told = receivables.statements(by, customer_id, first=first, until=until)
    context = {
        "customer": found.row,
        "address": _address(found),
        "organization": by.organization,
        "first": first,
        "until": until,
        "today": by.today,
        "presets": _presets(by, first, until),
        "statements": [_view(by, one) for one in told],
        "url": f"/customers/{customer_id}/statement",
        "nothing_in": found.row.default_currency or by.organization.default_currency,
    }
    return page(request, "receivables/statement.html", context)


def _standings(by: Caller, found: CustomerRecord) -> Sequence[Standing]:
    own = found.row.default_currency or by.organization.default_currency
    return receivables.standing(by, found.id) or [Standing(own)]


def _credit(by: Caller, found: CustomerRecord) -> list[tuple[CreditUse, Any]]:
    """How much of its limit it takes, for those who may see it."""
    if not (found.is_whole and found.shows_credit):
        return []
    own = found.row.default_currency or by.organization.default_currency
    used = credit_use(by, found.id, own)
    if used is None:
        return []
    whole = max(used.limit, used.value, Decimal("0.01"))
    owed, more = max(ZERO, used.owed) / whole, max(ZERO, used.to_invoice) / whole
    tone = "red" if used.left < 0 else "blue"
    said = f"{display.money(used.value, own)} of {display.money(used.limit, own)} used"
    return [(used, display.bar([(tone, min(ONE, owed)), ("violet", more)], said))]


def _open_row(by: Caller, one: OpenInvoice, customer_id: UUID) -> OpenRow:
    late = (by.today - one.due_date).days
    return OpenRow(one, late > 0, one.customer_id != customer_id, max(0, late))


def _address(found: CustomerRecord) -> str:
    wanted = found.row.bill_to_address_id
    fitting = [one for one in found.addresses if one.id == wanted] or list(found.addresses)
    return address_text({**values_of(fitting[0]), "label": ""}) if fitting else ""


def _view(by: Caller, told: Statement) -> StatementView:
    aged = told.aged.buckets if told.aged else dict.fromkeys((name for name, _ in BUCKETS), ZERO)
    labels = {name: name.replace("-", "–") for name, _ in BUCKETS}
    return StatementView(
        told,
        tuple(_movement(by, one) for one in told.movements),
        tuple((labels[name], aged[name]) for name, _ in BUCKETS),
    )


def _movement(by: Caller, one: Movement) -> MovementRow:
    is_invoice = one.kind == "invoice"
    at = "invoices" if is_invoice else "payments"
    url = f"/{at}/{one.number}" if by.may(f"{at}:read") and one.number else ""
    said, about = MOVEMENTS[one.kind], one.about
    if one.kind in ("paid_by_other", "paid_for_other"):
        said, about = f"{said} {one.about}", ""
    return MovementRow(one, said, about, url)


def _presets(by: Caller, first: date, until: date) -> list[tuple[str, str, bool]]:
    """Spans of days that people ask for often."""
    today = by.today
    month = today.replace(day=1)
    last_end = month - timedelta(days=1)
    spans = (
        ("This month", month, today),
        ("Last month", last_end.replace(day=1), last_end),
        ("90 days", *receivables.days_of_statement(by, None, None)),
        ("This year", date(today.year, 1, 1), today),
    )
    return [
        (text, f"?from={one.isoformat()}&to={two.isoformat()}", (one, two) == (first, until))
        for text, one, two in spans
    ]
