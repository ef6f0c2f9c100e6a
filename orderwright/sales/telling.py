"""What higher areas tell an order in the transaction of their own change: money and returns."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import queries
from orderwright.sales.money import MoneyTold
from orderwright.sales.order_tasks import raise_for_money
from orderwright.sales.page import OrderPage
from orderwright.sales.writing import Happening, save


def tell_money(
    by: Caller,
    order_id: UUID,
    money: MoneyTold,
    *,
    invoiced: Mapping[UUID, Decimal] | None = None,
) -> OrderPage:
    """The order's invoices and payments are now these; its payment status follows, and with it
    perhaps its completion.

    `invoiced` are the whole sums by line, in the line's measure, drafts included (ruling 15); a
    line that is not named keeps its sum. Locks the order. The caller has its own permission.
    """
    page = queries.lock_order(by, order_id)
    sums = invoiced or {}
    lines = [with_values(line, invoiced=sums.get(line.id, line.invoiced)) for line in page.lines]
    head = replace(page.head, told={**page.head.told, "money": money.as_json()})
    after = save(by, page, head=head, lines=lines)
    raise_for_money(by, page, after)
    return after


def tell_return(
    by: Caller,
    page: OrderPage,
    entry: Mapping[str, Any],
    *,
    returned: Mapping[UUID, Decimal],
    happening: Happening,
) -> OrderPage:
    """Goods came back (domain 4.15). `entry` is the return as the order remembers it: id, number,
    line_ids; `returned` the whole sums by line, in the line's measure. The order is locked."""
    known = [one for one in page.head.returns if one["id"] != entry["id"]]
    head = replace(page.head, told={**page.head.told, "returns": [*known, dict(entry)]})
    lines = [
        with_values(line, returned=returned.get(line.id, line.returned)) for line in page.lines
    ]
    return save(by, page, head=head, lines=lines, happening=happening)
