"""Reads of purchase orders: one order in two statements, lists by keyset, receipts."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.json_text import from_json
from orderwright.kernel.numbers import EXACT, round_half_up
from orderwright.purchasing import list_sql, sql
from orderwright.purchasing.covering import Covered
from orderwright.purchasing.models import Receipt
from orderwright.purchasing.page import LineRow, OrderPage, OrderRow
from orderwright.purchasing.rules import COMPLETION_PLACES

_HEAD_JSON = [
    OrderRow.__slots__.index(name) for name in ("fulfillment_reasons", "bill_to", "ship_to")
]


@dataclass(frozen=True, slots=True)
class ReceiptLineRow:
    """What arrived of one line in one receipt, and where it went."""

    id: UUID
    line_id: UUID
    position: int
    description: str
    quantity: Decimal
    unit: str
    rejected: Decimal
    reject_reason: str
    lot_id: UUID | None
    tag_id: str | None
    stock_quantity: Decimal
    stock_weight: Decimal
    weight_unit: str | None
    is_merged: bool
    rejected_lot_id: UUID | None
    rejected_tag_id: str | None


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """Goods that arrived in one go. `covered` is what waited for them, as receiving answers it."""

    id: UUID
    order_id: UUID
    number: str
    received_on: date
    location_id: UUID | None
    location_name: str | None
    note: str
    at: datetime
    received_by: str
    reversed_at: datetime | None
    reversed_by: str
    lines: tuple[ReceiptLineRow, ...]
    covered: tuple[Covered, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list of purchase orders is narrowed to; every field is a parameter of the address."""

    status: str | None = None
    fulfillment_status: str | None = None
    supplier_id: UUID | None = None
    order_lead_id: UUID | None = None
    product_id: UUID | None = None
    closed: bool | None = None
    past_due: bool | None = None
    required_from: date | None = None
    required_to: date | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One row of the list of purchase orders."""

    id: UUID
    number: str
    status: str
    is_closed: bool
    fulfillment_status: str
    supplier_id: UUID
    supplier_number: str
    supplier_name: str
    order_lead_id: UUID
    order_lead_name: str
    supplier_reference: str
    date_required: date | None
    promised_at: date | None
    priority: str
    currency: str
    subtotal: Decimal
    manual_hold: bool
    received: Decimal
    effective: Decimal
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def completion(self) -> Decimal | None:
        """How much of it has arrived, a fraction; None when nothing is active."""
        if self.effective <= 0:
            return None
        return round_half_up(EXACT.divide(self.received, self.effective), COMPLETION_PLACES)


@dataclass(frozen=True, slots=True)
class Coming:
    """A line of an issued purchase order of which something is outstanding, in `unit`."""

    number: str
    supplier_name: str
    outstanding: Decimal
    unit: str
    expected_on: date | None


def no_such_order() -> NotFound:
    """The one answer for purchase orders that do not exist and for those of others."""
    return NotFound("not_found", "There is no such purchase order.")


def order_page(by: Caller, reference: UUID | str) -> OrderPage:
    """The order by its id or number. Two statements, whatever its size. Raises NotFound."""
    by.must("purchase_orders:read")
    return read_order(by, reference)


def read_order(by: Caller, reference: UUID | str) -> OrderPage:
    """The order for an action that has its own permission to check. Raises NotFound."""
    statement, key = _by_key(reference, sql.ORDER_BY_ID, sql.ORDER_BY_NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, "key": key})
        row = cursor.fetchone()
        if row is None:
            raise no_such_order()
        head = _head(row)
        cursor.execute(sql.LINES, {"organization": by.organization_id, "order": head.id})
        return OrderPage(head=head, lines=tuple(LineRow(*line) for line in cursor.fetchall()))


def lock_order(by: Caller, reference: UUID | str, *, with_stock: bool = False) -> OrderPage:
    """The order, locked for a change and read as it stands after the wait. Three statements.

    `with_stock` locks its products before it, for a change that puts or takes stock. Raises
    NotFound.
    """
    statement, key = _by_key(reference, sql.LOCK_BY_ID, sql.LOCK_BY_NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {"organization": by.organization_id, "key": key, "with_stock": with_stock},
        )
        row = cursor.fetchone()
    if row is None:
        raise no_such_order()
    return read_order(by, row[0])


def orders(
    by: Caller, wanted: OrderFilter, *, before: UUID | None = None, limit: int = 50
) -> list[OrderSummary]:
    """Purchase orders newest first, one row more than `limit` when there are more. One
    statement."""
    by.must("purchase_orders:read")
    with connection.cursor() as cursor:
        cursor.execute(
            list_sql.list_of_orders(_conditions(wanted, before), rows=limit + 1),
            {"organization": by.organization_id, **_values(by, wanted, before)},
        )
        return [OrderSummary(*row) for row in cursor.fetchall()]


def coming(by: Caller, product_id: UUID, *, most: int) -> list[Coming]:
    """What is ordered of a product and has not arrived, the soonest first. One statement."""
    by.must("purchase_orders:read")
    with connection.cursor() as cursor:
        cursor.execute(
            list_sql.COMING,
            {"organization": by.organization_id, "product": product_id, "most": most},
        )
        return [Coming(*row) for row in cursor.fetchall()]


def receipts(by: Caller, order_id: UUID) -> list[ReceiptPage]:
    """The receipts of an order, newest first. One statement, however many lines."""
    by.must("purchase_orders:read")
    return _receipts(by, sql.RECEIPTS_OF_ORDER, {"order": order_id})


def receipts_count(by: Caller, order_id: UUID) -> int:
    """How many receipts an order has had, reversed ones too. One statement."""
    return Receipt.objects.of(by.organization_id).filter(order_id=order_id).count()


def read_receipt(by: Caller, receipt_id: UUID) -> ReceiptPage:
    """One receipt. Raises NotFound."""
    for receipt in _receipts(by, sql.RECEIPT_BY_ID, {"receipt": receipt_id}):
        return receipt
    raise NotFound("not_found", "There is no such receipt.")


def _receipts(by: Caller, statement: str, parameters: dict[str, Any]) -> list[ReceiptPage]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return [
            ReceiptPage(*[*row[:-1], tuple(_receipt_line(one) for one in from_json(row[-1]))])
            for row in cursor.fetchall()
        ]


def _receipt_line(entry: list[Any]) -> ReceiptLineRow:
    values = list(entry)
    for index in (0, 1, 8, 14):
        values[index] = None if values[index] is None else UUID(values[index])
    for index in (4, 6, 10, 11):
        values[index] = Decimal(values[index])
    return ReceiptLineRow(*values)


def _by_key(reference: UUID | str, by_id: str, by_number: str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return by_id, reference
    try:
        return by_id, UUID(reference)
    except ValueError:
        return by_number, reference


def _head(row: tuple[Any, ...]) -> OrderRow:
    values = list(row)
    for index in _HEAD_JSON:
        values[index] = from_json(values[index])
    return OrderRow(*values)


_VALUED = (
    "status",
    "fulfillment_status",
    "supplier_id",
    "order_lead_id",
    "product_id",
    "required_from",
    "required_to",
)


def _conditions(wanted: OrderFilter, before: UUID | None) -> list[str]:
    chosen = [name for name in _VALUED if getattr(wanted, name) is not None]
    chosen += [
        name if getattr(wanted, name) else f"not_{name}"
        for name in ("closed", "past_due")
        if getattr(wanted, name) is not None
    ]
    if wanted.q and wanted.q.strip():
        chosen.append("found")
    if before is not None:
        chosen.append("before")
    return chosen


def _values(by: Caller, wanted: OrderFilter, before: UUID | None) -> dict[str, Any]:
    pattern = re.sub(r"([\\%_])", r"\\\1", (wanted.q or "").strip())
    return {
        **{name: getattr(wanted, name) for name in _VALUED},
        "today": by.today,
        "pattern": f"%{pattern}%",
        "before": before,
    }
