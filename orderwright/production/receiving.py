"""Receive what came of a job (domain 4.16): good output, rejects, scrap and waste, all weighed."""

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
from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import TOLERANCE, convert, is_weight_unit, round_weight
from orderwright.production import outputs, queries, rules, sql, telling
from orderwright.production.assigning import Assigned, assign
from orderwright.production.job_page import JobPage, JobRow
from orderwright.production.outputs import Output, ReadOutput
from orderwright.production.weights import base_of, total
from orderwright.sales.writing import Happening


@dataclass(frozen=True, slots=True)
class NewJobReceipt:
    """What came of a job at one time, as sent. `assign_to_line` selects the good output for the
    job's line at once."""

    rows: Sequence[Output]
    received_on: date | None = None
    location_id: UUID | None = None
    quality: str = ""
    rack: str = ""
    notes: str = ""
    assign_to_line: bool = False
    confirmed: frozenset[str] = frozenset()
    version: int | None = None


def receive(*, by: Caller, job: UUID | str, new: NewJobReceipt) -> JobPage:
    """Take output in, all or nothing: lots for good, rejected and scrapped weight, sums, statuses.

    Good output becomes available stock, rejected and scrapped weight lots that nobody can select;
    waste is only recorded. Raises Conflict `invalid_transition` for a job that is completed or
    cancelled, `confirmation_required` (`over_base`), Invalid for a receipt of nothing, a date in
    the future, numbers that make no sense.
    """
    by.must("production:update")
    check_texts(new)
    products = {row.product_id for row in new.rows if row.product_id is not None}
    own = queries.read_job(by, job).product_id
    held = telling.locked(by, job, products | ({own} if own else set()))
    check_version("job", held.job.version, new.version)
    rules.check("receive", held.job.status)
    received_on = _day(by, new.received_on)
    rows = outputs.read_rows(by, held.job, new.rows)
    _check_over_base(held.job, rows, new.confirmed)
    receipt_id = new_id()
    puts = _put(by, held.job, new, rows, receipt_id)
    assigned = _assigned(by, held, new, rows, puts)
    if assigned is not None:
        held = replace(held, order=assigned.order)
    values = [_row_values(row, puts, assigned.selections if assigned else {}) for row in rows]
    _insert(by, held.job, new, values, receipt_id=receipt_id, on=received_on)
    body = {
        "number": held.job.number,
        "stage": held.job.stage_name,
        "received_on": received_on,
        "unit": held.job.weight_unit,
        "received": sum((row.received for row in rows), ZERO),
        "rejected": sum((row.rejected for row in rows), ZERO),
        "scrapped": sum((row.scrapped for row in rows), ZERO),
        "waste": sum((row.waste for row in rows), ZERO),
        "assigned": assigned is not None,
    }
    happening = Happening("production_job.received", body, subject_id=held.job.id)
    telling.after_change(by, held, happening)
    return queries.whole_job(by, queries.read_job(by, held.job.id))


def check_texts(new: NewJobReceipt) -> None:
    """Refuse texts that are too long."""
    check_text(new.quality, "quality", longest=40)
    check_text(new.rack, "rack", longest=40)
    check_text(new.notes, "notes", longest=10_000)


def _day(by: Caller, wanted: date | None) -> date:
    if wanted is not None and wanted > by.today:
        message = "Nothing can have been received in the future."
        raise Invalid("future_date", message, fields={"received_date": message})
    return wanted or by.today


def _check_over_base(job: JobRow, rows: Sequence[ReadOutput], confirmed: frozenset[str]) -> None:
    """More than the base is possible, and worth a second look (ruling 9)."""
    base = base_of(job.weight_requested, job.issued, job.buckets)
    if base.is_fallback or "over_base" in confirmed:
        return
    after = total([job.buckets, *(row.buckets for row in rows)]).accounted
    if after <= base.weight + TOLERANCE:
        return
    message = (
        f"With this, {trim(after)} {job.weight_unit} are accounted for, and the job started with "
        f"{trim(base.weight)} {job.weight_unit}. Correct the weights, or confirm them."
    )
    details = {"confirm": "over_base", "over": trim(after - base.weight)}
    raise Conflict(
        "confirmation_required", message, fields={"rows": "more than the base"}, details=details
    )


def _put(
    by: Caller,
    job: JobRow,
    new: NewJobReceipt,
    rows: Sequence[ReadOutput],
    receipt_id: UUID,
) -> dict[tuple[UUID, str], Put]:
    """A lot for each weight that is kept: by the row's id and what it is."""
    wanted = [
        ((row.id, made_as), _lot(job, new, row, made_as, receipt_id))
        for row in rows
        for made_as in ("received", "rejected", "scrap")
        if _amount(row, made_as) != (ZERO, ZERO)
    ]
    cause = Cause(receipt_id, f"job {job.number}")
    puts = put_lots(by, [lot for _, lot in wanted], action="receive_job", cause=cause)
    return {key: put for (key, _), put in zip(wanted, puts, strict=True)}


def _amount(row: ReadOutput, made_as: str) -> tuple[Decimal, Decimal]:
    """Pieces and weight of one kind of output."""
    return {
        "received": (row.pieces, row.received),
        "rejected": (row.rejected_pieces, row.rejected),
        "scrap": (row.scrap_pieces, row.scrapped),
    }[made_as]


def _lot(
    job: JobRow, new: NewJobReceipt, row: ReadOutput, made_as: str, receipt_id: UUID
) -> NewLot:
    pieces, weight = _amount(row, made_as)
    unit = row.product.unit
    if is_weight_unit(unit):
        pieces = round_weight(convert(weight, job.weight_unit, unit))
    status = {"received": "available", "rejected": "rejected", "scrap": "scrap"}[made_as]
    return NewLot(
        product_id=row.product.id,
        quantity=pieces,
        weight=None if is_weight_unit(unit) else weight,
        weight_unit=job.weight_unit,
        location_id=new.location_id,
        made_from=job.first_tag,
        made_as=made_as,
        status=status,
        inventory_type=row.sent.inventory_type,
        shape=row.sent.shape or job.shape,
        size=row.sent.size or job.size,
        color=row.sent.color,
        quality=row.sent.quality or new.quality,
        rack=new.rack,
        notes=row.sent.notes,
        source="production_receipt",
        source_id=receipt_id,
        field=row.field,
    )


def _assigned(
    by: Caller,
    held: telling.Locked,
    new: NewJobReceipt,
    rows: Sequence[ReadOutput],
    puts: Mapping[tuple[UUID, str], Put],
) -> Assigned | None:
    if not new.assign_to_line:
        return None
    good = [puts[row.id, "received"] for row in rows if (row.id, "received") in puts]
    return assign(by, held, good)


def _insert(
    by: Caller,
    job: JobRow,
    new: NewJobReceipt,
    rows: Sequence[dict[str, Any]],
    *,
    receipt_id: UUID,
    on: date,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_RECEIPT,
            {
                "organization": by.organization_id,
                "receipt": receipt_id,
                "job": job.id,
                "received_on": on,
                "quality": new.quality,
                "location": new.location_id,
                "rack": new.rack,
                "notes": new.notes,
                "at": by.now,
                "actor_name": by.actor.name,
                "rows": to_json(list(rows)),
            },
        )


def _row_values(
    row: ReadOutput, puts: Mapping[tuple[UUID, str], Put], selections: Mapping[UUID, UUID]
) -> dict[str, Any]:
    def lot(made_as: str) -> UUID | None:
        put = puts.get((row.id, made_as))
        return put.lot_id if put else None

    return {
        "id": row.id,
        "product_id": row.product.id,
        "pieces": row.pieces,
        "received": row.received,
        "waste": row.waste,
        "rejected_pieces": row.rejected_pieces,
        "rejected": row.rejected,
        "scrap_pieces": row.scrap_pieces,
        "scrapped": row.scrapped,
        "lot_id": lot("received"),
        "rejected_lot_id": lot("rejected"),
        "scrap_lot_id": lot("scrap"),
        "selection_id": selections.get(lot("received") or row.id),
        "notes": row.sent.notes,
    }
