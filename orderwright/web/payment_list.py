"""The list of payments: tabs, filters, sort and search in the address (U31)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.directory.kinds import CUSTOMER
from orderwright.identity.caller import Caller
from orderwright.invoicing import payment_lists
from orderwright.invoicing.page import PaymentRow
from orderwright.kernel.paging import Page, Window
from orderwright.web import display
from orderwright.web.list_filters import past_days
from orderwright.web.list_lookups import record_filter
from orderwright.web.list_pages import ListPage
from orderwright.web.list_tabs import ListTab, shown_tabs
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.payment_words import ADJUSTMENTS, METHODS, adjustment_word, method_word
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of, word_of

URL: Final = "/payments"
_NO_TAB: Final[dict[str, str | None]] = {"type": None, "open": None}
_TABS: Final[tuple[ListTab, ...]] = (
    ("All", "all", _NO_TAB),
    ("Open credit", "open", _NO_TAB | {"open": "yes"}),
    ("Payments", "payment", _NO_TAB | {"type": "payment"}),
    ("Credit memos", "credit_memo", _NO_TAB | {"type": "credit_memo"}),
    ("Adjustments", "adjustment", _NO_TAB | {"type": "adjustment,rebate"}),
    ("Refunds", "refund", _NO_TAB | {"type": "refund"}),
)
_EMPTY: Final = Empty(
    "No payments yet",
    "What customers pay, what we credit and what we give back stands here, with the invoices that "
    "it settles. What is not yet allocated is open credit.",
    icon="cash",
    action="Record a payment",
    url=f"{URL}/new",
)


def payments(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {
        "list": LIST.shown(by, asked),
        "may_create": by.may("payments:create"),
        "may_settle": by.may("payments:update") and by.may("invoices:read"),
    }
    return page(request, "payments/list.html", context)


def _read(by: Caller, asked: Asked, window: Window) -> Page[PaymentRow]:
    wanted = payment_lists.read_filter({**asked.values, "q": asked.q})
    return payment_lists.page_of_list(by, wanted, window)


def _empty(by: Caller) -> Empty:
    return _EMPTY if by.may("payments:create") else _EMPTY.without_action


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [
        *record_filter(by, asked, "customer_id", "Customer", CUSTOMER, source="/lookup/customers"),
        Filter("method", "Method", METHODS, look="several"),
        Filter("paid", "Date", look="days", presets=past_days(by.today)),
        Filter("type", "Type", choices_of("payment_type"), look="several", more=True),
        Filter("adjustment_type", "Adjustment", ADJUSTMENTS, look="several", more=True),
    ]


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: payment_lists.counts(by))


def _columns(by: Caller) -> list[Column]:
    return [
        Column("Number", _number, primary=True, whole=True, value=_of("number")),
        Column("Customer", lambda row: customer_link(by, row), value=_of("customer_name")),
        Column("Type", type_chip, value=lambda row: word_of("payment_type", row.type).text),
        Column("Method", _method, value=_method),
        Column(
            "Date",
            lambda row: display.day(row.payment_date),
            whole=True,
            sort="date",
            falls=True,
            value=_of("payment_date"),
        ),
        Column("Reference", _of("reference"), quiet=True, whole=True),
        Column("Order", lambda row: order_link(by, row), value=_of("order_number")),
        _amount("Allocated", "allocated"),
        Column(
            "Open credit",
            _open_credit,
            numeric=True,
            value=_of("open_credit"),
            unit=_of("currency"),
        ),
        _amount("Amount", "amount", sort="amount", falls=True),
        Column("Refunded", _refunded, numeric=True, optional=True, value=_of("refunded")),
        Column(
            "Adjustment",
            lambda row: adjustment_word(row.adjustment_type),
            optional=True,
            value=lambda row: adjustment_word(row.adjustment_type),
        ),
        Column("Note", _of("note"), quiet=True, optional=True),
    ]


def type_chip(row: PaymentRow) -> Any:
    """What kind of payment it is, as a chip."""
    return display.chip("payment_type", row.type)


def customer_link(by: Caller, row: Any) -> Any:
    """The customer, as a link for those who may open it."""
    if not by.may("customers:read"):
        return row.customer_name
    return display.link(row.customer_name, f"/customers/{row.customer_id}")


def order_link(by: Caller, row: PaymentRow) -> Any:
    """The order that it is a deposit on, or that a refund is about."""
    if not row.order_number or not by.may("sales_orders:read"):
        return row.order_number or ""
    return display.link(row.order_number, f"/orders/sales/{row.order_number}", look="code")


def _amount(label: str, name: str, **more: Any) -> Column:
    read = _of(name)
    return Column(
        label,
        lambda row: display.money(read(row), row.currency),
        numeric=True,
        value=read,
        unit=_of("currency"),
        **more,
    )


def _open_credit(row: PaymentRow) -> Any:
    return display.money(row.open_credit, row.currency) if row.open_credit else ""


def _refunded(row: PaymentRow) -> Any:
    return display.money(row.refunded, row.currency) if row.refunded else ""


def _method(row: PaymentRow) -> str:
    return method_word(row.method)


def _of(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _number(row: PaymentRow) -> Any:
    return display.link(row.number, f"{URL}/{row.number}", look="code")


LIST: Final = ListPage(
    key="payments",
    name="Payments",
    path=URL,
    nouns=("payment", "payments"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=(
        *payment_lists.CODES,
        *payment_lists.IDS,
        *payment_lists.FLAGS,
        *payment_lists.DAYS,
    ),
    sorts=payment_lists.SORT_NAMES,
    tabs=_tabs,
    search="Number, reference or customer",
    label=_of("number"),
)
