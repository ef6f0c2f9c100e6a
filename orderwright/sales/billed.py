"""What invoices hold of an order's lines stands, whatever changes around them (domain 5.4).

Areas above register who knows it, in `apps.py`; nobody is asked before something is invoiced.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.money import round_money
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.pricing.rules import PricedLine, PricedOrder
from orderwright.sales.page import LineRow, OrderPage


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What invoices that are not void hold of a line, drafts included."""

    quantity: Decimal
    total: Decimal
    discount: Decimal
    tax: Decimal


BilledReader = Callable[[Caller, UUID], Mapping[UUID, BilledLine]]

_readers: list[BilledReader] = []


def ask_billed(reader: BilledReader) -> None:
    """Ask this function (by, order id) what invoices hold when an order is priced anew."""
    if reader not in _readers:
        _readers.append(reader)


def billed_of(by: Caller, page: OrderPage) -> Mapping[UUID, BilledLine]:
    """What invoices hold of the lines; at most one statement, none while nothing is invoiced."""
    found: dict[UUID, BilledLine] = {}
    if any(line.invoiced for line in page.lines):
        for reader in _readers:
            found.update(reader(by, page.id))
    return found


def keep_billed(
    priced: PricedOrder,
    goods: Sequence[LineRow],
    billed: Mapping[UUID, BilledLine],
    currency: str,
) -> PricedOrder:
    """The prices with lines that are wholly invoiced at what was invoiced, so that what remains of
    an order is always what its invoices come to, to the last digit.

    A line that is left at what has shipped may have been rounded differently in parts, and a
    discount that is shared out anew may fall differently: neither changes an invoice. A line that
    is invoiced in part never falls below what it was invoiced at.
    """
    if not billed:
        return priced
    rows = {line.id: line for line in goods}
    lines = tuple(
        _kept(line, rows[line.key], billed.get(line.key), currency) for line in priced.lines
    )
    if lines == priced.lines:
        return priced
    subtotal = sum((line.line_total for line in lines), ZERO)
    discount = sum((line.discount_share for line in lines), ZERO)
    tax = sum((line.tax for line in lines), ZERO)
    return replace(
        priced,
        lines=lines,
        subtotal=subtotal,
        discount_total=discount,
        tax=tax,
        grand_total=subtotal - discount + priced.freight.amount + tax,
    )


def _kept(line: PricedLine, row: LineRow, billed: BilledLine | None, currency: str) -> PricedLine:
    if billed is None or not billed.quantity:
        return line
    if billed.quantity < row.effective:
        return _never_below(line, billed, currency)
    return replace(
        line,
        line_total=billed.total,
        discount_share=billed.discount,
        tax_rate=row.tax_rate,
        tax=billed.tax,
    )


def _never_below(line: PricedLine, billed: BilledLine, currency: str) -> PricedLine:
    total = max(line.line_total, billed.total)
    most = billed.discount + total - billed.total
    share = min(max(line.discount_share, billed.discount), most)
    tax = line.tax
    if (total, share) != (line.line_total, line.discount_share):
        tax = round_money(EXACT.multiply(total - share, line.tax_rate), currency)
    tax = max(tax, billed.tax)
    return replace(line, line_total=total, discount_share=share, tax=tax)
