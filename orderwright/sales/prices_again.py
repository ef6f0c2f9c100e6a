"""Price an issued order again, and quote its freight again: a person asks for both (5.3, 5.5)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.sales import lifecycle, queries, repricing
from orderwright.sales.actions import locked
from orderwright.sales.page import OrderPage
from orderwright.sales.writing import Happening, save


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A line whose price is another one now. Prices are per the line\'s unit."""

    line_id: UUID
    position: int
    description: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class FreightQuote:
    """What freight costs today, beside what stands on the order. `unquoted`: no rate is known."""

    current: Decimal
    quoted: Decimal
    unquoted: bool
    note: str
    currency: str
    is_out_of_date: bool


def reprice_order(
    *, by: Caller, order: UUID | str, version: int | None = None
) -> tuple[OrderPage, tuple[PriceChange, ...]]:
    """Give every locked line today\'s price (domain 5.3): the order, and which prices changed.

    A price that a person set stands. Raises Conflict `invoice_exists` once something is invoiced,
    `order_locked`, and what `lifecycle.check` raises.
    """
    by.must("sales_orders:update", "orders_commercial:update")
    page = locked(by, order, version)
    lifecycle.check("reprice", page.facts())
    again = [line.id for line in page.lines if not line.is_generated and line.price_locked]
    priced = repricing.reprice(by, page, all_lines=again)
    changes = _changes(page, priced)
    body = {"lines": [_told(change) for change in changes]}
    happening = Happening("sales_order.repriced", body)
    saved = save(by, page, head=priced.head, lines=priced.lines, happening=happening)
    return saved, changes


def quote_freight(*, by: Caller, order: UUID | str) -> FreightQuote:
    """What freight would cost today; nothing is written. Raises what `lifecycle.check` raises."""
    by.must("sales_orders:read", "orders_commercial:read")
    page = queries.read_order(by, order)
    lifecycle.check("quote-freight", page.facts())
    priced, _ = repricing.priced_anew(by, page, new_freight=True)
    head = page.head
    return FreightQuote(
        current=head.freight,
        quoted=priced.freight.amount,
        unquoted=priced.freight.unquoted,
        note=priced.freight.note,
        currency=head.currency,
        is_out_of_date=repricing.FREIGHT_OUTDATED in head.pricing_flags
        or priced.freight.amount != head.freight,
    )


def apply_freight(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Put today\'s freight on the order; the totals follow. Raises as `reprice_order`."""
    by.must("sales_orders:update", "orders_commercial:update")
    page = locked(by, order, version)
    lifecycle.check("apply-freight", page.facts())
    priced = repricing.reprice(by, page, new_freight=True)
    body = {"changes": {"freight": [str(page.head.freight), str(priced.head.freight)]}}
    happening = Happening("sales_order.freight_quoted", body)
    return save(by, page, head=priced.head, lines=priced.lines, happening=happening)


def _changes(before: OrderPage, after: OrderPage) -> tuple[PriceChange, ...]:
    known = before.lines_by_id()
    return tuple(
        PriceChange(
            line.id, line.position, line.description, known[line.id].unit_price, line.unit_price
        )
        for line in after.lines
        if line.id in known and known[line.id].unit_price != line.unit_price
    )


def _told(change: PriceChange) -> dict[str, Any]:
    return {
        "line_id": change.line_id,
        "position": change.position,
        "description": change.description,
        "before": change.before,
        "after": change.after,
    }
