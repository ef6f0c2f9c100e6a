"""Make a production job for a line of an order (domain 4.16), with its first material if given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.inventory.taking import Wanted
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json
from orderwright.kernel.numbers import EXACT
from orderwright.kernel.quantity import check_quantity
from orderwright.kernel.text import check_text
from orderwright.kernel.weight import check_weight, check_weight_unit, is_weight_unit, round_weight
from orderwright.production import materials, queries, rules, sql, telling
from orderwright.production.job_page import JobPage
from orderwright.production.models import ProductionJob
from orderwright.production.rules import JobState
from orderwright.sales import queries as sales
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.writing import Happening

DISTRIBUTIONS = ("match_issued", "split_evenly", "custom")
FINISHED_ORDERS = ("fulfilled", "completed")


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job as sent. None takes what follows from line, product and organization."""

    order_id: UUID | str
    line_id: UUID
    stage_id: UUID | None = None
    staff_id: UUID | None = None
    weight_requested: object = None
    weight_unit: str = ""
    pieces_requested: object = None
    shape: str = ""
    size: str = ""
    distribution: str = "match_issued"
    issued_on: date | None = None
    deadline: date | None = None
    notes: str = ""
    inputs: Sequence[Wanted] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Places:
    """The stage and the person of a job, as they were found."""

    stage_id: UUID
    staff_id: UUID | None


def create_job(*, by: Caller, new: NewJob) -> JobPage:
    """A job for one line, with its material deducted if any is given; all or nothing.

    Raises Invalid for an unknown line, stage or person, an inactive stage and numbers that make no
    sense, Conflict `line_cancelled`, `order_finished`, and what taking material raises.
    """
    by.must("production:create")
    products = queries.products_of_lots(by, [row.lot_id for row in new.inputs])
    order = sales.lock_order_with_stock(by, new.order_id, products)
    line = line_to_make(order, new.line_id)
    places = read_places(by, stage_id=new.stage_id, staff_id=new.staff_id)
    values = _values(by, new, line)
    job_id = insert_jobs(by, order, [(line, values)], places)[0]
    held = telling.Locked(queries.read_job(by, job_id), order)
    taken = materials.take(by, held.job, new.inputs) if new.inputs else []
    body = {
        "number": held.job.number,
        "stage": held.job.stage_name,
        "line": line.position,
        "inputs": materials.told(taken),
    }
    happening = Happening("production_job.created", body, subject_id=job_id)
    telling.after_change(by, held, happening)
    return queries.whole_job(by, queries.read_job(by, job_id))


def line_to_make(order: OrderPage, line_id: UUID) -> LineRow:
    """The line that a job is for. Raises Invalid `unknown_line`, Conflict `line_cancelled`,
    `order_finished`."""
    if order.head.status in FINISHED_ORDERS:
        message = f"{order.head.number} is {order.head.status}; nothing more is made for it."
        raise Conflict("order_finished", message, fields={"order_id": message})
    line = order.line(line_id)
    if line is None or not line.is_stock:
        message = "This line does not stand on the order."
        raise Invalid("unknown_line", message, fields={"line_id": message})
    if line.is_cancelled:
        message = f"Line {line.position} is cancelled. Restore it first."
        raise Conflict("line_cancelled", message, fields={"line_id": message})
    return line


def read_places(by: Caller, *, stage_id: UUID | None, staff_id: UUID | None) -> Places:
    """The stage (the first one unless said) and the person; one statement.

    Raises Invalid `unknown_stage`, `inactive_stage`, `unknown_staff`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql.NEW_JOB_FACTS,
            {"organization": by.organization_id, "stage": stage_id, "staff": staff_id},
        )
        ((stage, person),) = cursor.fetchall()
    found = from_json(stage) if stage else None
    if found is None:
        message = (
            "There is no such stage. Choose one from the list."
            if stage_id
            else "There is no production stage yet. Add one in the settings."
        )
        raise Invalid("unknown_stage", message, fields={"stage_id": message})
    if not found["is_active"]:
        message = f"{found['name']} is not in use any more. Choose another stage."
        raise Invalid("inactive_stage", message, fields={"stage_id": message})
    if staff_id is not None and person is None:
        message = "There is no such person. Choose one from the list."
        raise Invalid("unknown_staff", message, fields={"staff_id": message})
    return Places(UUID(found["id"]), staff_id)


def insert_jobs(
    by: Caller,
    order: OrderPage,
    wanted: Sequence[tuple[LineRow, dict[str, Any]]],
    places: Places,
    *,
    run_id: UUID | None = None,
) -> list[UUID]:
    """Write jobs with their numbers; two statements and one number each."""
    jobs = [
        ProductionJob(
            id=new_id(),
            organization_id=by.organization_id,
            number=job_number(identity.take_number("production_job")),
            order_id=order.id,
            line_id=line.id,
            order_number=order.head.number,
            stage_id=places.stage_id,
            staff_id=places.staff_id,
            run_id=run_id,
            product_id=line.product_id,
            status=rules.status_of_job(
                JobState(issued_on=values.get("issued_on"), deadline=values["deadline"])
            ),
            **values,
        )
        for line, values in wanted
    ]
    ProductionJob.objects.bulk_create(jobs)
    return [job.pk for job in jobs]


def job_number(count: int) -> str:
    """The number that a job gets: PJ-00001."""
    return f"PJ-{count:05d}"


def deadline_from(by: Caller, wanted: date | None, start: date | None) -> date | None:
    """The deadline given, else so many days after the start as the organization says."""
    if wanted is not None or start is None:
        return wanted
    return start + timedelta(days=by.organization.setting("production.due_offset_days"))


def weight_unit_of(by: Caller, line: LineRow, wanted: str = "") -> str:
    """The unit of a job: as given, else the line's, the product's, the organization's."""
    if wanted:
        return check_weight_unit(wanted, "weight_unit")
    for unit in (line.weight_unit, line.product_weight_unit, line.stock_unit):
        if unit and is_weight_unit(unit):
            return unit
    return by.organization.default_weight_unit


def weight_of_line(line: LineRow) -> tuple[Decimal, str] | None:
    """What all of a line weighs, and in which unit, where it is known."""
    if line.basis == "weight":
        return line.ordered, line.unit
    if line.requested_weight is not None and line.weight_unit:
        each = line.weight_basis == "each"
        weight = EXACT.multiply(line.requested_weight, line.ordered if each else Decimal(1))
        return round_weight(weight), line.weight_unit
    if line.weight_per_unit is not None and is_weight_unit(line.product_weight_unit):
        in_stock = EXACT.multiply(line.ordered, line.unit_ratio)
        return round_weight(EXACT.multiply(in_stock, line.weight_per_unit)), (
            line.product_weight_unit
        )
    return None


def _values(by: Caller, new: NewJob, line: LineRow) -> dict[str, Any]:
    unit = weight_unit_of(by, line, new.weight_unit)
    weight = None
    if new.weight_requested is not None:
        weight = check_weight(new.weight_requested, "weight_requested") or None
    pieces = None
    if new.pieces_requested is not None:
        pieces = check_quantity(
            new.pieces_requested, line.stock_unit or line.unit, "pieces_requested"
        )
    if new.distribution not in DISTRIBUTIONS:
        message = f"The distribution is {', '.join(DISTRIBUTIONS)}."
        raise Invalid("unknown_distribution", message, fields={"distribution": message})
    return {
        "shape": check_text(new.shape or line.shape, "shape", longest=80),
        "size": check_text(new.size or line.size, "size", longest=80),
        "pieces_requested": pieces,
        "weight_requested": weight,
        "weight_unit": unit,
        "distribution": new.distribution,
        "issued_on": new.issued_on,
        "deadline": deadline_from(by, new.deadline, new.issued_on),
        "notes": check_text(new.notes, "notes", longest=10_000),
    }
