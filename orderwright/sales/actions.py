"""What people do with a sales order: issue and unissue it, hold it, cancel and restore lines."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.inventory import queries as stock
from orderwright.inventory.actions import Cause
from orderwright.inventory.releasing import SelectionFacts
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.text import LONGEST_REASON, check_reason, check_text
from orderwright.kernel.versions import check_version
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import lifecycle, order_tasks, promises, queries, repricing
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.rules import plan_cancel, plan_restore
from orderwright.sales.writing import Happening, save


def issue_order(
    *,
    by: Caller,
    order: UUID | str,
    notify_customer: bool = False,
    confirmed: Collection[str] = (),
    version: int | None = None,
) -> OrderPage:
    """Commit us to this order: stock is promised to its lines, prices are fixed (domain 4.4).

    A shortage never blocks. With `notify_customer` a job sends the acknowledgement to the order's
    contacts. Raises what `lifecycle.check_issue` raises.
    """
    by.must("sales_orders:update")
    page = locked_with_stock(by, order, version)
    lifecycle.check_issue(page.facts(), confirmed=confirmed)
    notified = notify_customer and bool(page.head.acknowledgement_contacts)
    head = replace(
        page.head,
        status="issued",
        issued_at=by.now,
        acknowledgment_status="sent" if notified else page.head.acknowledgment_status,
    )
    lines = [
        with_values(line, reservation_id=line.reservation_id or new_id())
        if _is_goods(line)
        else line
        for line in page.lines
    ]
    promised = [
        promises.promise_of(line, head, reservation_id=line.reservation_id)
        for line in lines
        if line.reservation_id is not None and _is_goods(line)
    ]
    covered = inventory.reserve(by, promised, locked=page.locked_products)
    return save(
        by,
        page,
        head=head,
        lines=promises.recounted(by, lines)
        if covered is None
        else promises.promised(lines, promised, covered),
        happening=Happening("sales_order.issued", {"notify_customer": notified}),
    )


def unissue_order(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Take the commitment back: selections return to their lots, promises end (domain 2.1)."""
    by.must("sales_orders:update")
    page = locked_with_stock(by, order, version)
    lifecycle.check("unissue", page.facts())
    goods = [line for line in page.lines if line.reservation_id is not None]
    free_stock(by, page, [replace(line, cancelled_quantity=line.ordered) for line in goods])
    head = replace(page.head, status="estimate", issued_at=None)
    lines = [
        replace(line, ready=False, ready_forced=False)
        for line in promises.recounted(by, page.lines)
    ]
    return save(by, page, head=head, lines=lines, happening=Happening("sales_order.unissued"))


def hold_order(
    *, by: Caller, order: UUID | str, reason: str, version: int | None = None
) -> OrderPage:
    """Put the order on hold: it cannot be issued or shipped until released (ruling 8)."""
    by.must("sales_orders:update")
    given = check_reason(reason)
    page = locked(by, order, version)
    lifecycle.check("hold", page.facts())
    head = replace(page.head, manual_hold=True, hold_reason=given, held_at=by.now)
    happening = Happening("sales_order.held", {"reason": given})
    return save(by, page, head=head, lines=page.lines, happening=happening)


def release_hold(*, by: Caller, order: UUID | str, version: int | None = None) -> OrderPage:
    """Lift the order's own hold. A customer's hold stays."""
    by.must("sales_orders:update")
    page = locked(by, order, version)
    lifecycle.check("release-hold", page.facts())
    head = replace(page.head, manual_hold=False, hold_reason="", held_at=None)
    happening = Happening("sales_order.hold_released", {"reason": page.head.hold_reason})
    return save(by, page, head=head, lines=page.lines, happening=happening)


def cancel_lines(
    *,
    by: Caller,
    order: UUID | str,
    line_ids: Sequence[UUID],
    reason: str = "",
    version: int | None = None,
) -> OrderPage:
    """Cancel what is outstanding of these lines (domain 4.10): selected stock goes back, promises
    are freed, totals follow. Lines that are shipped already are skipped and named in the event.

    Raises Invalid `unknown_line`, Conflict `shipment_packed`, `nothing_to_cancel`, and what
    `lifecycle.check` raises.
    """
    by.must("sales_orders:update")
    given = check_text(reason or "", "reason", longest=LONGEST_REASON).strip()
    page = locked_with_stock(by, order, version)
    lifecycle.check("cancel-lines", page.facts())
    chosen = chosen_lines(page, line_ids)
    plan = plan_cancel(page.facts(), [line.id for line in chosen])
    cancelled = {
        line.id: replace(
            line,
            is_cancelled=line.id in plan.flagged,
            cancelled_quantity=plan.cancelled[line.id],
            cancel_reason=given,
            ready=False,
            ready_forced=False,
        )
        for line in chosen
        if line.id in plan.cancelled
    }
    skipped = [line for line in chosen if line.id not in plan.cancelled]
    free_stock(by, page, [line for line in cancelled.values() if line.reservation_id])
    lines = tuple(cancelled.get(line.id, line) for line in page.lines)
    priced = repricing.reprice(by, replace(page, lines=lines), changed=True)
    after = save(
        by,
        page,
        head=priced.head,
        lines=promises.recounted(by, priced.lines),
        happening=Happening("sales_order.lines_cancelled", _named(cancelled, skipped, given)),
    )
    order_tasks.raise_for_cancelling(by, page, after, list(cancelled.values()))
    return after


def restore_lines(
    *,
    by: Caller,
    order: UUID | str,
    line_ids: Sequence[UUID],
    reason: str = "",
    version: int | None = None,
) -> OrderPage:
    """Undo a cancellation (domain 4.10): the lines want their quantity, and stock, again.

    Raises Invalid `unknown_line`, Conflict `nothing_to_restore`, and what `lifecycle.check` raises.
    """
    by.must("sales_orders:update")
    given = check_text(reason or "", "reason", longest=LONGEST_REASON).strip()
    page = locked_with_stock(by, order, version)
    lifecycle.check("restore-lines", page.facts())
    chosen = chosen_lines(page, line_ids)
    plan = plan_restore(page.facts(), [line.id for line in chosen])
    restored = {
        line.id: replace(
            line,
            is_cancelled=False,
            cancelled_quantity=ZERO,
            short_closed_quantity=ZERO,
            cancel_reason="",
        )
        for line in chosen
        if line.id in plan
    }
    lines = [restored.get(line.id, line) for line in page.lines]
    if page.head.status == "issued":
        lines = _promised_again(by, page, lines, restored)
    priced = repricing.reprice(by, replace(page, lines=tuple(lines)), changed=True)
    return save(
        by,
        page,
        head=priced.head,
        lines=promises.recounted(by, priced.lines),
        happening=Happening("sales_order.lines_restored", _named(restored, [], given)),
    )


def recount_customer(by: Caller, customer_id: UUID) -> None:
    """A customer's status changed: derive all of its open orders anew, at once (domain 2.8)."""
    for order_id in queries.open_orders_of(by, customer_id):
        page = queries.lock_order(by, order_id)
        save(by, page, head=page.head, lines=page.lines)


def recount_reservations(by: Caller, reservation_ids: Sequence[UUID]) -> None:
    """Stock covered, or stopped covering, these reservations: derive their orders anew (2.0).

    Each order is locked, so that what others are changing on it is neither lost nor overlooked.
    """
    for order_id in queries.orders_of_reservations(by, reservation_ids):
        page = queries.lock_order(by, order_id)
        save(by, page, head=page.head, lines=promises.recounted(by, page.lines))


def chosen_lines(page: OrderPage, line_ids: Iterable[UUID]) -> list[LineRow]:
    """The lines with these ids. Raises Invalid for none, or for one of another order."""
    found = []
    known = page.lines_by_id()
    for index, line_id in enumerate(dict.fromkeys(line_ids)):
        line = known.get(line_id)
        if line is None or line.is_generated:
            message = "This line does not stand on the order."
            raise Invalid("unknown_line", message, fields={f"line_ids.{index}": message})
        found.append(line)
    if not found:
        raise Invalid("no_lines", "Choose at least one line.", fields={"line_ids": "Choose one."})
    return found


def locked(by: Caller, order: UUID | str, version: int | None) -> OrderPage:
    """The order, locked, if it still is at the version that the change was made on."""
    page = queries.lock_order(by, order)
    check_version("order", page.head.version, version)
    return page


def locked_with_stock(by: Caller, order: UUID | str, version: int | None) -> OrderPage:
    """As `locked`, for a change that takes or frees stock."""
    page = queries.lock_order_with_stock(by, order)
    check_version("order", page.head.version, version)
    return page


def _promised_again(
    by: Caller, page: OrderPage, lines: Sequence[LineRow], restored: Collection[UUID]
) -> list[LineRow]:
    """The lines, of which the restored ones are promised stock again."""
    found = [
        replace(line, reservation_id=line.reservation_id or new_id())
        if line.id in restored and _is_goods(line)
        else line
        for line in lines
    ]
    inventory.reserve(
        by,
        [
            promises.promise_of(line, page.head, reservation_id=line.reservation_id)
            for line in found
            if line.id in restored and line.reservation_id is not None
        ],
        quiet=promises.reservations_of(page.lines).values(),
    )
    return found


def _is_goods(line: LineRow) -> bool:
    return line.is_stock and line.product_id is not None and not line.is_cancelled


def free_stock(by: Caller, page: OrderPage, lines: Sequence[LineRow]) -> None:
    """Put open selections of these lines back and shrink their promises to what they still want.

    The lines are given as they stand afterwards, with what is to be cancelled cancelled.
    """
    reservations = promises.reservations_of(page.lines)
    own = promises.reservations_of(lines)
    line_of = {reservation: line for line, reservation in own.items()}
    open_selections = [
        SelectionFacts(
            id=row.id,
            line_id=line_of[row.reservation_id],
            lot_id=row.lot_id,
            quantity=row.quantity,
            weight=row.weight,
        )
        for row in stock.selections_of(by, own.values())
        if row.status == "retrieved"
    ]
    cause = Cause(page.id, page.head.number)
    inventory.release(
        by,
        selections=open_selections,
        needs=[promises.need_of(line) for line in lines],
        reservations=reservations,
        cause=cause,
    )
    inventory.close_promises(
        by,
        {
            line.reservation_id: promises.in_stock_units(line, line.outstanding)
            for line in lines
            if line.reservation_id is not None
        },
        {line.product_id for line in lines if line.product_id is not None},
        quiet=reservations.values(),
    )


def _named(lines: dict[UUID, LineRow], skipped: Sequence[LineRow], reason: str) -> dict[str, Any]:
    return {
        "reason": reason,
        "lines": [
            {"line_id": line.id, "position": line.position, "description": line.description}
            for line in lines.values()
        ],
        "skipped": [line.position for line in skipped],
    }
