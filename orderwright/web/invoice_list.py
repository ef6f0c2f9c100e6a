"""The list of invoices: a tab for each status, filters, sort and search in the address (U30)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from orderwright.directory.kinds import CUSTOMER
from orderwright.identity.caller import Caller
from orderwright.invoicing import bulk, invoice_lists
from orderwright.invoicing.invoice_lists import InvoiceSummary
from orderwright.kernel.paging import Page, Window
from orderwright.sales import queries as sales
from orderwright.web import display
from orderwright.web.list_filters import coming_days
from orderwright.web.list_lookups import names_of, record_filter
from orderwright.web.list_pages import BulkOffer, ListPage
from orderwright.web.list_tabs import shown_tabs, tabs_by
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of, word_of

URL: Final = "/invoices"
_EMPTY: Final = Empty(
    "No invoices yet",
    "An invoice bills what has shipped of an order. Drafts come by themselves when a shipment "
    "leaves, or you make one here; finalise it, send it, and record what is paid.",
    icon="file-invoice",
    action="New invoice",
    url=f"{URL}/new",
)
_TABS: Final = tabs_by(
    "status", ("All", None), *((text, code) for code, text in choices_of("invoice"))
)
_MAY: Final = "invoices:update"
_BULK: Final = (
    BulkOffer("finalise", "Finalise", "file-check", "will get a number", "finalised", _MAY),
    BulkOffer("send", "Send", "send", "will be sent to the invoice contacts", "sent", _MAY),
    BulkOffer("remind", "Remind", "bell", "will be sent again as a reminder", "reminded of", _MAY),
)


def invoices(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_create": by.may("invoices:create")}
    return page(request, "invoices/list.html", context)


def reference_of(row: Any) -> str:
    """How an invoice stands in addresses: by its number, a draft by its id."""
    return str(row.number or row.id)


def url_of(row: Any) -> str:
    """Where the page of an invoice is."""
    return f"{URL}/{reference_of(row)}"


def _read(by: Caller, asked: Asked, window: Window) -> Page[InvoiceSummary]:
    wanted = invoice_lists.read_filter({**asked.values, "q": asked.q})
    return invoice_lists.page_of_list(by, wanted, window)


def _empty(by: Caller) -> Empty:
    return _EMPTY if by.may("invoices:create") else _EMPTY.without_action


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    order = Filter(
        "order_id",
        "Sales order",
        names_of(asked.several("order_id"), lambda one: sales.order_page(by, one).head.number),
        look="lookup",
        source="/lookup/orders",
        more=True,
    )
    return [
        *record_filter(by, asked, "customer_id", "Customer", CUSTOMER, source="/lookup/customers"),
        Filter("due", "Due", look="days", presets=coming_days(by.today)),
        Filter("status", "Status", choices_of("invoice"), look="several", more=True),
        Filter("open", "Balance", [("yes", "Something is due"), ("no", "Nothing is due")]),
        Filter("invoiced", "Invoice date", look="days", more=True),
        Filter("kind", "Kind", choices_of("invoice_kind"), more=True),
        *([order] if by.may("sales_orders:read") else ()),
    ]


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: invoice_lists.counts(by))


def _columns(by: Caller) -> list[Column]:
    return [
        Column("Number", _number, primary=True, whole=True, sort="number", value=_of("title")),
        Column("Order", lambda row: _order(by, row), whole=True, value=_of("order_number")),
        Column("Customer", lambda row: _customer(by, row), value=_of("customer_name")),
        Column(
            "Status",
            lambda row: display.chip("invoice", row.status(by.today)),
            value=lambda row: word_of("invoice", row.status(by.today)).text,
        ),
        Column(
            "Invoiced",
            lambda row: display.day(row.invoice_date),
            whole=True,
            sort="date",
            falls=True,
            value=_of("invoice_date"),
        ),
        Column("Due", lambda row: due(by, row), whole=True, sort="due", value=_of("due_date")),
        Column(
            "Kind",
            lambda row: display.chip("invoice_kind", row.kind) if row.kind != "goods" else "",
            optional=True,
            value=_of("kind"),
        ),
        Column("Shipment", _of("shipment_number"), whole=True, optional=True, quiet=True),
        Column(
            "Sent",
            lambda row: display.instant(row.sent_at, now=by.now, timezone=by.organization.timezone),
            whole=True,
            optional=True,
            value=_of("sent_at"),
        ),
        Column("Reminders", _of("reminders"), numeric=True, optional=True, value=_of("reminders")),
        _money("Total", "total", sort="total"),
        _money("Allocated", "allocated"),
        _money("Balance", "balance", sort="balance"),
    ]


def _money(label: str, name: str, *, sort: str = "") -> Column:
    return Column(
        label,
        lambda row: _amount(row, name),
        numeric=True,
        sort=sort,
        falls=True,
        value=_of(name),
        unit=_of("currency") if name == "total" else None,
        unit_label="Currency",
    )


def _amount(row: InvoiceSummary, name: str) -> Any:
    shown = display.money(getattr(row, name), row.currency)
    if name == "balance" and row.balance > 0 and row.step in ("finalised", "sent"):
        return format_html('<span class="strong">{}</span>', shown)
    if row.step == "void" and name == "total":
        return format_html('<s class="quiet">{}</s>', shown)
    return shown if getattr(row, name) else format_html('<span class="quiet">{}</span>', shown)


def due(by: Caller, row: Any) -> Any:
    """The day by which it is to be paid, and how late it is when that has passed."""
    shown = display.day(row.due_date)
    if row.status(by.today) != "overdue":
        return shown
    days = (by.today - row.due_date).days
    late = f"{days} {'day' if days == 1 else 'days'} late"
    return format_html('{}<br><span class="danger small">{}</span>', shown, late)


def _of(name: str) -> Callable[[InvoiceSummary], Any]:
    return lambda row: getattr(row, name)


def _number(row: InvoiceSummary) -> Any:
    if row.number:
        return display.link(row.number, url_of(row), look="code")
    said = format_html('Draft<span class="sr-only"> for {}</span>', row.order_number)
    return display.link(said, url_of(row), look="code")


def _order(by: Caller, row: InvoiceSummary) -> Any:
    if row.order_id is None or not by.may("sales_orders:read"):
        return row.order_number
    return display.link(row.order_number, f"/orders/sales/{row.order_number}", look="code")


def _customer(by: Caller, row: InvoiceSummary) -> Any:
    if not by.may("customers:read"):
        return row.customer_name
    return display.link(row.customer_name, f"/customers/{row.customer_id}")


LIST: Final = ListPage(
    key=bulk.LIST,
    name="Invoices",
    path=URL,
    nouns=("invoice", "invoices"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=(
        *invoice_lists.CODES,
        *invoice_lists.IDS,
        *invoice_lists.FLAGS,
        *invoice_lists.DAYS,
    ),
    sorts=invoice_lists.SORT_NAMES,
    tabs=_tabs,
    search="Number, order or customer",
    label=_of("title"),
    bulk=_BULK,
    ids=lambda by, given, most: bulk.ids_of(by, given, most=most),
)
