"""The page of a purchase order: where it stands, its lines, what arrived, its terms (U18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.activity import queries as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.purchasing import queries
from orderwright.purchasing.page import LineRow, OrderPage, worth_of
from orderwright.purchasing.queries import ReceiptPage
from orderwright.web import display
from orderwright.web.email_parts import emails_tab
from orderwright.web.lists import Tab
from orderwright.web.order_lines import attributes_of
from orderwright.web.order_page import sees_prices
from orderwright.web.places import address_text, place
from orderwright.web.purchasing_events import entries
from orderwright.web.purchasing_list import URL, due, stage_of
from orderwright.web.purchasing_next import next_step, offers
from orderwright.web.road import page

EVENTS_SHOWN: Final = 30
SOURCES: Final = {"wizard": "with the wizard", "api": "over the API", "import": "by an import"}
_LINE_ACTIONS: Final = {"cancel-lines": "cancel", "restore-lines": "restore"}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the table shows it."""

    row: LineRow
    attributes: str
    chip: str
    bar: str
    said: str
    wants: str


def purchase_order(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page, with one tab of the activity."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    return page(request, "purchasing/order.html", _context(by, order, request.GET))


def url_of(order: OrderPage) -> str:
    """Where the page of a purchase order is."""
    return f"{URL}/{order.head.number}"


def name_of(line: LineRow) -> str:
    """What people call what is bought."""
    return line.product_name or line.description


def _context(by: Caller, order: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
    head = order.head
    offered = offers(order.allowed(by.permissions), order)
    is_late = bool(
        head.status != "fulfilled"
        and not head.is_closed
        and head.date_required
        and head.date_required < by.today
    )
    step = next_step(order, offered, is_late=is_late)
    primary = step.offer.action if step.offer else ""
    with_prices = sees_prices(by)
    may = {one.action: one.allowed for one in order.allowed(by.permissions)}
    return {
        "order": head,
        "url": url_of(order),
        "stage": stage_of(head),
        "stage_at": head.closed_at or head.fulfilled_at or head.issued_at or head.created_at,
        "lines": [view_of(line) for line in order.lines],
        "next": step,
        "offers": [one for one in offered.values() if one.action != primary],
        "line_offers": [
            (offered[action], wish)
            for action, wish in _LINE_ACTIONS.items()
            if action in offered and offered[action].allowed
        ],
        "may_edit": by.may("purchase_orders:update"),
        "may_edit_lines": may.get("edit", False),
        "sees_prices": with_prices,
        "sees_supplier": by.may("suppliers:read"),
        "worth": worth_of(order.lines) if with_prices else None,
        "due": due(by, head),
        "reasons": ", ".join(str(one["text"]) for one in head.fulfillment_reasons[:3]),
        "ship_to_said": place(head.ship_to),
        "ship_to": address_text(head.ship_to),
        "bill_to": address_text(head.bill_to),
        "source": SOURCES.get(head.source, head.source),
        "note_rows": min(8, 2 + head.internal_note.count("\n")),
        "span": 7,
        **_progress(order),
        **_activity(by, order, asked),
    }


def view_of(line: LineRow) -> LineView:
    """A line with its chip, its bar and what can be done with it."""
    share = min(ONE, line.completion or ZERO)
    rejected = _share(line.rejected, line.effective, ONE - share)
    label = f"{display.quantity(line.received)} of {display.quantity(line.effective, line.unit)}"
    wishes = ["cancel"] if line.outstanding and not line.is_cancelled else []
    wishes += ["restore"] if line.cancelled_quantity > 0 else []
    return LineView(
        row=line,
        attributes=described(line),
        chip=display.chip(
            "receiving", line.status.status, [one.as_json() for one in line.status.reasons]
        ),
        bar=""
        if line.is_cancelled
        else display.bar([("green", share), ("amber", rejected)], f"{label} received"),
        said=_said(line),
        wants=" ".join(wishes),
    )


class _Described:
    """A line with the words that `attributes_of` reads; its weight is of all of it."""

    weight_basis = "total"

    def __init__(self, line: LineRow) -> None:
        self._line = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


def described(line: LineRow) -> str:
    """Size, shape, colour, quality, material and weight of a line, as one text."""
    return attributes_of(_Described(line))


def _said(line: LineRow) -> str:
    parts = [f"{display.quantity(line.received)} received"] if line.received else []
    if line.rejected:
        parts.append(f"{display.quantity(line.rejected)} rejected")
    if line.outstanding and not line.is_cancelled:
        parts.append(f"{display.quantity(line.outstanding)} outstanding")
    if line.facts().is_over_received:
        parts.append(f"{display.quantity(line.received - line.effective)} too many")
    if line.cancelled_quantity and not line.is_cancelled:
        parts.append(f"{display.quantity(line.cancelled_quantity)} cancelled")
    return " · ".join(parts)


def _share(part: Decimal, whole: Decimal, most: Decimal) -> Decimal:
    return min(most, part / whole) if whole else ZERO


def _progress(order: OrderPage) -> dict[str, Any]:
    share = order.completion
    percent = f"{int((share or ZERO) * 100)}"
    active = [line for line in order.lines if not line.is_cancelled]
    done = sum(1 for line in active if not line.outstanding)
    return {
        "percent": percent,
        "progress_said": f"{done} of {len(active)} lines" if active else "every line is cancelled",
        "bar": display.bar([("green", share or ZERO)], f"{percent} % received"),
    }


def _activity(by: Caller, order: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
    url, here = url_of(order), asked.get("tab", "")
    here = here if here in ("receipts", "emails") else "timeline"
    count = queries.receipts_count(by, order.id)
    tabs = [
        Tab("Timeline", f"{url}?tab=timeline", here == "timeline"),
        Tab("Receipts", f"{url}?tab=receipts", here == "receipts", count or None),
        Tab("E-mails", f"{url}?tab=emails", here == "emails"),
    ]
    found = {"tabs": tabs, "activity_template": f"purchasing/activity_{here}.html"}
    if here == "receipts":
        return found | {"receipts": _receipts(by, order)}
    if here == "emails":
        return found | emails_tab(by, order.id)
    return found | _timeline(by, order, asked.get("before"))


def _receipts(by: Caller, order: OrderPage) -> list[tuple[ReceiptPage, bool]]:
    may = next(
        one.allowed for one in order.allowed(by.permissions) if one.action == "reverse-receipt"
    )
    return [(one, may and one.reversed_at is None) for one in queries.receipts(by, order.id)]


def _timeline(by: Caller, order: OrderPage, before: str | None) -> dict[str, Any]:
    events = activity.timeline(by, order.id, before=_uuid(before), limit=EVENTS_SHOWN + 1)
    shown = events[:EVENTS_SHOWN]
    more = len(events) > EVENTS_SHOWN
    return {
        "events": entries(shown, with_prices=sees_prices(by)),
        "older_url": f"{url_of(order)}?tab=timeline&before={shown[-1].id}" if more else "",
    }


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
