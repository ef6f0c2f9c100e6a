"""What the order page shows of returns: tab, banner, next step, action (U7 to U9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from orderwright.identity.caller import Caller
from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import ZERO
from orderwright.returns import queries, rules
from orderwright.returns.queries import ReturnPage
from orderwright.sales.page import OrderPage
from orderwright.web.order_next import Banner, Next
from orderwright.web.returns_view import goods_of, numbers_of, offers, return_view, url_of


@dataclass(frozen=True, slots=True)
class OrderReturns:
    """The returns of an order, newest first. `is_shown`: whether anything has shipped that could
    come back, for somebody who may see returns."""

    found: Sequence[ReturnPage] = ()
    is_shown: bool = False

    @property
    def under_way(self) -> list[ReturnPage]:
        """Those whose goods have not arrived yet, oldest first."""
        return [one for one in reversed(self.found) if one.head.status == "requested"]

    @property
    def announced(self) -> dict[UUID, Decimal]:
        """What is on its way back, by line."""
        sums: dict[UUID, Decimal] = {}
        for one in self.under_way:
            for line in one.lines:
                sums[line.line_id] = sums.get(line.line_id, ZERO) + line.quantity
        return sums


def returns_of(by: Caller, order: OrderPage) -> OrderReturns:
    """Two statements for an order with returns, one when it has none, none before it ships."""
    if not by.may("returns:read") or not any(line.shipped > 0 for line in order.lines):
        return OrderReturns()
    return OrderReturns(queries.returns_of_order(by, order.id), is_shown=True)


def return_action(by: Caller, order: OrderPage, returns: OrderReturns) -> list[Allowed]:
    """Whether goods can be announced now. Not on estimates, of which nothing can have shipped, nor
    for people who have nothing to do with returns."""
    if order.head.status == "estimate" or not by.may("returns:read"):
        return []
    facts = queries.facts_of_lines(order, returns.announced)
    return [rules.may_be_requested(facts, order.head.number, by.permissions)]


def return_banners(returns: OrderReturns) -> list[Banner]:
    """Goods that are on their way back, each with the return that announced it."""
    return [
        Banner("amber", "truck-return", f"{goods_of(one)} on the way back,", _linked([one]))
        for one in returns.under_way[:3]
    ] + (
        [Banner("amber", "truck-return", "More goods are on the way back:", _linked(rest))]
        if (rest := returns.under_way[3:])
        else []
    )


def next_of_returns(by: Caller, order: OrderPage, returns: OrderReturns) -> Next | None:
    """Receiving what comes back, once nothing is left to ship; None when nothing is to arrive."""
    if not returns.under_way or order.head.status not in ("fulfilled", "completed"):
        return None
    first = returns.under_way[0]
    offer = offers(by, first)["receive"]
    return Next(
        f"Waiting for goods to come back: {numbers_of(returns.under_way[:3])}.",
        "Receive them when they arrive.",
        offer if offer.allowed else None,
        "amber",
    )


def returns_tab(by: Caller, returns: OrderReturns) -> dict[str, Any]:
    """What the tab of the activity shows."""
    return {
        "returns": [return_view(by, one) for one in returns.found],
        "sees_credit": by.may("payments:read"),
    }


def _linked(found: Sequence[ReturnPage]) -> SafeString:
    return format_html_join(
        ", ", '<a href="{}">{}</a>', ((url_of(one), one.head.number) for one in found)
    )
