"""Actions on many sales orders at once: hold, release, issue, set the lead and the priority."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity.bulk import BulkAction, Outlook, Parameters
from orderwright.activity.references import check_references
from orderwright.directory.models import Staff
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.text import check_reason
from orderwright.sales import actions, edit_rules, edits, lifecycle, list_sql, order_lists, queries
from orderwright.sales.page import OrderPage

LIST: Final = "sales-orders"


def _outlook(
    why_not: Callable[[OrderPage, Parameters], Refusal | None],
) -> Callable[[Caller, Sequence[UUID], Parameters], list[Outlook]]:
    def outlook(by: Caller, ids: Sequence[UUID], given: Parameters) -> list[Outlook]:
        pages = queries.read_orders(by, ids)
        return [Outlook(page.id, page.head.number, why_not(page, given)) for page in pages]

    return outlook


def _refused(action: str) -> Callable[[OrderPage, Parameters], Refusal | None]:
    def why_not(page: OrderPage, given: Parameters) -> Refusal | None:
        return lifecycle.why_refused(action, page.facts())

    return why_not


def _why_not_issued(page: OrderPage, given: Parameters) -> Refusal | None:
    try:
        lifecycle.check_issue(page.facts())
    except Refusal as refusal:
        return refusal
    return None


def _why_not_edited(field: str) -> Callable[[OrderPage, Parameters], Refusal | None]:
    def why_not(page: OrderPage, given: Parameters) -> Refusal | None:
        try:
            edit_rules.check_fields(page.facts(), {field})
        except Refusal as refusal:
            return refusal
        if field in given and str(getattr(page.head, field)) == str(given[field]):
            return Conflict("unchanged", "The order is like that already.")
        return None

    return why_not


def _check_reason(by: Caller, given: Parameters) -> dict[str, Any]:
    return {"reason": check_reason(given.get("reason"))}


def _check_lead(by: Caller, given: Parameters) -> dict[str, Any]:
    message = "Choose a lead."
    try:
        lead_id = UUID(str(given.get("order_lead_id")))
    except ValueError as error:
        raise Invalid("required", message, fields={"order_lead_id": message}) from error
    check_references(by, {"order_lead_id": Staff}, {"order_lead_id": lead_id})
    return {"order_lead_id": str(lead_id)}


def _check_priority(by: Caller, given: Parameters) -> dict[str, Any]:
    known = order_lists.CODES["priority"]
    if given.get("priority") not in known:
        message = f"One of: {', '.join(known)}."
        raise Invalid("invalid_input", message, fields={"priority": message})
    return {"priority": given["priority"]}


def _lock(by: Caller, ids: Sequence[UUID]) -> None:
    """The stock of all these orders in key order, then the orders in key order: as every action
    locks one of them, so that two runs never cross."""
    named: dict[str, Any] = {"organization": by.organization_id, "orders": sorted(ids)}
    with connection.cursor() as cursor:
        cursor.execute(list_sql.LOCK_STOCK_OF_ORDERS, named)
        cursor.execute(list_sql.LOCK_ORDERS, named)


def _edit(field: str) -> Callable[[Caller, UUID, Parameters], Any]:
    def act(by: Caller, order_id: UUID, given: Parameters) -> Any:
        refusal = _why_not_edited(field)(queries.read_order(by, order_id), given)
        if refusal is not None:
            raise refusal
        value = UUID(given[field]) if field.endswith("_id") else given[field]
        return edits.edit_order(by=by, order=order_id, changes={field: value})

    return act


def _action(name: str, **particular: Any) -> BulkAction:
    return BulkAction(
        name=name, of=LIST, permissions=("sales_orders:update",), lock=_lock, **particular
    )


BULK_ACTIONS: Final = (
    _action(
        "hold",
        outlook=_outlook(_refused("hold")),
        act=lambda by, order_id, given: actions.hold_order(
            by=by, order=order_id, reason=given["reason"]
        ),
        check=_check_reason,
    ),
    _action(
        "release-hold",
        outlook=_outlook(_refused("release-hold")),
        act=lambda by, order_id, given: actions.release_hold(by=by, order=order_id),
        check=lambda by, given: {},
    ),
    _action(
        "issue",
        outlook=_outlook(_why_not_issued),
        act=lambda by, order_id, given: actions.issue_order(by=by, order=order_id),
        check=lambda by, given: {},
    ),
    _action(
        "set-lead",
        outlook=_outlook(_why_not_edited("order_lead_id")),
        act=_edit("order_lead_id"),
        check=_check_lead,
    ),
    _action(
        "set-priority",
        outlook=_outlook(_why_not_edited("priority")),
        act=_edit("priority"),
        check=_check_priority,
    ),
)


def ids_of(by: Caller, filters: Mapping[str, str], *, most: int) -> list[UUID]:
    """The orders that match an address's filters, `most` at most. Raises Invalid."""
    return order_lists.ids_of_orders(by, order_lists.read_filter(filters), most=most)
