"""Generate a production run from an estimate (domain 4.5): one job for each line that needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.kernel.errors import Conflict
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.kernel.quantity import check_counted
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import convert, round_weight
from orderwright.production import new_jobs, queries, rules, sql, telling
from orderwright.production.job_page import JobRow, RunPage
from orderwright.production.models import ProductionRun
from orderwright.production.rules import LineToMake
from orderwright.sales import queries as sales
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.writing import Happening


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run as sent. `make` None takes what is suggested for every manufactured line."""

    order: UUID | str
    make: Mapping[UUID, object] | None = None
    stage_id: UUID | None = None
    staff_id: UUID | None = None
    deadline: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a run would make of one line, in the line's unit."""

    line: LineToMake
    description: str
    make: Decimal


def suggestions(by: Caller, order: UUID | str) -> list[Suggestion]:
    """What stock does not cover of the order's manufactured lines, for the dialog.

    Raises Conflict `run_exists`, and `invalid_transition` unless the order is an estimate.
    """
    by.must("production:create")
    page = sales.order_page(by, order)
    _check_order(by, page)
    lines = _lines_to_make(by, page)
    known = page.lines_by_id()
    return [
        Suggestion(line, known[line.id].description, rules.suggested(line))
        for line in lines
        if line.is_manufactured
    ]


def create_run(*, by: Caller, new: NewRun) -> RunPage:
    """A run with one job per line, at the start stage; the order remembers its jobs.

    The caller is responsible for it. Lines that need no making are skipped and named. Raises
    Conflict `invalid_transition` unless the order is an estimate, `run_exists`, Invalid
    `nothing_to_make`, `unknown_line`, `not_manufactured`.
    """
    by.must("production:create")
    order = sales.lock_order_with_stock(by, new.order)
    check_version("order", order.head.version, new.version)
    _check_order(by, order)
    lines = _lines_to_make(by, order)
    plan = rules.plan_run(lines, _wanted(order, new.make))
    places = new_jobs.read_places(by, stage_id=new.stage_id, staff_id=new.staff_id)
    deadline = new_jobs.deadline_from(by, new.deadline, by.today)
    run_id, number = _insert(by, order)
    known = order.lines_by_id()
    wanted = []
    for making in plan:
        line = known[making.line_id]
        unit = new_jobs.weight_unit_of(by, line)
        values = {
            "shape": line.shape,
            "size": line.size,
            "pieces_requested": _pieces(line, making.make),
            "weight_requested": making.weight,
            "weight_unit": unit,
            "deadline": deadline,
        }
        wanted.append((line, values))
    new_jobs.insert_jobs(by, order, wanted, places, run_id=run_id)
    page = queries.run_page(by, run_id)
    _tell(by, order, page.jobs, run_id=run_id, number=number)
    made = {making.line_id for making in plan}
    skipped = tuple(line.position for line in lines if line.id not in made)
    return replace(page, skipped=skipped)


def _check_order(by: Caller, order: OrderPage) -> None:
    runs = ProductionRun.objects.of(by.organization_id).filter(order_id=order.id)
    number = runs.values_list("number", flat=True).first()
    if number is not None:
        message = f"{order.head.number} has run {number} already."
        raise Conflict("run_exists", message, details={"run": number})
    if order.head.status != "estimate":
        message = f"{order.head.number} is {order.head.status}; unissue it to generate a run."
        details = {"status": order.head.status, "needed": ["estimate"]}
        raise Conflict("invalid_transition", message, details=details)


def _lines_to_make(by: Caller, order: OrderPage) -> list[LineToMake]:
    """The order's lines of goods with what is available and whether we make them. Two
    statements, however many lines."""
    with connection.cursor() as cursor:
        cursor.execute(sql.RUN_FACTS, {"organization": by.organization_id, "order": order.id})
        manufactured = {row[0]: row[1] for row in cursor.fetchall()}
    goods = [
        line for line in order.lines if line.is_stock and line.product_id and not line.is_cancelled
    ]
    stock = {
        entry.product_id: entry.stock.quantity - entry.covered - entry.short
        for entry in inventory.stock_of(by, {line.product_id for line in goods if line.product_id})
    }
    return [
        LineToMake(
            id=line.id,
            position=line.position,
            ordered=line.effective,
            unit=line.unit,
            available=_in_line_units(line, stock.get(line.product_id or line.id, ZERO)),
            is_manufactured=manufactured.get(line.id, False),
            weight=_weight(by, line),
        )
        for line in goods
    ]


def _in_line_units(line: LineRow, available: Decimal) -> Decimal:
    if line.basis == "weight":
        return ZERO
    return EXACT.divide(available, line.unit_ratio)


def _pieces(line: LineRow, make: Decimal) -> Decimal | None:
    return None if line.basis == "weight" else EXACT.multiply(make, line.unit_ratio)


def _weight(by: Caller, line: LineRow) -> Decimal | None:
    """What all of the line weighs, in the unit that its job will have."""
    known = new_jobs.weight_of_line(line)
    if known is None:
        return None
    weight, unit = known
    return round_weight(convert(weight, unit, new_jobs.weight_unit_of(by, line)))


def _wanted(order: OrderPage, make: Mapping[UUID, object] | None) -> dict[UUID, Decimal] | None:
    if make is None:
        return None
    known = order.lines_by_id()
    return {
        line_id: check_counted(
            value, known[line_id].unit if line_id in known else "pcs", f"lines.{index}.make"
        )
        for index, (line_id, value) in enumerate(make.items())
    }


def _insert(by: Caller, order: OrderPage) -> tuple[UUID, str]:
    number = f"PR-{identity.take_number('production_run'):05d}"
    run = ProductionRun.objects.create(
        id=new_id(),
        organization_id=by.organization_id,
        number=number,
        order_id=order.id,
        order_number=order.head.number,
        responsible_name=by.actor.name,
    )
    return run.pk, number


def _tell(
    by: Caller, order: OrderPage, jobs: tuple[JobRow, ...], *, run_id: UUID, number: str
) -> None:
    body = {"number": number, "jobs": [job.number for job in jobs]}
    happening = Happening("production_run.created", body, subject_id=run_id)
    telling.tell_order(by, order, jobs, happening)
