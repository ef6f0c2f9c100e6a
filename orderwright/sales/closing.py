"""The end of an order, and the way back: short close, reopen, finish a correction, close it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.text import LONGEST_REASON, check_reason, check_text
from orderwright.sales import lifecycle, order_tasks, promises, repricing
from orderwright.sales.actions import (
    free_stock,
    locked,
    locked_with_stock,
)
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.writing import Happening, save

SHORT_CLOSE = "short close"


def short_close(
    *, by: Caller, order: UUID | str, reason: str, version: int | None = None
) -> OrderPage:
    """Send nothing more of this order: each outstanding remainder is cancelled (domain 2.1).

    Reservations are freed and open selections go back to their lots. The order is fulfilled; what
    was cancelled here is remembered, so that reopening takes it back. Raises Invalid for no reason,
    Conflict `nothing_shipped`, `shipment_packed`, and what `lifecycle.check` raises.
    """
    by.must("sales_orders:update")
    given = check_reason(reason)
    page = locked_with_stock(by, order, version)
    lifecycle.check("short-close", page.facts())
    closed = {line.id: _short_closed(line) for line in page.lines if _is_open(line)}
    free_stock(by, page, [line for line in closed.values() if line.reservation_id])
    lines = tuple(closed.get(line.id, line) for line in page.lines)
    priced = repricing.reprice(by, replace(page, lines=lines), changed=True) if closed else page
    head = replace(priced.head, status="fulfilled", fulfilled_at=by.now, reopened_at=None)
    happening = Happening("sales_order.short_closed", _told(given, closed.values()))
    counted = promises.recounted(by, priced.lines)
    after = save(by, page, head=head, lines=counted, happening=happening)
    order_tasks.raise_for_cancelling(by, page, after, list(closed.values()))
    return after


def reopen_order(
    *, by: Caller, order: UUID | str, reason: str, version: int | None = None
) -> OrderPage:
    """Make a fulfilled order issued again, to correct it (domain 2.1, 4.12).

    What a short close cancelled is wanted again, and stock is promised to it again. Nothing that
    has shipped changes. Raises Invalid for no reason, and what `lifecycle.check` raises.
    """
    by.must("sales_orders:update")
    given = check_reason(reason)
    page = locked_with_stock(by, order, version)
    lifecycle.check("reopen", page.facts())
    restored = {line.id: _reopened(line) for line in page.lines if line.short_closed_quantity}
    lines = tuple(restored.get(line.id, line) for line in page.lines)
    _promise_again(by, page, restored.values())
    priced = repricing.reprice(by, replace(page, lines=lines), changed=True) if restored else page
    head = replace(priced.head, status="issued", fulfilled_at=None, reopened_at=by.now)
    happening = Happening("sales_order.reopened", _told(given, restored.values()))
    counted = promises.recounted(by, priced.lines) if restored else priced.lines
    return save(by, page, head=head, lines=counted, happening=happening)


def finish_correction(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """End the correction of a reopened order: from here on it is fulfilled by itself as any other,
    at once when nothing is outstanding. Raises Conflict `not_reopened`."""
    by.must("sales_orders:update")
    page = locked(by, order, version)
    lifecycle.check("finish-correction", page.facts())
    head = replace(page.head, reopened_at=None)
    happening = Happening("sales_order.correction_finished")
    return save(by, page, head=head, lines=page.lines, happening=happening)


def close_order(
    *,
    by: Caller,
    order: UUID | str,
    override_reason: str | None = None,
    version: int | None = None,
) -> OrderPage:
    """Complete an order: fulfilled and paid, or every line cancelled and the balance zero (2.1).

    An Admin closes a fulfilled order that is not paid with `override_reason`. Raises Conflict
    `not_paid`, `draft_invoice`, `not_settled`, Forbidden, and what `lifecycle.check` raises.
    """
    by.must("sales_orders:update")
    given = check_text(override_reason or "", "override_reason", longest=LONGEST_REASON).strip()
    page = locked(by, order, version)
    lifecycle.check_close(page.facts(), is_admin=by.is_admin, override_reason=given)
    head = replace(page.head, status="completed", completed_at=by.now, reopened_at=None)
    body = {"reason": given, "payment_status": head.payment_status}
    happening = Happening("sales_order.closed", body)
    return save(by, page, head=head, lines=page.lines, happening=happening)


def _is_open(line: LineRow) -> bool:
    return line.is_stock and not line.is_cancelled and line.outstanding > 0


def _short_closed(line: LineRow) -> LineRow:
    return replace(
        line,
        is_cancelled=not line.shipped,
        cancelled_quantity=line.cancelled_quantity + line.outstanding,
        short_closed_quantity=line.outstanding,
        cancel_reason=SHORT_CLOSE,
        ready=False,
        ready_forced=False,
    )


def _reopened(line: LineRow) -> LineRow:
    still = line.cancelled_quantity - line.short_closed_quantity
    has_goods = line.is_stock and line.product_id is not None
    return replace(
        line,
        is_cancelled=False,
        cancelled_quantity=still,
        short_closed_quantity=ZERO,
        cancel_reason=line.cancel_reason if still else "",
        reservation_id=line.reservation_id or (new_id() if has_goods else None),
    )


def _promise_again(by: Caller, page: OrderPage, lines: Any) -> None:
    wanted = [
        promises.promise_of(line, page.head, reservation_id=line.reservation_id)
        for line in lines
        if line.reservation_id is not None
    ]
    if wanted:
        inventory.reserve(by, wanted, quiet=promises.reservations_of(page.lines).values())


def _told(reason: str, lines: Any) -> dict[str, Any]:
    named: Sequence[LineRow] = list(lines)
    return {
        "reason": reason,
        "lines": [
            {"line_id": line.id, "position": line.position, "description": line.description}
            for line in named
        ],
    }
