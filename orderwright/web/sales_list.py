"""The list of sales orders: tabs, filters, sort and search in the address, newest first (U3)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from orderwright.catalog.kinds import PRODUCT, PRODUCT_LINE
from orderwright.directory.kinds import CUSTOMER, CUSTOMER_GROUP
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.sales import bulk, drafts, order_lists
from orderwright.sales.order_lists import OrderSummary
from orderwright.web import choices, display
from orderwright.web.inputs import Input
from orderwright.web.list_filters import coming_days
from orderwright.web.list_lookups import record_filter
from orderwright.web.list_pages import BulkOffer, ListPage
from orderwright.web.list_tabs import ListTab, shown_tabs
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.order_page import sees_prices
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

_TABS: Final[tuple[ListTab, ...]] = (
    ("All", "all", {"status": None, "on_hold": None}),
    ("Estimate", "estimate", {"status": "estimate", "on_hold": None}),
    ("Issued", "issued", {"status": "issued", "on_hold": None}),
    ("Fulfilled", "fulfilled", {"status": "fulfilled", "on_hold": None}),
    ("Completed", "completed", {"status": "completed", "on_hold": None}),
    ("On hold", "on_hold", {"status": None, "on_hold": "yes"}),
)
_MOST_IN_BAR: Final = 20
_EMPTY: Final = Empty(
    "No sales orders yet",
    "A sales order carries what a customer wants from the estimate to the last delivery. "
    "Paste what the customer wrote, or enter lines by hand.",
    icon="file-text",
    action="Add new sales order",
    url="/orders/sales/new",
)
_BULK: Final = (
    BulkOffer(
        "hold",
        "Put on hold",
        "hand-stop",
        "will be put on hold",
        "put on hold",
        "sales_orders:update",
        (Input("reason", "Reason", "area", required=True),),
    ),
    BulkOffer(
        "release-hold",
        "Release hold",
        "player-play",
        "will be released",
        "released",
        "sales_orders:update",
    ),
    BulkOffer("issue", "Issue", "file-check", "will be issued", "issued", "sales_orders:update"),
    BulkOffer(
        "set-lead",
        "Set lead",
        "user",
        "will get this lead",
        "given a new lead",
        "sales_orders:update",
        (Input("order_lead_id", "Lead", "select", choices=choices.staff, required=True),),
    ),
    BulkOffer(
        "set-priority",
        "Set priority",
        "flag",
        "will get this priority",
        "given a new priority",
        "sales_orders:update",
        (Input("priority", "Priority", "select", choices=choices.PRIORITIES, required=True),),
    ),
)


def sales_orders(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    may_create = by.may("sales_orders:create")
    context = {
        "list": LIST.shown(by, asked),
        "may_create": may_create,
        "drafts": drafts.drafts_of(by) if may_create and not asked.window.place else [],
    }
    return page(request, "sales/list.html", context)


def _read(by: Caller, asked: Asked, window: Window) -> Page[OrderSummary]:
    return order_lists.orders(by, order_lists.read_filter({**asked.values, "q": asked.q}), window)


def _empty(by: Caller) -> Empty:
    return _EMPTY if by.may("sales_orders:create") else _EMPTY.without_action


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    staff = choices.staff(by)
    groups = choices.of_kind(by, CUSTOMER_GROUP)
    customer_groups = Filter(
        "customer_group_id", "Customer group", groups, look="several", more=True
    )
    return [
        Filter("fulfillment_status", "Fulfillment", choices_of("fulfillment"), look="several"),
        Filter("payment_status", "Payment", choices_of("payment"), look="several"),
        Filter("required", "Required", look="days", presets=coming_days(by.today)),
        Filter("order_lead_id", "Lead", staff, look="several", more=len(staff) > _MOST_IN_BAR),
        Filter("past_due", "Past due", [("yes", "Past due"), ("no", "In time")], more=True),
        Filter("priority", "Priority", choices.PRIORITIES, look="several", more=True),
        *record_filter(
            by, asked, "customer_id", "Customer", CUSTOMER, source="/lookup/customers", more=True
        ),
        *([customer_groups] if by.may("customers:read") else ()),
        Filter("sales_rep_id", "Sales representative", staff, look="several", more=True),
        *record_filter(
            by, asked, "product_id", "Product", PRODUCT, source="/lookup/products", more=True
        ),
        Filter(
            "product_line_id",
            "Product line",
            choices.of_kind(by, PRODUCT_LINE),
            look="several",
            more=True,
        ),
    ]


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: order_lists.counts(by))


def _columns(by: Caller) -> list[Column]:
    columns = [
        Column("Number", _number, primary=True, whole=True, sort="number", value=_of("number"))
    ]
    if by.may("customers:read"):
        columns.append(Column("Customer", _customer, value=_of("customer_name")))
    columns += [
        Column("PO no.", _of("customer_po_number"), quiet=True, whole=True),
        Column("Stage", lambda row: display.chip("stage", row.status)),
        Column("Fulfillment", lambda row: display.chip("fulfillment", row.fulfillment_status)),
        Column("Payment", lambda row: display.chip("payment", row.payment_status)),
        Column(
            "Required",
            lambda row: _due(by, row),
            whole=True,
            sort="required",
            value=_of("date_required"),
        ),
        Column(
            "Promised",
            lambda row: display.day(row.promised_at),
            whole=True,
            optional=True,
            value=_of("promised_at"),
        ),
        Column("Lead", _of("order_lead_name"), quiet=True),
        Column("Representative", _of("sales_rep_name"), quiet=True, optional=True),
        Column(
            "Priority",
            lambda row: display.chip("priority", row.priority),
            optional=True,
            value=_of("priority"),
        ),
        Column(
            "Created",
            lambda row: display.instant(
                row.created_at, now=by.now, timezone=by.organization.timezone
            ),
            whole=True,
            optional=True,
            value=_of("created_at"),
        ),
    ]
    if sees_prices(by):
        columns.append(
            Column(
                "Total",
                lambda row: display.money(row.grand_total, row.currency),
                numeric=True,
                sort="total",
                falls=True,
                value=_of("grand_total"),
                unit=_of("currency"),
            )
        )
    return columns


def _of(name: str) -> Callable[[OrderSummary], Any]:
    return lambda row: getattr(row, name)


def _number(row: OrderSummary) -> Any:
    link = display.link(row.number, f"/orders/sales/{row.number}", look="code")
    if row.priority != "high":
        return link
    return format_html(
        '{} <span class="danger" title="High priority">{}<span class="sr-only">High priority</span>'
        "</span>",
        link,
        display.icon("flag-3"),
    )


def _customer(row: OrderSummary) -> Any:
    link = display.link(row.customer_name, f"/customers/{row.customer_id}")
    if not row.customer_status.startswith("hold"):
        return link
    return format_html("{} {}", link, display.chip("customer", row.customer_status))


def _due(by: Caller, row: OrderSummary) -> Any:
    shown = display.day(row.date_required)
    is_late = row.status in ("estimate", "issued") and row.date_required
    if is_late and row.date_required and row.date_required < by.today:
        return format_html('<span class="danger">{} late</span>', shown)
    return shown


LIST: Final = ListPage(
    key=bulk.LIST,
    name="Sales orders",
    path="/orders/sales",
    nouns=("order", "orders"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=(*order_lists.CODES, *order_lists.IDS, *order_lists.FLAGS, *order_lists.DAYS),
    sorts=order_lists.SORT_NAMES,
    tabs=_tabs,
    search="Number, PO number or customer",
    label=_of("number"),
    bulk=_BULK,
    ids=lambda by, given, most: bulk.ids_of(by, given, most=most),
)
