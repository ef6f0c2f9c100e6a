"""Reports of production: what was made, how well each stage works, what was lost, what is missing.

A job counts in the days in which something of it was last received. Weights of jobs in different
units are added up in the organization's (domain 3.0), and percentages divided once.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO, exact
from orderwright.kernel.weight import convert
from orderwright.production.metrics import percent
from orderwright.reporting.reports import Field, Report, Row, summed_count, summed_weight

_BASE: Final = """
    CASE WHEN j.weight_requested > 0 THEN j.weight_requested WHEN j.issued > 0 THEN j.issued
         ELSE j.received + j.rejected + j.scrapped + j.waste END
"""
_RECEIVED: Final = """
    AND j.last_receipt_at IS NOT NULL
    AND (%(first)s::date IS NULL OR j.last_received_on >= %(first)s)
    AND (%(last)s::date IS NULL OR j.last_received_on <= %(last)s)
    AND (%(stage)s::uuid IS NULL OR j.stage_id = %(stage)s)
"""
_SUMS: Final = f"""
    count(*), count(*) FILTER (WHERE j.status = 'completed'), sum({_BASE}), sum(j.issued),
    sum(j.received), sum(j.rejected), sum(j.scrapped), sum(j.waste)
"""
_BY_PRODUCT: Final = f"""
    SELECT p.id, coalesce(p.name, ''), coalesce(p.sku, ''), 0, j.weight_unit, {_SUMS}
    FROM production_productionjob j
    LEFT JOIN catalog_product p ON p.organization_id = j.organization_id AND p.id = j.product_id
    WHERE j.organization_id = %(organization)s {_RECEIVED}
    GROUP BY p.id, p.name, p.sku, j.weight_unit ORDER BY p.name, p.id
"""
_BY_STAGE: Final = f"""
    SELECT s.id, s.name, s.code, s.sort_order, j.weight_unit, {_SUMS}
    FROM production_productionjob j
    JOIN production_stage s ON s.organization_id = j.organization_id AND s.id = j.stage_id
    WHERE j.organization_id = %(organization)s {_RECEIVED}
    GROUP BY s.id, s.name, s.code, s.sort_order, j.weight_unit ORDER BY s.sort_order, s.name, s.id
"""
_LOSSES: Final = """
    SELECT r.received_on, j.number, s.name, p.name, o.waste, o.scrapped, o.rejected, j.weight_unit,
        coalesce(t.tag_id, ''), r.received_by
    FROM production_jobreceiptrow o
    JOIN production_jobreceipt r ON r.organization_id = o.organization_id AND r.id = o.receipt_id
    JOIN production_productionjob j ON j.organization_id = r.organization_id AND j.id = r.job_id
    JOIN production_stage s ON s.organization_id = j.organization_id AND s.id = j.stage_id
    JOIN catalog_product p ON p.organization_id = o.organization_id AND p.id = o.product_id
    LEFT JOIN inventory_lot t ON t.organization_id = o.organization_id AND t.id = o.scrap_lot_id
    WHERE o.organization_id = %(organization)s AND o.waste + o.scrapped > 0
      AND (%(first)s::date IS NULL OR r.received_on >= %(first)s)
      AND (%(last)s::date IS NULL OR r.received_on <= %(last)s)
      AND (%(stage)s::uuid IS NULL OR j.stage_id = %(stage)s)
    ORDER BY r.received_on DESC, o.id DESC LIMIT %(most)s
"""
# An open job may still hold what was issued to it; one that is done, or gave more, may not.
_GAPS: Final = """
    SELECT j.number, s.name, coalesce(p.name, ''), j.status, g.day, j.issued, g.accounted,
        j.weight_unit
    FROM production_productionjob j
    JOIN production_stage s ON s.organization_id = j.organization_id AND s.id = j.stage_id
    LEFT JOIN catalog_product p ON p.organization_id = j.organization_id AND p.id = j.product_id
    CROSS JOIN LATERAL (
        SELECT j.received + j.rejected + j.scrapped + j.waste AS accounted,
            coalesce(j.last_received_on, (j.completed_at)::date, (j.cancelled_at)::date) AS day) g
    WHERE j.organization_id = %(organization)s
      AND (g.accounted > j.issued
           OR g.accounted < j.issued AND j.status IN ('completed', 'cancelled'))
      AND (%(first)s::date IS NULL OR g.day >= %(first)s)
      AND (%(last)s::date IS NULL OR g.day <= %(last)s)
      AND (%(stage)s::uuid IS NULL OR j.stage_id = %(stage)s)
    ORDER BY g.day DESC NULLS LAST, j.id DESC LIMIT %(most)s
"""
_WEIGHTS: Final = ("base", "issued", "received", "rejected", "scrapped", "waste")
_EFFICIENCY: Final = (
    Field("output", "Output", "percent"),
    Field("gross_waste", "Gross waste", "percent"),
    Field("net_waste", "Net waste", "percent"),
    Field("consumption", "Consumption", "percent"),
)
_BUCKETS: Final = (
    summed_weight("issued", "Issued"),
    summed_weight("received", "Received"),
    summed_weight("rejected", "Rejected"),
    summed_weight("scrapped", "Scrap"),
    summed_weight("waste", "Waste"),
)
_WHERE: Final = {
    "completed": "Left unrecorded when the job was completed",
    "cancelled": "Stayed in the stage when the job was cancelled",
}


def _summed(by: Caller, found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """Groups of one key in several units as one row, with its percentages."""
    unit = by.organization.default_weight_unit
    rows: dict[Any, Row] = {}
    with exact():
        for key, name, code, _, weight_unit, jobs, completed, *weights in found:
            row = rows.setdefault(
                key,
                {"name": name or "Of no product", "code": code, "jobs": 0, "completed": 0}
                | dict.fromkeys(_WEIGHTS, ZERO),
            )
            row["jobs"] += jobs
            row["completed"] += completed
            for field, weight in zip(_WEIGHTS, weights, strict=True):
                row[field] += convert(weight, weight_unit, unit)
    return [row | _efficiency(row) for row in rows.values()]


def _efficiency(row: Row) -> Row:
    with exact():
        output = row["received"] + row["rejected"]
        loss = row["waste"] + row["scrapped"]
    return {
        "output": percent(output, row["base"]),
        "gross_waste": percent(loss, row["base"]),
        "net_waste": percent(row["waste"], row["base"]),
        "consumption": percent(loss, output),
    }


def _losses(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    unit = by.organization.default_weight_unit
    names = ("day", "job", "stage", "product", "waste", "scrapped", "rejected", "unit", "tag", "by")
    rows = [dict(zip(names, one, strict=True)) for one in found]
    for row in rows:
        for name in ("waste", "scrapped", "rejected"):
            row[name] = convert(row[name], row["unit"], unit)
    return rows


def _gaps(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    unit = by.organization.default_weight_unit
    rows = []
    for job, stage, product, status, day, issued, accounted, weight_unit in found:
        went_in = convert(issued, weight_unit, unit)
        came_out = convert(accounted, weight_unit, unit)
        with exact():
            gap: Decimal = went_in - came_out
        where = "More came out than was issued" if gap < 0 else _WHERE.get(status, "")
        rows.append(
            {
                "job": job,
                "stage": stage,
                "product": product,
                "status": status,
                "day": day,
                "issued": went_in,
                "accounted": came_out,
                "missing": max(ZERO, gap),
                "surplus": max(ZERO, -gap),
                "where": where,
            }
        )
    return rows


_JOB: Final = Field("job", "Job", address="/production/jobs/{}")
PRODUCTION: Final = (
    Report(
        key="production-summary",
        title="Production summary",
        about="What was made of each product, and how much of the material became it.",
        icon="chart-bar",
        permissions=("production:read",),
        statement=_BY_PRODUCT,
        fields=(
            Field("name", "Product"),
            Field("code", "SKU"),
            summed_count("jobs", "Jobs"),
            summed_count("completed", "Completed"),
            *_BUCKETS,
            *_EFFICIENCY,
        ),
        read=_summed,
        has_stages=True,
        chart=("name", "received"),
    ),
    Report(
        key="stage-performance",
        title="Stage performance",
        about="How well each stage converts what it is given.",
        icon="stack-2",
        permissions=("production:read",),
        statement=_BY_STAGE,
        fields=(
            Field("name", "Stage"),
            summed_count("jobs", "Jobs"),
            summed_count("completed", "Completed"),
            *_BUCKETS,
            *_EFFICIENCY,
        ),
        read=_summed,
        has_stages=True,
        chart=("name", "output"),
    ),
    Report(
        key="waste-and-scrap",
        title="Waste and scrap log",
        about="Every loss that was recorded: waste is gone, scrap lies in lots of its own.",
        icon="trash",
        permissions=("production:read",),
        statement=_LOSSES,
        fields=(
            Field("day", "Received on", "day"),
            _JOB,
            Field("stage", "Stage"),
            Field("product", "Product"),
            summed_weight("waste", "Waste"),
            summed_weight("scrapped", "Scrap"),
            summed_weight("rejected", "Rejected"),
            Field("tag", "Scrap lot", address="/inventory/{}"),
            Field("by", "Recorded by"),
        ),
        read=_losses,
        has_stages=True,
        chart=("stage", "waste"),
    ),
    Report(
        key="weight-balance",
        title="Weight balance",
        about="Jobs whose weights do not add up: issued and in no receipt, or more than was "
        "issued. Material in open jobs is in work and not missing.",
        icon="scale",
        permissions=("production:read",),
        statement=_GAPS,
        fields=(
            _JOB,
            Field("stage", "Stage"),
            Field("product", "Product"),
            Field("day", "Last day", "day"),
            summed_weight("issued", "Issued"),
            summed_weight("accounted", "Accounted for"),
            summed_weight("missing", "Missing"),
            summed_weight("surplus", "Too much"),
            Field("where", "Where"),
        ),
        read=_gaps,
        has_stages=True,
        chart=("stage", "missing"),
    ),
)
