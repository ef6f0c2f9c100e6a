"""Production runs: the list, the page with its jobs, and generating one (domain 4.5, U23)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import trim
from orderwright.kernel.paging import Page, Window
from orderwright.production import queries, run_lists, runs
from orderwright.production.job_page import RunRow
from orderwright.production.metrics import metrics_of_order
from orderwright.production.runs import NewRun, Suggestion
from orderwright.sales import queries as sales
from orderwright.web import choices, display, lists
from orderwright.web.forms import Form, done
from orderwright.web.job_bar import bar_of, chips_of, warnings_of
from orderwright.web.job_list import columns as job_columns
from orderwright.web.job_list import stages
from orderwright.web.list_pages import ListPage
from orderwright.web.list_tabs import shown_tabs, tabs_by
from orderwright.web.lists import Asked, Column, Empty, Tab
from orderwright.web.road import page

_TABS: Final = tabs_by(
    "status",
    ("All", None),
    ("Pending", "pending"),
    ("In progress", "in_progress"),
    ("Completed", "completed"),
)
_NOT_SUGGESTED: Final = "Stock covers it; raise the number to make some all the same."


@dataclass(frozen=True, slots=True)
class MakeRow:
    """A line in the dialog: what it asks for, what there is, and what is made."""

    suggestion: Suggestion
    field: str
    ordered: str
    available: str
    note: str


def run_list(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    return page(request, "production/runs.html", {"list": LIST.shown(by, asked)})


def run(request: HttpRequest, reference: str) -> HttpResponse:
    """One run: how far its jobs are, together and each."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.run_page(by, reference)
    places = by.organization.setting("metrics.percent_dp")
    unit = by.organization.default_weight_unit
    metrics = metrics_of_order((job.facts() for job in found.jobs), unit)
    shown = lists.listing(
        name="Jobs of this run",
        asked=lists.asked(request),
        columns=[replace(one, sort="") for one in job_columns(by)],
        rows=found.jobs,
        size=len(found.jobs),
        empty=Empty("No jobs", "This run has none.", icon="tool"),
    )
    context = {
        "run": found.head,
        "closed": found.head.job_count - found.head.open_count,
        "list": shown,
        "metrics": metrics,
        "bar": bar_of(metrics, places=places) if metrics else None,
        "chips": chips_of(metrics.efficiency, of_order=True, places=places) if metrics else [],
        "warnings": warnings_of(metrics.flags) if metrics else [],
    }
    return page(request, "production/run.html", context)


def generate(request: HttpRequest, reference: str) -> HttpResponse:
    """The dialog on an estimate: what is made of each line, and what is skipped and why."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("production:create")
    order = sales.order_page(by, reference)
    found = runs.suggestions(by, order.id)
    url = f"/orders/sales/{order.head.number}"
    form = Form.of({f"make-{one.line.id}": trim(one.make) for one in found})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: runs.create_run(by=by, new=_read(form, order.id, found))):
            head = form.result.head
            said = f"{head.number} is made, with {_jobs(head.job_count)}."
            return done(request, f"/production/runs/{head.number}", said)
        _name_errors(form, found)
    made = {one.line.id for one in found}
    context = {
        "order": order.head,
        "url": url,
        "form": form,
        "rows": [_make_row(one) for one in found],
        "skipped": [
            line
            for line in order.lines
            if line.is_stock and line.id not in made and not line.is_cancelled
        ],
        "stages": stages(by),
        "staff": choices.staff(by),
    }
    return page(request, "production/generate.html", context, status=form.status)


def _read(form: Form, order_id: UUID, found: Sequence[Suggestion]) -> NewRun:
    make: dict[UUID, object] = {
        one.line.id: form.number_text(f"make-{one.line.id}") or "0" for one in found
    }
    new = NewRun(
        order=order_id,
        make=make,
        stage_id=form.uuid("stage_id"),
        staff_id=form.uuid("staff_id"),
        deadline=form.day("deadline"),
        version=form.whole("version"),
    )
    form.check()
    return new


def _name_errors(form: Form, found: Sequence[Suggestion]) -> None:
    names = {f"lines.{index}": f"make-{one.line.id}" for index, one in enumerate(found)}
    form.errors = {
        names.get(".".join(name.split(".")[:2]), name): text for name, text in form.errors.items()
    }


def _make_row(one: Suggestion) -> MakeRow:
    line = one.line
    return MakeRow(
        suggestion=one,
        field=f"make-{line.id}",
        ordered=display.quantity(line.ordered, line.unit),
        available=display.quantity(line.available, line.unit),
        note="" if one.make else _NOT_SUGGESTED,
    )


def _columns(by: Caller) -> list[Column]:
    now, zone = by.now, by.organization.timezone

    def order(row: RunRow) -> Any:
        if row.order_id is None:
            return row.order_number
        return display.link(row.order_number, f"/orders/sales/{row.order_number}")

    return [
        Column(
            "Run",
            lambda row: display.link(row.number, f"/production/runs/{row.number}", look="code"),
            primary=True,
            whole=True,
            sort="number",
            value=lambda row: row.number,
        ),
        Column("Status", lambda row: display.chip("run", row.status)),
        Column("Order", order, whole=True, value=lambda row: row.order_number),
        Column(
            "Open jobs",
            lambda row: row.open_count,
            numeric=True,
            value=lambda row: row.open_count,
        ),
        Column(
            "Closed jobs",
            lambda row: row.job_count - row.open_count,
            numeric=True,
            value=lambda row: row.job_count - row.open_count,
        ),
        Column("Progress", _progress, value=_share),
        Column("Responsible", lambda row: row.responsible_name, quiet=True),
        Column(
            "Started",
            lambda row: display.instant(row.started_at, now=now, timezone=zone),
            sort="started",
            falls=True,
            value=lambda row: row.started_at,
        ),
        Column(
            "Completed",
            lambda row: display.instant(row.completed_at, now=now, timezone=zone),
            optional=True,
            value=lambda row: row.completed_at,
        ),
    ]


def _share(row: RunRow) -> Decimal | None:
    """The part of its jobs that are closed."""
    return Decimal(row.job_count - row.open_count) / row.job_count if row.job_count else None


def _progress(row: RunRow) -> Any:
    share = _share(row)
    if share is None:
        return ""
    closed = row.job_count - row.open_count
    return display.bar([("green", share)], f"{closed} of {_jobs(row.job_count)} closed")


def _jobs(count: int) -> str:
    return f"{count} job" if count == 1 else f"{count} jobs"


def _read_page(by: Caller, asked: Asked, window: Window) -> Page[RunRow]:
    return run_lists.runs(by, run_lists.read_filter({**asked.values, "q": asked.q}), window)


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: run_lists.counts(by))


def _empty(by: Caller) -> Empty:
    return Empty(
        "No production runs yet",
        "A run makes what stock does not cover of an estimate: one job for each line. "
        "Generate it on the order.",
        icon="stack-2",
        action="Sales orders that are estimates",
        url="/orders/sales?status=estimate",
    )


LIST: Final = ListPage(
    key="production-runs",
    name="Production runs",
    path="/production/runs",
    nouns=("run", "runs"),
    columns=_columns,
    read=_read_page,
    empty=_empty,
    parameters=("status",),
    sorts=run_lists.SORT_NAMES,
    tabs=_tabs,
    search="Run or order",
    label=lambda row: row.number,
)
