"""The list of shipments: its tabs, filters and columns (U14, U20)."""

from datetime import date
from typing import Final

from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.shipping import shipment_lists
from orderwright.shipping.queries import ShipmentFilter, ShipmentPage, ShipmentRow
from orderwright.web import choices, display
from orderwright.web.list_pages import ListPage
from orderwright.web.list_tabs import ListTab, shown_tabs
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.shipment_view import contents_of, reasons_of
from orderwright.web.vocabulary import choices_of

# A tab narrows by stage, by tracking status, or by neither.
_NO_TAB: Final[dict[str, str | None]] = {"stage": None, "status": None}
_TABS: Final[tuple[ListTab, ...]] = (
    ("All", "all", _NO_TAB),
    ("To ship", "packed", _NO_TAB | {"stage": "packed"}),
    ("Pending", "pending", {"stage": "shipped", "status": "pending"}),
    ("In transit", "in_transit", _NO_TAB | {"status": "in_transit"}),
    ("Exceptions", "exception", _NO_TAB | {"status": "exception"}),
    ("Delivered", "delivered", _NO_TAB | {"status": "delivered"}),
)


def listed_columns(by: Caller) -> list[Column]:
    """How a shipment shows itself in a list."""
    now, zone = by.now, by.organization.timezone
    columns = [
        Column(
            "Shipment",
            lambda row: display.link(row.head.number, f"/shipments/{row.head.number}"),
            primary=True,
            sort="number",
            value=lambda row: row.head.number,
        ),
        Column("Order", lambda row: _order_link(row.head), whole=True),
    ]
    if by.may("customers:read"):
        columns.append(Column("Customer", lambda row: row.head.customer_name))
    return [
        *columns,
        Column("Status", _status),
        Column("Carrier", lambda row: row.head.carrier_name),
        Column("Tracking number", lambda row: row.head.tracking_number),
        Column("Contents", contents_of, quiet=True),
        Column(
            "Shipped",
            lambda row: display.instant(row.head.shipped_at, now=now, timezone=zone),
            value=lambda row: row.head.shipped_at,
        ),
        Column(
            "Delivered",
            lambda row: display.instant(row.head.delivered_at, now=now, timezone=zone),
            optional=True,
            value=lambda row: row.head.delivered_at,
        ),
    ]


def _order_link(head: ShipmentRow) -> str:
    if not head.order_number:
        return ""
    return display.link(head.order_number, f"/orders/sales/{head.order_number}")


def _status(found: ShipmentPage) -> str:
    if found.head.stage != "shipped":
        return display.chip("shipment", found.head.stage)
    return display.chip("tracking", found.head.tracking_status, reasons_of(found))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _wanted(by: Caller, asked: Asked) -> ShipmentFilter:
    day = _day(asked.value("delivered_on"))
    starts, ends = by.day_of(day) if day else (None, None)
    return ShipmentFilter(
        status=asked.value("status"),
        stage=asked.value("stage"),
        carrier_id=asked.uuid("carrier_id"),
        delivered_from=starts,
        delivered_before=ends,
        q=asked.q or None,
    )


def _read(by: Caller, asked: Asked, window: Window) -> Page[ShipmentPage]:
    return shipment_lists.page_of_shipments(by, _wanted(by, asked), window)


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: shipment_lists.counts(by))


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [
        Filter("stage", "Stage", choices_of("shipment")),
        Filter("status", "Tracking", choices_of("tracking")),
        Filter("carrier_id", "Carrier", choices.carriers(by)),
    ]


def _empty(by: Caller) -> Empty:
    return Empty(
        "No shipments yet",
        "A shipment stands here once goods of an order are packed or have left. Pick and pack "
        "an issued order, or create its shipment.",
        icon="truck",
        action="Sales orders that are issued",
        url="/orders/sales?status=issued",
    )


LIST: Final = ListPage(
    key="shipments",
    name="Shipments",
    path="/shipments",
    nouns=("shipment", "shipments"),
    columns=listed_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=("status", "stage", "carrier_id", "delivered_on"),
    sorts=shipment_lists.SORT_NAMES,
    tabs=_tabs,
    search="Number, tracking number or customer",
    label=lambda row: row.head.number,
)
