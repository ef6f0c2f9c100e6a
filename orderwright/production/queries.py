"""Reads of production: a job in two statements, lists by keyset, an order's jobs and figures."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.json_text import from_json
from orderwright.production import sql
from orderwright.production.job_page import (
    InputRow,
    JobPage,
    JobRow,
    OutputRow,
    ReceiptRow,
    RunPage,
    RunRow,
)
from orderwright.production.metrics import OrderMetrics, metrics_of_order


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What a list of jobs is narrowed to; every field is a parameter of the address."""

    status: str | None = None
    stage_id: UUID | None = None
    staff_id: UUID | None = None
    order_id: UUID | None = None
    line_id: UUID | None = None
    run_id: UUID | None = None
    product_id: UUID | None = None
    completed_on: date | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a list of runs is narrowed to."""

    status: str | None = None
    order_id: UUID | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class OrderProduction:
    """The jobs of an order, oldest first, and what they add up to (None without jobs)."""

    jobs: tuple[JobRow, ...]
    metrics: OrderMetrics | None


def job_page(by: Caller, reference: UUID | str) -> JobPage:
    """A job by its id or number, with everything in and out. Two statements. Raises NotFound."""
    by.must("production:read")
    return whole_job(by, read_job(by, reference))


def read_job(by: Caller, reference: UUID | str) -> JobRow:
    """The head of a job. Raises NotFound."""
    statement, key = _by_key(reference, sql.JOB_BY_ID, sql.JOB_BY_NUMBER)
    for row in _rows(by, statement, {"key": key}):
        return JobRow(*row)
    raise NotFound("not_found", "There is no such production job.")


def whole_job(by: Caller, head: JobRow) -> JobPage:
    """The job with what went in and came out. One statement, however much."""
    ((inputs, receipts),) = _rows(by, sql.IN_AND_OUT, {"job": head.id})
    return JobPage(
        head=head,
        inputs=tuple(_input(entry) for entry in from_json(inputs)),
        receipts=tuple(_receipt(entry) for entry in from_json(receipts)),
    )


def jobs(
    by: Caller, wanted: JobFilter, *, before: UUID | None = None, limit: int = 50
) -> list[JobRow]:
    """Jobs newest first, one more than `limit` when there are more. One statement."""
    by.must("production:read")
    chosen = _chosen(wanted, before)
    values = _values(wanted, before) | {"timezone": by.organization.timezone}
    found = _rows(by, sql.list_of_jobs(chosen, rows=limit + 1), values)
    return [JobRow(*row) for row in found]


def runs(
    by: Caller, wanted: RunFilter, *, before: UUID | None = None, limit: int = 50
) -> list[RunRow]:
    """Runs newest first, one more than `limit` when there are more. One statement."""
    by.must("production:read")
    chosen = _chosen(wanted, before)
    found = _rows(by, sql.list_of_runs(chosen, rows=limit + 1), _values(wanted, before))
    return [RunRow(*row) for row in found]


def run_page(by: Caller, reference: UUID | str) -> RunPage:
    """A run by its id or number, with its jobs. Two statements. Raises NotFound."""
    by.must("production:read")
    statement, key = _by_key(reference, sql.RUN_BY_ID, sql.RUN_BY_NUMBER)
    for row in _rows(by, statement, {"key": key}):
        head = RunRow(*row)
        found = _rows(by, sql.JOBS_OF_RUN, {"key": head.id})
        return RunPage(head, tuple(JobRow(*one) for one in found))
    raise NotFound("not_found", "There is no such production run.")


def production_of(by: Caller, order_id: UUID) -> OrderProduction:
    """The jobs of an order and its figures, in the organization's weight unit (domain 3.2 to
    3.5). One statement."""
    found = tuple(JobRow(*row) for row in _rows(by, sql.JOBS_OF_ORDER, {"key": order_id}))
    unit = by.organization.default_weight_unit
    return OrderProduction(found, metrics_of_order((job.facts() for job in found), unit))


def products_of_lots(by: Caller, lot_ids: list[UUID]) -> list[UUID]:
    """The products that lie in these lots; they are locked before the order is."""
    return [row[0] for row in _rows(by, sql.PRODUCTS_OF_LOTS, {"lots": lot_ids})]


def _rows(by: Caller, statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return cursor.fetchall()


def _by_key(reference: UUID | str, by_id: str, by_number: str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return by_id, reference
    try:
        return by_id, UUID(reference)
    except ValueError:
        return by_number, reference


def _chosen(wanted: JobFilter | RunFilter, before: UUID | None) -> list[str]:
    chosen = [name for name in wanted.__slots__ if getattr(wanted, name) is not None]
    if "q" in chosen and not (wanted.q or "").strip():
        chosen.remove("q")
    return [*chosen, "before"] if before is not None else chosen


def _values(wanted: JobFilter | RunFilter, before: UUID | None) -> dict[str, Any]:
    pattern = re.sub(r"([\\%_])", r"\\\1", (wanted.q or "").strip())
    return {
        **{name: getattr(wanted, name) for name in wanted.__slots__},
        "pattern": f"%{pattern}%",
        "before": before,
    }


def _input(entry: list[Any]) -> InputRow:
    values = list(entry)
    values[0], values[1] = UUID(values[0]), UUID(values[1])
    for index in (4, 6, 8, 9):
        values[index] = _decimal(values[index])
    for index in (10, 12):
        values[index] = None if values[index] is None else datetime.fromisoformat(values[index])
    return InputRow(*values)


def _receipt(entry: list[Any]) -> ReceiptRow:
    values = list(entry)
    values[0] = UUID(values[0])
    values[1] = date.fromisoformat(values[1])
    values[3] = _id(values[3])
    values[7] = datetime.fromisoformat(values[7])
    values[9] = tuple(_output(row) for row in values[9])
    return ReceiptRow(*values)


def _output(entry: list[Any]) -> OutputRow:
    values = list(entry)
    for index in (0, 1, 10, 12, 14, 16):
        values[index] = _id(values[index])
    for index in range(3, 10):
        values[index] = Decimal(values[index])
    return OutputRow(*values)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
