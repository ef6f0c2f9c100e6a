"""Reads of returns: one with its lines in two statements, lists by keyset."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.json_text import from_json
from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import ZERO
from orderwright.returns import sql
from orderwright.returns.rules import LineFacts, allowed_actions
from orderwright.sales.page import OrderPage


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """The head of a return, in the order of the columns of `sql.RETURN`."""

    id: UUID
    number: str
    version: int
    status: str
    order_id: UUID
    order_number: str
    customer_id: UUID
    customer_name: str
    reason: str
    note: str
    requested_by: str
    received_at: datetime | None
    received_by: str
    credit_memo: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnLineRow:
    """What comes back of one line. `ordered`, `shipped` and `returned` are those of the order's
    line, over all of its returns."""

    id: UUID
    line_id: UUID
    position: int
    sku: str
    description: str
    unit: str
    quantity: Decimal
    received: Decimal
    disposition: str
    condition: str
    location_id: UUID | None
    location_name: str | None
    lot_id: UUID | None
    tag_id: str | None
    ordered: Decimal
    shipped: Decimal
    returned: Decimal


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """A return with its lines."""

    head: ReturnRow
    lines: tuple[ReturnLineRow, ...]

    @property
    def id(self) -> UUID:
        """The return's id."""
        return self.head.id

    def allowed(self, permissions: frozenset[str]) -> tuple[Allowed, ...]:
        """What may be done with it now."""
        return allowed_actions(self.head.status, permissions)


@dataclass(frozen=True, slots=True)
class ReturnFilter:
    """What a list of returns is narrowed to."""

    status: str | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None
    q: str | None = None


def return_page(by: Caller, reference: UUID | str) -> ReturnPage:
    """A return by its id or number. Two statements. Raises NotFound."""
    by.must("returns:read")
    return read_return(by, reference)


def read_return(by: Caller, reference: UUID | str) -> ReturnPage:
    """The return for an action that has its own permission to check. Raises NotFound."""
    statement, key = _by_key(reference)
    for row in _rows(by, statement, {"key": key}):
        return pages_of(by, [head_of(row)])[0]
    raise NotFound("not_found", "There is no such return.")


def pages_of(by: Caller, heads: Sequence[ReturnRow]) -> list[ReturnPage]:
    """These returns with their lines. One statement, none without returns."""
    lines: dict[UUID, list[ReturnLineRow]] = {}
    if heads:
        for row in _rows(by, sql.LINES, {"backs": [head.id for head in heads]}):
            lines.setdefault(row[0], []).append(ReturnLineRow(*row[1:]))
    return [ReturnPage(head, tuple(lines.get(head.id, ()))) for head in heads]


def returns_of_order(by: Caller, order_id: UUID) -> list[ReturnPage]:
    """The returns of an order, newest first; two statements, one without returns."""
    by.must("returns:read")
    return pages_of(by, [head_of(row) for row in _rows(by, sql.OF_ORDER, {"order": order_id})])


def line_facts(by: Caller, order: OrderPage, *, but: UUID | None = None) -> dict[UUID, LineFacts]:
    """The lines of goods, by id, with what has left and come back, and what is announced in other
    returns than `but`. One statement."""
    return facts_of_lines(order, announced_of(by, order.id, but=but))


def facts_of_lines(order: OrderPage, announced: Mapping[UUID, Decimal]) -> dict[UUID, LineFacts]:
    """As `line_facts`, where it is known what is announced."""
    return {
        line.id: LineFacts(
            id=line.id,
            position=line.position,
            unit=line.unit,
            shipped=line.shipped,
            returned=line.returned,
            announced=announced.get(line.id, ZERO),
        )
        for line in order.lines
        if line.is_stock
    }


def returns(
    by: Caller, wanted: ReturnFilter, *, before: UUID | None = None, limit: int = 50
) -> list[ReturnRow]:
    """Returns newest first, one more than `limit` when there are more. One statement."""
    by.must("returns:read")
    chosen = [name for name in wanted.__slots__ if getattr(wanted, name)]
    if before is not None:
        chosen.append("before")
    pattern = re.sub(r"([\\%_])", r"\\\1", (wanted.q or "").strip())
    values = {name: getattr(wanted, name) for name in wanted.__slots__}
    parameters = {**values, "pattern": f"%{pattern}%", "before": before}
    statement = sql.list_of_returns(chosen, rows=limit + 1, with_customers=by.may("customers:read"))
    return [head_of(row) for row in _rows(by, statement, parameters)]


def announced_of(by: Caller, order_id: UUID, *, but: UUID | None = None) -> dict[UUID, Decimal]:
    """What is on its way back by line, in returns that are not received yet, `but` one."""
    rows = _rows(by, sql.ANNOUNCED, {"order": order_id, "but": but})
    return {row[0]: row[1] for row in rows}


def returned_of(by: Caller, order_id: UUID) -> dict[UUID, Decimal]:
    """What has come back by line, over all returns of the order. One statement."""
    return {row[0]: row[1] for row in _rows(by, sql.RETURNED, {"order": order_id})}


def _by_key(reference: UUID | str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return sql.RETURN_BY_ID, reference
    try:
        return sql.RETURN_BY_ID, UUID(reference)
    except ValueError:
        return sql.RETURN_BY_NUMBER, reference


def _rows(by: Caller, statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return cursor.fetchall()


def head_of(row: Sequence[Any]) -> ReturnRow:
    """The head of a return from a row of `sql.RETURN`."""
    values = list(row)
    values[13] = from_json(values[13])
    return ReturnRow(*values)
