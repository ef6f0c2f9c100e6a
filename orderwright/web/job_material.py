"""Issue material to a job: lots by piece and weight, all of a lot, found by typing or scanning."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries
from orderwright.inventory.lot_queries import LotRow
from orderwright.inventory.taking import Wanted
from orderwright.kernel.numbers import trim
from orderwright.production import materials
from orderwright.web.display import quantity
from orderwright.web.forms import Form, done
from orderwright.web.job_dialogs import allowed_job
from orderwright.web.job_page import url_of
from orderwright.web.road import page

OFFERED: Final = 12
_LOOKED_AT: Final = 60


def issue_material(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what may go in; take it out of its lots, all or nothing."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    head = allowed_job(by, reference, "issue-material")
    form = Form.of({"inputs": [{"lot_id": ""}]})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(
            lambda: materials.issue_material(
                by=by, job=head.id, inputs=read_inputs(form), version=form.whole("version")
            )
        ):
            return done(request, url_of(head), f"The material is issued to {head.number}.")
        errors_to_fields(form)
    context = {"job": head, "url": url_of(head), "form": form}
    return page(request, "production/issue_material.html", context, status=form.status)


def read_inputs(form: Form) -> list[Wanted]:
    """The rows of lots as the action takes them; weights are in the lots' own units."""
    found = []
    for index in form.renumber("inputs"):
        name = f"inputs.{index}"
        lot_id = form.uuid(f"{name}.lot_id")
        if lot_id is None:
            form.errors[f"{name}.lot_id"] = "Choose a lot of the list."
            continue
        full = form.flag(f"{name}.full")
        found.append(
            Wanted(
                lot_id,
                quantity=None if full else form.number_text(f"{name}.quantity") or None,
                weight=None if full else form.number_text(f"{name}.weight") or None,
                full=full,
                field=f"{name}.",
            )
        )
        if not full and found[-1].quantity is None and found[-1].weight is None:
            form.errors[f"{name}.weight"] = "Say how much of it, or take all of it."
    form.check()
    return found


def errors_to_fields(form: Form) -> None:
    """Errors of a whole row stand beside its lot."""
    form.errors = {
        (f"{name.rstrip('.')}.lot_id" if name.rstrip(".").rpartition(".")[2].isdigit() else name): (
            text
        )
        for name, text in form.errors.items()
    }


def lookup_lots(request: HttpRequest) -> JsonResponse:
    """Lots that hold something, by tag or product; a scanned tag is the first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    q = request.GET.get("q", "").strip()[:200]
    rows = lot_queries.lots(by=by, filters={"q": q}, limit=_LOOKED_AT)
    held = [
        row for row in rows if row.status != "archived" and (row.quantity > 0 or row.weight > 0)
    ]
    held.sort(key=lambda row: row.tag_id != q.upper())
    return JsonResponse({"data": [_offered(row) for row in held[:OFFERED]]})


def _offered(row: LotRow) -> dict[str, Any]:
    weighs = f", {quantity(row.weight, row.weight_unit)}" if row.weight else ""
    state = "" if row.status == "available" else f", {row.status}"
    return {
        "id": str(row.id),
        "label": row.tag_id,
        "hint": f"{row.product_name}, {quantity(row.quantity, row.unit)}{weighs}{state}",
        "quantity": trim(row.quantity),
        "unit": row.unit,
        "weight": trim(row.weight) if row.weight else "",
        "weight_unit": row.weight_unit,
        "product_id": str(row.product_id),
        "product": row.product_name,
    }
