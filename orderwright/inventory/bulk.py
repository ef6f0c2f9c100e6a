"""Actions on many lots at once: move them to another location."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from orderwright.activity.bulk import BulkAction, Outlook, Parameters
from orderwright.identity.caller import Caller
from orderwright.inventory import ledger, lots
from orderwright.inventory.models import Lot
from orderwright.kernel.errors import Conflict, Invalid

LIST: Final = "inventory"


def _outlook(by: Caller, ids: Sequence[UUID], given: Parameters) -> list[Outlook]:
    rows = Lot.objects.of(by.organization_id).with_ids(ids).order_by("pk")
    found = rows.values_list("pk", "tag_id", "location_id")
    target = str(given.get("location_id") or "")
    return [
        Outlook(pk, tag, _already_there() if str(location) == target else None)
        for pk, tag, location in found
    ]


def _already_there() -> Conflict:
    return Conflict("already_there", "The lot lies there already.")


def _check(by: Caller, given: Parameters) -> dict[str, Any]:
    try:
        location_id = UUID(str(given.get("location_id")))
    except ValueError as error:
        message = "Say where they go."
        raise Invalid("required", message, fields={"location_id": message}) from error
    lots.check_location(by, location_id)
    return {"location_id": str(location_id)}


def _lock(by: Caller, ids: Sequence[UUID]) -> None:
    ledger.lock_products(by, (), ids)


def _transfer(by: Caller, lot_id: UUID, given: Parameters) -> None:
    lots.transfer_lot(by=by, ref=lot_id, sent={"location_id": given["location_id"]})


BULK_ACTIONS: Final = (
    BulkAction(
        name="transfer",
        of=LIST,
        permissions=("inventory:update",),
        outlook=_outlook,
        act=_transfer,
        check=_check,
        lock=_lock,
    ),
)
