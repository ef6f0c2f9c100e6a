"""What the order page shows of production: bars per line, cards of jobs, the summary card (U10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict
from orderwright.production import queries
from orderwright.production.job_page import JobRow
from orderwright.production.metrics import OrderMetrics, metrics_of_order
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.web.forms import onwards
from orderwright.web.job_bar import Bar, EfficiencyChip, bar_of, chips_of, mini_bar, warnings_of
from orderwright.web.job_bar import percent_text as percent
from orderwright.web.order_next import Offer

_OPEN_ORDERS = ("estimate", "issued")


@dataclass(frozen=True, slots=True)
class JobCard:
    """A job in the activity of its order."""

    job: JobRow
    bar: Bar
    chips: list[EfficiencyChip]


@dataclass(frozen=True, slots=True)
class ProductionView:
    """The production of an order; without jobs it is empty, and nothing of it is shown.

    `cells` are the bars of the lines that have jobs; `metrics` is None when no job counts.
    """

    jobs: Sequence[JobRow] = ()
    cells: Mapping[UUID, SafeString] = field(default_factory=dict)
    metrics: OrderMetrics | None = None
    bar: Bar | None = None
    chips: Sequence[EfficiencyChip] = ()
    warnings: Sequence[str] = ()
    places: int = 1

    def cards(self) -> list[JobCard]:
        """The jobs for the activity, newest first."""
        return [_card(job, self.places) for job in reversed(self.jobs)]


def production_view(by: Caller, order: OrderPage) -> ProductionView:
    """One statement for an order that has jobs, none for others or who may not see production."""
    if not order.head.jobs or not by.may("production:read"):
        return ProductionView()
    found = queries.production_of(by, order.id)
    places = by.organization.setting("metrics.percent_dp")
    metrics = found.metrics
    return ProductionView(
        jobs=found.jobs,
        cells=_cells(found.jobs, by.organization.default_weight_unit),
        metrics=metrics,
        bar=bar_of(metrics, places=places) if metrics else None,
        chips=chips_of(metrics.efficiency, of_order=True, places=places) if metrics else (),
        warnings=warnings_of(metrics.flags) if metrics else (),
        places=places,
    )


def run_offer(by: Caller, order: OrderPage, production: ProductionView) -> dict[str, Offer]:
    """Generating a run, on an estimate that has none."""
    if order.head.status != "estimate" or not by.may("production:create"):
        return {}
    number = next((job.run_number for job in production.jobs if job.run_number), "")
    why_not = f"It has run {number} already." if number else ""
    offer = Offer("production-run", "Generate production run", "stack-2", not number, why_not)
    return {"production-run": offer}


def may_make(by: Caller, order: OrderPage) -> bool:
    """Whether a job can be made for the order's lines."""
    return order.head.status in _OPEN_ORDERS and by.may("production:create")


def create_job(request: HttpRequest, reference: str) -> HttpResponse:
    """Out of a line's menu into the wizard, with order and line chosen."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("production:create")
    order = sales.order_page(by, reference)
    if order.head.status not in _OPEN_ORDERS:
        message = f"{order.head.number} is {order.head.status}; nothing more is made for it."
        raise Conflict("order_finished", message)
    line = request.GET.get("line", "")
    known = line if line in {str(one.id) for one in order.lines} else ""
    return onwards(request, f"/production/jobs/new?order={order.head.number}&line={known}")


def _cells(jobs: Sequence[JobRow], unit: str) -> dict[UUID, SafeString]:
    by_line: dict[UUID, list[JobRow]] = {}
    for job in jobs:
        if job.line_id is not None:
            by_line.setdefault(job.line_id, []).append(job)
    return {line_id: _cell(together, unit) for line_id, together in by_line.items()}


def _cell(jobs: Sequence[JobRow], unit: str) -> SafeString:
    """The bar of all jobs of one line, and how many of them there are."""
    metrics = metrics_of_order((job.facts() for job in jobs), unit)
    live = [job for job in jobs if job.status != "cancelled"]
    done = sum(job.status == "completed" for job in live)
    said = f"{done} of {len(live)} {'job' if len(live) == 1 else 'jobs'}" if live else "cancelled"
    if metrics is None:
        return format_html('<span class="small quiet">{}</span>', said)
    completed = percent(metrics.progress.completed)
    label = f"{completed} completed, {percent(metrics.progress.pending)} pending"
    bar = mini_bar(metrics.progress, label)
    return format_html('{}<span class="small quiet">{}, {}</span>', bar, completed, said)


def _card(job: JobRow, places: int) -> JobCard:
    metrics = job.metrics()
    return JobCard(job, bar_of(metrics, places=places), chips_of(metrics.efficiency, places=places))


def production_tab(production: ProductionView) -> dict[str, Any]:
    """What the tab of the activity shows."""
    return {"job_cards": production.cards()}
