"""Receive what came of a job (domain 4.16, U22): rows of good output, rejects, scrap and waste."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.inventory.locations import LOCATION
from orderwright.kernel.numbers import trim
from orderwright.kernel.weight import GRAMS
from orderwright.production import receiving
from orderwright.production.job_page import JobRow
from orderwright.production.outputs import Output
from orderwright.production.receiving import NewJobReceipt
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.job_dialogs import allowed_job
from orderwright.web.job_page import url_of
from orderwright.web.road import page

# The numbers of a row by the names of their fields.
_NUMBERS: Final = {
    "pieces": "pieces",
    "received": "received",
    "wasted": "wasted",
    "rejected.weight": "rejected",
    "rejected.pieces": "rejected_pieces",
    "scrap.weight": "scrap",
    "scrap.pieces": "scrap_pieces",
}


def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the form with one row of the job's product; take it in, all or nothing."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    head = allowed_job(by, reference, "receive")
    form = Form.of(
        {"received_date": by.today, "rows": [_blank(head)], "assign_to_line": _may_assign(head)}
    )
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: receiving.receive(by=by, job=head.id, new=read_receipt(form))):
            return done(request, url_of(head), _said(form.result.head))
        form.errors.pop("rows", None)
    form.values |= {f"rows.__.{name}": [str(text)] for name, text in _blank(head).items()}
    context = {
        "job": head,
        "url": url_of(head),
        "form": form,
        "base": trim(head.metrics().base.weight) if _has_base(head) else "",
        "accounted": trim(head.buckets.accounted),
        "units": choices.WEIGHT_UNITS,
        "grams": " ".join(f"{unit}:{trim(grams)}" for unit, grams in GRAMS.items()),
        "locations": choices.of_kind(by, LOCATION, is_active=True),
        "may_assign": _may_assign(head),
    }
    return page(request, "production/receive.html", context, status=form.status)


def read_receipt(form: Form) -> NewJobReceipt:
    """The receipt as the action takes it; rows that say nothing are left out."""
    for index in form.indexes("rows"):
        if not any(form.value(f"rows.{index}.{name}").strip() for name in _NUMBERS):
            form.values = {
                name: held
                for name, held in form.values.items()
                if not name.startswith(f"rows.{index}.")
            }
    rows = [_output(form, f"rows.{index}.") for index in form.renumber("rows")]
    new = NewJobReceipt(
        rows=rows,
        received_on=form.day("received_date"),
        location_id=form.uuid("location_id"),
        quality=form.text("quality"),
        rack=form.text("rack"),
        notes=form.text("notes"),
        assign_to_line=form.flag("assign_to_line"),
        confirmed=frozenset(form.several("confirm")),
        version=form.whole("version"),
    )
    form.check()
    return new


def _output(form: Form, prefix: str) -> Output:
    numbers: dict[str, Any] = {
        field: form.number_text(f"{prefix}{name}") or None for name, field in _NUMBERS.items()
    }
    return Output(
        product_id=form.uuid(f"{prefix}product_id"), unit=form.text(f"{prefix}unit"), **numbers
    )


def _blank(head: JobRow) -> dict[str, Any]:
    return {
        "product_id": head.product_id or "",
        "product_id_text": head.product_name or "",
        "unit": head.weight_unit,
    }


def _has_base(head: JobRow) -> bool:
    return not head.metrics().base.is_fallback


def _may_assign(head: JobRow) -> bool:
    """Whether the line can take it at once: it is still there, and its order is issued."""
    return head.line_id is not None and head.order_status == "issued"


def _said(head: JobRow) -> str:
    done_by_it = " Nothing is pending, so it is completed." if head.status == "completed" else ""
    return f"Received into {head.number}.{done_by_it}"
