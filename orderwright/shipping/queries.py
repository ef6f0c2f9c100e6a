"""Reads of shipments: one with all it carries, those of an order, the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.kernel.errors import NotFound
from orderwright.kernel.json_text import from_json
from orderwright.kernel.sql_text import like_pattern
from orderwright.sales.page import OrderPage
from orderwright.shipping import sql


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """The head of a shipment, in the order of the columns of `sql.SHIPMENT`."""

    id: UUID
    number: str
    version: int
    order_id: UUID | None
    order_number: str | None
    customer_id: UUID | None
    customer_name: str | None
    stage: str
    tracking_status: str
    carrier_id: UUID
    carrier_name: str
    carrier_option_id: UUID | None
    carrier_option_name: str | None
    tracking_number: str
    ship_to: dict[str, Any]
    package: dict[str, Any]
    note: str
    shipped_at: datetime | None
    shipped_by: str
    delivered_at: datetime | None
    exception_message: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """A selection that a shipment line carries; quantity in the product's default unit."""

    selection_id: UUID
    made_here: bool
    lot_id: UUID
    tag_id: str
    quantity: Decimal
    weight: Decimal
    weight_unit: str
    status: str


@dataclass(frozen=True, slots=True)
class ShipmentLineRow:
    """What a shipment carries of one line, in the line's unit."""

    id: UUID
    shipment_id: UUID
    line_id: UUID
    position: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    weight: Decimal | None
    selections: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class TrackingRow:
    """What a carrier or a person said of a shipment."""

    id: UUID
    shipment_id: UUID
    status: str
    occurred_at: datetime
    location: str
    message: str
    source: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A box of a shipment; weight in `weight_unit`, what its freight costs in our currency."""

    id: UUID
    position: int
    tracking_number: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    freight_amount: Decimal | None = None

    def number(self, shipment: str) -> str:
        """Its number in a shipment of this number (C-15)."""
        return f"{shipment}/C{self.position}"


@dataclass(frozen=True, slots=True)
class ShipmentPage:
    """A shipment with what it carries, what was said of it, oldest first, and its boxes."""

    head: ShipmentRow
    lines: tuple[ShipmentLineRow, ...]
    events: tuple[TrackingRow, ...]
    cases: tuple[CaseRow, ...] = ()

    @property
    def id(self) -> UUID:
        """The shipment's id."""
        return self.head.id


@dataclass(frozen=True, slots=True)
class OrderSelection:
    """A selection of an order's line, and the shipment that took it away, or in which it is
    packed."""

    id: UUID
    line_id: UUID
    lot_id: UUID
    tag_id: str
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str
    status: str
    selected_at: datetime
    selected_by: str
    shipment_id: UUID | None
    is_packed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be released, packed or shipped."""
        return self.status == "retrieved" and not self.is_packed


@dataclass(frozen=True, slots=True)
class ShipmentFilter:
    """What a list of shipments is narrowed to."""

    order_id: UUID | None = None
    carrier_id: UUID | None = None
    status: str | None = None
    stage: str | None = None
    delivered_from: datetime | None = None
    delivered_before: datetime | None = None
    customer_id: UUID | None = None
    q: str | None = None


def shipment_page(by: Caller, reference: UUID | str) -> ShipmentPage:
    """A shipment by id or number; three statements. Raises NotFound."""
    by.must("shipments:read")
    return read_shipment(by, reference)


def read_shipment(by: Caller, reference: UUID | str) -> ShipmentPage:
    """A shipment for an action that checks its own permission. Raises NotFound."""
    column, key = _key(reference)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql.SHIPMENT} AND s.{column} = %(key)s",
            {"organization": by.organization_id, "key": key},
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("not_found", "There is no such shipment.")
    return pages_of(by, [head_of(row)])[0]


def lock_shipment(by: Caller, shipment_id: UUID) -> ShipmentPage:
    """A shipment locked for a change; its order is locked before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM shipping_shipment WHERE organization_id = %s AND id = %s FOR UPDATE",
            [by.organization_id, shipment_id],
        )
    return read_shipment(by, shipment_id)


def shipments_of_order(by: Caller, order_id: UUID) -> list[ShipmentPage]:
    """The shipments of an order, newest first; three statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql.SHIPMENT} AND s.order_id = %(order)s ORDER BY s.id DESC",
            {"organization": by.organization_id, "order": order_id},
        )
        heads = [head_of(row) for row in cursor.fetchall()]
    return pages_of(by, heads) if heads else []


def shipments(
    by: Caller, wanted: ShipmentFilter, *, before: UUID | None = None, limit: int = 50
) -> list[ShipmentPage]:
    """Shipments newest first, one more than `limit` when there are more; three statements."""
    by.must("shipments:read")
    conditions, parameters = conditions_of(wanted, before)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql.SHIPMENT} {conditions} ORDER BY s.id DESC LIMIT %(limit)s",
            {"organization": by.organization_id, "limit": limit + 1, **parameters},
        )
        heads = [head_of(row) for row in cursor.fetchall()]
    return pages_of(by, heads) if heads else []


def selections_of_order(by: Caller, page: OrderPage) -> list[OrderSelection]:
    """What was taken from lots for an order, newest first; two statements."""
    line_of = {line.reservation_id: line.id for line in page.lines if line.reservation_id}
    rows = inventory.selections_of(by, list(line_of))
    carried = _shipment_of(by, [row.id for row in rows if row.status == "shipped" or row.is_packed])
    return [
        OrderSelection(
            id=row.id,
            line_id=line_of[row.reservation_id],
            lot_id=row.lot_id,
            tag_id=row.tag_id,
            quantity=row.quantity,
            unit=row.unit,
            weight=row.weight,
            weight_unit=row.weight_unit,
            status=row.status,
            selected_at=row.selected_at,
            selected_by=row.selected_by,
            shipment_id=carried.get(row.id),
            is_packed=row.is_packed,
        )
        for row in rows
    ]


def _shipment_of(by: Caller, selection_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SHIPMENT_OF_SELECTIONS,
            {"organization": by.organization_id, "selections": list(selection_ids)},
        )
        return dict(cursor.fetchall())


def conditions_of(wanted: ShipmentFilter, before: UUID | None) -> tuple[str, dict[str, Any]]:
    """What narrows a list of shipments, with its parameters."""
    texts: list[str] = []
    parameters: dict[str, Any] = {}
    columns = {
        "order_id": wanted.order_id,
        "carrier_id": wanted.carrier_id,
        "tracking_status": wanted.status,
        "stage": wanted.stage,
    }
    for column, value in columns.items():
        if value is not None:
            texts.append(f"AND s.{column} = %({column})s")
            parameters[column] = value
    if wanted.delivered_from is not None:
        texts.append("AND s.delivered_at >= %(delivered_from)s")
        parameters["delivered_from"] = wanted.delivered_from
    if wanted.delivered_before is not None:
        texts.append("AND s.delivered_at < %(delivered_before)s")
        parameters["delivered_before"] = wanted.delivered_before
    if wanted.customer_id is not None:
        texts.append("AND o.customer_id = %(customer_id)s")
        parameters["customer_id"] = wanted.customer_id
    if before is not None:
        texts.append("AND s.id < %(before)s")
        parameters["before"] = before
    if wanted.q and wanted.q.strip():
        texts.append(
            "AND (s.number ILIKE %(q)s OR s.tracking_number ILIKE %(q)s OR c.name ILIKE %(q)s)"
        )
        parameters["q"] = like_pattern(wanted.q)
    return " ".join(texts), parameters


def _key(reference: UUID | str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return "id", reference
    try:
        return "id", UUID(reference)
    except ValueError:
        return "number", reference


def head_of(row: tuple[Any, ...]) -> tuple[ShipmentRow, tuple[CaseRow, ...]]:
    """A row of `sql.SHIPMENT`, and its boxes."""
    *values, cases = row
    values[14], values[15] = from_json(values[14]), from_json(values[15])
    return ShipmentRow(*values), tuple(_case(one) for one in from_json(cases))


def _case(one: list[Any]) -> CaseRow:
    weight, freight = (None if one[at] is None else Decimal(one[at]) for at in (3, 5))
    return CaseRow(UUID(one[0]), one[1], one[2], weight, one[4], freight)


def pages_of(
    by: Caller, heads: Sequence[tuple[ShipmentRow, tuple[CaseRow, ...]]]
) -> list[ShipmentPage]:
    """These shipments with all they carry; two statements."""
    ids = [head.id for head, _ in heads]
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"organization": by.organization_id, "shipments": ids}
        cursor.execute(sql.SHIPMENT_LINES, parameters)
        lines = [_line(row) for row in cursor.fetchall()]
        cursor.execute(sql.TRACKING_EVENTS, parameters)
        events = [TrackingRow(*row) for row in cursor.fetchall()]
    return [
        ShipmentPage(head, tuple(_of(lines, head.id)), tuple(_of(events, head.id)), cases)
        for head, cases in heads
    ]


def _of(rows: Iterable[Any], shipment_id: UUID) -> Iterable[Any]:
    return (row for row in rows if row.shipment_id == shipment_id)


def _line(row: tuple[Any, ...]) -> ShipmentLineRow:
    carried = tuple(
        Carried(
            UUID(one[0]),
            one[1],
            UUID(one[2]),
            one[3],
            Decimal(one[4]),
            Decimal(one[5]),
            one[6],
            one[7],
        )
        for one in from_json(row[9])
    )
    return ShipmentLineRow(*(*row[:9], carried))
