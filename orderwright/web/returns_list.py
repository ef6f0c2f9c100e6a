"""The list of returns: tabs with counts, filters, sort and search in the address (U32)."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.directory.kinds import CUSTOMER
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.returns import return_lists
from orderwright.returns.queries import ReturnPage
from orderwright.returns.return_lists import ListFilter
from orderwright.web import display
from orderwright.web.list_filters import past_days
from orderwright.web.list_lookups import record_filter
from orderwright.web.list_pages import ListPage
from orderwright.web.list_tabs import shown_tabs, tabs_by
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.returns_view import goods_of, pieces_of, url_of
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of, word_of

_TABS: Final = tabs_by(
    "status",
    ("All", None),
    ("Requested", "requested"),
    ("Received", "received"),
    ("Closed", "closed"),
    ("Cancelled", "cancelled"),
)
_DAYS: Final = ("requested", "received")


def returns(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    return page(request, "returns/list.html", {"list": LIST.shown(by, asked)})


def _columns(by: Caller) -> list[Column]:
    columns = [
        Column(
            "Return",
            lambda row: display.link(row.head.number, url_of(row), look="code"),
            primary=True,
            whole=True,
            sort="number",
            value=_of("number"),
        ),
        Column("Order", lambda row: _order(by, row), whole=True, value=_of("order_number")),
    ]
    if by.may("customers:read"):
        columns.append(Column("Customer", _customer, value=_of("customer_name")))
    columns += [
        Column(
            "Status",
            lambda row: display.chip("return", row.head.status),
            value=lambda row: word_of("return", row.head.status).text,
        ),
        Column("Reason", _of("reason"), quiet=True),
        Column("Pieces", pieces_of, whole=True),
        Column("Goods", goods_of, quiet=True, optional=True),
        Column(
            "Requested",
            lambda row: _at(by, row.head.created_at),
            whole=True,
            value=_of("created_at"),
        ),
        Column(
            "Received",
            lambda row: _at(by, row.head.received_at),
            whole=True,
            sort="received",
            falls=True,
            value=_of("received_at"),
        ),
        Column("Requested by", _of("requested_by"), quiet=True, optional=True),
        Column("Received by", _of("received_by"), quiet=True, optional=True),
    ]
    if by.may("payments:read"):
        columns.append(
            Column(
                "Credit memo",
                _credit,
                numeric=True,
                value=lambda row: row.head.credit_memo.get("amount", ""),
                unit=lambda row: row.head.credit_memo.get("currency", ""),
            )
        )
    return columns


def _of(name: str) -> Callable[[ReturnPage], Any]:
    return lambda row: getattr(row.head, name)


def _at(by: Caller, at: datetime | None) -> str:
    return display.instant(at, now=by.now, timezone=by.organization.timezone)


def _order(by: Caller, row: ReturnPage) -> Any:
    number = row.head.order_number
    if not by.may("sales_orders:read"):
        return number
    return display.link(number, f"/orders/sales/{number}")


def _customer(row: ReturnPage) -> Any:
    return display.link(row.head.customer_name, f"/customers/{row.head.customer_id}")


def _credit(row: ReturnPage) -> Any:
    memo = row.head.credit_memo
    if not memo:
        return ""
    return display.link(memo_amount(memo), f"/payments/{memo['id']}")


def memo_amount(memo: dict[str, Any]) -> str:
    """The amount of a credit memo as a return remembers it."""
    return display.money(Decimal(memo["amount"]), memo["currency"])


def _wanted(by: Caller, asked: Asked) -> ListFilter:
    days: dict[str, datetime | None] = {}
    for name in _DAYS:
        first, last = _day(asked.value(f"{name}_from")), _day(asked.value(f"{name}_to"))
        days[f"{name}_from"] = by.day_of(first)[0] if first else None
        days[f"{name}_before"] = by.day_of(last)[1] if last else None
    return ListFilter(
        status=asked.value("status"),
        customer_id=asked.uuid("customer_id"),
        disposition=asked.value("disposition"),
        q=asked.q or None,
        **days,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _read(by: Caller, asked: Asked, window: Window) -> Page[ReturnPage]:
    return return_lists.page_of_returns(by, _wanted(by, asked), window)


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: return_lists.counts(by))


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    days = past_days(by.today)
    return [
        *record_filter(by, asked, "customer_id", "Customer", CUSTOMER, source="/lookup/customers"),
        Filter("disposition", "Disposition", choices_of("disposition")),
        Filter("requested", "Requested", look="days", presets=days),
        Filter("received", "Received", look="days", presets=days, more=True),
    ]


def _empty(by: Caller) -> Empty:
    return Empty(
        "No returns yet",
        "A return carries goods that a customer sends back: announced, received into stock, "
        "rejected or scrapped, and credited. Start one on the order that they were shipped for.",
        icon="truck-return",
        action="Sales orders that have shipped" if by.may("sales_orders:read") else "",
        url="/orders/sales?fulfillment_status=partially_shipped,shipped,completed",
    )


LIST: Final = ListPage(
    key="returns",
    name="Returns",
    path="/returns",
    nouns=("return", "returns"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=(
        "status",
        "customer_id",
        "disposition",
        *(f"{name}_{end}" for name in _DAYS for end in ("from", "to")),
    ),
    sorts=return_lists.SORT_NAMES,
    tabs=_tabs,
    search="Number, order or customer",
    label=lambda row: row.head.number,
)
