"""The list of purchase orders: tabs, filters, sort and search in the address (U18)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from orderwright.catalog.kinds import PRODUCT
from orderwright.directory.suppliers import SUPPLIER
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.purchasing import order_lists
from orderwright.purchasing.queries import OrderSummary
from orderwright.sales import drafts
from orderwright.web import choices, display
from orderwright.web.list_filters import coming_days
from orderwright.web.list_lookups import record_filter
from orderwright.web.list_pages import ListPage
from orderwright.web.list_tabs import ListTab, shown_tabs
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.order_page import sees_prices
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of, word_of

URL: Final = "/orders/purchase"
_NO_TAB: Final[dict[str, str | None]] = {"status": None, "closed": None, "past_due": None}
_TABS: Final[tuple[ListTab, ...]] = (
    ("All", "all", _NO_TAB),
    ("Quoted", "quoted", _NO_TAB | {"status": "quoted", "closed": "no"}),
    ("Ordered", "ordered", _NO_TAB | {"status": "ordered", "closed": "no"}),
    ("Fulfilled", "fulfilled", _NO_TAB | {"status": "fulfilled", "closed": "no"}),
    ("Closed", "closed", _NO_TAB | {"closed": "yes"}),
    ("Late", "past_due", _NO_TAB | {"past_due": "yes"}),
)
_EMPTY: Final = Empty(
    "No purchase orders yet",
    "A purchase order carries what we buy from a supplier, from the quote to the last receipt. "
    "What arrives is stock at once, and goes to the orders that wait for it.",
    icon="shopping-cart",
    action="Add new purchase order",
    url=f"{URL}/new",
)


def purchase_orders(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    may_create = by.may("purchase_orders:create")
    shows_drafts = may_create and not asked.window.place
    context = {
        "list": LIST.shown(by, asked),
        "may_create": may_create,
        "drafts": drafts.drafts_of(by, purpose=drafts.PURCHASE) if shows_drafts else [],
    }
    return page(request, "purchasing/list.html", context)


def _read(by: Caller, asked: Asked, window: Window) -> Page[OrderSummary]:
    return order_lists.orders(by, order_lists.read_filter({**asked.values, "q": asked.q}), window)


def _empty(by: Caller) -> Empty:
    return _EMPTY if by.may("purchase_orders:create") else _EMPTY.without_action


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [
        Filter("fulfillment_status", "Receiving", choices_of("receiving"), look="several"),
        *record_filter(by, asked, "supplier_id", "Supplier", SUPPLIER, source="/lookup/suppliers"),
        Filter("required", "Required", look="days", presets=coming_days(by.today)),
        Filter("order_lead_id", "Lead", choices.staff(by), look="several", more=True),
        Filter("priority", "Priority", choices.PRIORITIES, look="several", more=True),
        *record_filter(
            by, asked, "product_id", "Product", PRODUCT, source="/lookup/products", more=True
        ),
    ]


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: order_lists.counts(by))


def _columns(by: Caller) -> list[Column]:
    columns = [
        Column("Number", _number, primary=True, whole=True, sort="number", value=_of("number")),
        Column("Supplier", lambda row: _supplier(by, row), value=_of("supplier_name")),
        Column("Stage", stage_chip, value=lambda row: word_of("purchase", stage_of(row)).text),
        Column("Receiving", lambda row: display.chip("receiving", row.fulfillment_status)),
        Column("Received", completion, value=_of("completion")),
        Column(
            "Required",
            lambda row: due(by, row),
            whole=True,
            sort="required",
            value=_of("date_required"),
        ),
        Column(
            "Promised",
            lambda row: display.day(row.promised_at),
            whole=True,
            value=_of("promised_at"),
        ),
        Column("Lead", _of("order_lead_name"), quiet=True, optional=True),
        Column("Reference", _of("supplier_reference"), quiet=True, optional=True),
        Column(
            "Priority",
            lambda row: display.chip("priority", row.priority),
            optional=True,
            value=_of("priority"),
        ),
    ]
    if sees_prices(by):
        columns.append(
            Column(
                "Total",
                lambda row: display.money(row.subtotal, row.currency),
                numeric=True,
                sort="total",
                falls=True,
                value=_of("subtotal"),
                unit=_of("currency"),
            )
        )
    return columns


def stage_of(row: Any) -> str:
    """Where an order stands, closed ones as closed."""
    return "closed" if row.is_closed else str(row.status)


def stage_chip(row: Any) -> Any:
    """The stage of an order as a chip."""
    return display.chip("purchase", stage_of(row))


def completion(row: OrderSummary) -> Any:
    """How much has arrived, as a bar with its percentage."""
    if row.completion is None:
        return ""
    percent = f"{int(row.completion * 100)} %"
    bar = display.bar([("green", row.completion)], f"{percent} received")
    return format_html('<span class="small">{}</span>{}', percent, bar)


def due(by: Caller, row: Any) -> Any:
    """The day by which it is required, marked when it has passed and goods are missing."""
    shown = display.day(row.date_required)
    is_open = row.status != "fulfilled" and not row.is_closed
    if is_open and row.date_required and row.date_required < by.today:
        return format_html('<span class="danger">{} late</span>', shown)
    return shown


def _of(name: str) -> Callable[[OrderSummary], Any]:
    return lambda row: getattr(row, name)


def _number(row: OrderSummary) -> Any:
    return display.link(row.number, f"{URL}/{row.number}", look="code")


def _supplier(by: Caller, row: OrderSummary) -> Any:
    if not by.may("suppliers:read"):
        return row.supplier_name
    return display.link(row.supplier_name, f"/suppliers/{row.supplier_id}")


LIST: Final = ListPage(
    key="purchase-orders",
    name="Purchase orders",
    path=URL,
    nouns=("order", "orders"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=(*order_lists.CODES, *order_lists.IDS, *order_lists.FLAGS, *order_lists.DAYS),
    sorts=order_lists.SORT_NAMES,
    tabs=_tabs,
    search="Number, reference or supplier",
    label=_of("number"),
)
