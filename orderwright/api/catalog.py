"""Product lines, categories and products over HTTP."""

from collections.abc import Mapping
from typing import Any, Final

from ninja import Router

from orderwright.activity import records
from orderwright.api.records import mount, price, reference, resource, show_plain
from orderwright.catalog import actions, queries
from orderwright.catalog.kinds import PRODUCT, PRODUCT_CATEGORY, PRODUCT_LINE, ProductRow
from orderwright.identity.caller import Caller
from orderwright.kernel.fields import choice
from orderwright.kernel.shapes import Shape
from orderwright.reporting.low_stock import low_products

router = Router(tags=["Catalog"])


# `stock=low`: at the threshold or below, as the dashboard counts them.
_FILTERS: Final = Shape({**PRODUCT.filters.fields, "stock": choice("low", default="")})


def show_product(by: Caller, row: ProductRow) -> dict[str, Any]:
    """A product; prices and costs are absent for those who may not see them."""
    shown = show_plain(by, row)
    for name in ("product_line_name", "category_name", *actions.COMMERCIAL):
        del shown[name]
    currency = row.currency or by.organization.default_currency
    if queries.sees_prices(by):
        shown["base_price"] = price(row.base_price, currency)
        shown["currency"] = currency
        shown["price_unit"] = row.price_unit or row.default_unit
    if queries.sees_costs(by):
        shown["unit_cost"] = price(row.unit_cost, currency)
    return shown | {
        "product_line": reference(row.product_line_id, name=row.product_line_name),
        "category": reference(row.category_id, name=row.category_name),
        "units": [
            {"unit": unit, "fixed_discount": None, "percent_discount": None, **held}
            for unit, held in row.units.items()
        ],
    }


def _list_products(*, by: Caller, filters: Mapping[str, Any], **asked: Any) -> list[Any]:
    chosen = dict(filters)
    stock = chosen.pop("stock", None)
    if stock:
        _FILTERS.of_change({"stock": stock})
    among = low_products(by) if stock else None
    return records.listed(by=by, kind=PRODUCT, filters=chosen, among=among, **asked)


mount(
    router,
    resource("/product-lines", PRODUCT_LINE),
    resource("/product-categories", PRODUCT_CATEGORY),
    resource(
        "/products",
        PRODUCT,
        show=show_product,
        filters=_FILTERS,
        list_rows=_list_products,
        create=lambda by, sent: actions.create_product(by=by, sent=sent),
        change=lambda by, product_id, sent, version: actions.change_product(
            by=by, product_id=product_id, sent=sent, version=version
        ),
    ),
)
