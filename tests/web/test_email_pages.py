"""Pages of e-mails: the log of an order, sending again, and how the house words them."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from orderwright.documents import actions, outbox
from orderwright.documents.models import EmailMessage
from orderwright.invoicing import actions as invoicing
from tests.company import Company
from tests.invoicing.billing_desk import Billing

URL = "/settings/emails"


@pytest.fixture
def mailed(company: Company) -> UUID:
    """An e-mail about an invoice of an order, that left; answers its id."""
    company.enter()
    desk = Billing(company, company.by, company.customer(name="Acme"))
    invoice = desk.final(desk.shipped({company.product(sku="RING"): 3}))
    to = ["bo@acme.example"]
    invoicing.send_invoice(by=desk.by, invoice=invoice.id, recipients=to)
    found = outbox.queue(
        company.by,
        effect_key="told",
        topic_id=invoice.head.order_id or invoice.id,
        about_id=invoice.id,
        template="invoice_sent",
        recipients=to,
        subject="Invoice <b>1</b>",
        text="Dear Acme,",
    )
    found_id: UUID = found.pk
    return found_id


def deliver(company: Company) -> None:
    """Do what the job of the newest e-mail does."""
    company.enter()
    newest = EmailMessage.objects.of(company.id).newest_first()[0]
    actions.deliver_queued(by=company.by, message_id=newest.pk)


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_log_stands_on_the_order_and_on_its_invoice(admin: Client, mailed: UUID) -> None:
    for url in ("/orders/sales/SO-00001?tab=emails", "/invoices/INV-00001"):
        shown = html(admin, url)
        assert "Invoice &lt;b&gt;1&lt;/b&gt;" in shown
        assert "bo@acme.example" in shown
        assert f"/emails/{mailed}/resend" in shown


def test_an_e_mail_can_be_read_and_sent_again(
    company: Company, admin: Client, mailed: UUID
) -> None:
    assert "Dear Acme," in html(admin, f"/emails/{mailed}")
    url = f"/emails/{mailed}/resend?back=/orders/sales/SO-00001"
    assert 'value="bo@acme.example"' in html(admin, url)
    answer = admin.post(url, {"recipients": "al@acme.example, bo@acme.example"})
    assert (answer.status_code, answer["Location"]) == (302, "/orders/sales/SO-00001")
    deliver(company)
    assert mail.outbox[-1].to == ["al@acme.example", "bo@acme.example"]
    assert [one[0] for one in mail.outbox[-1].attachments] == ["invoice-INV-00001.pdf"]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_sending_again_leads_nowhere_else(admin: Client, mailed: UUID, back: str) -> None:
    sent = {"recipients": "al@acme.example"}
    answer = admin.post(f"/emails/{mailed}/resend?back={back}", sent)
    assert answer["Location"] == "/"


def test_nobody_to_send_it_to_is_said_beside_the_field(
    company: Company, admin: Client, mailed: UUID
) -> None:
    answer = admin.post(f"/emails/{mailed}/resend", {"recipients": " , "})
    assert answer.status_code == 422
    assert "Nobody would get this e-mail." in answer.content.decode()
    company.enter()
    assert EmailMessage.objects.of(company.id).count() == 1


def test_a_wording_is_previewed_saved_and_put_back(admin: Client) -> None:
    typed = {"subject": "Neu {{ invoice.number }}", "text": "Hallo {{ customer.name }}!"}
    shown = admin.post(f"{URL}/invoice_sent", {**typed, "do": "preview"}).content.decode()
    assert "Neu INV-00042" in shown
    assert "Hallo Acme Fine Jewels!" in shown
    assert "Neu" not in html(admin, URL)
    saved = admin.post(f"{URL}/invoice_sent", {**typed, "do": "save", "version": "0"})
    assert saved.status_code == 302
    assert "Neu {{ invoice.number }}" in html(admin, URL)
    admin.post(f"{URL}/invoice_sent", {**typed, "do": "reset", "version": "1"})
    assert "Neu" not in html(admin, URL)


def test_an_unknown_field_is_said_beside_the_text_and_what_was_typed_stays(admin: Client) -> None:
    typed = {"subject": "S", "text": "Dear {{ customer.nam }}", "do": "save"}
    answer = admin.post(f"{URL}/invoice_sent", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no field “customer.nam” here. There are: organization.name" in shown
    assert "Dear {{ customer.nam }}" in shown


def test_a_test_goes_to_oneself(admin: Client, company: Company) -> None:
    typed = {"subject": "", "text": "{{ invoice.total }}", "do": "test"}
    assert admin.post(f"{URL}/invoice_sent", typed).status_code == 200
    deliver(company)
    assert (mail.outbox[-1].to, mail.outbox[-1].body) == ([company.email], "465.00 USD\n")


def test_only_an_administrator_words_e_mails(person: Callable[[str], Client]) -> None:
    for role in ("Sales", "Finance", "Viewer"):
        browser = person(role)
        assert browser.get(URL).status_code == 403
        assert browser.post(f"{URL}/statement", {"do": "save"}).status_code == 403
