"""The job wizard (domain 4.16): context, specifications, issue details; then the job's page."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.numbers import trim
from orderwright.production import new_jobs
from orderwright.production.new_jobs import NewJob
from orderwright.sales import queries as sales
from orderwright.sales.page import LineRow, OrderPage
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.job_list import stages
from orderwright.web.job_material import errors_to_fields, read_inputs
from orderwright.web.job_page import DISTRIBUTIONS
from orderwright.web.road import page

STEPS: Final = ("Context", "Specifications", "Issue details")
# The fields of each step; those of the others travel along unseen.
_FIELDS: Final = (
    ("order_id", "order_id_text", "line_id", "stage_id", "staff_id"),
    ("pieces_requested", "weight_requested", "weight_unit", "shape", "size", "distribution",
     "notes"),
    ("issued_on", "deadline"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the bar above the wizard."""

    number: int
    text: str
    is_here: bool
    is_done: bool


def new_job(request: HttpRequest) -> HttpResponse:
    """One step at a time; what was typed travels along until the job is made."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("production:create")
    step, form = 1, Form.of(_start(by, request))
    if request.method == "POST":
        form = Form.posted(request)
        step = min(3, max(1, form.whole("step") or 1))
        wanted = form.value("go")
        if wanted == "back":
            step = max(1, step - 1)
        elif wanted == "next" and _is_sound(by, form, step):
            step += 1
            _prefill(by, form, step)
        elif wanted not in ("next", "back") and form.accept(lambda: _create(by, form)):
            number = form.result.head.number
            return done(request, f"/production/jobs/{number}", f"{number} is made.")
        else:
            errors_to_fields(form)
            step = _step_of_errors(form, step)
    return page(request, "production/new.html", _context(by, form, step), status=form.status)


def _context(by: Caller, form: Form, step: int) -> dict[str, Any]:
    order = _order(by, form)
    line = _line(order, form)
    return {
        "form": form,
        "step": step,
        "steps": [StepView(n, t, n == step, n < step) for n, t in enumerate(STEPS, start=1)],
        "carried": [
            (name, text)
            for name, texts in form.values.items()
            for text in texts
            if _step_of(name) not in (0, step)
        ],
        "order": order.head if order else None,
        "line": line,
        "lines": _lines(order) if order else [],
        "stages": stages(by),
        "staff": choices.staff(by),
        "units": choices.WEIGHT_UNITS,
        "distributions": list(DISTRIBUTIONS.items()),
        "cancel": f"/orders/sales/{order.head.number}" if order else "/production/jobs",
    }


def _start(by: Caller, request: HttpRequest) -> dict[str, Any]:
    """From an order's line, or from scratch."""
    first: dict[str, Any] = {
        "distribution": "match_issued",
        "issued_on": by.today,
        "inputs": [{"lot_id": ""}],
    }
    reference = request.GET.get("order", "")
    if reference:
        order = sales.order_page(by, reference)
        first |= {"order_id": order.id, "order_id_text": order.head.number}
        first["line_id"] = request.GET.get("line", "")
    return first


def _prefill(by: Caller, form: Form, step: int) -> None:
    """What follows from the line, where nothing was typed."""
    line = _line(_order(by, form), form)
    if step != 2 or line is None or "pieces_requested" in form.values:
        return
    unit = new_jobs.weight_unit_of(by, line)
    known = new_jobs.weight_of_line(line)
    values: dict[str, str] = {"weight_unit": unit, "shape": line.shape, "size": line.size}
    if line.basis != "weight":
        values["pieces_requested"] = trim(line.effective * line.unit_ratio)
    if known is not None and known[1] == unit:
        values["weight_requested"] = trim(known[0])
    form.values |= {name: [text or ""] for name, text in values.items()}


def _is_sound(by: Caller, form: Form, step: int) -> bool:
    """Whether the step says enough to go on; its errors stand beside its fields."""
    if step == 1:
        form.uuid("order_id", required="Choose the order that it is made for.")
        if not form.errors and _line(_order(by, form), form) is None:
            form.errors["line_id"] = "Choose the line that it is made for."
    if step == 2:
        form.decimal("pieces_requested")
        form.decimal("weight_requested")
    if form.errors:
        form.status, form.message = 422, "Please correct what is marked."
    return not form.errors


def _create(by: Caller, form: Form) -> Any:
    order_id = form.uuid("order_id", required="Choose the order that it is made for.")
    line_id = form.uuid("line_id", required="Choose the line that it is made for.")
    issued_on, deadline = form.day("issued_on"), form.day("deadline")
    stage_id, staff_id = form.uuid("stage_id"), form.uuid("staff_id")
    inputs = read_inputs(form)
    if order_id is None or line_id is None:
        form.check()
    return new_jobs.create_job(
        by=by,
        new=NewJob(
            order_id=order_id or UUID(int=0),
            line_id=line_id or UUID(int=0),
            stage_id=stage_id,
            staff_id=staff_id,
            weight_requested=form.number_text("weight_requested") or None,
            weight_unit=form.text("weight_unit"),
            pieces_requested=form.number_text("pieces_requested") or None,
            shape=form.text("shape"),
            size=form.text("size"),
            distribution=form.text("distribution") or "match_issued",
            issued_on=issued_on,
            deadline=deadline,
            notes=form.text("notes"),
            inputs=inputs,
        ),
    )


def _order(by: Caller, form: Form) -> OrderPage | None:
    reference = form.value("order_id") or form.value("order_id_text").strip()
    if not reference:
        return None
    try:
        return sales.order_page(by, reference)
    except NotFound:
        return None


def _line(order: OrderPage | None, form: Form) -> LineRow | None:
    if order is None:
        return None
    return next((line for line in order.lines if str(line.id) == form.value("line_id")), None)


def _lines(order: OrderPage) -> list[tuple[str, str]]:
    return [
        (str(line.id), f"{line.position}. {line.product_name or line.description}")
        for line in order.lines
        if line.is_stock and not line.is_cancelled
    ]


def _step_of(name: str) -> int:
    """The step on which a field stands; 0 for what the form itself brings."""
    if name.startswith("inputs."):
        return 3
    for number, names in enumerate(_FIELDS, start=1):
        if name in names:
            return number
    return 0


def _step_of_errors(form: Form, step: int) -> int:
    found = [_step_of(name) for name in form.errors]
    return min((number for number in found if number), default=step)
