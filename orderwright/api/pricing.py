"""Customer prices, volume discounts and discount codes over HTTP."""

from typing import Any

from ninja import Router

from orderwright.api.records import money, mount, price, reference, resource, show_plain
from orderwright.identity.caller import Caller
from orderwright.pricing import queries
from orderwright.pricing.kinds import (
    CUSTOMER_PRICE,
    DISCOUNT_CODE,
    VOLUME_DISCOUNT,
    CustomerPriceRow,
)
from orderwright.pricing.queries import CodeInUse

router = Router(tags=["Pricing"])


def show_customer_price(by: Caller, row: CustomerPriceRow) -> dict[str, Any]:
    """A customer's own price, with the names of customer and line."""
    shown = show_plain(by, row)
    for name in ("customer_number", "customer_name", "product_line_name"):
        del shown[name]
    return shown | {
        "price": price(row.price, row.currency),
        "customer": reference(row.customer_id, number=row.customer_number, name=row.customer_name),
        "product_line": reference(row.product_line_id, name=row.product_line_name),
    }


def show_discount_code(by: Caller, code: CodeInUse) -> dict[str, Any]:
    """A code; an amount in its currency, and how many orders use it."""
    row = code.row
    currency = row.currency or by.organization.default_currency
    amount = money(row.amount, currency)
    return show_plain(by, row) | {"amount": amount, "times_used": code.times_used}


mount(
    router,
    resource("/customer-prices", CUSTOMER_PRICE, show=show_customer_price),
    resource("/volume-discounts", VOLUME_DISCOUNT),
    resource(
        "/discount-codes",
        DISCOUNT_CODE,
        show=show_discount_code,
        list_rows=queries.codes,
        read_row=queries.code,
    ),
)
