"""The order page: where an order stands, its lines, what happened, and its terms (U7 to U11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from orderwright.activity import queries as activity
from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.sales import queries, standing
from orderwright.sales.page import OrderPage, OrderRow
from orderwright.shipping import queries as shipping
from orderwright.web import display
from orderwright.web.email_parts import emails_tab
from orderwright.web.lists import Tab
from orderwright.web.order_events import entries
from orderwright.web.order_lines import line_rows, status_counts
from orderwright.web.order_money import may_see, money_tab, next_with_money, payment_reasons
from orderwright.web.order_next import Offer, banners, next_step, offers
from orderwright.web.order_parts import progress_of, stage_bars, tasks_tab
from orderwright.web.order_production import (
    ProductionView,
    may_make,
    production_tab,
    production_view,
    run_offer,
)
from orderwright.web.order_returns import (
    OrderReturns,
    next_of_returns,
    return_action,
    return_banners,
    returns_of,
    returns_tab,
)
from orderwright.web.places import address_text, place
from orderwright.web.road import page
from orderwright.web.shipment_view import shipment_view

TABS: Final = (
    "timeline",
    "production",
    "tasks",
    "selections",
    "shipments",
    "invoices",
    "returns",
    "emails",
)
EVENTS_SHOWN: Final = 30
_SOURCES: Final = {
    "wizard": "with the wizard",
    "quick": "as a quick order",
    "api": "over the API",
    "import": "by an import",
    "portal": "in the portal",
}
# Bulk actions on lines: the wish that a line must have, and what it is called for one line.
_BULK: Final = {
    "select-inventory": ("select", "Select inventory"),
    "create-shipment": ("ship", "Create shipment"),
    "return": ("return", "Return goods"),
    "restore-lines": ("restore", "Restore line"),
    "cancel-lines": ("cancel", "Cancel line"),
}


@dataclass(frozen=True, slots=True)
class BulkOffer:
    """An action on the selected lines."""

    action: str
    text: str
    one: str
    icon: str
    allowed: bool
    why_not: str
    needs: str
    is_dangerous: bool


@dataclass(frozen=True, slots=True)
class SelectionView:
    """A selection, and what may be done with it."""

    row: inventory.SelectionRow
    line: int
    chip: str
    may_release: bool


def order_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page, with one tab of the activity."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    return page(request, "sales/order.html", _context(by, order, request.GET))


def pulse(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether the order changed since the stamp that the page shows: 304, or the new stamp."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    _, stamp = queries.order_stamp(by, reference)
    etag = f'"{stamp}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(stamp, content_type="text/plain")
    response["ETag"] = etag
    response["Last-Modified"] = http_date(by.now.timestamp())
    return response


def url_of(order: OrderPage) -> str:
    """Where the page of an order is."""
    return f"/orders/sales/{order.head.number}"


def sees_prices(by: Caller) -> bool:
    """Prices, currency and budget are commercial (domain 1.2)."""
    return by.may("orders_commercial:read")


def _context(by: Caller, order: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
    head = order.head
    with_prices = sees_prices(by)
    production, returns = production_view(by, order), returns_of(by, order)
    allowed = order.allowed(by.permissions, is_admin=by.is_admin)
    offered = offers([*allowed, *return_action(by, order, returns)], order)
    offered |= run_offer(by, order, production)
    step = next_step(order, offered, by.permissions)
    step = next_of_returns(by, order, returns) or next_with_money(order, offered, step)
    primary = step.offer.action if step.offer else ""
    paid = order.facts()
    until = standing.estimate_stands_until(by, order)
    return {
        "order": head,
        "url": url_of(order),
        "back": url_of(order),
        "stamp": order.stamp,
        "rows": line_rows(
            order,
            with_prices=with_prices,
            making=production.cells if production.jobs else None,
            may_make=may_make(by, order),
        ),
        "production": production,
        "may_make": may_make(by, order),
        "counts": status_counts(order.lines),
        "banners": [*banners(order), *return_banners(returns)],
        "beyond_credit": standing.beyond_credit(by, order),
        "stands_until": until,
        "is_expired": until is not None and until < by.today,
        "offers": [offer for offer in offered.values() if offer.action != primary],
        "may_edit": by.may("sales_orders:update"),
        "next": step,
        "bulk": _bulk(offered),
        "progress": progress_of(order),
        "stages": stage_bars(order, with_prices=with_prices),
        "note_rows": min(8, 2 + head.internal_note.count("\n")),
        "stage_said": _stage_said(by, head),
        "fulfillment_said": _in_short(head.fulfillment_reasons),
        "payment_said": _payment_said(head),
        "payment_reasons": payment_reasons(head) if with_prices else [],
        "sees_prices": with_prices,
        "sees_customer": by.may("customers:read"),
        "may_create": by.may("sales_orders:create"),
        "may_edit_lines": _may_edit_lines(by, order),
        "is_late": _is_late(by, head),
        "ship_to_said": place(head.ship_to),
        "ship_to": address_text(head.ship_to),
        "bill_to": address_text(head.bill_to),
        "source": _SOURCES.get(head.source, head.source),
        "span": 9 if production.jobs else 8,
        "paid": paid.paid_in_full,
        **_activity(by, order, asked, offered=offered, production=production, returns=returns),
    }


def _stage_said(by: Caller, head: OrderRow) -> str:
    at = head.completed_at or head.fulfilled_at or head.issued_at or head.created_at
    since = display.instant(at, now=by.now, timezone=by.organization.timezone)
    if head.reopened_at:
        return "reopened for corrections"
    return since


def _may_edit_lines(by: Caller, order: OrderPage) -> bool:
    return any(one.action == "edit" and one.allowed for one in order.allowed(by.permissions))


def _in_short(reasons: list[dict[str, Any]]) -> str:
    return ", ".join(str(reason["text"]) for reason in reasons[:3])


def _payment_said(head: OrderRow) -> str:
    if not head.grand_total:
        return "Nothing is due"
    if head.payment_status == "paid":
        return "Paid in full"
    if head.payment_status == "overpaid":
        return f"{display.money(head.money.paid - head.grand_total, head.currency)} too much"
    return f"{display.money(head.grand_total - head.money.paid, head.currency)} due"


def _is_late(by: Caller, head: OrderRow) -> bool:
    open_still = head.status in ("estimate", "issued")
    return bool(open_still and head.date_required and head.date_required < by.today)


def _bulk(offered: dict[str, Offer]) -> list[BulkOffer]:
    return [
        BulkOffer(
            action=action,
            text=offered[action].text,
            one=one,
            icon=offered[action].icon,
            allowed=offered[action].allowed,
            why_not=offered[action].why_not,
            needs=needs,
            is_dangerous=offered[action].is_dangerous,
        )
        for action, (needs, one) in _BULK.items()
        if action in offered and (offered[action].allowed or action != "restore-lines")
    ]


def _activity(
    by: Caller,
    order: OrderPage,
    asked: Mapping[str, str],
    *,
    offered: dict[str, Offer],
    production: ProductionView,
    returns: OrderReturns,
) -> dict[str, Any]:
    is_shown = {"production": bool(production.jobs), "returns": returns.is_shown}
    is_shown["invoices"] = may_see(by)
    offered_tabs = [tab for tab in TABS if is_shown.get(tab, True)]
    here = asked.get("tab", "")
    here = here if here in offered_tabs else TABS[0]
    url = url_of(order)
    if here == "production":
        shown = production_tab(production)
    elif here == "returns":
        shown = returns_tab(by, returns)
    else:
        shown = _READ_TABS[here](by, order, asked, offered)
    counts = {
        "shipments": len(order.head.shipments) or None,
        "production": len(production.jobs) or None,
        "returns": len(returns.found) or None,
        "invoices": order.head.money.invoices or None,
    }
    tabs = [
        Tab(
            "E-mails" if tab == "emails" else tab.capitalize(),
            f"{url}?tab={tab}",
            tab == here,
            counts.get(tab),
        )
        for tab in offered_tabs
    ]
    return {"tabs": tabs, "activity_template": f"sales/activity_{here}.html", **shown}


def _timeline(
    by: Caller, order: OrderPage, asked: Mapping[str, str], offered: dict[str, Offer]
) -> dict[str, Any]:
    before = _uuid(asked.get("before"))
    events = activity.timeline(by, order.id, before=before, limit=EVENTS_SHOWN + 1)
    more = len(events) > EVENTS_SHOWN
    shown = events[:EVENTS_SHOWN]
    older = f"{url_of(order)}?tab=timeline&before={shown[-1].id}" if more else ""
    return {"events": entries(shown), "older_url": older}


def _tasks(
    by: Caller, order: OrderPage, asked: Mapping[str, str], offered: dict[str, Offer]
) -> dict[str, Any]:
    return tasks_tab(by, order)


def _selections(
    by: Caller, order: OrderPage, asked: Mapping[str, str], offered: dict[str, Offer]
) -> dict[str, Any]:
    position = {line.reservation_id: line.position for line in order.lines if line.reservation_id}
    rows = inventory.selections_of(by, position) if position else []
    release = offered.get("release-inventory")
    may = bool(release and release.allowed)
    return {
        "selections": [
            SelectionView(
                row=row,
                line=position[row.reservation_id],
                chip=display.chip("selection", row.status),
                may_release=may and row.is_open,
            )
            for row in rows
        ]
    }


def _shipments(
    by: Caller, order: OrderPage, asked: Mapping[str, str], offered: dict[str, Offer]
) -> dict[str, Any]:
    found = shipping.shipments_of_order(by, order.id)
    return {"shipments": [shipment_view(by, shipment) for shipment in found]}


def _emails(
    by: Caller, order: OrderPage, asked: Mapping[str, str], offered: dict[str, Offer]
) -> dict[str, Any]:
    return emails_tab(by, order.id)


_READ_TABS: Final = {
    "timeline": _timeline,
    "tasks": _tasks,
    "selections": _selections,
    "shipments": _shipments,
    "invoices": money_tab,
    "emails": _emails,
}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
