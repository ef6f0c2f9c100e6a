"""Suppliers: the list, the page with its orders and receipts, and the form (U27)."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.activity import queries as activity
from orderwright.activity import records
from orderwright.activity.record_lists import page_of_records
from orderwright.catalog import supplying
from orderwright.catalog.supplying import SupplierRecord
from orderwright.directory.suppliers import SUPPLIER, SupplierRow
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import write_cursor
from orderwright.kernel.paging import Page, Window
from orderwright.purchasing import order_lists, receipt_lists
from orderwright.purchasing.order_lists import PurchaseFilter
from orderwright.purchasing.receipt_lists import ReceiptSummary
from orderwright.web import choices, lists
from orderwright.web.belongings import ADDRESS
from orderwright.web.display import active, chip, day, link
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.list_pages import ListPage
from orderwright.web.lists import Asked, Column, Empty, Tab
from orderwright.web.order_events import Entry
from orderwright.web.places import address_text
from orderwright.web.purchasing_list import LIST as ORDERS
from orderwright.web.records import ACTIVE_FILTER, values_of
from orderwright.web.road import page
from orderwright.web.supplier_events import entries

URL: Final = "/suppliers"
COLUMNS: Final = (
    Column(
        "Name",
        lambda row: link(row.name, f"{URL}/{row.id}"),
        primary=True,
        sort="name",
        value=lambda row: row.name,
    ),
    Column("Number", lambda row: row.number, sort="number"),
    Column("Contact", lambda row: f"{row.first_name} {row.last_name}".strip()),
    Column("E-mail", lambda row: row.email),
    Column("Phone", lambda row: row.phone),
    Column("Currency", lambda row: row.default_currency, optional=True),
    Column("Status", lambda row: active(row.is_active)),
)
IDENTITY: Final = (
    Input("name", "Name", required=True),
    Input("number", "Number", hint="Empty takes the next one."),
    Input("email", "E-mail", "email", hint="Purchase orders are sent there."),
    Input("phone", "Phone", "tel"),
    Input("first_name", "First name"),
    Input("last_name", "Last name"),
    Input("nickname", "Nickname"),
    Input("website", "Website", "url"),
    Input("number_of_employees", "Employees", "num", width="quarter"),
    Input("relationship_start", "Supplier since", "date", width="quarter"),
    Input("is_active", "Active", "check", hint="Inactive suppliers leave the pickers."),
    Input("notes", "Notes", "area", hint="Never a card number."),
)
DEFAULTS: Final = (
    Input("payment_term_id", "Payment term", "select", choices=choices.payment_terms, none="—"),
    Input("shipping_term_id", "Shipping term", "select", choices=choices.shipping_terms, none="—"),
    Input("carrier_id", "Carrier", "select", choices=choices.carriers, none="—"),
    Input("default_currency", "Currency", hint="Three letters; empty takes ours."),
)
ADDRESSES: Final = (Input("addresses", "Addresses", "rows", add="Add an address", inputs=ADDRESS),)
PRODUCTS: Final = (
    Input(
        "supplied_products",
        "What this supplier sells to us",
        "rows",
        add="Add a product",
        hint="A scanner that reads its code at receiving finds the line.",
        inputs=(
            Input(
                "product_id",
                "Our product",
                "combobox",
                source="/lookup/products?type=sale",
                required=True,
            ),
            Input("code", "Their code"),
        ),
    ),
)
_EVERY: Final = (*IDENTITY, *DEFAULTS, *ADDRESSES, *PRODUCTS)
_TABS: Final = (
    ("Overview", "", ""),
    ("Purchase orders", "/orders", "purchase_orders:read"),
    ("Receipts", "/receipts", "purchase_orders:read"),
    ("Activity", "/activity", ""),
)


def suppliers(request: HttpRequest) -> HttpResponse:
    """All suppliers, newest first unless sorted."""
    by = _caller(request)
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_add": by.may("suppliers:create")}
    return page(request, "purchasing/suppliers.html", context)


def supplier(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Who it is, where it is, and what it sells to us."""
    by = _caller(request)
    found = supplying.supplier(by=by, record_id=supplier_id)
    row, named = found.row, choices.name_in
    context = _head(by, found, "") | {
        "person": f"{row.first_name} {row.last_name}".strip(),
        "payment_term": named(choices.payment_terms(by), row.payment_term_id),
        "shipping_term": named(choices.shipping_terms(by), row.shipping_term_id),
        "carrier": named(choices.carriers(by), row.carrier_id),
        "currency": row.default_currency or by.organization.default_currency,
        "places": [(place, address_text(values_of(place))) for place in found.addresses],
    }
    return page(request, "purchasing/supplier_overview.html", context)


def orders(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """What we bought from it, newest first."""
    by = _caller(request)
    found = supplying.supplier(by=by, record_id=supplier_id)
    asked = lists.asked(request)
    shown = lists.listing(
        name="Purchase orders",
        asked=asked,
        columns=[one for one in ORDERS.columns(by) if one.label != "Supplier" and not one.optional],
        found=order_lists.orders(by, PurchaseFilter(supplier_id=(supplier_id,)), asked.window),
        empty=Empty("No purchase orders yet", "What we buy here stands here.", "shopping-cart"),
    )
    return page(
        request, "purchasing/supplier_list.html", _head(by, found, "/orders") | {"list": shown}
    )


def receipts(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """What it sent us, newest first, whatever order it was for."""
    by = _caller(request)
    found = supplying.supplier(by=by, record_id=supplier_id)
    asked = lists.asked(request)
    shown = lists.listing(
        name="Receipts",
        asked=asked,
        columns=_receipt_columns(),
        found=receipt_lists.receipts_of_supplier(by, supplier_id, asked.window),
        empty=Empty("Nothing has arrived yet", "What it sends us stands here.", "package-import"),
    )
    return page(
        request, "purchasing/supplier_list.html", _head(by, found, "/receipts") | {"list": shown}
    )


def happened(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """What people did to the supplier's record, newest first."""
    by = _caller(request)
    found = supplying.supplier(by=by, record_id=supplier_id)
    asked = lists.asked(request)
    rows = activity.timeline(by, supplier_id, before=asked.after, limit=lists.PAGE_SIZE + 1)
    shown, more = rows[: lists.PAGE_SIZE], len(rows) > lists.PAGE_SIZE
    told: list[Entry] = entries(shown)
    context = _head(by, found, "/activity") | {
        "events": told,
        "older_url": f"{request.path}?after={write_cursor(shown[-1].id)}" if more else "",
    }
    return page(request, "purchasing/supplier_activity.html", context)


def add_supplier(request: HttpRequest) -> HttpResponse:
    """A new supplier."""
    by = _caller(request)
    by.must("suppliers:create")
    form = Form.of({"is_active": True})
    if request.method == "POST":
        form = Form.posted(request)
        sent = sent_by(form, _EVERY)
        if form.accept(lambda: supplying.create_supplier(by=by, sent=sent)):
            return done(request, f"{URL}/{form.result}", "The supplier is added.")
    return _form(request, form, title="Add a supplier", back=URL)


def edit_supplier(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Change a supplier, its places and products."""
    by = _caller(request)
    by.must("suppliers:update")
    found = supplying.supplier(by=by, record_id=supplier_id)
    now = _values(found)
    form = Form.of(now, merges=names_of(by, (*IDENTITY, *DEFAULTS)))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = sent_by(form, _EVERY), form.whole("version")
        if form.accept(
            lambda: supplying.change_supplier(
                by=by, supplier_id=supplier_id, sent=sent, version=version
            ),
            meanwhile=lambda: meanwhile_of(by, (*IDENTITY, *DEFAULTS), now),
        ):
            return done(request, f"{URL}/{supplier_id}", "The supplier is saved.")
    return _form(request, form, title=f"Edit {found.row.name}", back=f"{URL}/{supplier_id}")


def remove_supplier(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Delete a supplier that nothing refers to."""
    records.remove(by=_caller(request), kind=SUPPLIER, record_id=supplier_id)
    return done(request, URL, "The supplier is removed.")


def _values(found: SupplierRecord) -> dict[str, Any]:
    return values_of(found.row) | {
        "addresses": [values_of(place) for place in found.addresses],
        "supplied_products": [
            {"product_id": one.id, "product_id_text": one.name, "code": one.code}
            for one in found.products
        ],
    }


def _form(request: HttpRequest, form: Form, *, title: str, back: str) -> HttpResponse:
    by = _caller(request)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "identity": bound(IDENTITY, by),
        "defaults": bound(DEFAULTS, by),
        "addresses": bound(ADDRESSES, by),
        "products": bound(PRODUCTS, by),
    }
    return page(request, "purchasing/supplier_form.html", context, status=form.status)


def _head(by: Caller, found: SupplierRecord, here: str) -> dict[str, Any]:
    return {
        "supplier": found.row,
        "found": found,
        "tabs": [
            Tab(text, f"{URL}/{found.id}{part}", part == here)
            for text, part, permission in _TABS
            if not permission or by.may(permission)
        ],
    }


def _caller(request: HttpRequest) -> Caller:
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


def _read(by: Caller, asked: Asked, window: Window) -> Page[SupplierRow]:
    return page_of_records(by=by, kind=SUPPLIER, q=asked.q, filters=asked.values, window=window)


def _empty(by: Caller) -> Empty:
    return Empty(
        "No suppliers yet",
        "Suppliers stand here with their terms, addresses and products; purchase orders start "
        "from them.",
        "building-store",
        "Add a supplier" if by.may("suppliers:create") else "",
        f"{URL}/new",
    )


def _columns(by: Caller) -> Sequence[Column]:
    return COLUMNS


LIST: Final = ListPage(
    key="suppliers",
    name="Suppliers",
    path=URL,
    nouns=("supplier", "suppliers"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=lambda by, asked: (ACTIVE_FILTER,),
    parameters=("is_active",),
    sorts=("name", "number"),
    search="Name, number or e-mail",
    label=lambda row: row.name,
)


def _what(row: ReceiptSummary) -> str:
    more = row.line_count - 1
    if not more:
        return row.first
    return f"{row.first} and {more} more {'line' if more == 1 else 'lines'}"


def _receipt_status(row: ReceiptSummary) -> str:
    if row.reversed_at is not None:
        return chip("receipt", "reversed")
    return chip("receipt", "rejects") if row.rejected else chip("receipt", "received")


def _receipt_columns() -> list[Column]:
    return [
        Column(
            "Receipt",
            lambda row: link(
                row.number, f"/orders/purchase/{row.order_number}?tab=receipts", look="code"
            ),
            primary=True,
            whole=True,
        ),
        Column("Arrived", lambda row: day(row.received_on), whole=True),
        Column(
            "Order",
            lambda row: link(row.order_number, f"/orders/purchase/{row.order_number}"),
            whole=True,
        ),
        Column("What", _what),
        Column("Place", lambda row: row.location_name or ""),
        Column("Received by", lambda row: row.received_by, quiet=True),
        Column("Status", _receipt_status),
    ]
