"""An issued order is acknowledged by e-mail: once, and whatever the mail server does."""

from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings

from orderwright.activity.models import Event
from orderwright.directory.models import Contact
from orderwright.documents import actions, texts
from orderwright.documents.models import EmailMessage
from orderwright.kernel.ids import new_id
from orderwright.sales import actions as sales
from orderwright.sales import edits, removal
from orderwright.sales.page import OrderPage
from tests.documents.pdf_text import text_of
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db


class Refusing(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


def acknowledged(desk: Desk, **fields: Any) -> OrderPage:
    """An order of a customer who wants confirmations, issued with one."""
    Contact.objects.create(
        organization_id=desk.by.organization_id,
        customer_id=desk.customer,
        first_name="Bo",
        last_name="Li",
        email="bo@acme.example",
        order_confirmation=True,
    )
    order = desk.order({desk.product(sku="GEM", name="Round Diamond"): 80}, **fields)
    return sales.issue_order(by=desk.by, order=order.id, notify_customer=True)


def event_of(desk: Desk, order: OrderPage) -> Any:
    return Event.objects.of(desk.by.organization_id).get(
        type="sales_order.issued", subject_id=order.id
    )


def send(desk: Desk, order: OrderPage) -> None:
    event = event_of(desk, order)
    actions.send_acknowledgement(by=desk.by, order_id=order.id, event_id=event.pk)


def test_the_contacts_get_what_was_ordered_and_what_it_costs() -> None:
    desk = open_desk()
    order = acknowledged(desk, customer_po_number="PO-7")
    assert order.head.acknowledgment_status == "sent"
    send(desk, order)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bo@acme.example"], "Order SO-00001 (your PO PO-7)")
    assert "        80 pcs    Round Diamond  800.00 USD" in message.body
    assert "Total               800.00 USD" in message.body
    assert "1 Main Street" in message.body


def test_the_order_comes_along_as_a_document() -> None:
    desk = open_desk()
    send(desk, acknowledged(desk))
    ((name, content, kind),) = mail.outbox[0].attachments
    assert (name, kind) == ("order-acknowledgement-SO-00001.pdf", "application/pdf")
    assert "Total800.00 USD" in text_of(content)


def test_a_repeated_job_sends_nothing_more() -> None:
    desk = open_desk()
    order = acknowledged(desk)
    send(desk, order)
    send(desk, order)
    assert len(mail.outbox) == 1
    (kept,) = EmailMessage.objects.of(desk.by.organization_id)
    assert (kept.status, kept.failure) == ("sent", "")


def test_a_mail_server_that_refuses_leaves_the_order_issued_and_the_e_mail_to_be_tried_again() -> (
    None
):
    desk = open_desk()
    order = acknowledged(desk)
    refusing = override_settings(EMAIL_BACKEND=f"{__name__}.Refusing")
    with refusing, pytest.raises(OSError, match="nobody listens"):
        send(desk, order)
    assert desk.stages(order) == ("issued", "not_started")
    (kept,) = EmailMessage.objects.of(desk.by.organization_id)
    assert (kept.status, kept.failure) == ("failed", "ConnectionRefusedError: nobody listens")
    first_try = kept.pk
    send(desk, order)
    (sent,) = mail.outbox
    assert str(first_try) in sent.extra_headers["Message-ID"]


def test_without_contacts_nothing_is_sent_and_the_order_says_so() -> None:
    desk = open_desk()
    order = desk.order({desk.product(sku="GEM"): 1})
    issued = sales.issue_order(by=desk.by, order=order.id, notify_customer=True)
    assert issued.head.acknowledgment_status == "not_sent"
    actions.send_acknowledgement(by=desk.by, order_id=order.id, event_id=new_id())
    assert mail.outbox == []


def test_an_order_that_was_removed_meanwhile_is_not_acknowledged() -> None:
    desk = open_desk()
    order = acknowledged(desk)
    event = event_of(desk, order)
    number = order.head.number
    removal.remove_order(by=desk.by, order=order.id, confirm_number=number)
    actions.send_acknowledgement(by=desk.by, order_id=order.id, event_id=event.pk)
    assert mail.outbox == []


def test_a_subject_is_one_line_whatever_the_customer_calls_his_order() -> None:
    desk = open_desk()
    order = desk.order({desk.product(sku="GEM"): 1}, customer_po_number="PO\r\nBcc: x@y.example")
    subject, _ = texts.acknowledgement(order, "Works")
    assert subject == "Order SO-00001 (your PO PO Bcc: x@y.example)"


def test_the_text_says_when_it_is_promised_and_what_was_taken_off() -> None:
    desk = open_desk()
    order = desk.order({desk.product(sku="GEM"): 1})
    page = edits.edit_order(by=desk.by, order=order.id, changes={"promised_at": "2026-12-01"})
    _, text = texts.acknowledgement(page, "Orderwright Works")
    assert "We promise it for 2026-12-01." in text
    assert text.endswith("Orderwright Works\n")
