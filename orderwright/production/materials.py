"""Material goes into a job, out of lots (domain 4.16): deducted at once, weighed in its unit."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory.ledger import Cause
from orderwright.inventory.taking import Taken, Wanted
from orderwright.inventory.withdrawals import withdraw
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import trim
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import convert, round_weight
from orderwright.production import queries, rules, sql, telling
from orderwright.production.job_page import JobPage, JobRow
from orderwright.sales.writing import Happening


def issue_material(
    *, by: Caller, job: UUID | str, inputs: Sequence[Wanted], version: int | None = None
) -> JobPage:
    """Take material out of lots for a job, all or nothing. What covered promises covers no more.

    Raises Invalid `no_inputs` and what makes no sense, Conflict `invalid_transition`,
    `insufficient_stock`, `lot_unavailable`.
    """
    by.must("production:update")
    if not inputs:
        message = "Choose the inventory that goes into the job."
        raise Invalid("no_inputs", message, fields={"inputs": message})
    products = queries.products_of_lots(by, [row.lot_id for row in inputs])
    held = telling.locked(by, job, products)
    check_version("job", held.job.version, version)
    rules.check("issue-material", held.job.status)
    taken = take(by, held.job, inputs)
    body = {"number": held.job.number, "inputs": told(taken)}
    happening = Happening("production_job.material_issued", body, subject_id=held.job.id)
    telling.after_change(by, held, happening)
    return queries.whole_job(by, queries.read_job(by, held.job.id))


def take(by: Caller, job: JobRow, inputs: Sequence[Wanted]) -> list[Taken]:
    """Deduct the stock and write the inputs; the caller sums up and tells."""
    check_types(by, job, inputs)
    cause = Cause(job.id, f"job {job.number}")
    taken = withdraw(by, inputs, action="issue_to_job", cause=cause)
    counted = [round_weight(convert(row.weight, row.weight_unit, job.weight_unit)) for row in taken]
    shares: Sequence[Any] = [None] * len(taken)
    if job.pieces_requested is not None and job.distribution != "custom":
        shares = rules.split_pieces(
            job.pieces_requested,
            [row.quantity for row in taken],
            distribution=job.distribution,
            unit=job.product_unit or "pcs",
        )
    rows = [
        {
            "id": new_id(),
            "lot_id": row.lot_id,
            "quantity": row.quantity,
            "unit": row.unit,
            "weight": row.weight,
            "weight_unit": row.weight_unit,
            "counted": weight,
            "pieces_requested": pieces,
        }
        for row, weight, pieces in zip(taken, counted, shares, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_INPUTS,
            {
                "organization": by.organization_id,
                "job": job.id,
                "at": by.now,
                "actor_name": by.actor.name,
                "inputs": to_json(rows),
            },
        )
    return taken


def check_types(by: Caller, job: JobRow, inputs: Sequence[Wanted]) -> None:
    """Refuse material of types that the stage does not name, when the organization says so.

    Nothing is asked of the database otherwise; one statement when it is. Raises Invalid
    `wrong_inventory_type` (domain 4.16).
    """
    if not by.organization.setting("production.enforce_inventory_types"):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            sql.WRONG_TYPES,
            {
                "organization": by.organization_id,
                "stage": job.stage_id,
                "lots": [row.lot_id for row in inputs],
            },
        )
        wrong = {row[0]: row[1:] for row in cursor.fetchall()}
    fields = {}
    for row in inputs:
        if row.lot_id in wrong:
            tag, held, fits = wrong[row.lot_id]
            fields[f"{row.field}lot_id"] = (
                f"{tag} is of type {held}; {job.stage_name} takes {', '.join(fits)}."
            )
    if fields:
        raise Invalid("wrong_inventory_type", next(iter(fields.values())), fields=fields)


def told(taken: Sequence[Taken]) -> list[dict[str, str]]:
    """What went in, for the event."""
    return [
        {
            "tag_id": row.tag_id,
            "quantity": trim(row.quantity),
            "unit": row.unit,
            "weight": trim(row.weight),
            "weight_unit": row.weight_unit,
        }
        for row in taken
    ]
