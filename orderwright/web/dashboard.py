"""The dashboard (U2): figures that open their lists, first steps, drafts and what happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from orderwright.identity.caller import Caller
from orderwright.reporting.dashboard import Card, Happened
from orderwright.reporting.dashboard import dashboard as read_dashboard
from orderwright.sales import drafts, task_lists
from orderwright.web import display, lists
from orderwright.web.lists import Asked, Column, Empty
from orderwright.web.order_events import Entry, entries
from orderwright.web.road import page


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure is named: in words, with an icon, in a tone while it is not zero."""

    text: str
    icon: str
    tone: str = "grey"


LOOKS: Final[dict[str, Look]] = {
    "open_orders": Look("Open orders", "file-check", "blue"),
    "due_today": Look("Due today", "calendar-due", "amber"),
    "past_due": Look("Past due", "calendar-time", "red"),
    "ready_to_ship": Look("Ready to ship", "clipboard-check", "violet"),
    "on_hold": Look("On hold", "hand-stop", "red"),
    "backordered": Look("Backordered", "hourglass", "amber"),
    "estimates": Look("Estimates waiting", "pencil", "grey"),
    "picks_open": Look("Picks open", "checklist", "blue"),
    "packed": Look("Packed and waiting", "package", "violet"),
    "in_transit": Look("In transit", "truck", "blue"),
    "exceptions": Look("Exceptions", "alert-triangle", "red"),
    "delivered_today": Look("Delivered today", "circle-check", "green"),
    "low_stock": Look("Low stock", "building-warehouse", "amber"),
    "active_jobs": Look("Jobs under way", "tool", "blue"),
    "completed_today": Look("Completed today", "circle-check", "green"),
    "overdue_invoices": Look("Overdue invoices", "file-invoice", "red"),
    "returns_requested": Look("Returns expected", "truck-return", "amber"),
    "tasks_due": Look("Tasks due", "list-check", "amber"),
}
PATHS: Final = {"/sales-orders": "/orders/sales", "/production-jobs": "/production/jobs"}
_GROUPS: Final = (
    (
        "Orders",
        (
            "open_orders",
            "due_today",
            "past_due",
            "ready_to_ship",
            "on_hold",
            "backordered",
            "estimates",
            "tasks_due",
        ),
    ),
    (
        "Warehouse",
        (
            "picks_open",
            "packed",
            "in_transit",
            "exceptions",
            "delivered_today",
            "returns_requested",
            "low_stock",
        ),
    ),
    ("Production and money", ("active_jobs", "completed_today", "overdue_invoices")),
)
STEPS: Final[dict[str, tuple[str, str, str]]] = {
    "has_products": ("Add products", "What you make, buy and sell.", "/products/new"),
    "has_customers": ("Add customers", "Who buys, with terms and addresses.", "/customers/new"),
    "has_people": ("Invite people", "Each with a role of their own.", "/settings/users"),
    "has_orders": ("Enter the first order", "From notes, or line by line.", "/orders/sales/new"),
}


@dataclass(frozen=True, slots=True)
class CardView:
    """A figure as it stands on its card."""

    look: Look
    count: int
    url: str
    below: str

    @property
    def tone(self) -> str:
        """Its colour; nothing to do has none."""
        return self.look.tone if self.count else "grey"


@dataclass(frozen=True, slots=True)
class FeedView:
    """One entry of the feed with its order."""

    entry: Entry
    order_number: str
    customer: str


def dashboard(request: HttpRequest) -> HttpResponse:
    """The start page."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    read = read_dashboard(by)
    views = {card.name: _card(card) for card in read.cards}
    groups = [
        (heading, [views[name] for name in names if name in views]) for heading, names in _GROUPS
    ]
    context = {
        "groups": [(heading, cards) for heading, cards in groups if cards],
        "steps": [(STEPS[step.name], step.is_done) for step in read.steps],
        "feed": _feed(read.feed),
        "drafts": drafts.drafts_of(by)[:5] if by.may("sales_orders:create") else [],
        "sees_orders": by.may("sales_orders:read"),
        "may_create": by.may("sales_orders:create"),
    }
    return page(request, "dashboard.html", context)


def url_of(card: Card) -> str:
    """The page of the list that a card counts."""
    path = PATHS.get(card.list, card.list)
    return f"{path}?{urlencode(card.filters, safe=',')}"


def _card(card: Card) -> CardView:
    below = ""
    if card.units is not None:
        below = f"{display.quantity(card.units)} units short"
    return CardView(LOOKS[card.name], card.count, url_of(card), below)


def _feed(feed: tuple[Happened, ...]) -> list[FeedView]:
    return [
        FeedView(entry, happened.order_number, happened.customer)
        for happened in feed
        for entry in entries([happened.event])[:1]
    ]


def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks of all orders, what is due first on top."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked = lists.asked(request, "due_to")
    rows = task_lists.open_tasks(by, due_to=_day(asked))
    shown = lists.listing(
        name="Tasks",
        asked=asked,
        columns=_task_columns(by),
        rows=rows,
        size=task_lists.MOST,
        empty=Empty(
            "No open tasks",
            "Tasks are added on the page of an order, with a day and somebody who does them.",
            icon="list-check",
        ),
    )
    return page(request, "tasks.html", {"list": shown, "is_due": bool(asked.value("due_to"))})


def _day(asked: Asked) -> date | None:
    try:
        return date.fromisoformat(asked.value("due_to") or "")
    except ValueError:
        return None


def _task_columns(by: Caller) -> list[Column]:
    def due(row: Any) -> Any:
        shown = display.day(row.due_on)
        is_late = row.due_on is not None and row.due_on < by.today
        return format_html('<span class="danger">{} late</span>', shown) if is_late else shown

    return [
        Column("Task", lambda row: row.title, primary=True),
        Column("Order", lambda row: display.link(row.order_number, _order_url(row), look="code")),
        Column("Due", due, whole=True),
        Column("For", lambda row: row.assignee_name),
    ]


def _order_url(row: Any) -> str:
    return f"/orders/sales/{row.order_number}"
