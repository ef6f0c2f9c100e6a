"""Receivables: who owes what since when, and what they have on account (3.7, U31)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from orderwright.identity.caller import Caller
from orderwright.invoicing import receivables
from orderwright.invoicing.receivables import Aged
from orderwright.invoicing.rules import BUCKETS
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import ZERO
from orderwright.web import display
from orderwright.web.list_exports import XLSX, csv_of, xlsx_of
from orderwright.web.lists import Column
from orderwright.web.road import page

URL: Final = "/receivables"
_TONES: Final = ("green", "blue", "amber", "amber", "red")
_LABELS: Final = {name: name.replace("-", "–") for name, _ in BUCKETS}


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount, and the invoices behind it."""

    label: str
    amount: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one customer owes, by age."""

    row: Aged
    cells: tuple[Cell, ...]
    total_url: str
    credit_url: str


@dataclass(frozen=True, slots=True)
class Table:
    """All that is owed in one currency; `older` is what is owed for longer than 30 days."""

    currency: str
    lines: tuple[Line, ...]
    totals: tuple[Cell, ...]
    total: Decimal
    credit: Decimal
    older: Decimal
    bar: Any

    @property
    def net(self) -> Decimal:
        """What is owed when all credit is used."""
        return self.total - self.credit


def aging(request: HttpRequest) -> HttpResponse:
    """The aging as of a day, a table for each currency."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    day = read_day(request, "as_of") or by.today
    ages = receivables.aging_with_credit(by, as_of=day)
    currencies = sorted({one.currency for one in ages}, key=lambda one: (one != _own(by), one))
    query = urlencode({"as_of": day.isoformat()})
    context = {
        "as_of": day,
        "is_today": day == by.today,
        "today": by.today,
        "presets": _presets(by.today, day),
        "tables": [
            table(by, one, [row for row in ages if row.currency == one], day) for one in currencies
        ],
        "buckets": [_LABELS[name] for name, _ in BUCKETS],
        "csv": f"{URL}.csv?{query}",
        "xlsx": f"{URL}.xlsx?{query}",
        "sees_customers": by.may("customers:read"),
        "may_create": by.may("payments:create"),
        "may_settle": by.may("payments:update"),
    }
    return page(request, "receivables/aging.html", context)


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Exactly the rows of the page, as CSV or XLSX."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    day = read_day(request, "as_of") or by.today
    rows = receivables.aging_with_credit(by, as_of=day)
    name = f"receivables-{day.isoformat()}.{kind}"
    zone = by.organization.timezone
    if kind == "xlsx":
        file = xlsx_of(COLUMNS, iter(rows), timezone=zone)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    lines = _held(csv_of(COLUMNS, iter(rows), timezone=zone))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def read_day(request: HttpRequest, name: str) -> date | None:
    """A day of the address; None without one. Raises Invalid."""
    text = request.GET.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        message = "Give a day like 2026-11-30."
        raise Invalid("invalid_day", message, fields={name: message}) from error


def table(by: Caller, currency: str, ages: Sequence[Aged], day: date) -> Table:
    """The table of one currency, with its sums."""
    sums = {name: sum((one.buckets[name] for one in ages), ZERO) for name, _ in BUCKETS}
    total = sum(sums.values(), ZERO)
    sees_invoices = by.may("invoices:read")
    return Table(
        currency=currency,
        lines=tuple(_line(one, day, by, sees_invoices=sees_invoices) for one in ages),
        totals=tuple(Cell(_LABELS[name], sums[name], "") for name, _ in BUCKETS),
        total=total,
        credit=sum((one.credit for one in ages), ZERO),
        older=total - sums[BUCKETS[0][0]],
        bar=bar_of(sums, total),
    )


def bar_of(buckets: dict[str, Decimal], total: Decimal) -> Any:
    """How old what is owed is, as a bar."""
    if total <= 0:
        return ""
    shares = [
        (tone, max(ZERO, buckets[name]) / total)
        for tone, (name, _) in zip(_TONES, BUCKETS, strict=True)
    ]
    said = ", ".join(
        f"{_LABELS[name]} days {buckets[name] / total * 100:.0f} %"
        for name, _ in BUCKETS
        if buckets[name]
    )
    return display.bar(shares, said)


def _line(one: Aged, day: date, by: Caller, *, sees_invoices: bool) -> Line:
    is_today = day == by.today
    url = invoices_url(one.customer_id, is_open=is_today)
    cells = tuple(
        Cell(
            _LABELS[name],
            one.buckets[name],
            invoices_url(one.customer_id, bucket=name, day=day, is_open=is_today)
            if sees_invoices
            else "",
        )
        for name, _ in BUCKETS
    )
    credit = f"/payments?{urlencode({'customer_id': one.customer_id, 'open': 'yes'})}"
    return Line(one, cells, url if sees_invoices else "", credit)


def invoices_url(
    customer_id: UUID, *, bucket: str = "", day: date | None = None, is_open: bool = True
) -> str:
    """The list of invoices behind an amount; those of a day gone by are narrowed by date only."""
    state: dict[str, str] = {"customer_id": str(customer_id)}
    if is_open:
        state["open"] = "yes"
    if bucket and day is not None:
        names = [name for name, _ in BUCKETS]
        at = names.index(bucket)
        most, least = BUCKETS[at][1], (BUCKETS[at - 1][1] or 0) + 1 if at else 0
        if most is not None:
            state["invoiced_from"] = (day - timedelta(days=most)).isoformat()
        state["invoiced_to"] = (day - timedelta(days=least)).isoformat()
    return f"/invoices?{urlencode(state)}"


def _presets(today: date, here: date) -> list[tuple[str, str, bool]]:
    """Days that people look at often."""
    month_end = today.replace(day=1) - timedelta(days=1)
    before = month_end.replace(day=1) - timedelta(days=1)
    year_end = date(today.year - 1, 12, 31)
    days = [("Today", today), ("Last month's end", month_end), ("The month before", before)]
    days += [] if year_end in {month_end, before} else [("Last year's end", year_end)]
    return [
        (text, URL if day == today else f"{URL}?as_of={day.isoformat()}", day == here)
        for text, day in days
    ]


def _own(by: Caller) -> str:
    return by.organization.default_currency


def _held(lines: Iterator[bytes]) -> Iterator[bytes]:
    yield from lines


def _bucket(name: str) -> Column:
    def value(row: Aged) -> Decimal:
        return row.buckets[name]

    return Column(f"{_LABELS[name]} days", value, value=value)


COLUMNS: Final = (
    Column("Number", lambda row: row.customer_number, value=lambda row: row.customer_number),
    Column("Customer", lambda row: row.customer_name, value=lambda row: row.customer_name),
    Column("Currency", lambda row: row.currency, value=lambda row: row.currency),
    *(_bucket(name) for name, _ in BUCKETS),
    Column("Total", lambda row: row.total, value=lambda row: row.total),
    Column("Open credit", lambda row: row.credit, value=lambda row: row.credit),
    Column("Net", lambda row: row.net, value=lambda row: row.net),
)
