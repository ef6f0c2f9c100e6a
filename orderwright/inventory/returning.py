"""Stock goes back into the lots that it came out of: a job is cancelled before it began."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import ledger
from orderwright.inventory.ledger import Cause
from orderwright.inventory.rules import LotAfter, plan_put
from orderwright.inventory.withdrawals import lots_by_id
from orderwright.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Back:
    """So much for one lot, in its units."""

    lot_id: UUID
    quantity: Decimal
    weight: Decimal


def put_back(by: Caller, rows: Sequence[Back], *, action: str, cause: Cause) -> None:
    """Put stock back, and cover what waits for it. Four statements, however many lots, and three
    more when coverage changes."""
    lot_ids = {row.lot_id for row in rows}
    locked = ledger.lock_products(by, (), lot_ids)
    found = lots_by_id(by, lot_ids)
    plans: list[LotAfter] = [
        plan_put(
            found[lot_id],
            sum((row.quantity for row in rows if row.lot_id == lot_id), ZERO),
            sum((row.weight for row in rows if row.lot_id == lot_id), ZERO),
        )
        for lot_id in sorted(lot_ids)
    ]
    ledger.change_lots(by, plans, action=action, cause=cause)
    ledger.settle(by, locked)
