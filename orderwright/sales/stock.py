"""Select inventory for the lines of an order, release it, let the oldest lots be chosen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.inventory import queries as stock
from orderwright.inventory.actions import Cause
from orderwright.inventory.auto_selecting import Unserved, plan_auto_select
from orderwright.inventory.releasing import SelectionFacts
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.weight import TOLERANCE
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import lifecycle, limits, promises
from orderwright.sales.actions import chosen_lines, locked_with_stock
from orderwright.sales.page import LineRow, OrderPage, line_facts
from orderwright.sales.rules import check_ready
from orderwright.sales.writing import Happening, save


@dataclass(frozen=True, slots=True)
class LotAsk:
    """So much of a lot, as sent; `full` takes all of it."""

    lot_id: UUID
    quantity: object = None
    weight: object = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class LineAsk:
    """What to select for one line, and whether to mark it ready."""

    line_id: UUID
    selections: Sequence[LotAsk] = ()
    mark_ready: bool = False
    force_ready: bool = False
    allow_over: bool = False
    substitute: bool = False


def select_inventory(
    *, by: Caller, order: UUID | str, lines: Sequence[LineAsk], version: int | None = None
) -> OrderPage:
    """Take stock from lots for the order's lines, all or nothing (domain 4.6).

    Raises Conflict `not_issued`, `line_cancelled`, `wrong_product`, `over_selection`,
    `insufficient_stock`, `not_enough_selected`; Invalid for an unknown line or lot or a quantity
    that makes no sense.
    """
    by.must("inventory:update", "sales_orders:read")
    page = locked_with_stock(by, order, version)
    lifecycle.check("select-inventory", page.facts())
    if not lines:
        raise Invalid(
            "nothing_selected",
            "Say how much to take from which lot.",
            fields={"lines": "Give a quantity for at least one lot."},
        )
    _check_lines(page, lines)
    asked = asked_of(lines)
    if asked:
        take(by, page, asked)
    return _with_ready(by, page, lines, taken=len(asked))


def take(by: Caller, page: OrderPage, asked: Sequence[Asked]) -> list[inventory.Selected]:
    """Make selections for lines of this locked order; the caller recounts and saves."""
    chosen = chosen_lines(page, [row.line_id for row in asked])
    _check_reserved(chosen)
    return inventory.select(
        by,
        needs=[promises.need_of(line) for line in chosen],
        asked=asked,
        reservations=promises.reservations_of(page.lines),
        cause=Cause(page.id, page.head.number),
        locked=page.locked_products,
    )


def asked_of(lines: Sequence[LineAsk]) -> list[Asked]:
    """The rows that selecting takes, each with its path in the request."""
    return [
        Asked(
            line_id=line.line_id,
            lot_id=lot.lot_id,
            quantity=lot.quantity,
            weight=lot.weight,
            full=lot.full,
            allow_over=line.allow_over,
            substitute=line.substitute,
            field=f"lines.{index}.selections.{number}",
        )
        for index, line in enumerate(lines)
        for number, lot in enumerate(line.selections)
    ]


def auto_select(
    *,
    by: Caller,
    order: UUID | str,
    line_ids: Collection[UUID] | None = None,
    version: int | None = None,
) -> tuple[OrderPage, tuple[Unserved, ...]]:
    """Select oldest lots first what the lines still need, and say what could not be served and why.

    A line takes what is promised to it and what is promised to nobody. When nothing can be served,
    nothing is written. Raises Invalid `unknown_line`, Conflict `nothing_outstanding` and what
    `lifecycle.check` raises.
    """
    by.must("inventory:update", "sales_orders:read")
    page = locked_with_stock(by, order, version)
    lifecycle.check("auto-select", page.facts())
    chosen = [
        line
        for line in (chosen_lines(page, line_ids) if line_ids is not None else page.lines)
        if line.reservation_id is not None and line_facts(line, ()).to_select > TOLERANCE
    ]
    if not chosen:
        raise Conflict("nothing_outstanding", "These lines have all the inventory that they need.")
    reservations = promises.reservations_of(chosen)
    lots, needs = inventory.lots_for(by, [promises.need_of(line) for line in chosen], reservations)
    plan = plan_auto_select(limits.limited(by, [needs[line.id] for line in chosen]), lots)
    if not plan.asked:
        return page, plan.unserved
    take(by, page, plan.asked)
    lines = promises.recounted(by, page.lines)
    body = {"selection_count": len(plan.asked), "automatic": True}
    happening = Happening("sales_order.inventory_selected", body)
    return save(by, page, head=page.head, lines=lines, happening=happening), plan.unserved


def release_inventory(
    *,
    by: Caller,
    order: UUID | str,
    selection_ids: Sequence[UUID],
    version: int | None = None,
) -> OrderPage:
    """Put selections back into their lots; the line's own promise gets them first (ruling 5).

    Raises Invalid `unknown_selection`, Conflict `selection_not_open`.
    """
    by.must("inventory:update", "sales_orders:read")
    page = locked_with_stock(by, order, version)
    lifecycle.check("release-inventory", page.facts())
    give_back(by, page, selection_ids)
    lines = promises.recounted(by, page.lines)
    body = {"selection_count": len(selection_ids)}
    happening = Happening("sales_order.inventory_released", body)
    return save(by, page, head=page.head, lines=lines, happening=happening)


def give_back(by: Caller, page: OrderPage, selection_ids: Sequence[UUID]) -> None:
    """Release selections of this locked order; the caller recounts and saves."""
    chosen = selections_by_id(by, page, selection_ids)
    line_of = {line.reservation_id: line for line in page.lines if line.reservation_id}
    back: dict[UUID, list[stock.SelectionRow]] = {}
    for row in chosen:
        back.setdefault(line_of[row.reservation_id].id, []).append(row)
    after = [
        replace(line, retrieved=max(ZERO, line.retrieved - promises.sum_of(line, back[line.id])))
        for line in page.lines
        if line.id in back
    ]
    inventory.release(
        by,
        selections=[
            SelectionFacts(
                id=row.id,
                line_id=line_of[row.reservation_id].id,
                lot_id=row.lot_id,
                quantity=row.quantity,
                weight=row.weight,
                status=row.status,
            )
            for row in chosen
        ],
        needs=[promises.need_of(line) for line in after],
        reservations=promises.reservations_of(page.lines),
        cause=Cause(page.id, page.head.number),
    )


def selections_by_id(
    by: Caller, page: OrderPage, selection_ids: Sequence[UUID]
) -> list[stock.SelectionRow]:
    """Selections of this order by id. Raises Invalid for none or an unknown one."""
    reservations = [line.reservation_id for line in page.lines if line.reservation_id]
    known = {row.id: row for row in stock.selections_of(by, reservations)}
    if not selection_ids:
        raise Invalid(
            "no_selections",
            "Choose at least one selection.",
            fields={"selection_ids": "choose a selection"},
        )
    for index, selection_id in enumerate(selection_ids):
        if selection_id not in known:
            message = "This selection does not belong to the order."
            raise Invalid("unknown_selection", message, fields={f"selection_ids.{index}": message})
    return [known[selection_id] for selection_id in dict.fromkeys(selection_ids)]


def check_line_ids(page: OrderPage, line_ids: Sequence[UUID]) -> None:
    """Each id names a line of goods of this order, and each line once. Raises Invalid with the
    field `lines.N.line_id`: `unknown_line`, `line_twice`."""
    known, named = page.lines_by_id(), set[UUID]()
    for index, line_id in enumerate(line_ids):
        line = known.get(line_id)
        field = f"lines.{index}.line_id"
        if line is None or not line.is_stock:
            message = "This line does not stand on the order, or is no line of goods."
            raise Invalid("unknown_line", message, fields={field: message})
        if line_id in named:
            message = f"Line {line.position} is named twice. Name each line once."
            raise Invalid("line_twice", message, fields={field: message})
        named.add(line_id)


def _check_lines(page: OrderPage, lines: Sequence[LineAsk]) -> None:
    check_line_ids(page, [asked.line_id for asked in lines])
    known = page.lines_by_id()
    for index, asked in enumerate(lines):
        line = known[asked.line_id]
        if not asked.selections and not asked.mark_ready:
            message = "Choose a lot, or mark the line ready."
            raise Invalid(
                "nothing_selected", message, fields={f"lines.{index}.selections": message}
            )
        if line.is_cancelled:
            message = f"Line {line.position} is cancelled. Restore it first."
            raise Conflict("line_cancelled", message, details={"line_id": str(line.id)})


def _check_reserved(lines: Sequence[LineRow]) -> None:
    for line in lines:
        if line.reservation_id is None:
            message = f"Line {line.position} takes no inventory."
            raise Conflict("line_takes_no_stock", message, details={"line_id": str(line.id)})


def _with_ready(by: Caller, page: OrderPage, asked: Sequence[LineAsk], *, taken: int) -> OrderPage:
    """Mark what is to be ready, if enough is selected, and save (domain 2.2)."""
    recounted = promises.recounted(by, page.lines)
    marked = {line.line_id: line for line in asked if line.mark_ready}
    lines = [_marked(line, marked.get(line.id)) for line in recounted]
    body = {
        "selection_count": taken,
        "ready": [line.position for line in lines if line.id in marked],
    }
    happening = Happening("sales_order.inventory_selected", body)
    return save(by, page, head=page.head, lines=lines, happening=happening)


def _marked(line: LineRow, asked: LineAsk | None) -> LineRow:
    if asked is None:
        return line
    facts = line_facts(line, ())
    check_ready(facts, force_ready=asked.force_ready)
    return with_values(line, ready=True, ready_forced=facts.to_select > TOLERANCE)
