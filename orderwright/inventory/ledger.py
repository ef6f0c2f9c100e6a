"""What every change of stock does: lock the product, write lots with their movements, settle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import queries, sql, watchers
from orderwright.inventory.measures import ReservationAfter
from orderwright.inventory.releasing import SelectionFacts
from orderwright.inventory.rules import LotAfter, plan_product_coverage
from orderwright.kernel.errors import Conflict
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved stock: `text` names it to people ("SO-00001 line 2")."""

    id: UUID | None
    text: str


def lock_products(
    by: Caller, product_ids: Iterable[UUID], lot_ids: Iterable[UUID] = ()
) -> list[UUID]:
    """Lock the stock of these products, and of the products of these lots, in key order."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.LOCK_PRODUCTS,
            {
                "organization": by.organization_id,
                "products": list(product_ids),
                "lots": list(lot_ids),
            },
        )
        return [row[0] for row in cursor.fetchall()]


def change_lots(
    by: Caller, lots: Iterable[LotAfter], *, action: str, cause: Cause, reason: str = ""
) -> None:
    """Write lots as a plan leaves them, each with its movement; then `settle` their products."""
    change_stock(by, action=action, cause=cause, lots=lots, reason=reason)


def change_stock(
    by: Caller,
    *,
    action: str,
    cause: Cause,
    lots: Iterable[LotAfter],
    selections: Sequence[dict[str, Any]] = (),
    released: Sequence[SelectionFacts] = (),
    reservations: Sequence[ReservationAfter] = (),
    reason: str = "",
) -> None:
    """Lots, their movements, selections and the lines' own reservations: all in one statement.

    Raises Conflict `selection_not_open` when a released one is not what it was.
    """
    rows = [
        {
            "id": lot.id,
            "movement": new_id(),
            "delta_quantity": lot.delta_quantity,
            "delta_weight": lot.delta_weight,
            "status": lot.status,
        }
        for lot in lots
    ]
    changed, let_go = run(
        by,
        sql.CHANGE_STOCK,
        lots=to_json(rows),
        lot_ids=[row["id"] for row in rows],
        selections=to_json(list(selections)),
        released=to_json(
            [{"id": row.id, "quantity": row.quantity, "weight": row.weight} for row in released]
        ),
        reservations=to_json(list(reservations)),
        action=action,
        reason=reason,
        cause_id=cause.id,
        cause=cause.text,
        actor_name=by.actor.name,
        at=by.now,
        may_go_negative=by.organization.setting("stock.allow_negative"),
    )
    if let_go != len(released):
        raise not_open()
    if changed != len(rows):
        raise RuntimeError("a lot stands twice in a plan, or is gone although it was locked")


def settle(by: Caller, product_ids: Iterable[UUID], *, quiet: set[UUID] | None = None) -> None:
    """Cover reservations anew after the stock or the promises of locked products changed.

    Watchers are told of every reservation that changed but those that the caller recounts itself
    (`quiet`). One statement when nothing is to do, three when something is.
    """
    unsettled = {
        entry.product_id: entry.stock
        for entry in queries.stock_of(by, product_ids)
        if not entry.is_settled
    }
    if not unsettled:
        return
    changed: dict[UUID, Decimal] = {}
    for product_id, promises in queries.promises_of(by, unsettled).items():
        changed.update(plan_product_coverage(unsettled[product_id], promises))
    if changed:
        rows = [{"id": id_, "covered": covered} for id_, covered in changed.items()]
        run(by, sql.COVER, reservations=to_json(rows))
        watchers.tell(by, [id_ for id_ in changed if id_ not in (quiet or ())])


def not_open() -> Conflict:
    """The refusal for a selection that somebody else released or shipped meanwhile."""
    message = "One of these selections is not open any more. Look at them again and repeat."
    return Conflict("selection_not_open", message)


def run(by: Caller, statement: str, **parameters: Any) -> tuple[Any, ...]:
    """Run one statement; the row that it answers, if it answers any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return (cursor.fetchone() or ()) if cursor.description else ()
