"""What people do with a purchase order: issue and unissue, hold, close, cancel, remove."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.text import LONGEST_REASON, check_reason, check_text
from orderwright.kernel.versions import check_version
from orderwright.purchasing import lifecycle, queries, sql
from orderwright.purchasing.page import LineRow, OrderPage
from orderwright.purchasing.rules import plan_cancel
from orderwright.purchasing.writing import Happening, save

UPDATE = "purchase_orders:update"


def issue_order(
    *,
    by: Caller,
    order: UUID | str,
    notify_supplier: bool = False,
    version: int | None = None,
) -> OrderPage:
    """Commit us to buying (domain 2.7). With `notify_supplier` a job mails the order.

    Raises Invalid `no_lines`, Conflict `supplier_inactive`, `order_on_hold`.
    """
    page = _locked(by, order, version, "issue")
    notified = notify_supplier and bool(page.head.supplier_email)
    head = replace(
        page.head,
        status="ordered",
        issued_at=by.now,
        acknowledgment_status="sent" if notified else page.head.acknowledgment_status,
    )
    happening = Happening("purchase_order.issued", {"notify_supplier": notified})
    return save(by, page, head=head, lines=page.lines, happening=happening)


def unissue_order(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Take the commitment back while nothing has arrived. Raises Conflict `already_received`."""
    page = _locked(by, order, version, "unissue")
    head = replace(page.head, status="quoted", issued_at=None)
    happening = Happening("purchase_order.unissued")
    return save(by, page, head=head, lines=page.lines, happening=happening)


def close_order(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Nothing more is expected; possible at any point (domain 2.7)."""
    page = _locked(by, order, version, "close")
    head = replace(page.head, is_closed=True, closed_at=by.now)
    happening = Happening("purchase_order.closed")
    return save(by, page, head=head, lines=page.lines, happening=happening)


def open_order(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Open a closed order again; its status is what its facts make it."""
    page = _locked(by, order, version, "open")
    head = replace(page.head, is_closed=False, closed_at=None)
    happening = Happening("purchase_order.opened")
    return save(by, page, head=head, lines=page.lines, happening=happening)


def hold_order(
    *, by: Caller, order: UUID | str, reason: str, version: int | None = None
) -> OrderPage:
    """Stop the order until it is released: it cannot be issued."""
    given = check_reason(reason)
    page = _locked(by, order, version, "hold")
    head = replace(page.head, manual_hold=True, hold_reason=given)
    happening = Happening("purchase_order.held", {"reason": given})
    return save(by, page, head=head, lines=page.lines, happening=happening)


def release_hold(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Lift the hold."""
    page = _locked(by, order, version, "release-hold")
    head = replace(page.head, manual_hold=False, hold_reason="")
    happening = Happening("purchase_order.hold_released", {"reason": page.head.hold_reason})
    return save(by, page, head=head, lines=page.lines, happening=happening)


def cancel_lines(
    *,
    by: Caller,
    order: UUID | str,
    line_ids: Sequence[UUID],
    reason: str = "",
    version: int | None = None,
) -> OrderPage:
    """Cancel what is outstanding of these lines; what has arrived stays.

    Raises Invalid `unknown_line`, Conflict `nothing_to_cancel`.
    """
    given = check_text(reason or "", "reason", longest=LONGEST_REASON).strip()
    page = _locked(by, order, version, "cancel-lines")
    plan = plan_cancel(page.facts(), line_ids)
    lines = [
        replace(
            line,
            is_cancelled=line.id in plan.flagged,
            cancelled_quantity=plan.cancelled[line.id],
            cancel_reason=given,
        )
        if line.id in plan.cancelled
        else line
        for line in page.lines
    ]
    cancelled = [line for line in page.lines if line.id in plan.cancelled]
    body = {"reason": given, "lines": _named(cancelled), "skipped": list(plan.skipped)}
    happening = Happening("purchase_order.lines_cancelled", body)
    return save(by, page, head=page.head, lines=lines, happening=happening)


def restore_lines(
    *,
    by: Caller,
    order: UUID | str,
    line_ids: Sequence[UUID],
    reason: str = "",
    version: int | None = None,
) -> OrderPage:
    """Want again what was cancelled of these lines.

    Raises Invalid `unknown_line`, Conflict `nothing_to_restore`.
    """
    given = check_text(reason or "", "reason", longest=LONGEST_REASON).strip()
    page = _locked(by, order, version, "restore-lines")
    chosen = [line for line in chosen_lines(page, line_ids) if line.cancelled_quantity > 0]
    if not chosen:
        message = "None of these lines has a cancelled part."
        raise Conflict("nothing_to_restore", message)
    ids = {line.id for line in chosen}
    lines = [
        replace(line, is_cancelled=False, cancelled_quantity=ZERO, cancel_reason="")
        if line.id in ids
        else line
        for line in page.lines
    ]
    body = {"reason": given, "lines": _named(chosen)}
    happening = Happening("purchase_order.lines_restored", body)
    return save(by, page, head=page.head, lines=lines, happening=happening)


def remove_order(*, by: Caller, order: UUID | str, confirm_number: object) -> None:
    """Delete a purchase order of which nothing has arrived; an event survives.

    Raises Conflict `already_received`, `order_closed`, Invalid `wrong_confirm_number`.
    """
    by.must("purchase_orders:delete")
    page = queries.lock_order(by, order)
    lifecycle.check("remove", page.facts())
    if confirm_number != page.head.number:
        message = f"Type the number, {page.head.number}, to remove it for good."
        raise Invalid("wrong_confirm_number", message, fields={"confirm_number": message})
    with connection.cursor() as cursor:
        cursor.execute(sql.REMOVE, {"organization": by.organization_id, "order": page.id})
    body = {
        "number": page.head.number,
        "supplier_id": page.head.supplier_id,
        "supplier": page.head.supplier_name,
        "subtotal": page.head.subtotal,
        "currency": page.head.currency,
        "line_count": len(page.lines),
    }
    activity.record(by, "purchase_order.removed", page.id, body=body)


def chosen_lines(page: OrderPage, line_ids: Sequence[UUID]) -> list[LineRow]:
    """The lines with these ids. Raises Invalid for none, or for one of another order."""
    known = page.lines_by_id()
    unknown = [index for index, line_id in enumerate(line_ids) if line_id not in known]
    if unknown or not line_ids:
        message = "This line does not stand on the order." if unknown else "Choose a line."
        field = f"line_ids.{unknown[0]}" if unknown else "line_ids"
        raise Invalid("unknown_line", message, fields={field: message})
    return [known[line_id] for line_id in dict.fromkeys(line_ids)]


def _locked(by: Caller, order: UUID | str, version: int | None, action: str) -> OrderPage:
    by.must(UPDATE)
    page = queries.lock_order(by, order)
    check_version("purchase order", page.head.version, version)
    lifecycle.check(action, page.facts())
    return page


def _named(lines: Sequence[LineRow]) -> list[dict[str, Any]]:
    return [
        {"line_id": line.id, "position": line.position, "description": line.description}
        for line in lines
    ]
