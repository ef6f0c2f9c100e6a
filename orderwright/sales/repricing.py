"""Price an order anew after its lines, its code or its currency changed (domain 5.3, 5.4).

In an estimate every locked line is priced again; after issue prices stand and only new lines get
one. The discount and the totals always follow. Freight stays as it was quoted.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.json_text import to_json
from orderwright.pricing import facts as prices
from orderwright.pricing.discounts import check_code
from orderwright.pricing.rules import CodeFacts, LineToPrice, PricedLine, PricedOrder, PricingInput
from orderwright.pricing.stack import keeps_price, price_order
from orderwright.sales import sql
from orderwright.sales.billed import billed_of, keep_billed
from orderwright.sales.new_lines import generated_rows
from orderwright.sales.new_page import new_line
from orderwright.sales.page import LineRow, OrderPage

FREIGHT_UNQUOTED = "freight_unquoted"
FREIGHT_OUTDATED = "freight_outdated"

_PRICED = (
    "id",
    "position",
    "ordered",
    "unit",
    "unit_ratio",
    "unit_price",
    "price_locked",
    "price_source",
    "price_breakdown",
    "line_total",
    "discount_share",
    "tax_rate",
    "tax",
)


def reprice(
    by: Caller,
    page: OrderPage,
    *,
    new_line_ids: Collection[UUID] = (),
    all_lines: Collection[UUID] = (),
    new_code: str | None = None,
    new_freight: bool = False,
    changed: bool = False,
) -> OrderPage:
    """The order with its prices and totals as its lines now are; writes them.

    `page` carries the changed lines. `all_lines` are priced as if new, whatever the status. With
    `new_freight` freight is quoted anew: it was for another customer, or in another currency. With
    `changed`, what the freight was quoted for has changed, so that it may be out of date. At most
    four statements. Raises Invalid for a code that cannot be used.
    """
    priced, goods = priced_anew(
        by,
        page,
        new_line_ids=new_line_ids,
        all_lines=all_lines,
        new_code=new_code,
        new_freight=new_freight,
    )
    flags = _flags(page, priced, new_freight=new_freight, changed=changed)
    return _written(by, page, goods, replace(priced, flags=flags))


def priced_anew(
    by: Caller,
    page: OrderPage,
    *,
    new_line_ids: Collection[UUID] = (),
    all_lines: Collection[UUID] = (),
    new_code: str | None = None,
    new_freight: bool = False,
) -> tuple[PricedOrder, list[LineRow]]:
    """The prices that `reprice` would write, and the lines that they are for; writes nothing."""
    goods = [line for line in page.lines if not line.is_generated]
    head = page.head
    facts = prices.price_facts(
        by,
        customer_id=head.customer_id,
        product_ids={line.product_id for line in goods if line.product_id is not None},
        shipping_term_id=head.shipping_term_id,
        carrier_option_id=head.carrier_option_id,
        code=new_code,
        code_id=None if new_code else head.discount_code_id,
        order_id=page.id,
    )
    code = _code(by, page, facts, new_code)
    fresh = frozenset(new_line_ids) | frozenset(all_lines)
    priced = price_order(
        PricingInput(
            currency=head.currency,
            default_currency=by.organization.default_currency,
            buyer=facts.buyer,
            lines=tuple(_to_price(line, facts, head.status, fresh) for line in goods),
            customer_prices=facts.customer_prices,
            volume_discounts=facts.volume_discounts,
            code=code,
            freight=facts.freight,
            freight_kept=None
            if new_freight or FREIGHT_UNQUOTED in head.pricing_flags
            else head.freight,
            settings=facts.settings,
        )
    )
    return keep_billed(priced, goods, billed_of(by, page), head.currency), goods


def _flags(
    page: OrderPage, priced: PricedOrder, *, new_freight: bool, changed: bool
) -> tuple[str, ...]:
    """What pricing left open, and whether freight is still that of another state (domain 5.5)."""
    was_outdated = FREIGHT_OUTDATED in page.head.pricing_flags
    is_quoted_now = new_freight or FREIGHT_UNQUOTED in page.head.pricing_flags
    if is_quoted_now or not (changed or was_outdated) or FREIGHT_UNQUOTED in priced.flags:
        return priced.flags
    has_goods = any(line.is_stock and not line.is_cancelled for line in page.lines)
    return (*priced.flags, FREIGHT_OUTDATED) if has_goods else priced.flags


def _code(
    by: Caller, page: OrderPage, facts: prices.PriceFacts, new_code: str | None
) -> CodeFacts | None:
    if new_code is None:
        return facts.code if page.head.discount_code_id is not None else None
    return check_code(
        facts.code,
        customer_id=page.head.customer_id,
        today=by.today,
        currency=page.head.currency,
        default_currency=by.organization.default_currency,
    )


def _to_price(
    line: LineRow, facts: prices.PriceFacts, status: str, fresh: frozenset[UUID]
) -> LineToPrice:
    assert line.product_id is not None
    weight = line.requested_weight
    if weight is not None and line.weight_basis == "each" and line.basis == "quantity":
        weight = weight * line.ordered
    return LineToPrice(
        key=line.id,
        position=line.position,
        product=facts.products[line.product_id].pricing,
        quantity=line.effective,
        unit=line.unit,
        basis=line.basis,
        kind=line.kind,
        unit_price=line.unit_price,
        price_source=line.price_source,
        price_locked=line.price_locked,
        frozen=keeps_price(status, is_new=line.id in fresh),
        cancelled=line.is_cancelled,
        weight=weight,
        weight_unit=line.weight_unit,
    )


def _written(
    by: Caller, page: OrderPage, goods: Sequence[LineRow], priced: PricedOrder
) -> OrderPage:
    found = {line.key: line for line in priced.lines}
    lines = [
        _with_price(line, found[line.id], position) for position, line in enumerate(goods, start=1)
    ]
    generated, replaced = _generated(page, priced, len(lines) + 1)
    with connection.cursor() as cursor:
        if replaced:
            _replace_generated(cursor, by, page, generated)
        cursor.execute(
            sql.SAVE_PRICES,
            {
                "organization": by.organization_id,
                "order": page.id,
                "lines": to_json(
                    [{name: getattr(line, name) for name in _PRICED} for line in lines]
                ),
                "subtotal": priced.subtotal,
                "discount_total": priced.discount_total,
                "freight": priced.freight.amount,
                "tax": priced.tax,
                "grand_total": priced.grand_total,
                "pricing_flags": to_json(priced.flags),
            },
        )
    rows = tuple(row if isinstance(row, LineRow) else new_line(row) for row in generated)
    return OrderPage(
        head=replace(
            page.head,
            subtotal=priced.subtotal,
            discount_total=priced.discount_total,
            freight=priced.freight.amount,
            tax=priced.tax,
            grand_total=priced.grand_total,
            pricing_flags=list(priced.flags),
        ),
        lines=(*lines, *rows),
    )


def _with_price(line: LineRow, priced: PricedLine, position: int) -> LineRow:
    breakdown = line.price_breakdown
    if priced.breakdown is not None:
        breakdown = [step.as_json() for step in priced.breakdown]
    return replace(
        line,
        position=position,
        unit_price=priced.unit_price,
        price_source=priced.price_source,
        price_breakdown=breakdown,
        line_total=priced.line_total,
        discount_share=priced.discount_share,
        tax_rate=priced.tax_rate,
        tax=priced.tax,
    )


def _generated(
    page: OrderPage, priced: PricedOrder, first_position: int
) -> tuple[Sequence[Any], bool]:
    """The generated lines as they are to be, and whether they differ from those that stand."""
    wanted = generated_rows(priced, first_position=first_position)
    standing = [line for line in page.lines if line.is_generated]
    now = [(line.kind, line.line_total, line.position) for line in standing]
    if now == [(row["kind"], row["line_total"], row["position"]) for row in wanted]:
        return standing, False
    return wanted, True


def _replace_generated(
    cursor: Any, by: Caller, page: OrderPage, rows: Sequence[dict[str, Any]]
) -> None:
    cursor.execute(
        "DELETE FROM sales_salesorderline WHERE organization_id = %s AND order_id = %s "
        "AND kind IN ('freight', 'discount')",
        [by.organization_id, page.id],
    )
    if rows:
        cursor.execute(
            sql.INSERT_LINES,
            {
                "organization": by.organization_id,
                "order": page.id,
                "lines": to_json([{**row, "status": None, "reasons": []} for row in rows]),
            },
        )
