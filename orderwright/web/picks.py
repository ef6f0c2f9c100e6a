"""Picks: the queue of the warehouse, and the page from which a picker works (U19)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join

from orderwright.catalog import queries as catalog
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.paging import NEWEST, Page, Place, Window
from orderwright.shipping import pick_queries as queries
from orderwright.shipping import picking
from orderwright.shipping.pick_page import (
    OpenSelection,
    PickFilter,
    PickLineRow,
    PickPage,
    PickPlace,
    PickRow,
    SuggestedLot,
    place_of,
)
from orderwright.web import display, lists
from orderwright.web.forms import Form, done
from orderwright.web.list_pages import ListPage
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

TABS: Final = (("To do", "open"), ("Finished", "finished"), ("All", "all"))
_ATTRIBUTES: Final = ("size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot from which a row is picked; a selected one is promised to it already."""

    lot_id: UUID
    tag_id: str
    where: str
    on_hand: str
    quantity: str
    unit: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as a picker sees it. `codes`, one a line, are what a scanner may read for it."""

    row: PickLineRow
    name: str
    attributes: str
    codes: str
    lots: list[LotView]
    ordered: str
    quantity: str
    asked: str
    state: str


def picks(request: HttpRequest) -> HttpResponse:
    """The queue: what is urgent first, then what is required first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    place = _place(request.GET.get("from"))
    rows = queries.picks(by, _wanted(asked), after=place, limit=lists.PAGE_SIZE)
    shown = lists.listing(
        name=LIST.name,
        asked=asked,
        columns=LIST.columns(by),
        rows=rows,
        search=LIST.search,
        filters=LIST.filters(by, asked),
        tabs=LIST.tabs(by, asked),
        empty=LIST.empty(by),
        key=LIST.key,
    )
    shown = replace(shown, next_url=_next_url(asked, rows), first_url=asked.url() if place else "")
    return page(request, "warehouse/picks.html", {"list": shown})


def pick(request: HttpRequest, reference: str) -> HttpResponse:
    """One pick: its rows to fetch, what is packed already, and the scanner."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.pick_page(by, reference)
    return page(request, "warehouse/pick.html", _context(by, found))


def record(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Say how much of a row was picked; the page asks for JSON and stays where it is."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.posted(request)
    typed = form.number_text("quantity")
    accepted = form.accept(
        lambda: picking.record_picked(by=by, pick=reference, line_id=line_id, quantity=typed or "0")
    )
    if request.headers.get("Accept") != "application/json":
        if not accepted:
            found = queries.pick_page(by, reference)
            context = {**_context(by, found), "form": form}
            return page(request, "warehouse/pick.html", context, status=form.status)
        return redirect(f"/picks/{reference}")
    if not accepted:
        message = next(iter(form.errors.values()), form.message)
        return JsonResponse({"message": message}, status=form.status)
    found = form.result
    rows = {row.id: row for row in found.lines}
    row = rows[line_id]
    return JsonResponse(
        {
            "quantity": trim(row.quantity),
            "state": _state(row),
            "said": progress_said(found),
            "percent": trim(_share(found) * 100),
        }
    )


def pick_all(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything outstanding is picked."""
    return _act(request, reference, picking.pick_all, "Everything is picked.")


def void(request: HttpRequest, reference: str) -> HttpResponse:
    """Start again from nothing picked."""
    return _act(request, reference, picking.void_pick, "The pick starts again from nothing picked.")


def view_of(row: PickLineRow, codes: Sequence[str]) -> RowView:
    """A row with what a scanner may read for it."""
    return RowView(
        row=row,
        name=row.product_name or row.description or row.sku,
        attributes=", ".join(str(getattr(row, name)) for name in _ATTRIBUTES if getattr(row, name)),
        codes="\n".join(dict.fromkeys(code for code in (row.sku, *codes) if code)),
        lots=[
            *(_lot(one, is_selected=True) for one in row.open_selections),
            *(_lot(one, is_selected=False) for one in row.suggested_lots),
        ],
        ordered=display.quantity(row.ordered_quantity, row.unit),
        quantity=trim(row.quantity),
        asked=trim(row.ordered_quantity),
        state=_state(row),
    )


def progress_said(found: PickPage) -> str:
    """How far the picker is, in words."""
    rows = found.open_lines
    if not rows:
        return "Everything is packed."
    picked = sum(1 for row in rows if row.quantity >= row.ordered_quantity)
    return f"{picked} of {len(rows)} lines picked"


def _context(by: Caller, found: PickPage) -> dict[str, Any]:
    codes = _codes(by, found)
    may_update = by.may("picks:update")
    return {
        "pick": found.head,
        "url": f"/picks/{found.head.number}",
        "rows": [view_of(row, codes.get(row.product_id, ())) for row in found.open_lines],
        "packed": [row for row in found.lines if not row.is_open],
        "said": progress_said(found),
        "sees_customer": by.may("customers:read"),
        "may_update": may_update,
        "may_pack": may_update and bool(found.open_lines),
        "may_pick_all": may_update and any(row.outstanding_to_pick for row in found.lines),
        "may_void": may_update and found.may_be_voided,
        "bar": display.bar([("green", _share(found))], progress_said(found)),
        "form": Form.of({}),
    }


def _share(found: PickPage) -> Decimal:
    rows = found.open_lines
    parts = [
        min(Decimal(1), row.quantity / row.ordered_quantity) for row in rows if row.ordered_quantity
    ]
    return sum(parts, ZERO) / len(parts) if parts else ZERO


def _codes(by: Caller, found: PickPage) -> Mapping[UUID, list[str]]:
    """The customer's own codes for these products: they stand on labels that people scan."""
    codes: dict[UUID, list[str]] = {}
    if by.may("customers:read"):
        customer = found.head.customer_id
        for row in catalog.item_codes_of(by=by, customer_ids=[customer]).get(customer, []):
            codes.setdefault(row.product_id, []).append(row.code)
    return codes


def _lot(one: OpenSelection | SuggestedLot, *, is_selected: bool) -> LotView:
    return LotView(
        lot_id=one.lot_id,
        tag_id=one.tag_id,
        where=", ".join(part for part in (one.location_name, one.rack) if part),
        on_hand=display.quantity(one.quantity, one.unit),
        quantity=trim(one.quantity),
        unit=one.unit,
        is_selected=is_selected,
    )


def _state(row: PickLineRow) -> str:
    if row.quantity > row.ordered_quantity:
        return "over"
    if row.quantity == row.ordered_quantity:
        return "full"
    return "some" if row.quantity else "none"


def _act(
    request: HttpRequest, reference: str, act: Callable[..., PickPage], said: str
) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]
    act(by=by, pick=reference)
    return done(request, f"/picks/{reference}", said)


def _place(text: str | None) -> PickPlace | None:
    try:
        return place_of(text) if text else None
    except ValueError as error:
        message = "This is no place in the queue. Start at its beginning."
        raise Invalid("invalid_cursor", message, fields={"from": message}) from error


def _next_url(asked: lists.Asked, rows: Sequence[PickRow]) -> str:
    if len(rows) <= lists.PAGE_SIZE:
        return ""
    url = asked.url()
    place = urlencode({"from": rows[lists.PAGE_SIZE - 1].place.as_text()})
    return f"{url}{'&' if '?' in url else '?'}{place}"


def _wanted(asked: Asked) -> PickFilter:
    here = asked.value("status") or "open"
    return PickFilter(
        status=None if here == "all" else here,
        priority=asked.value("priority"),
        q=asked.q or None,
    )


def _read(by: Caller, asked: Asked, window: Window) -> Page[PickRow]:
    """A part of the queue, in its own order."""
    after = place_of(window.place.value) if window.place and window.place.value else None
    rows = queries.picks(by, _wanted(asked), after=after, limit=window.size)
    shown, more = rows[: window.size], len(rows) > window.size
    later = Place(NEWEST, shown[-1].place.as_text(), shown[-1].id) if more else None
    return Page(shown, None, later)


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    here = asked.value("status") or "open"
    return [Tab(text, asked.url(status=code), here == code) for text, code in TABS]


def _columns(by: Caller) -> list[Column]:
    columns = [
        Column("Pick", lambda row: display.link(row.number, f"/picks/{row.number}"), primary=True),
        Column("Status", _chips),
        Column(
            "Required",
            lambda row: display.day(row.date_required),
            value=lambda row: row.date_required,
        ),
        Column(
            "Lines",
            lambda row: f"{row.picked_count} of {row.line_count} picked",
            whole=True,
        ),
        Column("Picked", _bar),
        Column("Carrier", lambda row: row.carrier_name, quiet=True),
    ]
    if by.may("customers:read"):
        columns.insert(1, Column("Customer", lambda row: row.customer_name))
    return columns


def _chips(row: PickRow) -> Any:
    shown = [display.chip("pick", row.status)]
    if row.priority != "normal":
        shown.append(display.chip("priority", row.priority))
    if row.is_held:
        shown.append(
            display.chip("pick", "held", ["It may be picked and packed, but not shipped."])
        )
    return format_html("<span>{}</span>", format_html_join(" ", "{}", ((each,) for each in shown)))


def _bar(row: PickRow) -> Any:
    percent = int(row.completion * 100)
    return display.bar([("green", min(Decimal(1), row.completion))], f"{percent} % picked")


LIST: Final = ListPage(
    key="picks",
    name="Picks",
    path="/picks",
    nouns=("pick", "picks"),
    columns=_columns,
    read=_read,
    empty=lambda by: Empty(
        "Nothing to pick",
        "A pick stands here as soon as an order is issued, and leaves when all of it is packed.",
        icon="clipboard-list",
        action="Sales orders",
        url="/orders/sales",
    ),
    filters=lambda by, asked: [Filter("priority", "Priority", choices_of("priority"))],
    parameters=("status", "priority"),
    tabs=_tabs,
    search="Order number or customer",
    label=lambda row: row.number,
)
