"""Prices without an order, as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.sales import new_orders
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import Quote
from orderwright.web import display


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote with each line beside its price."""

    currency: str
    pairs: list[tuple[Any, Any]]
    priced: Any


def view_of(quote: Quote) -> QuoteView:
    """The quote for a template."""
    pairs = list(zip(quote.lines, quote.priced.lines, strict=False))
    return QuoteView(quote.currency, pairs, quote.priced)


def as_json(quote: Quote, rows: Sequence[int], *, with_prices: bool) -> dict[str, Any]:
    """The quote for a live page; `rows` says which row of the page each line is."""
    money = quote.currency
    lines = [
        {
            "row": row,
            "unit": line.unit,
            "unit_price": display.price(priced.unit_price, money) if with_prices else "",
            "total": display.money(priced.line_total, money) if with_prices else "",
            "source": priced.price_source,
        }
        for row, line, priced in zip(rows, quote.lines, quote.priced.lines, strict=False)
    ]
    if not with_prices:
        return {"lines": lines, "totals": []}
    priced = quote.priced
    totals = [["Subtotal", display.money(priced.subtotal, money)]]
    if priced.discount_total:
        totals.append(["Discount", f"−{display.money(priced.discount_total, money)}"])
    totals.append(["Freight", display.money(priced.freight.amount, money)])
    if priced.tax:
        totals.append(["Tax", display.money(priced.tax, money)])
    totals.append(["Total", display.money(priced.grand_total, money)])
    return {"lines": lines, "totals": totals}


def quote_what_makes_sense(
    by: Caller, customer_id: UUID, lines: Mapping[int, NewLine], code: str | None
) -> tuple[Quote | None, list[int], dict[int, str], str]:
    """Prices for the rows that can be priced: the quote, its rows, what is wrong with the others,
    and what is wrong with the whole."""
    left = dict(lines)
    wrong: dict[int, str] = {}
    while left:
        rows = list(left)
        try:
            quote = new_orders.quote(
                by=by, customer_id=customer_id, lines=list(left.values()), discount_code=code
            )
        except Invalid as refusal:
            at = _line_at(refusal)
            if at is None:
                return None, [], wrong, refusal.message
            wrong[rows[at]] = refusal.message
            del left[rows[at]]
        except Refusal as refusal:
            return None, [], wrong, refusal.message
        else:
            return quote, rows, wrong, ""
    return None, [], wrong, ""


def _line_at(refusal: Refusal) -> int | None:
    for field in refusal.fields:
        parts = field.split(".")
        if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit():
            return int(parts[1])
    return None
