"""Jobs, runs and an order's production as the API shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orderwright.api.answers import day, instant
from orderwright.api.records import reference
from orderwright.identity.caller import Caller
from orderwright.kernel.quantity import trim
from orderwright.kernel.weight import round_weight
from orderwright.production import queries
from orderwright.production.job_page import (
    InputRow,
    JobPage,
    JobRow,
    OutputRow,
    ReceiptRow,
    RunPage,
    RunRow,
)
from orderwright.production.metrics import (
    Efficiency,
    OrderMetrics,
    Progress,
    metrics_of_order,
    shown,
)
from orderwright.sales.page import OrderPage


def show_job(page: JobPage, by: Caller) -> dict[str, Any]:
    """A job with everything that went in and came out."""
    return {
        **show_job_row(page.head, by),
        "inputs": [_show_input(row) for row in page.inputs],
        "receipts": [_show_receipt(row, page.head.weight_unit) for row in page.receipts],
        "allowed_actions": [one.as_json() for one in page.head.allowed(by.permissions)],
    }


def show_job_row(job: JobRow, by: Caller) -> dict[str, Any]:
    """The head of a job with its figures."""
    metrics, places = job.metrics(), by.organization.setting("metrics.percent_dp")
    unit = job.weight_unit
    return {
        "id": job.id,
        "number": job.number,
        "version": job.version,
        "status": job.status,
        "order_id": job.order_id,
        "order": reference(job.order_id, number=job.order_number),
        "order_number": job.order_number,
        "line_id": job.line_id,
        "stage_id": job.stage_id,
        "stage": {"id": job.stage_id, "name": job.stage_name},
        "run_id": job.run_id,
        "run": reference(job.run_id, number=job.run_number),
        "product_id": job.product_id,
        "product": reference(job.product_id, sku=job.product_sku, name=job.product_name),
        "staff_id": job.staff_id,
        "staff": reference(job.staff_id, name=job.staff_name),
        "shape": job.shape or None,
        "size": job.size or None,
        "pieces_requested": _number(job.pieces_requested),
        "pieces_received": trim(job.pieces_received),
        "weight_requested": _number(job.weight_requested),
        "weight_issued": trim(job.issued),
        "weight_unit": unit,
        "distribution": job.distribution,
        "issued_date": day(job.issued_on),
        "deadline": day(job.deadline),
        "notes": job.notes or None,
        "weights": {
            "base": _weight(metrics.base.weight),
            "issued": _weight(metrics.issued),
            "received": _weight(job.received),
            "rejected": _weight(job.rejected),
            "scrapped": _weight(job.scrapped),
            "waste": _weight(job.waste),
            "pending": _weight(metrics.pending),
            "unaccounted": _weight(job.gap),
            "unit": unit,
        },
        "progress": show_progress(metrics.progress, places),
        "efficiency": show_efficiency(metrics.efficiency, places),
        "flags": list(metrics.flags),
        "completed_at": instant(job.completed_at),
        "cancelled_at": instant(job.cancelled_at),
        "cancel_reason": job.cancel_reason or None,
        "created_at": instant(job.created_at),
        "updated_at": instant(job.updated_at),
    }


def show_run(page: RunPage, by: Caller) -> dict[str, Any]:
    """A run with its jobs; `skipped` are positions of lines that it makes nothing for."""
    return {
        **show_run_row(page.head),
        "jobs": [show_job_row(job, by) for job in page.jobs],
        "skipped": list(page.skipped),
    }


def show_run_row(run: RunRow) -> dict[str, Any]:
    """The head of a run."""
    return {
        "id": run.id,
        "number": run.number,
        "version": run.version,
        "status": run.status,
        "order_id": run.order_id,
        "order": reference(run.order_id, number=run.order_number),
        "order_number": run.order_number,
        "responsible": run.responsible_name,
        "job_count": run.job_count,
        "open_job_count": run.open_count,
        "started_at": instant(run.started_at),
        "completed_at": instant(run.completed_at),
        "created_at": instant(run.created_at),
        "updated_at": instant(run.updated_at),
    }


def show_production(metrics: OrderMetrics | None, places: int) -> dict[str, Any] | None:
    """What the jobs of an order add up to; null without jobs."""
    if metrics is None:
        return None
    stage = metrics.final_stage
    return {
        "unit": metrics.unit,
        "base": _weight(metrics.base),
        "issued": _weight(metrics.issued),
        "pending": _weight(metrics.pending),
        "progress": show_progress(metrics.progress, places),
        "final_stage": None if stage is None else stage.name,
        "final_output": None if metrics.final_output is None else _weight(metrics.final_output),
        "net_input": None if metrics.net_input is None else _weight(metrics.net_input),
        "efficiency": show_efficiency(metrics.efficiency, places),
        "flags": list(metrics.flags),
    }


def show_progress(progress: Progress, places: int) -> dict[str, str | None]:
    """Where the material is, in percent of the base."""
    return {
        "completed": shown(progress.completed, places),
        "pending": shown(progress.pending, places),
        "rejected": shown(progress.rejected, places),
        "scrapped": shown(progress.scrapped, places),
        "wasted": shown(progress.wasted, places),
    }


def show_efficiency(efficiency: Efficiency, places: int) -> dict[str, str | None]:
    """How well it was converted, in percent."""
    return {
        "output": shown(efficiency.output, places),
        "gross_waste": shown(efficiency.gross_waste, places),
        "net_waste": shown(efficiency.net_waste, places),
        "consumption": shown(efficiency.consumption, places),
    }


def _show_input(row: InputRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "lot_id": row.lot_id,
        "lot": {"id": row.lot_id, "tag_id": row.tag_id},
        "product": row.product_name,
        "quantity": trim(row.quantity),
        "unit": row.unit,
        "weight": trim(row.weight),
        "weight_unit": row.weight_unit,
        "pieces_requested": _number(row.pieces_requested),
        "issued_at": instant(row.at),
        "issued_by": row.issued_by,
        "returned_at": instant(row.returned_at),
    }


def _show_receipt(receipt: ReceiptRow, unit: str) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "received_date": day(receipt.received_on),
        "quality": receipt.quality or None,
        "location_id": receipt.location_id,
        "location": reference(receipt.location_id, name=receipt.location_name),
        "rack": receipt.rack or None,
        "notes": receipt.notes or None,
        "received_at": instant(receipt.at),
        "received_by": receipt.received_by,
        "unit": unit,
        "rows": [_show_output(row) for row in receipt.rows],
    }


def _show_output(row: OutputRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "product_id": row.product_id,
        "product": {"id": row.product_id, "name": row.product_name},
        "pieces": trim(row.pieces),
        "received": trim(row.received),
        "wasted": trim(row.waste),
        "rejected": {"weight": trim(row.rejected), "pieces": trim(row.rejected_pieces)},
        "scrap": {"weight": trim(row.scrapped), "pieces": trim(row.scrap_pieces)},
        "lot_id": row.lot_id,
        "lot": reference(row.lot_id, tag_id=row.tag_id),
        "rejected_lot_id": row.rejected_lot_id,
        "rejected_lot": reference(row.rejected_lot_id, tag_id=row.rejected_tag_id),
        "scrap_lot_id": row.scrap_lot_id,
        "scrap_lot": reference(row.scrap_lot_id, tag_id=row.scrap_tag_id),
        "selection_id": row.selection_id,
        "notes": row.notes or None,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else trim(value)


def _weight(value: Decimal) -> str:
    return trim(round_weight(value))


@dataclass(frozen=True, slots=True)
class ShownProduction:
    """An order's production and the progress of each of its lines that is made."""

    whole: dict[str, Any] | None = None
    of_lines: dict[str, dict[str, Any]] = field(default_factory=dict)


def show_production_of(page: OrderPage, by: Caller) -> ShownProduction:
    """What the order's jobs add up to; nothing is read for an order without jobs."""
    if not page.head.jobs or not by.may("production:read"):
        return ShownProduction()
    found = queries.production_of(by, page.id)
    places, unit = (
        by.organization.setting("metrics.percent_dp"),
        by.organization.default_weight_unit,
    )
    lines: dict[str, list[JobRow]] = {}
    for job in found.jobs:
        if job.line_id is not None:
            lines.setdefault(str(job.line_id), []).append(job)
    return ShownProduction(
        show_production(found.metrics, places),
        {line_id: _show_line_progress(jobs, unit, places) for line_id, jobs in lines.items()},
    )


def _show_line_progress(jobs: Sequence[JobRow], unit: str, places: int) -> dict[str, Any]:
    metrics = metrics_of_order((job.facts() for job in jobs), unit)
    return {
        "jobs": [{"id": job.id, "number": job.number, "status": job.status} for job in jobs],
        "unit": unit,
        "base": None if metrics is None else _weight(metrics.base),
        "progress": None if metrics is None else show_progress(metrics.progress, places),
    }
