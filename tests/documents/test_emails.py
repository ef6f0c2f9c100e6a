"""Every e-mail is kept with its outcome, can be sent again, and is worded by who runs the house."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import override_settings

from orderwright.activity.models import Event
from orderwright.directory.models import Contact
from orderwright.documents import actions, emails, outbox, wordings
from orderwright.documents.models import EmailMessage
from orderwright.documents.statement_mails import (
    StatementAsk,
    deliver_statement,
    mail_statement,
)
from orderwright.identity.caller import Caller
from orderwright.identity.queries import caller_for_job
from orderwright.invoicing import actions as invoicing
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from orderwright.kernel.ids import new_id
from tests.documents.pdf_text import text_of
from tests.documents.test_invoice_documents import words
from tests.invoicing.billing_desk import Billing, open_billing
from tests.sales.desk import counted

pytestmark = pytest.mark.django_db
REFUSING = "tests.documents.test_actions.Refusing"


def desk_with_contact() -> Billing:
    """A customer whose contact wants confirmations and invoices."""
    desk = open_billing()
    Contact.objects.create(
        organization_id=desk.by.organization_id,
        customer_id=desk.customer,
        first_name="Bo",
        last_name="Li",
        email="bo@acme.example",
        order_confirmation=True,
        invoice=True,
    )
    return desk


def now_of(desk: Billing) -> Caller:
    """The caller with the organization's settings as they are now."""
    told = caller_for_job(desk.company.id, now=desk.by.now)
    desk.company.enter()
    return replace(desk.by, organization=told.organization)


def sent_invoice(desk: Billing) -> Any:
    """An invoice that its job mailed."""
    ring = desk.product(sku="RING", name="Ring", base_price="40")
    invoice = desk.final(desk.shipped({ring: 3}, customer_po_number="PO-7"))
    invoicing.send_invoice(by=desk.by, invoice=invoice.id, message="Thank you.")
    deliver(desk, invoice.id, "invoice.sent")
    return invoice


def deliver(desk: Billing, invoice_id: UUID, event_type: str) -> None:
    event = Event.objects.of(desk.by.organization_id).get(type=event_type, subject_id=invoice_id)
    actions.send_invoice(by=desk.by, invoice_id=invoice_id, event_id=event.pk)


def queued(desk: Billing) -> list[EmailMessage]:
    return list(EmailMessage.objects.of(desk.by.organization_id).order_by("pk"))


def test_an_invoice_leaves_with_its_document_as_text_and_as_html() -> None:
    desk = desk_with_contact()
    sent_invoice(desk)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bo@acme.example"], "Invoice INV-00001")
    assert "for your order SO-00001 (your PO PO-7).\n\nThank you.\n" in message.body
    ((name, content, kind),) = message.attachments
    assert (name, kind) == ("invoice-INV-00001.pdf", "application/pdf")
    assert "InvoiceINV-00001" in text_of(content)
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((html, html_kind),) = message.alternatives
    assert html_kind == "text/html"
    assert "Thank you." in str(html)


def test_a_reminder_brings_the_document_too() -> None:
    desk = desk_with_contact()
    invoice = sent_invoice(desk)
    invoicing.remind(by=desk.by, invoice=invoice.id)
    deliver(desk, invoice.id, "invoice.reminded")
    message = mail.outbox[-1]
    assert message.subject == "Reminder: invoice INV-00001"
    assert [one[0] for one in message.attachments] == ["invoice-INV-00001.pdf"]


def test_the_log_of_an_order_tells_each_e_mail_with_its_outcome() -> None:
    desk = desk_with_contact()
    invoice = sent_invoice(desk)
    invoicing.remind(by=desk.by, invoice=invoice.id)
    refusing = override_settings(EMAIL_BACKEND=REFUSING)
    with refusing, pytest.raises(OSError, match="nobody listens"):
        deliver(desk, invoice.id, "invoice.reminded")
    order = desk.invoice(invoice).head.order_id
    assert order is not None
    with counted() as statements:
        found = emails.emails_of(desk.by, order)
    assert statements == [1]
    assert [(one.name, one.status, one.failure) for one in found] == [
        ("Reminder", "failed", "ConnectionRefusedError: nobody listens"),
        ("Invoice", "sent", ""),
    ]
    assert [one.recipients for one in found] == [["bo@acme.example"]] * 2
    assert emails.emails_of(desk.by, order, about_id=invoice.id) == found
    assert emails.emails_of(desk.acting_as("Warehouse").by, order) == []


def test_an_e_mail_goes_out_again_to_the_same_or_to_others() -> None:
    desk = desk_with_contact()
    invoice = sent_invoice(desk)
    (first,) = queued(desk)
    again = emails.resend(by=desk.by, email_id=first.pk)
    other = emails.resend(by=desk.by, email_id=first.pk, recipients=["al@acme.example"])
    for one in (again, other):
        actions.deliver_queued(by=desk.by, message_id=one.id)
        actions.deliver_queued(by=desk.by, message_id=one.id)
    assert [one.to for one in mail.outbox] == [
        ["bo@acme.example"],
        ["bo@acme.example"],
        ["al@acme.example"],
    ]
    assert [len(one.attachments) for one in mail.outbox] == [1, 1, 1]
    assert {one.effect_key.partition(":")[0] for one in queued(desk)} == {"invoice.sent", "resend"}
    assert {one.about_id for one in queued(desk)} == {invoice.id}


@pytest.mark.parametrize(
    ("recipients", "code"),
    [([], "no_recipients"), ([""], "invalid_email"), (["nobody"], "invalid_email")],
)
def test_sending_again_to_nobody_is_refused_and_writes_nothing(
    recipients: list[str], code: str
) -> None:
    desk = desk_with_contact()
    sent_invoice(desk)
    (first,) = queued(desk)
    events = Event.objects.of(desk.by.organization_id).count()
    with pytest.raises(Invalid) as refused:
        emails.resend(by=desk.by, email_id=first.pk, recipients=recipients)
    assert refused.value.code == code
    assert [name.partition(".")[0] for name in refused.value.fields] == ["recipients"]
    assert queued(desk) == [first]
    assert Event.objects.of(desk.by.organization_id).count() == events


def test_only_who_may_change_invoices_sends_one_again() -> None:
    desk = desk_with_contact()
    sent_invoice(desk)
    (first,) = queued(desk)
    with pytest.raises(Forbidden):
        emails.resend(by=desk.acting_as("Viewer").by, email_id=first.pk)
    with pytest.raises(NotFound):
        emails.resend(by=desk.acting_as("Warehouse").by, email_id=first.pk)
    with pytest.raises(NotFound):
        emails.resend(by=desk.by, email_id=new_id())


def test_nothing_is_queued_without_a_recipient() -> None:
    desk = open_billing()
    with pytest.raises(Invalid, match="Nobody would get this e-mail"):
        outbox.queue(
            desk.by,
            effect_key="x",
            topic_id=new_id(),
            template="test",
            recipients=["", ""],
            subject="S",
            text="T",
        )
    assert queued(desk) == []


def shipped_away(desk: Billing, *, tell: bool) -> UUID:
    settings = {"settings": {"shipping.notify_customer": tell}}
    desk.company.api().patch("/organization", settings)
    desk.company.enter()
    order = desk.issued({desk.product(sku="RING", name="Ring"): 3})
    return desk.ship_some(order, 2)


def test_a_shipment_that_leaves_is_told_once_with_what_tracks_it() -> None:
    desk = desk_with_contact()
    shipment = shipped_away(desk, tell=True)
    for _ in range(2):
        actions.send_shipment_notice(by=now_of(desk), shipment_id=shipment)
    (message,) = mail.outbox
    assert message.to == ["bo@acme.example"]
    assert message.subject == "Order SO-00001 is on its way"
    assert "Tracking number 1Z" in message.body
    assert "         2 pcs    Ring" in message.body
    assert message.attachments == []


def test_no_shipment_is_told_where_nobody_wants_that_or_nobody_is_named() -> None:
    quiet = desk_with_contact()
    actions.send_shipment_notice(by=now_of(quiet), shipment_id=shipped_away(quiet, tell=False))
    assert mail.outbox == []


def test_a_shipment_without_contacts_is_told_to_nobody() -> None:
    desk = open_billing()
    actions.send_shipment_notice(by=now_of(desk), shipment_id=shipped_away(desk, tell=True))
    actions.send_shipment_notice(by=now_of(desk), shipment_id=new_id())
    assert (mail.outbox, queued(desk)) == ([], [])


def test_the_organizations_wording_is_what_customers_read() -> None:
    desk = desk_with_contact()
    wordings.change_wording(
        by=desk.by,
        key="invoice_sent",
        subject="Rechnung {{ invoice.number }}",
        text="Guten Tag {{ customer.name }},\n\n{{ message }}\n\n{{ invoice.total }}",
    )
    sent_invoice(desk)
    (message,) = mail.outbox
    assert message.subject == "Rechnung INV-00001"
    assert message.body == "Guten Tag Acme,\n\nThank you.\n\n120.00 USD\n"
    (event,) = Event.objects.of(desk.by.organization_id).filter(type="email_template.changed")
    assert event.body["template"] == "Invoice"
    assert event.body["after"]["subject"] == "Rechnung {{ invoice.number }}"


def test_a_wording_that_is_emptied_reads_as_it_comes_again() -> None:
    desk = open_billing()
    changed = wordings.change_wording(by=desk.by, key="statement", subject="Hello", text="")
    assert changed.subject == "Hello"
    assert wordings.own_wordings(desk.by)["statement"][1] == 1
    back = wordings.change_wording(by=desk.by, key="statement", subject="", text="", version=1)
    assert back == wordings.template("statement").wording
    with pytest.raises(Conflict, match="Somebody changed this wording"):
        wordings.change_wording(by=desk.by, key="statement", subject="X", text="", version=1)


def test_wordings_are_an_administrators() -> None:
    desk = open_billing()
    other = desk.acting_as("Finance").by
    for act in (wordings.change_wording,):
        with pytest.raises(Forbidden):
            act(by=other, key="statement", subject="X", text="")
    with pytest.raises(NotFound):
        wordings.change_wording(by=desk.by, key="nonsense", subject="X", text="")


def test_a_test_goes_to_oneself_with_sample_values() -> None:
    desk = open_billing()
    made = wordings.send_test(
        by=desk.by, key="invoice_sent", subject="", text="{{ invoice.total }}", to="me@x.example"
    )
    actions.deliver_queued(by=desk.by, message_id=made)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["me@x.example"], "Test: Invoice INV-00042")
    assert message.body == "465.00 USD\n"


def test_a_statement_goes_to_whom_it_is_sent_with_its_document() -> None:
    desk = desk_with_contact()
    desk.final(desk.shipped({desk.product(sku="RING", base_price="40"): 3}))
    asked = StatementAsk(["al@acme.example"], message="Please check.")
    sent = mail_statement(by=desk.by, customer_id=desk.customer, asked=asked)
    event = Event.objects.of(desk.by.organization_id).get(type="statement.sent")
    for _ in range(2):
        deliver_statement(by=now_as_system(desk), message_id=sent.id, event_id=event.pk)
    (message,) = mail.outbox
    assert message.to == ["al@acme.example"]
    assert "Please check.\n\nBalance 120.00 USD\n" in message.body
    ((name, content, _),) = message.attachments
    assert name.startswith("statement-")
    assert "Invoice INV-00001, SO-00001" in words(content)
    with pytest.raises(Conflict, match="sent anew from its own page"):
        emails.resend(by=desk.by, email_id=sent.id)


def test_a_statement_to_nobody_is_refused_and_writes_nothing() -> None:
    desk = open_billing()
    with pytest.raises(Invalid, match="Nobody would get this e-mail"):
        mail_statement(by=desk.by, customer_id=desk.customer, asked=StatementAsk([]))
    assert queued(desk) == []


def now_as_system(desk: Billing) -> Caller:
    """Whom jobs run as."""
    return caller_for_job(desk.company.id, now=desk.by.now)


def test_the_same_over_the_api() -> None:
    desk = desk_with_contact()
    invoice = sent_invoice(desk)
    api = desk.company.api()
    (shown,) = api.get(f"/sales-orders/{invoice.head.order_number}/emails").body["data"]
    assert (shown["template"], shown["status"]) == ("invoice_sent", "sent")
    again = api.post(f"/emails/{shown['id']}/actions/resend", {"recipients": ["al@acme.example"]})
    assert (again.status, again.body["status"]) == (200, "queued")
    nobody = api.post(f"/emails/{shown['id']}/actions/resend", {"recipients": []})
    assert (nobody.status, nobody.body["code"]) == (422, "no_recipients")
    at = f"/customers/{desk.customer}/actions/send-statement"
    asked = {"recipients": ["al@acme.example"], "from": "2026-01-01", "to": "2026-03-31"}
    told = api.post(at, asked)
    assert (told.status, told.body["subject"]) == (200, "Statement of 2026-03-31")
    assert api.post(at, {**asked, "to": "2025-01-01"}).body["code"] == "invalid_days"
    wording = {"subject": "{{ nobody }}", "text": ""}
    refused = api.patch("/email-templates/statement", wording)
    assert (refused.status, refused.body["code"]) == (422, "unknown_field")
    kinds = [one["key"] for one in api.get("/email-templates").body["data"]]
    assert kinds == [
        "acknowledgement",
        "shipment_notice",
        "invoice_sent",
        "invoice_reminded",
        "purchase_order",
        "statement",
    ]
