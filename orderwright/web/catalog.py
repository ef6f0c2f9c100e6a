"""Products: the list, the page, and their form with units, attributes, aliases and prices."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.activity import records
from orderwright.activity.record_lists import ids_of_records, page_of_records
from orderwright.catalog import actions, bulk, kinds
from orderwright.catalog.kinds import PRODUCT, ProductRow
from orderwright.catalog.queries import sees_prices
from orderwright.catalog.rules import TYPES
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.reporting.low_stock import low_products
from orderwright.web import choices
from orderwright.web.display import active, link, price
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.list_pages import BulkOffer, ListPage
from orderwright.web.lists import Asked, Column, Empty, Filter
from orderwright.web.records import ACTIVE_FILTER, values_of
from orderwright.web.road import page

TYPE_WORDS: Final = {
    "sale": "Sale",
    "service": "Service",
    "shipping": "Shipping",
    "credit": "Credit",
    "return": "Return",
    "tax": "Tax",
}
_COMMERCIAL: Final = "orders_commercial:update"
_STOCK_FILTER: Final = (Filter("stock", "Stock", [("low", "Low")]),)


def _lines(by: Caller) -> list[tuple[str, str]]:
    return choices.of_kind(by, kinds.PRODUCT_LINE)


def _categories(by: Caller) -> list[tuple[str, str]]:
    return choices.of_kind(by, kinds.PRODUCT_CATEGORY)


def _weight_units(_: Caller) -> list[tuple[str, str]]:
    return choices.WEIGHT_UNITS


IDENTITY: Final = (
    Input("name", "Name", required=True),
    Input("sku", "SKU", required=True),
    Input("short_name", "Short name", hint="Inventory tags start with it."),
    Input("type", "Type", "select", choices=[(one, TYPE_WORDS[one]) for one in TYPES]),
    Input("product_line_id", "Product line", "select", choices=_lines, none="None"),
    Input("category_id", "Category", "select", choices=_categories, none="None"),
    Input("description", "Description", "area"),
    Input("aliases", "Also called", "words", hint="One a line. Notes that say so are understood."),
    Input("is_manufactured", "Made by us", "check"),
    Input("is_active", "Active", "check", hint="Inactive products leave the pickers."),
)
UNITS: Final = (
    Input("default_unit", "Default unit", hint="Stock is counted in it: pcs, g, m."),
    Input("weight_per_unit", "Weight of one", "num", width="quarter"),
    Input("weight_unit", "Weight unit", "select", choices=_weight_units, none="—", width="quarter"),
    Input("reorder_threshold", "Low stock at", "num", hint="In the default unit."),
    Input("tax_rate", "Tax rate", "num", hint="A fraction: 0.05 is 5 %."),
    Input(
        "units",
        "Further units",
        "rows",
        add="Add a unit",
        hint="A box of 12 has the ratio 12. Discounts are per such unit.",
        inputs=(
            Input("unit", "Unit", required=True),
            Input("ratio", "Holds", "num", required=True),
            Input("fixed_discount", "Discount, amount", "num"),
            Input("percent_discount", "Discount, fraction", "num"),
        ),
    ),
)
PRICES: Final = (
    Input("base_price", "Base price", "num", permission=_COMMERCIAL),
    Input("price_unit", "Per", hint="Empty: the default unit.", permission=_COMMERCIAL),
    Input("unit_cost", "Unit cost", "num", permission=_COMMERCIAL),
    Input("currency", "Currency", hint="Three letters.", permission=_COMMERCIAL),
)
ATTRIBUTES: Final = (
    Input(
        "attributes",
        "Attributes",
        "rows",
        add="Add an attribute",
        hint="Like size, shape, color, quality, material.",
        inputs=(Input("name", "Attribute"), Input("value", "Value")),
    ),
)


def products(request: HttpRequest) -> HttpResponse:
    """All products, newest first unless sorted."""
    by = _caller(request)
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_add": by.may("products:create")}
    return page(request, "catalog/products.html", context)


def add_product(request: HttpRequest) -> HttpResponse:
    """A new product."""
    by = _caller(request)
    by.must("products:create")
    form = Form.of({"type": "sale", "default_unit": "pcs", "is_active": True})
    if request.method == "POST":
        form = Form.posted(request)
        sent = _sent(form, by)
        if form.accept(lambda: actions.create_product(by=by, sent=sent)):
            return done(request, f"/products/{form.result}", "The product is added.")
    return _form(request, form, title="Add a product", back="/products")


def edit_product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Change a product."""
    by = _caller(request)
    by.must("products:update")
    row = records.one(by=by, kind=PRODUCT, record_id=product_id)
    now, fields = _values(row), (*IDENTITY, *UNITS, *PRICES, *ATTRIBUTES)
    form = Form.of(now, merges=names_of(by, fields))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = _sent(form, by), form.whole("version")
        if form.accept(
            lambda: actions.change_product(
                by=by, product_id=product_id, sent=sent, version=version
            ),
            meanwhile=lambda: meanwhile_of(by, fields, now),
        ):
            return done(request, f"/products/{product_id}", "The product is saved.")
    return _form(request, form, title=f"Edit {row.name}", back=f"/products/{product_id}")


def remove_product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Delete a product that nothing refers to."""
    actions.remove_product(by=_caller(request), product_id=product_id)
    return done(request, "/products", "The product is removed.")


def _columns(by: Caller) -> list[Column]:
    columns = [
        Column(
            "Name",
            lambda row: link(row.name, f"/products/{row.id}"),
            primary=True,
            sort="name",
            value=lambda row: row.name,
        ),
        Column("SKU", lambda row: row.sku, sort="sku"),
        Column("Line", lambda row: row.product_line_name),
        Column("Category", lambda row: row.category_name),
        Column("Type", lambda row: TYPE_WORDS[row.type]),
        Column("Unit", lambda row: row.default_unit),
    ]
    if sees_prices(by):
        own = by.organization.default_currency
        columns.append(
            Column(
                "Price",
                lambda row: price(row.base_price, row.currency or own),
                numeric=True,
                value=lambda row: row.base_price,
                unit=lambda row: row.currency or own,
                unit_label="Currency",
            )
        )
    status = Column("Status", lambda row: active(row.is_active))
    return [*columns, status]


def _read(by: Caller, asked: Asked, window: Window) -> Page[ProductRow]:
    filters, among = _narrowing(by, asked.values)
    return page_of_records(
        by=by, kind=PRODUCT, q=asked.q, filters=filters, window=window, among=among
    )


def _ids(by: Caller, given: Mapping[str, str], most: int) -> list[UUID]:
    filters, among = _narrowing(by, given)
    q = given.get("q")
    return ids_of_records(by=by, kind=PRODUCT, q=q, filters=filters, most=most, among=among)


def _narrowing(
    by: Caller, given: Mapping[str, str]
) -> tuple[dict[str, str], Collection[UUID] | None]:
    """The filters of the catalog itself, and the products that are left by those of the stock."""
    filters = {name: text for name, text in given.items() if name not in ("q", "stock")}
    return filters, low_products(by) if given.get("stock") == "low" else None


def _empty(by: Caller) -> Empty:
    return Empty(
        "No products yet",
        "Products stand here with their units and prices; order lines and inventory refer to them.",
        "tag",
        "Add a product" if by.may("products:create") else "",
        "/products/new",
    )


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [
        Filter("product_line_id", "Line", _lines(by)),
        Filter("category_id", "Category", _categories(by)),
        Filter("type", "Type", tuple(TYPE_WORDS.items())),
        *(_STOCK_FILTER if by.may("inventory:read") else ()),
        ACTIVE_FILTER,
    ]


def _values(row: ProductRow) -> dict[str, Any]:
    return values_of(row) | {
        "units": [{"unit": unit, **held} for unit, held in row.units.items()],
        "attributes": [{"name": name, "value": held} for name, held in row.attributes.items()],
        "aliases": "\n".join(row.aliases),
    }


def _sent(form: Form, by: Caller) -> dict[str, Any]:
    sent = sent_by(form, (*IDENTITY, *UNITS, *PRICES, *ATTRIBUTES))
    sent["attributes"] = {row["name"]: row["value"] for row in sent["attributes"]}
    if not by.may(_COMMERCIAL):
        sent = {name: held for name, held in sent.items() if name not in actions.COMMERCIAL}
    return sent


def _form(request: HttpRequest, form: Form, *, title: str, back: str) -> HttpResponse:
    by = _caller(request)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "identity": bound((*IDENTITY, *ATTRIBUTES), by),
        "units": bound(UNITS, by),
        "prices": bound(PRICES, by),
    }
    return page(request, "catalog/product_form.html", context, status=form.status)


def _caller(request: HttpRequest) -> Caller:
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


LIST: Final = ListPage(
    key=bulk.LIST,
    name="Products",
    path="/products",
    nouns=("product", "products"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=("product_line_id", "category_id", "type", "stock", "is_active"),
    sorts=("name", "sku"),
    search="Name or SKU",
    label=lambda row: row.sku,
    bulk=(
        BulkOffer(
            "activate", "Activate", "check", "will be in use", "activated", "products:update"
        ),
        BulkOffer(
            "deactivate",
            "Deactivate",
            "archive",
            "will leave the pickers",
            "deactivated",
            "products:update",
        ),
    ),
    ids=_ids,
)
