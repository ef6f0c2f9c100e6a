"""The pick follows its order in the same transaction: what `pick_rules` plans is written here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.wide_rows import with_values
from orderwright.sales.page import LineRow, OrderPage, OrderRow
from orderwright.sales.watchers import Followed, Kept
from orderwright.shipping import pick_sql
from orderwright.shipping.pick_rules import LineToPick, OrderToPick, PickPlan, plan_pick


def keep_pick(by: Caller, before: OrderPage, head: OrderRow, lines: Sequence[LineRow]) -> Kept:
    """Tell the pick of an order that is about to be saved: at most one statement, none when nothing
    changes for it. Packed boxes that have not left go where the order now goes (domain 2.9)."""
    _readdress(by, before.head, head)
    if before.head.status == "estimate" and head.status == "estimate":
        return Kept(lines)
    plan = plan_pick(to_pick(before.head, before.lines), to_pick(head, lines))
    followed = _write(by, head, plan)
    if plan.picked:
        lines = [
            with_values(line, picked=plan.picked[line.id]) if line.id in plan.picked else line
            for line in lines
        ]
    return Kept(lines, followed)


def to_pick(head: OrderRow, lines: Sequence[LineRow]) -> OrderToPick:
    """The order as the rules of picks take it: its lines of goods."""
    return OrderToPick(
        status=head.status,
        priority=head.priority,
        date_required=head.date_required,
        lines=tuple(
            LineToPick(
                line.id,
                ZERO if line.is_cancelled else line.effective,
                picked=line.picked,
                packed=line.packed,
            )
            for line in lines
            if line.is_stock and line.product_id is not None
        ),
    )


def _write(by: Caller, head: OrderRow, plan: PickPlan) -> tuple[Followed, ...]:
    if plan.verb == "keep":
        return ()
    pick_id = new_id()
    parameters: dict[str, Any] = {
        "organization": by.organization_id,
        "order": head.id,
        "pick": pick_id,
        "number": head.number,
        "at": by.now,
        "status": "finished" if plan.is_finished else "open",
        "finished_at": by.now if plan.is_finished else None,
        "priority_rank": plan.priority_rank,
        "due_on": plan.due_on,
        "closed": list(plan.closed),
        "rows": to_json(
            [
                {
                    "id": new_id(),
                    "line_id": row.line_id,
                    "ordered": row.ordered,
                    "quantity": row.quantity,
                }
                for row in plan.rows
            ]
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS[plan.verb], parameters)
    return (_created(pick_id, head, plan),) if plan.verb == "create" else ()


def _created(pick_id: UUID, head: OrderRow, plan: PickPlan) -> Followed:
    return Followed("pick.created", pick_id, {"number": head.number, "line_count": len(plan.rows)})


def _readdress(by: Caller, before: OrderRow, after: OrderRow) -> None:
    names = ("ship_to", "carrier_id", "carrier_option_id")
    if all(getattr(before, name) == getattr(after, name) for name in names):
        return
    packed = [one["id"] for one in after.shipments if one["stage"] == "packed"]
    if not packed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipping_shipment SET ship_to = %s::jsonb, carrier_id = %s, "
            "carrier_option_id = %s, version = version + 1, updated_at = %s "
            "WHERE organization_id = %s AND id = ANY (%s::uuid[]) AND stage = 'packed'",
            [
                to_json(after.ship_to),
                after.carrier_id,
                after.carrier_option_id,
                by.now,
                by.organization_id,
                packed,
            ],
        )


_STATEMENTS = {
    "create": pick_sql.CREATE_PICK,
    "change": pick_sql.CHANGE_PICK,
    "delete": pick_sql.DELETE_PICK,
}
