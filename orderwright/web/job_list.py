"""The list of production jobs: tabs, filters and search in the address, newest first (U21)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from orderwright.activity import records
from orderwright.catalog.kinds import PRODUCT
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.production import job_lists
from orderwright.production.job_page import JobRow
from orderwright.production.stages import STAGE
from orderwright.web import choices, display
from orderwright.web.job_bar import SEGMENTS, mini_bar, percent_text
from orderwright.web.list_filters import coming_days
from orderwright.web.list_lookups import record_filter
from orderwright.web.list_pages import ListPage
from orderwright.web.list_tabs import shown_tabs, tabs_by
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.road import page

_TABS: Final = tabs_by(
    "status",
    ("All", None),
    ("Ongoing", "ongoing"),
    ("Completed", "completed"),
    ("Unscheduled", "unscheduled"),
    ("Scheduled", "scheduled"),
)
_EMPTY: Final = Empty(
    "No production jobs yet",
    "A job makes something for a line of an order, in one stage. Material is issued to it by "
    "weight, and what comes of it is received by weight.",
    icon="tool",
    action="Add new production job",
    url="/production/jobs/new",
)


def jobs(request: HttpRequest) -> HttpResponse:
    """The list; every state of it is an address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_create": by.may("production:create")}
    return page(request, "production/jobs.html", context)


def job_bar_cell(row: JobRow) -> Any:
    """The bar of a job in a list, with how much of it is done."""
    metrics = row.metrics()
    parts = (getattr(metrics.progress, field) for _, _, field in SEGMENTS)
    said = ", ".join(
        f"{name.lower()} {percent_text(part)}"
        for (name, _, _), part in zip(SEGMENTS, parts, strict=True)
    )
    return mini_bar(metrics.progress, said)


def due_cell(by: Caller, row: JobRow) -> Any:
    """When a job is due; red once it is late."""
    shown = display.day(row.deadline)
    is_open = row.status not in ("completed", "cancelled")
    if is_open and row.deadline and row.deadline < by.today:
        return format_html('<span class="danger">{} late</span>', shown)
    return shown


def _read(by: Caller, asked: Asked, window: Window) -> Page[JobRow]:
    return job_lists.jobs(by, job_lists.read_filter({**asked.values, "q": asked.q}), window)


def _empty(by: Caller) -> Empty:
    return _EMPTY if by.may("production:create") else _EMPTY.without_action


def stages(by: Caller) -> list[tuple[str, str]]:
    """All stages in the order in which goods pass through them."""
    rows = records.listed(by=by, kind=STAGE, limit=choices.MOST)
    return [(str(row.id), row.name) for row in sorted(rows, key=lambda one: one.sort_order)]


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [
        Filter("stage_id", "Stage", stages(by), look="several"),
        Filter("staff_id", "Staff", choices.staff(by), look="several"),
        Filter("due", "Due", look="days", presets=coming_days(by.today)),
        Filter("late", "Late", [("yes", "Late"), ("no", "In time")], more=True),
        *record_filter(
            by,
            asked,
            "product_id",
            "Product",
            PRODUCT,
            source="/lookup/products?type=sale",
            more=True,
        ),
    ]


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: job_lists.counts(by))


def columns(by: Caller) -> list[Column]:
    """What the list of jobs shows; the page of a run shows the same."""
    places = by.organization.setting("metrics.percent_dp")
    return [
        Column(
            "Job",
            lambda row: display.link(row.number, f"/production/jobs/{row.number}", look="code"),
            primary=True,
            whole=True,
            sort="number",
            value=_of("number"),
        ),
        Column("Status", lambda row: display.chip("job", row.status)),
        Column("Stage", _of("stage_name")),
        Column("Product", lambda row: row.product_name or row.line_description or ""),
        Column("Shape", _of("shape"), quiet=True),
        Column("Size", _of("size"), quiet=True),
        Column("Staff", _of("staff_name")),
        Column("Due", lambda row: due_cell(by, row), whole=True, sort="due", value=_of("deadline")),
        Column(
            "Issued",
            lambda row: display.measured(row.issued, row.weight_unit) if row.has_inputs else "",
            numeric=True,
            sort="issued",
            falls=True,
            value=_of("issued"),
            unit=_of("weight_unit"),
        ),
        Column(
            "Progress",
            job_bar_cell,
            value=lambda row: row.metrics().progress.completed,
        ),
        Column(
            "Output",
            lambda row: percent_text(row.metrics().efficiency.output, places),
            numeric=True,
            optional=True,
            value=lambda row: row.metrics().efficiency.output,
        ),
        Column("Order", _order, whole=True, value=_of("order_number")),
        Column("Run", _of("run_number"), optional=True, whole=True),
        Column(
            "Received",
            lambda row: display.measured(row.received, row.weight_unit),
            numeric=True,
            optional=True,
            sort="received",
            falls=True,
            value=_of("received"),
            unit=_of("weight_unit"),
        ),
        Column(
            "Issued on",
            lambda row: display.day(row.issued_on),
            optional=True,
            sort="issued_on",
            falls=True,
            value=_of("issued_on"),
        ),
    ]


def _of(name: str) -> Callable[[JobRow], Any]:
    return lambda row: getattr(row, name)


def _order(row: JobRow) -> Any:
    if row.order_id is None:
        return row.order_number
    return display.link(row.order_number, f"/orders/sales/{row.order_number}")


LIST: Final = ListPage(
    key="production-jobs",
    name="Production jobs",
    path="/production/jobs",
    nouns=("job", "jobs"),
    columns=columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=("status", *job_lists.IDS, *job_lists.DAYS, "late"),
    sorts=job_lists.SORT_NAMES,
    tabs=_tabs,
    search="Job, order, product or SKU",
    label=_of("number"),
)
