"""Stock leaves its lots for something that is no line of an order: jobs, reversed receipts."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import ledger, sql
from orderwright.inventory.ledger import Cause
from orderwright.inventory.rules import LotFacts
from orderwright.inventory.taking import Taken, Wanted, plan_taking


def withdraw(
    by: Caller, wanted: Sequence[Wanted], *, action: str, cause: Cause, reason: str = ""
) -> list[Taken]:
    """Take stock out of lots, all or nothing; what covered promises and is gone, covers no more.

    `action` and `cause` are what the movements say: `issue_to_job`, `reverse_receipt`. Permissions
    are the caller's business. Raises what `plan_taking` raises. Four statements, however many lots,
    and three more when coverage changes.
    """
    if not wanted:
        return []
    lot_ids = {row.lot_id for row in wanted}
    locked = ledger.lock_products(by, (), lot_ids)
    plan = plan_taking(
        wanted,
        lots_by_id(by, lot_ids),
        allow_negative=by.organization.setting("stock.allow_negative"),
    )
    ledger.change_lots(by, plan.lots, action=action, cause=cause, reason=reason)
    ledger.settle(by, locked)
    return list(plan.rows)


def lots_by_id(by: Caller, lot_ids: Collection[UUID]) -> dict[UUID, LotFacts]:
    """These lots as they stand; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql.LOTS_BY_ID, {"organization": by.organization_id, "lots": list(lot_ids)})
        return {row[0]: LotFacts(*row) for row in cursor.fetchall()}
