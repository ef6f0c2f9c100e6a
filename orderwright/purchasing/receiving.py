"""Receive goods on a purchase order (domain 4.9): into lots, against lines, covering what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory.arrival_facts import NewLot
from orderwright.inventory.arrivals import Put, put_lots
from orderwright.inventory.ledger import Cause
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import EXACT, ZERO, round_half_up, trim
from orderwright.kernel.quantity import check_counted, decimals_allowed
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import TOLERANCE, convert, is_weight_unit, round_weight
from orderwright.purchasing import covering, lifecycle, queries, sql
from orderwright.purchasing.actions import UPDATE, issue_order
from orderwright.purchasing.page import LineRow, OrderPage
from orderwright.purchasing.queries import ReceiptPage
from orderwright.purchasing.writing import Happening, save


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived of one line, as sent. `quantity` was accepted, `rejected` came beside it
    (ruling 16), both in the line's unit; `weight` in `weight_unit` (empty: the product's).

    `keep_rejected` puts the rejected quantity into a lot of its own that nobody can select.
    """

    line_id: UUID
    quantity: object = None
    weight: object = None
    weight_unit: str = ""
    rejected: object = None
    reject_reason: str = ""
    keep_rejected: bool = False
    auto_merge: bool = False
    location_id: UUID | None = None
    tag_id: str = ""
    inventory_type: str = "Finished"
    finished_type: str = ""
    shape: str = ""
    size: str = ""
    color: str = ""
    quality: str = ""
    rack: str = ""


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """Goods that arrived in one go. `location_id` None is the order's, then the organization's;
    `auto_issue` issues a quoted order first."""

    lines: Sequence[Arrived]
    received_on: date | None = None
    location_id: UUID | None = None
    note: str = ""
    quality: str = ""
    rack: str = ""
    auto_issue: bool = False
    confirmed: frozenset[str] = frozenset()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """One line of a receipt that makes sense."""

    id: UUID
    line: LineRow
    sent: Arrived
    quantity: Decimal
    rejected: Decimal
    field: str


def receive(*, by: Caller, order: UUID | str, new: NewReceipt) -> ReceiptPage:
    """Take goods in, all or nothing: a receipt, lots, what waited is covered, statuses follow.

    The number of statements does not depend on the number of lines. Raises Conflict
    `order_closed`, `not_issued`, `invalid_transition`, `confirmation_required` (`over_receipt`),
    Invalid for a receipt of nothing, a date in the future, and numbers that make no sense.
    """
    by.must(UPDATE)
    page = queries.lock_order(by, order, with_stock=True)
    check_version("purchase order", page.head.version, new.version)
    if new.auto_issue and page.head.status == "quoted" and not page.head.is_closed:
        page = issue_order(by=by, order=page.id)
    lifecycle.check("receive", page.facts())
    received_on = _day(by, new.received_on)
    rows = _read_lines(page, new)
    _check_over(rows, new.confirmed)
    receipt_id = new_id()
    earlier = queries.receipts_count(by, page.id)
    number = f"{page.head.number}-R{earlier + 1}"
    waited = covering.waiting(by, {row.line.product_id for row in rows if row.line.product_id})
    puts = _put(by, page, new, rows, receipt_id=receipt_id, number=number)
    covered = covering.covered_since(by, waited)
    _insert(by, page, new, rows, puts, receipt_id=receipt_id, number=number, on=received_on)
    happening = Happening(
        "purchase_order.received",
        {
            "number": number,
            "received_on": received_on,
            "lines": [_told(row) for row in rows],
            "covered": [one.as_json() for one in covered],
        },
        subject_id=receipt_id,
    )
    save(by, page, head=page.head, lines=recounted(by, page), happening=happening)
    covering.tell(by, covered, receipt=number, receipt_id=receipt_id)
    return replace(queries.read_receipt(by, receipt_id), covered=covered)


def recounted(by: Caller, page: OrderPage) -> list[LineRow]:
    """The lines with what the receipts that stand add up to. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql.RECEIVED, {"organization": by.organization_id, "order": page.id})
        sums = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    nothing = (ZERO, ZERO)
    return [
        replace(
            line,
            received=sums.get(line.id, nothing)[0],
            rejected=sums.get(line.id, nothing)[1],
        )
        for line in page.lines
    ]


def _day(by: Caller, wanted: date | None) -> date:
    if wanted is not None and wanted > by.today:
        message = "Goods cannot have arrived in the future."
        raise Invalid("future_date", message, fields={"received_date": message})
    return wanted or by.today


def _read_lines(page: OrderPage, new: NewReceipt) -> list[_Read]:
    if not new.lines:
        message = "Say what arrived: choose at least one line."
        raise Invalid("no_lines", message, fields={"lines": message})
    known = page.lines_by_id()
    rows = [_read(known, row, f"lines.{index}.") for index, row in enumerate(new.lines)]
    found = [row for row in rows if row.quantity or row.rejected]
    if not found:
        message = "Nothing has arrived by these numbers. Give a quantity."
        fields = {f"lines.{index}.quantity": message for index in range(len(rows))}
        raise Invalid("nothing_received", message, fields=fields)
    return found


def _read(known: Mapping[UUID, LineRow], row: Arrived, field: str) -> _Read:
    line = known.get(row.line_id)
    if line is None:
        message = "This line does not stand on the order."
        raise Invalid("unknown_line", message, fields={f"{field}line_id": message})
    if line.facts().is_cancelled:
        message = f"Line {line.position} is cancelled. Restore it first."
        raise Conflict("line_cancelled", message, fields={f"{field}line_id": message})
    quantity, rejected = (
        ZERO if value is None else check_counted(value, line.unit, f"{field}{name}")
        for name, value in (("quantity", row.quantity), ("rejected", row.rejected))
    )
    check_text(row.reject_reason, f"{field}reject_reason", longest=500)
    return _Read(new_id(), line, row, quantity, rejected, field)


def _check_over(rows: Sequence[_Read], confirmed: frozenset[str]) -> None:
    """More than is outstanding needs a person's yes (ruling 9)."""
    sums: dict[UUID, Decimal] = {}
    for row in rows:
        sums[row.line.id] = sums.get(row.line.id, ZERO) + row.quantity
    over = [row for row in rows if sums[row.line.id] > row.line.outstanding + TOLERANCE]
    if not over or "over_receipt" in confirmed:
        return
    line = over[0].line
    message = (
        f"Line {line.position} still expects {trim(line.outstanding)} {line.unit}, and "
        f"{trim(sums[line.id])} were entered. Correct it, or confirm that more arrived."
    )
    fields = {f"{row.field}quantity": "more than is outstanding" for row in over}
    details = {"confirm": "over_receipt"}
    raise Conflict("confirmation_required", message, fields=fields, details=details)


def _put(
    by: Caller,
    page: OrderPage,
    new: NewReceipt,
    rows: Sequence[_Read],
    *,
    receipt_id: UUID,
    number: str,
) -> dict[tuple[UUID, str], Put]:
    """The lots of everything that is stock: by the row's id, accepted and rejected."""
    wanted: list[tuple[tuple[UUID, str], NewLot]] = []
    for row in rows:
        if row.line.product_id is None or not row.line.stock_unit:
            continue
        if row.quantity:
            wanted.append(((row.id, "accepted"), _lot(page, new, row, receipt_id)))
        if row.rejected and row.sent.keep_rejected:
            wanted.append(((row.id, "rejected"), _rejected_lot(page, new, row, receipt_id)))
    cause = Cause(receipt_id, f"receipt {number}")
    puts = put_lots(by, [lot for _, lot in wanted], action="receive_po", cause=cause)
    return {key: put for (key, _), put in zip(wanted, puts, strict=True)}


def _lot(page: OrderPage, new: NewReceipt, row: _Read, receipt_id: UUID) -> NewLot:
    line, sent = row.line, row.sent
    quantity, weight, weight_unit = _in_stock(row, row.quantity)
    return NewLot(
        product_id=_product_of(line),
        quantity=quantity,
        weight=sent.weight if sent.weight is not None else weight,
        weight_unit=sent.weight_unit or weight_unit,
        location_id=sent.location_id or new.location_id or page.head.location_id,
        tag_id=sent.tag_id,
        inventory_type=sent.inventory_type,
        finished_type=sent.finished_type,
        shape=sent.shape or line.shape,
        size=sent.size or line.size,
        color=sent.color or line.color,
        quality=sent.quality or new.quality or line.quality,
        rack=sent.rack or new.rack,
        unit_cost=_unit_cost(line),
        currency=page.head.currency,
        source="purchase_receipt",
        source_id=receipt_id,
        auto_merge=sent.auto_merge,
        field=row.field,
    )


def _rejected_lot(page: OrderPage, new: NewReceipt, row: _Read, receipt_id: UUID) -> NewLot:
    quantity, weight, weight_unit = _in_stock(row, row.rejected)
    return NewLot(
        product_id=_product_of(row.line),
        quantity=quantity,
        weight=weight,
        weight_unit=weight_unit,
        location_id=row.sent.location_id or new.location_id or page.head.location_id,
        status="rejected",
        notes=row.sent.reject_reason,
        source="purchase_receipt",
        source_id=receipt_id,
        field=row.field,
    )


def _product_of(line: LineRow) -> UUID:
    assert line.product_id is not None
    return line.product_id


def _in_stock(row: _Read, quantity: Decimal) -> tuple[Decimal, Decimal | None, str]:
    """A quantity of the line as quantity in the product's unit, weight, and the weight's unit.

    What was bought by weight of a product that is counted is stock by weight.
    """
    line = row.line
    if line.basis == "weight":
        if is_weight_unit(line.stock_unit):
            return round_weight(convert(quantity, line.unit, line.stock_unit)), None, line.unit
        return ZERO, quantity, line.unit
    in_stock = EXACT.multiply(quantity, line.unit_ratio)
    counted = round_half_up(in_stock, decimals_allowed(line.stock_unit))
    if line.weight_per_unit is None or not is_weight_unit(line.product_weight_unit):
        return counted, None, line.product_weight_unit
    weight = round_weight(EXACT.multiply(counted, line.weight_per_unit))
    return counted, weight, line.product_weight_unit


def _unit_cost(line: LineRow) -> Decimal | None:
    """What one default unit of the product cost: the price by the unit's ratio."""
    if not line.unit_price or line.basis == "weight":
        return None
    return round_half_up(EXACT.divide(line.unit_price, line.unit_ratio), 4)


def _insert(
    by: Caller,
    page: OrderPage,
    new: NewReceipt,
    rows: Sequence[_Read],
    puts: Mapping[tuple[UUID, str], Put],
    *,
    receipt_id: UUID,
    number: str,
    on: date,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_RECEIPT,
            {
                "organization": by.organization_id,
                "receipt": receipt_id,
                "order": page.id,
                "number": number,
                "received_on": on,
                "location": new.location_id or page.head.location_id,
                "note": check_text(new.note, "note", longest=2_000),
                "at": by.now,
                "actor_name": by.actor.name,
                "lines": to_json([_line_values(row, puts) for row in rows]),
            },
        )


def _line_values(row: _Read, puts: Mapping[tuple[UUID, str], Put]) -> dict[str, Any]:
    accepted, rejected = puts.get((row.id, "accepted")), puts.get((row.id, "rejected"))
    return {
        "id": row.id,
        "line_id": row.line.id,
        "quantity": row.quantity,
        "rejected": row.rejected,
        "reject_reason": row.sent.reject_reason,
        "lot_id": accepted.lot_id if accepted else None,
        "stock_quantity": accepted.quantity if accepted else ZERO,
        "stock_weight": accepted.weight if accepted else ZERO,
        "is_merged": accepted.merged if accepted else False,
        "rejected_lot_id": rejected.lot_id if rejected else None,
    }


def _told(row: _Read) -> dict[str, Any]:
    return {
        "line_id": row.line.id,
        "position": row.line.position,
        "description": row.line.description,
        "quantity": row.quantity,
        "rejected": row.rejected,
        "unit": row.line.unit,
    }
