"""Short tasks on an invoice, each a dialog and a page: finalise, send, remind, void (4.13)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.invoicing import actions, queries
from orderwright.invoicing.page import InvoicePage
from orderwright.kernel.errors import Conflict
from orderwright.web.forms import Form, done
from orderwright.web.invoice_list import URL, url_of
from orderwright.web.invoice_next import offers
from orderwright.web.invoice_page import contacts_of
from orderwright.web.road import page

Act = Callable[[Form], InvoicePage]


def finalise(request: HttpRequest, reference: str) -> HttpResponse:
    """Give it its number; its lines stand from then on."""
    by = caller(request)
    found = allowed_invoice(by, reference, "finalise")

    def act(form: Form) -> InvoicePage:
        version = form.whole("version")
        return actions.finalise_invoice(by=by, invoice=found.id, version=version)

    context = {"contacts": contacts_of(by, found.head)}
    return task(request, found, "finalise", act, "{} is final.", context=context)


def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Mail it to the customer, with a message if there is one."""
    by = caller(request)
    found = allowed_invoice(by, reference, "send")

    def act(form: Form) -> InvoicePage:
        return actions.send_invoice(
            by=by,
            invoice=found.id,
            recipients=addresses(form),
            message=form.value("message").replace("\r\n", "\n"),
            version=form.whole("version"),
        )

    start = {"recipients": ", ".join(found.head.sent_to or contacts_of(by, found.head))}
    return task(request, found, "send", act, "{} is on its way.", start=start)


def remind(request: HttpRequest, reference: str) -> HttpResponse:
    """Mail it again: it is not paid."""
    by = caller(request)
    found = allowed_invoice(by, reference, "remind")

    def act(form: Form) -> InvoicePage:
        form.text("recipients", required="Say who is reminded.")
        form.check()
        version = form.whole("version")
        return actions.remind(by=by, invoice=found.id, recipients=addresses(form), version=version)

    start = {"recipients": ", ".join(found.head.sent_to or contacts_of(by, found.head))}
    return task(request, found, "remind", act, "The reminder of {} is on its way.", start=start)


def void(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it back, with a reason; what had settled it is open credit again."""
    by = caller(request)
    found = allowed_invoice(by, reference, "void")

    def act(form: Form) -> InvoicePage:
        reason = form.text("reason", required="Say why, for whoever looks for it later.")
        form.check()
        version = form.whole("version")
        return actions.void_invoice(by=by, invoice=found.id, reason=reason, version=version)

    said = "{} is void." if found.head.number else "The draft is discarded."
    return task(request, found, "void", act, said)


def caller(request: HttpRequest) -> Caller:
    """Who is signed in."""
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


def allowed_invoice(by: Caller, reference: str, action: str) -> InvoicePage:
    """The invoice, if the action may be taken now. Raises Conflict with the sentence why not."""
    found = queries.invoice_page(by, reference)
    offer = offers(found.head, by.permissions)[action]
    if not offer.allowed:
        raise Conflict("not_allowed_now", offer.why_not or "This is not possible now.")
    return found


def addresses(form: Form) -> list[str]:
    """The e-mail addresses that were typed, however they are separated."""
    return [one for one in re.split(r"[\s,;]+", form.value("recipients")) if one]


def task(
    request: HttpRequest,
    found: InvoicePage,
    name: str,
    act: Act,
    said: str,
    *,
    start: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A dialog that asks, acts once and goes back to the invoice; `said` names it."""
    form = Form.of(start or {})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(form)):
            head = form.result.head
            return done(request, url_of(head), said.format(head.title))
        gather_errors(form, "recipients")
    everything = {
        "invoice": found.head,
        "page": found,
        "url": url_of(found.head),
        "form": form,
        "list_url": URL,
        **(context or {}),
    }
    return page(request, f"invoices/{name}.html", everything, status=form.status)


def gather_errors(form: Form, name: str) -> None:
    """Show what is wrong with a part of a field, like its second address, beside the field."""
    of_parts = [key for key in form.errors if key.startswith(f"{name}.")]
    for key in of_parts:
        form.errors.setdefault(name, form.errors.pop(key))
