"""E-mails over HTTP: the log of an order, sending one again, and how e-mails are worded."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from orderwright.api.answers import about, answer, caller, needs
from orderwright.api.body_types import Body, Day, Versioned
from orderwright.directory import queries as directory
from orderwright.documents import emails, wordings
from orderwright.documents.emails import EmailRow
from orderwright.documents.mail_templates import TEMPLATES
from orderwright.documents.statement_mails import StatementAsk, mail_statement
from orderwright.identity.caller import Caller
from orderwright.sales import queries as sales

router = Router(tags=["E-mails"])
READ, UPDATE = "settings:read", "settings:update"


class ResendBody(Body):
    """To whom; without recipients to the same as before."""

    recipients: list[str] | None = None


class WordingBody(Versioned):
    """A wording; what is empty reads as it comes."""

    subject: str = ""
    text: str = ""


class SendStatementBody(Body):
    """To whom, of which days, with which words."""

    recipients: list[str] = []
    first: Day | None = Field(None, alias="from")
    until: Day | None = Field(None, alias="to")
    message: str = ""

    def read(self) -> StatementAsk:
        """What the action takes."""
        return StatementAsk(self.recipients, self.first, self.until, self.message)


def show_email(one: EmailRow) -> dict[str, Any]:
    """An e-mail of the log."""
    return {name: getattr(one, name) for name in EmailRow.__slots__}


def show_templates(by: Caller) -> list[dict[str, Any]]:
    """Every kind of e-mail with its wording; version 0 is the one that it comes with."""
    own = wordings.own_wordings(by)
    found = []
    for key, known in TEMPLATES.items():
        said, version = own.get(key, (known.wording, 0))
        found.append(
            {
                "key": key,
                "name": known.name,
                "subject": said.subject,
                "text": said.text,
                "version": version,
                "fields": list(known.samples),
            }
        )
    return found


@router.get("/sales-orders/{reference}/emails")
@needs("sales_orders:read")
def emails_of_order(request: HttpRequest, reference: str) -> HttpResponse:
    """The e-mails about an order that the caller may read, newest first."""
    by = caller(request)
    found = emails.emails_of(by, sales.order_page(by, reference).id)
    return answer({"data": [show_email(one) for one in found], "next_cursor": None})


@router.post("/emails/{email_id}/actions/resend")
@needs("sales_orders:read")
@about(lambda by, email_id: emails.email(by, UUID(email_id)))
def resend(request: HttpRequest, email_id: UUID, body: ResendBody) -> HttpResponse:
    """Send an e-mail again; it takes the permission of what it tells (an invoice:
    `invoices:update`)."""
    made = emails.resend(by=caller(request), email_id=email_id, recipients=body.recipients)
    return answer(show_email(made))


@router.post("/customers/{customer_id}/actions/send-statement")
@needs("invoices:update")
@about(lambda by, customer_id: directory.customer(by=by, record_id=UUID(customer_id)))
def send_statement(
    request: HttpRequest, customer_id: UUID, body: SendStatementBody
) -> HttpResponse:
    """Mail a customer its statement, of 90 days unless said otherwise."""
    made = mail_statement(by=caller(request), customer_id=customer_id, asked=body.read())
    return answer(show_email(made))


@router.get("/email-templates")
@needs(READ)
def email_templates(request: HttpRequest) -> HttpResponse:
    """Every kind of e-mail with its wording and its fields."""
    return answer({"data": show_templates(caller(request)), "next_cursor": None})


@router.patch("/email-templates/{key}")
@needs(UPDATE)
@about(lambda by, key: wordings.template(key))
def change_template(request: HttpRequest, key: str, body: WordingBody) -> HttpResponse:
    """Word an e-mail; an unknown field is 422 `unknown_field` with those that there are."""
    by = caller(request)
    wordings.change_wording(
        by=by, key=key, subject=body.subject, text=body.text, version=body.version
    )
    (found,) = [one for one in show_templates(by) if one["key"] == key]
    return answer(found)
