"""Goods come back: announced, received into lots, credited, closed (domain 4.15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import trim
from orderwright.kernel.text import check_reason, check_text
from orderwright.kernel.versions import check_version
from orderwright.returns import queries, rules, sql, watchers
from orderwright.returns.queries import ReturnPage
from orderwright.returns.rules import Asked, LineFacts, Read
from orderwright.returns.stocking import put
from orderwright.returns.watchers import ReturnReceived
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.sales.telling import tell_return
from orderwright.sales.writing import Happening


@dataclass(frozen=True, slots=True)
class NewReturn:
    """What a customer wants to send back, as sent."""

    order: UUID | str
    lines: Sequence[Asked]
    reason: str
    note: str = ""


def request_return(*, by: Caller, new: NewReturn) -> ReturnPage:
    """Announce a return of goods that have shipped, at any stage of the order.

    Raises Invalid `reason_missing` and what makes no sense, Conflict `over_return`,
    `nothing_shipped`.
    """
    by.must("returns:create")
    reason = check_reason(new.reason)
    note = check_text(new.note, "note", longest=2_000)
    order = sales.lock_order(by, new.order)
    lines = queries.line_facts(by, order)
    rules.check_shipped(lines, order.head.number)
    rows = rules.read_rows(new.lines, lines)
    return_id = new_id()
    number = _insert(by, order, return_id, rows, reason=reason, note=note)
    body = {"number": number, "reason": reason, "lines": _told(lines, rows)}
    activity.record(by, "return.requested", return_id, topic_id=order.id, body=body)
    return queries.read_return(by, return_id)


def receive_return(
    *,
    by: Caller,
    reference: UUID | str,
    lines: Sequence[Asked] | None = None,
    version: int | None = None,
) -> ReturnPage:
    """What was announced has arrived: into available, rejected or scrap lots; the order is told,
    and whoever watches gives credit.

    `lines` None takes everything as announced. Raises Conflict `invalid_transition`,
    `over_return`, Invalid for a line that was not announced and quantities that make no sense.
    """
    by.must("returns:update")
    found, order = _locked(by, reference, version)
    rules.LIFECYCLE.plan_move("receive", found.head.status)
    facts = queries.line_facts(by, order, but=found.id)
    rows = rules.read_rows(_asked(found, lines), facts)
    _check_announced(found, rows)
    lots = put(by, found, order, rows)
    _write(by, found, rows, lots)
    body = {"number": found.head.number, "lines": _told(facts, rows)}
    entry = {
        "id": str(found.id),
        "number": found.head.number,
        "line_ids": [str(row.line_id) for row in rows],
    }
    tell_return(
        by,
        order,
        entry,
        returned=queries.returned_of(by, order.id),
        happening=Happening("return.received", body, subject_id=found.id),
    )
    _credit(by, found, rows)
    return queries.read_return(by, found.id)


def close_return(*, by: Caller, reference: UUID | str, version: int | None = None) -> ReturnPage:
    """Nothing more follows from it."""
    return _moved(by, reference, version, "close")


def cancel_return(*, by: Caller, reference: UUID | str, version: int | None = None) -> ReturnPage:
    """The goods stay with the customer after all; possible until they arrive."""
    return _moved(by, reference, version, "cancel")


def _moved(by: Caller, reference: UUID | str, version: int | None, action: str) -> ReturnPage:
    by.must("returns:update")
    found, _ = _locked(by, reference, version)
    status = rules.LIFECYCLE.plan_move(action, found.head.status)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.MOVE,
            {
                "organization": by.organization_id,
                "id": found.id,
                "at": by.now,
                "status": status,
            },
        )
    body = {"number": found.head.number}
    event_type = f"return.{status}"
    activity.record(by, event_type, found.id, topic_id=found.head.order_id, body=body)
    return queries.read_return(by, found.id)


def _locked(by: Caller, reference: UUID | str, version: int | None) -> tuple[ReturnPage, OrderPage]:
    """The return and its order as they stand once nobody else can change them."""
    found = queries.read_return(by, reference)
    order = sales.lock_order_with_stock(by, found.head.order_id)
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK, {"organization": by.organization_id, "key": found.id})
    held = queries.read_return(by, found.id)
    check_version("return", held.head.version, version)
    return held, order


def _insert(
    by: Caller,
    order: OrderPage,
    return_id: UUID,
    rows: Sequence[Read],
    *,
    reason: str,
    note: str,
) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT,
            {
                "organization": by.organization_id,
                "id": return_id,
                "order": order.id,
                "at": by.now,
                "reason": reason,
                "note": note,
                "actor_name": by.actor.name,
                "lines": to_json([_row_values(row) for row in rows]),
            },
        )
        ((number,),) = cursor.fetchall()
    return str(number)


def _row_values(row: Read) -> dict[str, Any]:
    return {
        "id": new_id(),
        "line_id": row.line_id,
        "quantity": row.quantity,
        "disposition": row.disposition,
        "condition": row.condition,
        "location_id": row.location_id,
    }


def _asked(found: ReturnPage, lines: Sequence[Asked] | None) -> list[Asked]:
    """What arrived: as announced, or as sent over what was announced."""
    known = {line.line_id: line for line in found.lines}
    if lines is None:
        return [
            Asked(one.line_id, one.quantity, one.disposition, one.condition, one.location_id)
            for one in found.lines
        ]
    return [
        Asked(
            line_id=row.line_id,
            quantity=row.quantity
            if row.quantity is not None or row.line_id not in known
            else known[row.line_id].quantity,
            disposition=row.disposition,
            condition=row.condition,
            location_id=row.location_id,
        )
        for row in lines
    ]


def _check_announced(found: ReturnPage, rows: Sequence[Read]) -> None:
    known = {line.line_id: line for line in found.lines}
    for index, row in enumerate(rows):
        line = known.get(row.line_id)
        if line is None:
            message = "This line was not announced in the return."
            raise Invalid("unknown_line", message, fields={f"lines.{index}.line_id": message})


def _write(by: Caller, found: ReturnPage, rows: Sequence[Read], lots: dict[UUID, UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.RECEIVE,
            {
                "organization": by.organization_id,
                "id": found.id,
                "at": by.now,
                "actor_name": by.actor.name,
                "lines": to_json(
                    [
                        {
                            "line_id": row.line_id,
                            "received": row.quantity,
                            "disposition": row.disposition,
                            "condition": row.condition,
                            "location_id": row.location_id,
                            "lot_id": lots.get(row.line_id),
                        }
                        for row in rows
                    ]
                ),
            },
        )


def _credit(by: Caller, found: ReturnPage, rows: Sequence[Read]) -> None:
    memo = watchers.returned(
        by,
        ReturnReceived(
            return_id=found.id,
            number=found.head.number,
            order_id=found.head.order_id,
            customer_id=found.head.customer_id,
            lines=tuple((row.line_id, row.quantity) for row in rows),
        ),
    )
    if memo is None:
        return
    kept = {"id": str(memo.id), "amount": str(memo.amount), "currency": memo.currency}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.CREDITED,
            {
                "organization": by.organization_id,
                "id": found.id,
                "credit_memo": to_json(kept),
            },
        )


def _told(lines: dict[UUID, LineFacts], rows: Sequence[Read]) -> list[dict[str, Any]]:
    return [
        {
            "line_id": str(row.line_id),
            "position": lines[row.line_id].position,
            "quantity": trim(row.quantity),
            "unit": lines[row.line_id].unit,
            "disposition": row.disposition,
        }
        for row in rows
    ]
