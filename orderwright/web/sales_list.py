"""The list of sales orders: tabs, filters and search in the address, newest first (U3)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from orderwright.identity.caller import Caller
from orderwright.kernel.paging import NEWEST, Place, Window
from orderwright.sales import drafts, order_lists
from orderwright.sales.order_lists import OrderFilter, OrderSummary
from orderwright.web import choices, display, lists
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.order_page import sees_prices
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

FILTERS: Final = (
    "status",
    "fulfillment_status",
    "payment_status",
    "customer_id",
    "order_lead_id",
    "product_id",
    "on_hold",
    "past_due",
    "required_from",
    "required_to",
)
_TABS: Final[tuple[tuple[str, dict[str, str | None]], ...]] = (
    ("All", {"status": None, "on_hold": None}),
    ("Estimate", {"status": "estimate", "on_hold": None}),
    ("Issued", {"status": "issued", "on_hold": None}),
    ("Fulfilled", {"status": "fulfilled", "on_hold": None}),
    ("Completed", {"status": "completed", "on_hold": None}),
    ("On hold", {"status": None, "on_hold": "yes"}),
)
_EMPTY: Final = Empty(
    "No sales orders yet",
    "A sales order carries what a customer wants from the estimate to the last delivery. "
    "Paste what the customer wrote, or enter lines by hand.",
    icon="file-text",
    action="Add new sales order",
    url="/orders/sales/new",
)


def sales_orders(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked = lists.asked(request, *FILTERS)
    place = asked.after and Place(NEWEST, "", asked.after)
    found = order_lists.orders(by, _filter(asked), Window(place=place, size=lists.PAGE_SIZE + 1))
    rows = found.rows
    may_create = by.may("sales_orders:create")
    shown = lists.listing(
        name="Sales orders",
        asked=asked,
        columns=_columns(by),
        rows=rows,
        search="Number, PO number or customer",
        filters=_filters(by),
        tabs=[_tab(asked, text, state) for text, state in _TABS],
        empty=_EMPTY if may_create else Empty(_EMPTY.title, _EMPTY.text, icon=_EMPTY.icon),
    )
    context = {
        "list": shown,
        "may_create": may_create,
        "drafts": drafts.drafts_of(by) if may_create and not asked.after else [],
    }
    return page(request, "sales/list.html", context)


def _filter(asked: Asked) -> OrderFilter:
    return order_lists.read_filter({**asked.values, "q": asked.q})


def _filters(by: Caller) -> list[Filter]:
    return [
        Filter("fulfillment_status", "Fulfillment", choices_of("fulfillment")),
        Filter("payment_status", "Payment", choices_of("payment")),
        Filter("order_lead_id", "Lead", choices.staff(by)),
        Filter("past_due", "Past due", [("yes", "Past due"), ("no", "In time")]),
    ]


def _tab(asked: Asked, text: str, state: dict[str, str | None]) -> Tab:
    is_here = all(asked.value(name) == value for name, value in state.items())
    return Tab(text, asked.url(**state), is_here)


def _columns(by: Caller) -> list[Column]:
    columns = [Column("Number", _number, primary=True, whole=True)]
    if by.may("customers:read"):
        columns.append(Column("Customer", _customer))
    columns += [
        Column("PO no.", lambda row: row.customer_po_number, quiet=True, whole=True),
        Column("Stage", lambda row: display.chip("stage", row.status)),
        Column("Fulfillment", lambda row: display.chip("fulfillment", row.fulfillment_status)),
        Column("Payment", lambda row: display.chip("payment", row.payment_status)),
        Column("Required", lambda row: _due(by, row), whole=True),
        Column("Lead", lambda row: row.order_lead_name, quiet=True),
    ]
    if sees_prices(by):
        columns.append(
            Column("Total", lambda row: display.money(row.grand_total, row.currency), numeric=True)
        )
    return columns


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
