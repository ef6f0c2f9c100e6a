"""Reads of picks: the queue of the warehouse, and one pick with where its goods are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.json_text import from_json
from orderwright.kernel.sql_text import like_pattern
from orderwright.shipping import pick_sql
from orderwright.shipping.pick_page import (
    OpenSelection,
    PickFilter,
    PickHead,
    PickLineRow,
    PickPage,
    PickPlace,
    PickRow,
    SuggestedLot,
)
from orderwright.shipping.pick_rules import PRIORITY_RANKS

MOST_SUGGESTED = 20
_SHIP_TO = PickHead.__slots__.index("ship_to")


@dataclass(frozen=True, slots=True)
class RowKey:
    """Which row of a pick belongs to which line of the order, and whether it is packed."""

    id: UUID
    line_id: UUID
    packed_at: datetime | None


def no_such_pick() -> NotFound:
    """The one answer for picks that do not exist and for picks of others."""
    return NotFound("not_found", "There is no such pick.")


def picks(
    by: Caller, wanted: PickFilter, *, after: PickPlace | None = None, limit: int = 50
) -> list[PickRow]:
    """Picks in the order of the queue, one more than `limit` when there are more: high priority
    first, then what is required first, then the older. One statement."""
    by.must("picks:read")
    conditions, parameters = _conditions(by, wanted, after)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{pick_sql.QUEUE} {conditions} ORDER BY p.priority_rank, p.due_on, p.id "
            f"LIMIT {int(limit) + 1}",
            {"organization": by.organization_id, **parameters},
        )
        return [PickRow(*row) for row in cursor.fetchall()]


def pick_page(by: Caller, reference: UUID | str) -> PickPage:
    """A pick by its id or number, with suggested lots (oldest first) and open selections of its
    open rows; four statements. Raises NotFound."""
    by.must("picks:read")
    return read_pick(by, reference)


def read_pick(by: Caller, reference: UUID | str) -> PickPage:
    """As `pick_page`, for an action that checks its own permission. Raises NotFound."""
    statement, key = _by_key(reference, pick_sql.PICK_BY_ID, pick_sql.PICK_BY_NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, "key": key})
        row = cursor.fetchone()
        if row is None:
            raise no_such_pick()
        values = list(row)
        values[_SHIP_TO] = from_json(values[_SHIP_TO])
        head = PickHead(*values)
        cursor.execute(pick_sql.PICK_LINES, {"organization": by.organization_id, "pick": head.id})
        lines = [PickLineRow(*line) for line in cursor.fetchall()]
    return PickPage(head, tuple(_with_stock(by, lines)))


def order_of_pick(by: Caller, reference: UUID | str) -> UUID:
    """The order of a pick, before anything is locked; one statement. Raises NotFound."""
    statement, key = _by_key(
        reference, pick_sql.ORDER_OF_PICK_BY_ID, pick_sql.ORDER_OF_PICK_BY_NUMBER
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, "key": key})
        row = cursor.fetchone()
    if row is None:
        raise no_such_pick()
    found: UUID = row[0]
    return found


def rows_of_order(by: Caller, order_id: UUID) -> tuple[UUID, int, list[RowKey]]:
    """Id and version of an order's pick, and its rows; under the order's lock. One statement.
    Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(pick_sql.OPEN_ROWS, {"organization": by.organization_id, "order": order_id})
        found = cursor.fetchall()
    if not found:
        raise no_such_pick()
    rows = [RowKey(*row[:3]) for row in found if row[0] is not None]
    return found[0][3], found[0][4], rows


def _with_stock(by: Caller, lines: Sequence[PickLineRow]) -> list[PickLineRow]:
    """The rows; open ones with the lots and selections that their goods can be taken from."""
    wanted = [line for line in lines if line.is_open]
    lots = _lots(by, {line.product_id for line in wanted})
    chosen = _selections(by, [line.line_id for line in wanted])
    return [
        replace(
            line,
            suggested_lots=tuple(lots.get(line.product_id, ())),
            open_selections=tuple(chosen.get(line.line_id, ())),
        )
        if line.is_open
        else line
        for line in lines
    ]


def _lots(by: Caller, product_ids: set[UUID]) -> dict[UUID, list[SuggestedLot]]:
    found: dict[UUID, list[SuggestedLot]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            pick_sql.LOTS_TO_PICK,
            {
                "organization": by.organization_id,
                "products": list(product_ids),
                "most": MOST_SUGGESTED,
            },
        )
        for product_id, *lot in cursor.fetchall():
            found.setdefault(product_id, []).append(SuggestedLot(*lot))
    return found


def _selections(by: Caller, line_ids: Sequence[UUID]) -> dict[UUID, list[OpenSelection]]:
    found: dict[UUID, list[OpenSelection]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            pick_sql.SELECTIONS_TO_PACK,
            {"organization": by.organization_id, "lines": list(line_ids)},
        )
        for line_id, *selection in cursor.fetchall():
            found.setdefault(line_id, []).append(OpenSelection(*selection))
    return found


def _conditions(
    by: Caller, wanted: PickFilter, after: PickPlace | None
) -> tuple[str, dict[str, Any]]:
    texts: list[str] = []
    parameters: dict[str, Any] = {}
    columns = {
        "status": wanted.status,
        "order_id": wanted.order_id,
        "priority_rank": None
        if wanted.priority is None
        else PRIORITY_RANKS.get(wanted.priority, -1),
    }
    for column, value in columns.items():
        if value is not None:
            texts.append(f"AND p.{column} = %({column})s")
            parameters[column] = value
    if wanted.q and wanted.q.strip():
        also = " OR c.name ILIKE %(q)s" if by.may("customers:read") else ""
        texts.append(f"AND (p.number ILIKE %(q)s OR o.customer_po_number ILIKE %(q)s{also})")
        parameters["q"] = like_pattern(wanted.q)
    if after is not None:
        texts.append(
            "AND (p.priority_rank, p.due_on, p.id) "
            "> (%(after_rank)s, %(after_due)s::date, %(after_id)s::uuid)"
        )
        parameters |= {
            "after_rank": after.priority_rank,
            "after_due": after.due_on,
            "after_id": after.id,
        }
    return " ".join(texts), parameters


def _by_key(reference: UUID | str, by_id: str, by_number: str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return by_id, reference
    try:
        return by_id, UUID(reference)
    except ValueError:
        return by_number, reference
