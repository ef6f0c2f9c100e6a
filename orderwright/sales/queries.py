"""Reads of sales orders: one order in two statements, its neighbours by id."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.directory.merging import Merge
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.kernel.json_text import from_json
from orderwright.sales import list_sql, sql
from orderwright.sales.models import SalesOrder, SalesOrderLine
from orderwright.sales.page import LineRow, OrderPage, OrderRow, stamp_text

_HEAD_JSON = {
    name: OrderRow.__slots__.index(name)
    for name in (
        "fulfillment_reasons",
        "bill_to",
        "ship_to",
        "acknowledgement_contacts",
        "invoice_contacts",
        "pricing_flags",
        "told",
    )
}
_LINE_JSON = [LineRow.__slots__.index(name) for name in ("price_breakdown", "reasons")]


def no_such_order() -> NotFound:
    """The one answer for orders that do not exist and for orders of others."""
    return NotFound("not_found", "There is no such sales order.")


def order_page(by: Caller, reference: UUID | str) -> OrderPage:
    """The order by its id or number. Two statements, whatever its size. Raises NotFound."""
    by.must("sales_orders:read")
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
        return OrderPage(head=head, lines=tuple(_line(line) for line in cursor.fetchall()))


def read_orders(by: Caller, order_ids: Sequence[UUID]) -> list[OrderPage]:
    """Orders by their ids, in that order; those that are not there are left out. Two statements."""
    named: dict[str, Any] = {"organization": by.organization_id, "orders": list(order_ids)}
    lines: dict[UUID, list[LineRow]] = {}
    with connection.cursor() as cursor:
        cursor.execute(list_sql.ORDERS_BY_ID, named)
        heads = {row[0]: _head(row) for row in cursor.fetchall()}
        cursor.execute(list_sql.LINES_OF_ORDERS, named)
        for row in cursor.fetchall():
            lines.setdefault(row[-1], []).append(_line(row[:-1]))
    found = (heads[one] for one in order_ids if one in heads)
    return [OrderPage(head=head, lines=tuple(lines.get(head.id, ()))) for head in found]


def lock_order(by: Caller, reference: UUID | str) -> OrderPage:
    """The order, locked for a change: the lock is one statement, the reading the next, so that
    what is read is what stands after the wait. Raises NotFound."""
    statement, key = _by_key(reference, sql.LOCK_BY_ID, sql.LOCK_BY_NUMBER)
    return _read_locked(by, statement, {"organization": by.organization_id, "key": key})


def lock_order_with_stock(
    by: Caller, reference: UUID | str, further: Collection[UUID] = ()
) -> OrderPage:
    """As `lock_order`, for a change that takes or frees stock: its products, and `further` ones,
    are locked first, in key order, as everything does that then derives orders anew."""
    statement, key = _by_key(reference, sql.LOCK_STOCK_BY_ID, sql.LOCK_STOCK_BY_NUMBER)
    parameters = {"organization": by.organization_id, "key": key, "further": list(further)}
    return _read_locked(by, statement, parameters)


def _read_locked(by: Caller, statement: str, parameters: dict[str, Any]) -> OrderPage:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    if row is None:
        raise no_such_order()
    return replace(read_order(by, row[0]), locked_products=frozenset(row[1]))


def order_stamp(by: Caller, reference: UUID | str) -> tuple[UUID, str]:
    """The order's id and a text that changes with everything about it: `OrderPage.stamp`.

    One statement, cheap enough to be asked every two seconds. Raises NotFound.
    """
    by.must("sales_orders:read")
    statement, key = _by_key(reference, sql.STAMP_BY_ID, sql.STAMP_BY_NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, "key": key})
        row = cursor.fetchone()
    if row is None:
        raise no_such_order()
    return row[0], stamp_text(row[1], row[2])


def _by_key(reference: UUID | str, by_id: str, by_number: str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return by_id, reference
    try:
        return by_id, UUID(reference)
    except ValueError:
        return by_number, reference


def _head(row: tuple[Any, ...]) -> OrderRow:
    values = list(row)
    for index in _HEAD_JSON.values():
        values[index] = from_json(values[index])
    return OrderRow(*values)


def _line(row: tuple[Any, ...]) -> LineRow:
    values = list(row)
    for index in _LINE_JSON:
        values[index] = from_json(values[index])
    return LineRow(*values)


def open_orders_of(by: Caller, customer_id: UUID) -> list[UUID]:
    """The customer's orders that are not at their end, in key order; one statement."""
    return list(
        SalesOrder.objects.of(by.organization_id)
        .filter(customer_id=customer_id, status__in=["estimate", "issued"])
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def orders_of_reservations(by: Caller, reservation_ids: Sequence[UUID]) -> list[UUID]:
    """The orders whose lines own these reservations, in key order; one statement."""
    lines = SalesOrderLine.objects.of(by.organization_id).filter(reservation_id__in=reservation_ids)
    return sorted(set(lines.values_list("order_id", flat=True)))


def refuse_equal_po_numbers(by: Caller, merge: Merge) -> None:
    """Customers become one only when no PO number of theirs stands on two orders.

    One statement. Raises Conflict `duplicate_po_number` with the orders.
    """
    orders = SalesOrder.objects.of(by.organization_id).exclude(customer_po_number="")
    theirs = orders.filter(customer_id__in=[merge.target_id, *merge.source_ids])
    numbers: dict[str, str] = {}
    for number, po_number in theirs.order_by("pk").values_list("number", "customer_po_number"):
        other = numbers.setdefault(po_number, number)
        if other != number:
            raise Conflict(
                "duplicate_po_number",
                f"{other} and {number} have the same PO number {po_number}. Change one of them, "
                "then merge the customers.",
                details={"orders": [other, number]},
            )
