"""E-mails: one of the log and sending it again; how the organization words them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from orderwright.directory import account
from orderwright.directory import queries as directory
from orderwright.documents import emails, wordings
from orderwright.documents.mail_templates import TEMPLATES, MailTemplate, Wording
from orderwright.documents.statement_mails import StatementAsk, mail_statement
from orderwright.identity.caller import Caller
from orderwright.web.email_parts import views_of
from orderwright.web.forms import Form, done
from orderwright.web.invoice_actions import addresses
from orderwright.web.road import page

URL: Final = "/settings/emails"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A kind of e-mail in the list of settings."""

    template: MailTemplate
    subject: str
    is_own: bool


def email(request: HttpRequest, email_id: UUID) -> HttpResponse:
    """What an e-mail said, to whom it went, and what became of it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    (shown,) = views_of(by, [emails.email(by, email_id)])
    return page(request, "emails/one.html", {"mail": shown})


def resend(request: HttpRequest, email_id: UUID) -> HttpResponse:
    """Send it again, to the same or to other addresses."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    (shown,) = views_of(by, [emails.email(by, email_id)])
    form = Form.of({"recipients": shown.to})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: emails.resend(by=by, email_id=email_id, recipients=addresses(form))):
            return done(request, _back(request), "The e-mail is on its way.")
    return page(request, "emails/resend.html", {"mail": shown, "form": form}, status=form.status)


def send_statement(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Mail a customer its statement of the days of the address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("invoices:update", "payments:read")
    found = directory.customer(by=by, record_id=customer_id)
    days = Form(values={name: request.GET.getlist(name) for name in request.GET})
    first, until = days.day("from"), days.day("to")
    days.check()
    to = [one.email for one in found.contacts if one.invoice and one.email]
    form = Form.of({"recipients": ", ".join(to)})
    if request.method == "POST":
        form = Form.posted(request)
        asked = StatementAsk(
            addresses(form), first, until, form.value("message").replace("\r\n", "\n")
        )
        if form.accept(lambda: mail_statement(by=by, customer_id=customer_id, asked=asked)):
            at = f"/customers/{customer_id}/statement?{request.GET.urlencode()}"
            return done(request, at, "The statement is on its way.")
    context = {"customer": found.row, "form": form, "first": first, "until": until}
    return page(request, "emails/send_statement.html", context, status=form.status)


def templates(request: HttpRequest) -> HttpResponse:
    """Every kind of e-mail, with how it begins."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    own = wordings.own_wordings(by)
    rows = [
        TemplateRow(one, own[key][0].subject if key in own else one.wording.subject, key in own)
        for key, one in TEMPLATES.items()
    ]
    return page(request, "emails/templates.html", {"rows": rows})


def template(request: HttpRequest, key: str) -> HttpResponse:
    """The wording of one kind: change it, look at it, try it on oneself."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    own = wordings.own_wordings(by)
    known = wordings.template(key)
    said, version = own.get(key, (known.wording, 0))
    form = Form.of({"subject": said.subject, "text": said.text, "version": version})
    shown: Wording | None = wordings.previewed(by, known, said)
    if request.method == "POST":
        by.must("settings:update")
        form, shown = Form.posted(request), None
        answer = _asked(request, by, known, form)
        if answer is not None:
            return answer
        shown = form.result if isinstance(form.result, Wording) else None
    context = {
        "template": known,
        "form": form,
        "shown": shown,
        "is_own": key in own,
        "may_save": by.may("settings:update"),
        "own_address": _own_address(by),
    }
    return page(request, "emails/template.html", context, status=form.status)


def _asked(
    request: HttpRequest, by: Caller, known: MailTemplate, form: Form
) -> HttpResponse | None:
    """What the pressed button asks for; None to show the page again."""
    subject, text = form.value("subject"), form.value("text")
    wish = form.value("do")
    if wish == "preview":
        form.accept(lambda: wordings.previewed(by, known, wordings.typed(known, subject, text)))
        return None
    if wish == "test":
        to = _own_address(by)
        if form.accept(
            lambda: wordings.send_test(by=by, key=known.key, subject=subject, text=text, to=to)
        ):
            form.result = wordings.previewed(by, known, wordings.typed(known, subject, text))
            messages.success(request, f"A test is on its way to {to}.")
        return None
    if wish == "reset":
        subject = text = ""
    if form.accept(
        lambda: wordings.change_wording(
            by=by, key=known.key, subject=subject, text=text, version=form.whole("version")
        )
    ):
        return done(request, f"{URL}/{known.key}", "The wording is saved.")
    return None


def _back(request: HttpRequest) -> str:
    """The page that asked, if it is one of ours."""
    asked = request.GET.get("back", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if ours else "/"


def _own_address(by: Caller) -> str:
    return account.profile(by=by).email if by.actor.kind == "user" else ""
