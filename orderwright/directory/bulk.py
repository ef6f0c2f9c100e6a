"""Actions on many customers at once: their status, and whether they are in use."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from orderwright.activity.bulk import BulkAction, Outlook, Parameters
from orderwright.directory import actions
from orderwright.directory.models import Customer
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid

LIST: Final = "customers"
_STATUSES: Final = ("normal", "preferred", "hold_shipment", "hold_all")


def _outlook_of(field: str, of: Any) -> Any:
    def outlook(by: Caller, ids: Sequence[UUID], given: Parameters) -> list[Outlook]:
        rows = Customer.objects.of(by.organization_id).with_ids(ids).order_by("pk")
        found = rows.values_list("pk", "name", field)
        return [
            Outlook(pk, name, _unchanged() if held == of(given) else None)
            for pk, name, held in found
        ]

    return outlook


def _unchanged() -> Conflict:
    return Conflict("unchanged", "The customer is like that already.")


def _check_status(by: Caller, given: Parameters) -> dict[str, Any]:
    if given.get("status") not in _STATUSES:
        message = f"One of: {', '.join(_STATUSES)}."
        raise Invalid("invalid_input", message, fields={"status": message})
    return {"status": given["status"], "reason": str(given.get("reason") or "")[:500]}


def _action(name: str, field: str, of: Any, act: Any, check: Any) -> BulkAction:
    outlook = _outlook_of(field, of)

    def checked(by: Caller, customer_id: UUID, given: Parameters) -> None:
        for one in outlook(by, [customer_id], given):
            if one.refusal is not None:
                raise one.refusal
        act(by, customer_id, given)

    return BulkAction(
        name=name,
        of=LIST,
        permissions=("customers:update",),
        outlook=outlook,
        act=checked,
        check=check,
    )


def _switch(name: str, *, to: bool) -> BulkAction:
    return _action(
        name,
        "is_active",
        lambda given: to,
        lambda by, customer_id, given: actions.change_customer(
            by=by, customer_id=customer_id, sent={"is_active": to}
        ),
        lambda by, given: {},
    )


BULK_ACTIONS: Final = (
    _action(
        "set-status",
        "status",
        lambda given: given.get("status"),
        lambda by, customer_id, given: actions.change_customer_status(
            by=by, customer_id=customer_id, status=given["status"], reason=given.get("reason", "")
        ),
        _check_status,
    ),
    _switch("activate", to=True),
    _switch("deactivate", to=False),
)
