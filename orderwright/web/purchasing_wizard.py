"""The wizard of purchasing: from notes to a quoted purchase order in four steps (domain 4.2)."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.catalog import supplying
from orderwright.extraction import actions as extraction
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound, Refusal
from orderwright.kernel.text import check_text, refuse_card_numbers
from orderwright.purchasing import new_orders
from orderwright.sales import drafts
from orderwright.sales.drafts import PURCHASE, Draft
from orderwright.web import choices, purchasing_order, review
from orderwright.web.forms import Form, done
from orderwright.web.order_page import sees_prices
from orderwright.web.purchasing_edit import terms
from orderwright.web.purchasing_list import URL
from orderwright.web.purchasing_order import DETAILS, as_uuid
from orderwright.web.road import page
from orderwright.web.wizard_order import line_of

STEPS: Final = ("Supplier and notes", "Requested products", "Timing and prices", "Terms")
DEFAULTS: Final = ("payment_term_id", "shipping_term_id", "carrier_id")
Body = dict[str, Any]


def start(request: HttpRequest) -> HttpResponse:
    """The first step of a draft that is kept as soon as it says something."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("purchase_orders:create")
    staff = choices.staff(by)
    form = Form.of({"order_lead_id": staff[0][0] if len(staff) == 1 else "", **_asked(by, request)})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _first_body(by, form, {})):
            return _go(by, drafts.start_draft(by=by, body=form.result, purpose=PURCHASE), request)
    return _page(request, 1, form, None, {"staff": staff})


def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on where the draft was left."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    draft = drafts.read_draft(by, draft_id, purpose=PURCHASE)
    return redirect(_url(draft, draft.step))


def step(request: HttpRequest, draft_id: UUID, number: int) -> HttpResponse:
    """One step of a draft: show it, or keep it and go on."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("purchase_orders:create")
    draft = drafts.read_draft(by, draft_id, purpose=PURCHASE)
    if draft.order_number is not None:
        return redirect(f"{URL}/{draft.order_number}")
    if not 1 <= number <= len(STEPS):
        raise NotFound("not_found", "There is no such step.")
    return (_first, _products, _details, _terms)[number - 1](request, by, draft)


def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    drafts.discard_draft(by=by, draft_id=draft_id, purpose=PURCHASE)
    return done(request, URL, "The draft is discarded.")


def _first(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of(draft.body)
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _first_body(by, form, draft.body)):
            return _go(by, _keep(by, draft, 2, form.result), request)
    return _page(request, 1, form, draft, {"staff": choices.staff(by)})


def _first_body(by: Caller, form: Form, before: Mapping[str, Any]) -> Body:
    """What the first step knows; new notes are read again, a new supplier brings its terms."""
    supplier_id = form.uuid("supplier_id", required="Choose the supplier.")
    form.uuid("order_lead_id", required="Choose who leads the order.")
    notes = form.value("notes").replace("\r\n", "\n")
    form.check()
    check_text(notes, "notes", longest=new_orders.LONGEST_NOTES)
    refuse_card_numbers(notes, "notes")
    names = ("supplier_id", "supplier_id_text", "order_lead_id")
    body: Body = {**before, **{name: form.value(name) for name in names}, "notes": notes}
    is_other = body["supplier_id"] != before.get("supplier_id")
    if is_other and supplier_id:
        row = supplying.supplier(by=by, record_id=supplier_id).row
        body |= {name: str(getattr(row, name) or "") for name in DEFAULTS}
        body["supplier_id_text"] = row.name
    if is_other or notes != before.get("notes"):
        body |= _proposed(by, notes, supplier_id)
    return body


def _proposed(by: Caller, notes: str, supplier_id: UUID | None) -> Body:
    if not notes.strip():
        return {"rows": [], "unused": [], "warnings": [], "extraction_id": "", "suggestions": {}}
    answer = extraction.propose(by=by, notes=notes, direction="purchase", supplier_id=supplier_id)
    kept = {name: answer.get(name) for name in ("unused", "warnings", "suggestions", "engine")}
    return {**kept, "rows": review.rows_of_answer(answer), "extraction_id": answer["id"]}


def _products(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of({})
    rows = draft.body.get("rows", [])
    if request.method == "POST":
        form = Form.posted(request)
        rows = review.rows_of_form(form)
        if form.flag("again"):
            supplier_id = as_uuid(draft.body.get("supplier_id"))
            fresh = _proposed(by, draft.body.get("notes", ""), supplier_id)
            _keep(by, draft, 2, {**draft.body, **fresh})
            return done(request, _url(draft, 2), "The notes were read again.")
        body = {**draft.body, "rows": rows}
        if form.flag("back") or form.flag("later"):
            _keep(by, draft, 2, body)
            return redirect(URL if form.flag("later") else _url(draft, 1))
        if form.accept(lambda: _check_rows(by, draft, rows)):
            return _go(by, _keep(by, draft, 3, {**body, "lines": form.result}), request)
    notes = draft.body.get("notes", "")
    context = {
        "rows": review.views(rows, form.errors),
        "blank": review.views([{}], {})[0],
        "notes": review.marked_notes(notes, rows),
        "has_notes": bool(notes.strip()),
        "unused": draft.body.get("unused") or [],
        "warnings": draft.body.get("warnings") or [],
        "engine": draft.body.get("engine", ""),
        "row_count": len(rows),
        "accepted_count": sum(bool(row.get("accepted")) for row in rows),
    }
    return _page(request, 2, form, draft, context)


def _check_rows(by: Caller, draft: Draft, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The accepted rows as lines of a purchase; what could not become lines is refused."""
    if not rows:
        raise Invalid("no_rows", "Add at least one product.", fields={"rows": "Add a product."})
    found = review.problems(rows)
    if found:
        raise Invalid("rows_open", "Every row must be accepted before the next step.", fields=found)
    extraction_id = draft.body.get("extraction_id")
    lines: list[dict[str, Any]] = [line_of(row) for row in rows]
    if extraction_id:
        sent = [review.as_sent(row) for row in rows]
        lines = extraction.accept(by=by, extraction_id=UUID(extraction_id), rows=sent)["lines"]
    described = [
        {**line, "description": row.get("description") or None}
        for line, row in zip(lines, rows, strict=True)
    ]
    purchasing_order.quoted(by, {**draft.body, "lines": described})
    return described


def _details(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of({name: draft.body.get(name, "") for name in DETAILS})
    body = draft.body
    may_price = by.may("orders_commercial:update")
    if request.method == "POST":
        form = Form.posted(request)
        typed = {name: form.value(name).strip() for name in form.values if name in DETAILS}
        body = {**draft.body, **typed}
        if may_price:
            body["lines"] = purchasing_order.priced(body.get("lines", []), form)
        if form.flag("back") or form.flag("later"):
            _keep(by, draft, 3, body)
            return redirect(URL if form.flag("later") else _url(draft, 2))
        if form.accept(lambda: _check_details(by, form, body)):
            body["confirmed"] = form.several("confirm")
            return _go(by, _keep(by, draft, 4, body), request)
    suggested = (draft.body.get("suggestions") or {}).items()
    context = {
        **terms(by),
        "suggestions": {name: value for name, value in suggested if value and name in DETAILS},
        **purchasing_order.typed(_preview(by, draft.body), form),
        "sees_prices": sees_prices(by),
        "may_price": may_price,
    }
    return _page(request, 3, form, draft, context)


def _check_details(by: Caller, form: Form, body: Body) -> None:
    required = form.day("date_required", required="Say by when we need it.")
    deadline = form.day("order_deadline")
    form.day("promised_at")
    form.decimal("internal_budget")
    if required and deadline and deadline > required:
        form.errors["order_deadline"] = "The internal deadline is after the date required."
    form.check()
    new_orders.check_date_required(by, required, frozenset(form.several("confirm")))
    purchasing_order.quoted(by, body)


def _terms(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.flag("back"):
            return redirect(_url(draft, 3))
        if form.accept(lambda: purchasing_order.submit(by, draft, form)):
            number = form.result
            said = f"{number} is entered. Issue it when it is right."
            return done(request, f"{URL}/{number}", said)
    lead = as_uuid(draft.body.get("order_lead_id"))
    context = {
        **_preview(by, draft.body),
        "body": draft.body,
        "sees_prices": sees_prices(by),
        "lead": choices.name_in(choices.staff(by), lead),
    }
    return _page(request, 4, form, draft, context)


def _preview(by: Caller, body: Mapping[str, Any]) -> dict[str, Any]:
    """The lines with their prices, or why there are none."""
    try:
        return {"quote": purchasing_order.quoted(by, body), "problem": ""}
    except Refusal as refusal:
        return {"quote": None, "problem": refusal.message}


def _asked(by: Caller, request: HttpRequest) -> dict[str, str]:
    """The supplier from whose page the wizard was started."""
    supplier_id = as_uuid(request.GET.get("supplier"))
    if supplier_id is None:
        return {}
    row = supplying.supplier(by=by, record_id=supplier_id).row
    return {"supplier_id": str(row.id), "supplier_id_text": row.name}


def _page(
    request: HttpRequest,
    number: int,
    form: Form,
    draft: Draft | None,
    context: Mapping[str, Any],
) -> HttpResponse:
    reached = draft.step if draft else 1
    steps = [
        {
            "number": index,
            "text": text,
            "url": _url(draft, index) if draft and index <= reached and index != number else "",
            "is_here": index == number,
            "is_done": index < reached,
        }
        for index, text in enumerate(STEPS, start=1)
    ]
    shared = {"form": form, "draft": draft, "steps": steps, "number": number, "buys": True}
    folder = "sales" if number == 2 else "purchasing"
    template = f"{folder}/wizard_{number}.html"
    return page(request, template, {**shared, **context}, status=form.status)


def _keep(by: Caller, draft: Draft, number: int, body: Mapping[str, Any]) -> Draft:
    return drafts.save_draft(by=by, draft_id=draft.id, step=number, body=body, purpose=PURCHASE)


def _go(by: Caller, draft: Draft, request: HttpRequest) -> HttpResponse:
    """To the next step, or to the list when the person goes on later."""
    if request.POST.get("later"):
        return done(request, URL, "The draft is kept for 30 days.")
    if draft.step < 2:
        draft = _keep(by, draft, 2, draft.body)
    return redirect(_url(draft, draft.step))


def _url(draft: Draft, number: int) -> str:
    return f"{URL}/new/{draft.id}/{number}"
