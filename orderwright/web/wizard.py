"""The wizard: from a customer's notes to an estimate in four steps, kept as a draft (4.1)."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.directory import queries as directory
from orderwright.extraction import actions as extraction
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound, Refusal
from orderwright.kernel.text import check_text, refuse_card_numbers
from orderwright.sales import drafts, new_orders
from orderwright.sales.drafts import Draft
from orderwright.web import choices, review
from orderwright.web.forms import Form, done
from orderwright.web.order_page import sees_prices
from orderwright.web.places import ADDRESS
from orderwright.web.road import page
from orderwright.web.wizard_order import (
    DEFAULTS,
    as_uuid,
    customer_of,
    line_of,
    preview,
    quote_of,
    submit,
)

STEPS: Final = ("Customer and notes", "Requested products", "Order details", "Terms")
EXAMPLE: Final = (
    "Need 25 pcs round diamond 1.2mm, about 3.5 ct total, VS quality; 10 gold rings size 7 US, "
    "18k yellow. Also 2 kg silver grain. Rush - deliver by 15 Dec."
)
DETAILS: Final = (
    "date_required",
    "order_deadline",
    "promised_at",
    "customer_po_number",
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "carrier_option_id",
    "priority",
    "sales_rep_id",
    "discount_code",
    "currency",
    "internal_budget",
    *(f"{place}_{name}" for place in ("ship_to", "bill_to") for name in ADDRESS),
)
Body = dict[str, Any]


def start(request: HttpRequest) -> HttpResponse:
    """The first step of a draft that is kept as soon as it says something."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:create")
    form = Form.of({"order_lead_id": _only(choices.staff(by))})
    if request.method != "POST":
        return _first_page(request, by, form, None)
    form = Form.posted(request)
    if form.accept(lambda: _first_body(by, form, {})):
        draft = drafts.start_draft(by=by, body=form.result)
        return _go(by, draft, request)
    return _first_page(request, by, form, None)


def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on where the draft was left."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    draft = drafts.read_draft(by, draft_id)
    if draft.order_number is not None:
        return redirect(f"/orders/sales/{draft.order_number}")
    return redirect(_url(draft, draft.step))


def step(request: HttpRequest, draft_id: UUID, number: int) -> HttpResponse:
    """One step of a draft: show it, or keep it and go on."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    draft = drafts.read_draft(by, draft_id)
    if draft.order_number is not None:
        return redirect(f"/orders/sales/{draft.order_number}")
    if not 1 <= number <= len(STEPS):
        raise NotFound("not_found", "There is no such step.")
    return (_first, _products, _details, _terms)[number - 1](request, by, draft)


def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    drafts.discard_draft(by=request.caller, draft_id=draft_id)  # type: ignore[attr-defined]
    return done(request, "/orders/sales", "The draft is discarded.")


# ---------- Step 1: customer and notes ----------


def _first(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of(draft.body)
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _first_body(by, form, draft.body)):
            kept = drafts.save_draft(by=by, draft_id=draft.id, step=2, body=form.result)
            return _go(by, kept, request)
    return _first_page(request, by, form, draft)


def _first_page(request: HttpRequest, by: Caller, form: Form, draft: Draft | None) -> HttpResponse:
    held = _held(by, form)
    context = {"staff": choices.staff(by), "example": EXAMPLE, "held": held}
    return _page(request, 1, form, draft, context)


def _first_body(by: Caller, form: Form, before: Mapping[str, Any]) -> Body:
    """What the first step knows; new notes are read again, a new customer brings its terms."""
    customer_id = form.uuid("customer_id", required="Choose the customer.")
    form.uuid("order_lead_id", required="Choose who leads the order.")
    notes = form.value("notes").replace("\r\n", "\n")
    form.check()
    check_text(notes, "notes", longest=new_orders.LONGEST_NOTES)
    refuse_card_numbers(notes, "notes")
    body: Body = {
        **before,
        "customer_id": form.value("customer_id"),
        "customer_id_text": form.value("customer_id_text"),
        "order_lead_id": form.value("order_lead_id"),
        "notes": notes,
    }
    if customer_id and body["customer_id"] != before.get("customer_id"):
        body |= _terms_of(by, customer_id, before)
    if notes != before.get("notes") or body["customer_id"] != before.get("customer_id"):
        body |= _proposed(by, notes, customer_id)
    return body


def _terms_of(by: Caller, customer_id: UUID, before: Mapping[str, Any]) -> Body:
    """The customer's defaults; what a person typed over the former ones stays."""
    row = directory.customer(by=by, record_id=customer_id).row
    former = before.get("defaults", {})
    fresh = {name: str(getattr(row, name) or "") for name in DEFAULTS}
    kept = {
        name: before[name]
        for name in DEFAULTS
        if before.get(name) and before.get(name) != former.get(name)
    }
    return {**fresh, **kept, "defaults": fresh, "customer_status": row.status}


def _proposed(by: Caller, notes: str, customer_id: UUID | None) -> Body:
    if not notes.strip():
        return {"rows": [], "unused": [], "warnings": [], "extraction_id": "", "suggestions": {}}
    answer = extraction.propose(by=by, notes=notes, customer_id=customer_id)
    return {
        "rows": review.rows_of_answer(answer),
        "unused": answer.get("unused", []),
        "warnings": answer.get("warnings", []),
        "suggestions": answer.get("suggestions", {}),
        "engine": answer.get("engine", ""),
        "extraction_id": answer["id"],
    }


# ---------- Step 2: requested products ----------


def _products(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of({})
    rows = draft.body.get("rows", [])
    if request.method == "POST":
        form = Form.posted(request)
        rows = review.rows_of_form(form)
        if form.flag("again"):
            fresh = _proposed(by, draft.body.get("notes", ""), customer_of(draft))
            body = {**draft.body, **fresh}
            drafts.save_draft(by=by, draft_id=draft.id, step=2, body=body)
            return done(request, _url(draft, 2), "The notes were read again.")
        body = {**draft.body, "rows": rows}
        if form.flag("back") or form.flag("later"):
            drafts.save_draft(by=by, draft_id=draft.id, step=2, body=body)
            return redirect("/orders/sales" if form.flag("later") else _url(draft, 1))
        if form.accept(lambda: _check_rows(by, draft, rows)):
            kept = drafts.save_draft(
                by=by, draft_id=draft.id, step=3, body={**body, "lines": form.result}
            )
            return _go(by, kept, request)
    notes = draft.body.get("notes", "")
    context = {
        "rows": review.views(rows, form.errors),
        "blank": review.views([{}], {})[0],
        "notes": review.marked_notes(notes, rows),
        "has_notes": bool(notes.strip()),
        "unused": draft.body.get("unused", []),
        "warnings": draft.body.get("warnings", []),
        "engine": draft.body.get("engine", ""),
        "row_count": len(rows),
        "accepted_count": sum(bool(row.get("accepted")) for row in rows),
    }
    return _page(request, 2, form, draft, context)


def _check_rows(by: Caller, draft: Draft, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The accepted rows as order lines; what was corrected is learned."""
    if not rows:
        raise Invalid("no_rows", "Add at least one product.", fields={"rows": "Add a product."})
    found = review.problems(rows)
    if found:
        raise Invalid("rows_open", "Every row must be accepted before the next step.", fields=found)
    sent = [review.as_sent(row) for row in rows]
    extraction_id = draft.body.get("extraction_id")
    if extraction_id:
        answer = extraction.accept(by=by, extraction_id=UUID(extraction_id), rows=sent)
        lines: list[dict[str, Any]] = answer["lines"]
    else:
        lines = [line_of(row) for row in rows]
    described = [
        {**line, "description": row.get("description") or None}
        for line, row in zip(lines, rows, strict=True)
    ]
    quote_of(by, draft, described)  # refuses what could not become lines
    return described


# ---------- Step 3: details ----------


def _details(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of({name: draft.body.get(name, "") for name in DETAILS})
    if request.method == "POST":
        form = Form.posted(request)
        body = {
            **draft.body,
            **{name: form.value(name).strip() for name in form.values if name in DETAILS},
        }
        if form.flag("back") or form.flag("later"):
            drafts.save_draft(by=by, draft_id=draft.id, step=3, body=body)
            return redirect("/orders/sales" if form.flag("later") else _url(draft, 2))
        if form.accept(lambda: _check_details(by, draft, form, body)):
            body["confirmed"] = form.several("confirm")
            kept = drafts.save_draft(by=by, draft_id=draft.id, step=4, body=body)
            return _go(by, kept, request)
    quote, problem = preview(by, draft, form.value("discount_code"))
    context = {
        "payment_terms": choices.payment_terms(by),
        "shipping_terms": choices.shipping_terms(by),
        "carriers": choices.carriers(by),
        "carrier_options": choices.carrier_options(by),
        "staff": choices.staff(by),
        "priorities": choices.PRIORITIES,
        "suggestions": {
            name: value for name, value in draft.body.get("suggestions", {}).items() if value
        },
        "quote": quote,
        "problem": problem,
        "sees_prices": sees_prices(by),
        "may_price": by.may("orders_commercial:update"),
    }
    return _page(request, 3, form, draft, context)


def _check_details(by: Caller, draft: Draft, form: Form, body: Body) -> None:
    required = form.day("date_required", required="Say by when the customer needs it.")
    deadline = form.day("order_deadline")
    form.day("promised_at")
    form.decimal("internal_budget")
    if required and deadline and deadline > required:
        form.errors["order_deadline"] = "The internal deadline is after the date required."
    form.check()
    new_orders.check_date_required(by, required, frozenset(form.several("confirm")))
    quote_of(by, draft, body.get("lines", []), code=body.get("discount_code"))


# ---------- Step 4: terms ----------


def _terms(request: HttpRequest, by: Caller, draft: Draft) -> HttpResponse:
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.flag("back"):
            return redirect(_url(draft, 3))
        if form.accept(lambda: submit(by, draft, form)):
            number = form.result.head.number
            return done(
                request,
                f"/orders/sales/{number}",
                f"{number} is entered. Issue it when it is right.",
            )
    quote, problem = preview(by, draft, draft.body.get("discount_code"))
    context = {
        "quote": quote,
        "problem": problem,
        "body": draft.body,
        "sees_prices": sees_prices(by),
        "lead": choices.name_in(choices.staff(by), as_uuid(draft.body.get("order_lead_id"))),
    }
    return _page(request, 4, form, draft, context)


# ---------- Shared ----------


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
    everything = {"form": form, "draft": draft, "steps": steps, "number": number, **context}
    return page(request, f"sales/wizard_{number}.html", everything, status=form.status)


def _go(by: Caller, draft: Draft, request: HttpRequest) -> HttpResponse:
    """To the next step, or to the list when the person goes on later."""
    if request.POST.get("later"):
        return done(request, "/orders/sales", "The draft is kept for 30 days.")
    number = max(2, draft.step)
    if number == 2 and draft.step < 2:
        drafts.save_draft(by=by, draft_id=draft.id, step=2, body=draft.body)
    return redirect(_url(draft, number))


def _url(draft: Draft, number: int) -> str:
    return f"/orders/sales/new/{draft.id}/{number}"


def _held(by: Caller, form: Form) -> str:
    customer_id = as_uuid(form.value("customer_id"))
    if customer_id is None:
        return ""
    try:
        return directory.customer(by=by, record_id=customer_id).row.status
    except Refusal:
        return ""


def _only(found: list[tuple[str, str]]) -> str:
    return found[0][0] if len(found) == 1 else ""
