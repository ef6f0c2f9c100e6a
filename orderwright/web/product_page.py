"""One product: what it is, its units and prices, its stock, and where it is used (U25)."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.activity import records
from orderwright.catalog import actions
from orderwright.catalog import queries as catalog
from orderwright.catalog.kinds import PRODUCT, ProductRow
from orderwright.catalog.queries import sees_costs, sees_prices
from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.inventory.rules import Availability
from orderwright.kernel.paging import Window
from orderwright.pricing import queries as pricing
from orderwright.purchasing import queries as purchasing
from orderwright.sales import order_lists
from orderwright.sales.order_lists import OrderFilter
from orderwright.web.catalog import TYPE_WORDS
from orderwright.web.display import price
from orderwright.web.forms import done
from orderwright.web.pricing_fields import narrowing
from orderwright.web.road import page

MOST: Final = 10


def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """One product with its prices, its stock and what needs it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    row = records.one(by=by, kind=PRODUCT, record_id=product_id)
    is_stock = row.type == "sale" and by.may("inventory:read")
    stock = inventory.availability(by, [row.id]).get(row.id) if is_stock else None
    context = {
        "product": row,
        "type": TYPE_WORDS[row.type],
        "price_unit": row.price_unit or row.default_unit,
        "sees_prices": sees_prices(by),
        "sees_costs": sees_costs(by),
        "stock": stock,
        "stock_status": _stock_status(row, stock) if is_stock else "",
        **_where_used(by, row),
    }
    return page(request, "catalog/product.html", context)


def discontinue(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Take a product out of the pickers, or back into them."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    is_active = request.POST.get("is_active") == "on"
    actions.change_product(by=by, product_id=product_id, sent={"is_active": is_active})
    said = "The product is sold again." if is_active else "The product is discontinued."
    return done(request, f"/products/{product_id}", said)


def _where_used(by: Caller, row: ProductRow) -> dict[str, Any]:
    """Open orders, customer prices and item codes, as far as the caller may see them."""
    used: dict[str, Any] = {"orders": None, "prices": [], "codes": [], "purchases": []}
    if by.may("purchase_orders:read"):
        used["purchases"] = purchasing.coming(by, row.id, most=MOST)
    if by.may("sales_orders:read"):
        wanted = OrderFilter(product_id=(row.id,), status=("estimate", "issued"))
        used["orders"] = order_lists.orders(by, wanted, Window(size=MOST)).rows
    if by.may("discounts:read") and by.may("customers:read") and row.product_line_id:
        found = pricing.prices_for_line(by=by, product_line_id=row.product_line_id, limit=MOST)
        used["prices"] = [(one, price(one.price, one.currency), narrowing(one)) for one in found]
    if by.may("contacts:read"):
        used["codes"] = catalog.codes_of_product(by=by, product_id=row.id)
    return used


def _stock_status(row: ProductRow, stock: Availability | None) -> str:
    if stock is None or stock.on_hand <= 0:
        return "out_of_stock"
    is_low = row.reorder_threshold is not None and stock.on_hand <= row.reorder_threshold
    return "low_stock" if is_low else "in_stock"
