"""E-invoices of real invoices and credit memos, over HTTP (domain 4.13, 4.15)."""

import sys
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from orderwright.invoicing import actions, crediting
from orderwright.invoicing.actions import Deposit
from orderwright.invoicing.page import InvoicePage
from orderwright.returns.watchers import ReturnReceived
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from tests.documents.e_invoice_rules import broken_rules
from tests.documents.test_e_invoice import values
from tests.invoicing.billing_desk import Billing, open_billing
from tests.sales.desk import counted

pytestmark = pytest.mark.django_db


def desk_with_tax_number(**customer: Any) -> Billing:
    """A desk whose organization has all that e-invoices need."""
    desk = open_billing()
    settings = {
        "invoicing.tax_number": "DE123456788",
        "invoicing.iban": "DE89370400440532013000",
    }
    sent = {"country": "DE", "street": "Am Ring 1", "city": "Pforzheim", "settings": settings}
    assert desk.company.api().patch("/organization", sent).status == 200
    if customer:
        api = desk.company.api()
        assert api.patch(f"/customers/{desk.customer}", customer).status == 200
    desk.company.enter()
    return desk


def taxed_order(desk: Billing, **fields: Any) -> OrderPage:
    """Weights and pieces at two rates, less 10 %, shipped."""
    api = desk.company.api()
    code = {"code": "TEN", "name": "Ten", "type": "percentage", "percentage": "0.1"}
    assert api.post("/discount-codes", code).status == 201
    desk.company.enter()
    gold = desk.product(sku="GOLD", base_price="61.1234", default_unit="g", tax_rate="0.19")
    ring = desk.product(sku="RING", base_price="39.99", tax_rate="0.07")
    box = desk.product(sku="BOX", base_price="1.50")
    lines = [
        NewLine(product_id=gold, quantity="12.345", unit="g"),
        NewLine(product_id=ring, quantity="3"),
        NewLine(product_id=box, quantity="3"),
    ]
    return desk.shipped(lines, discount_code="TEN", customer_po_number="4711", **fields)


def final(desk: Billing, order: OrderPage) -> InvoicePage:
    return desk.final(order)


def fetched(desk: Billing, path: str) -> Any:
    """The bytes of a document, as Finance fetches it."""
    key = desk.company.api().key
    answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
    desk.company.enter()
    return answer


def returned(desk: Billing, order: OrderPage, position: int, quantity: object) -> Any:
    """A credit memo for so much of a line that came back."""
    line = desk.line(order, position).id
    lines = ((line, Decimal(str(quantity))),)
    told = ReturnReceived(uuid4(), "RMA-1", order.id, desk.customer, lines)
    return crediting.credit_for_return(desk.by, told)


def test_an_invoice_of_weights_rates_and_a_discount_is_valid_in_both_syntaxes() -> None:
    desk = desk_with_tax_number(tax_number="FR40303265045")
    invoice = final(desk, taxed_order(desk))
    desk.pay(invoice, "100.00")
    answer = fetched(desk, "/invoices/INV-00001/ubl")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="invoice-INV-00001.xml"'
    xml = answer.content
    assert broken_rules(xml) == []
    asked = desk.invoice(invoice).head.balance
    assert values(xml, "PayableAmount") == [f"{asked:.2f}"]
    assert values(xml, "PrepaidAmount") == ["100.00"]
    assert values(xml, "SalesOrderID") == [invoice.head.order_number]
    assert values(xml, "BuyerReference") == ["4711"]
    assert values(xml, "CompanyID") == ["DE123456788", "FR40303265045"]
    assert [one for one in values(xml, "Percent") if one != "0"] == ["19", "7"] * 3


def test_factur_x_is_an_archive_pdf_that_carries_its_own_xml() -> None:
    desk = desk_with_tax_number()
    invoice = final(desk, taxed_order(desk))
    answer = fetched(desk, f"/invoices/{invoice.id}/factur-x")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    document = PdfReader(BytesIO(answer.content))
    (xml,) = document.attachments["factur-x.xml"]
    assert broken_rules(xml) == []
    assert values(xml, "DuePayableAmount") == [f"{invoice.head.total:.2f}"]
    meta = document.xmp_metadata
    assert meta is not None
    said = meta.stream.get_data().decode()
    for mark in ("<pdfaid:part>3</pdfaid:part>", "<fx:ConformanceLevel>EN 16931</"):
        assert mark in said
    files: Any = document.root_object["/AF"]
    assert [one.get_object()["/AFRelationship"] for one in files] == ["/Alternative"]
    shown = "".join(page.extract_text() for page in document.pages)
    assert f"{invoice.head.total:,.2f}" in shown


def test_a_deposit_and_the_invoice_that_takes_it_off_are_valid() -> None:
    desk = desk_with_tax_number()
    order = taxed_order(desk)
    deposit = desk.final(order, deposit=Deposit("30.00"))
    rest = desk.final(order)
    for invoice, code in ((deposit, "386"), (rest, "380")):
        xml = fetched(desk, f"/invoices/{invoice.head.number}/ubl").content
        assert broken_rules(xml) == []
        assert values(xml, "InvoiceTypeCode") == [code]
        assert values(xml, "PayableAmount") == [f"{invoice.head.total:.2f}"]
    assert values(xml, "PrepaidAmount") == ["30.00"]


def test_a_credit_memo_is_a_valid_credit_note_of_what_came_back() -> None:
    desk = desk_with_tax_number()
    order = taxed_order(desk)
    final(desk, order)
    memo = returned(desk, order, 2, 2)
    xml = fetched(desk, f"/payments/{memo.id}/ubl").content
    assert broken_rules(xml) == []
    assert values(xml, "PayableAmount") == [f"{memo.amount:.2f}"]
    assert values(xml, "CreditedQuantity") == ["2"]
    assert "INV-00001" in values(xml, "ID")
    pdf = fetched(desk, "/payments/CM-00001/factur-x").content
    (attached,) = PdfReader(BytesIO(pdf)).attachments["factur-x.xml"]
    assert broken_rules(attached) == []
    assert values(attached, "TypeCode")[0] == "381"


def test_a_credit_that_was_written_by_hand_is_one_amount() -> None:
    desk = desk_with_tax_number()
    memo = desk.pay(None, "12.50", type="credit_memo", note="Goodwill")
    xml = fetched(desk, f"/payments/{memo.id}/ubl").content
    assert (broken_rules(xml), values(xml, "Name")) == ([], ["Goodwill"])


def test_an_exempt_customer_reads_that_no_tax_is_due() -> None:
    desk = desk_with_tax_number(tax_exempt=True)
    final(desk, taxed_order(desk))
    xml = fetched(desk, "/invoices/INV-00001/ubl").content
    assert broken_rules(xml) == []
    assert values(xml, "TaxExemptionReason") == ["Exempt from tax"]


@pytest.mark.parametrize("form", ["ubl", "factur-x"])
def test_all_that_is_missing_is_listed_with_where_to_enter_it(form: str) -> None:
    desk = open_billing()
    final(desk, desk.shipped({desk.product(sku="GEM"): 1}))
    answer = desk.company.api().get(f"/invoices/INV-00001/{form}")
    assert (answer.status, answer.body["code"]) == (422, "e_invoice_incomplete")
    assert answer.body["details"]["missing"] == [
        {
            "field": "organization.country",
            "label": "Your country",
            "enter_at": "/settings/organization",
        },
        {
            "field": "settings.invoicing.tax_number",
            "label": "Your tax number",
            "enter_at": "/settings/invoices",
        },
    ]
    assert list(answer.body["fields"]) == ["organization.country", "settings.invoicing.tax_number"]
    assert answer.body["message"] == (
        "Enter what an e-invoice still needs. Your country, under Settings › Organization; "
        "Your tax number, under Settings › Invoices."
    )


@pytest.mark.parametrize("form", ["ubl", "factur-x"])
def test_drafts_void_invoices_and_payments_are_no_e_invoices(form: str) -> None:
    desk = desk_with_tax_number()
    draft = desk.draft(taxed_order(desk))
    api = desk.company.api()
    for _ in range(2):
        refused = api.get(f"/invoices/{draft.id}/{form}")
        assert (refused.status, refused.body["code"]) == (409, "invoice_not_final")
        desk.company.enter()
        if desk.invoice(draft).head.step == "draft":
            actions.void_invoice(by=desk.by, invoice=draft.id, reason="x")
    assert refused.body["details"] == {"status": "void"}
    payment = desk.pay(None, "5.00")
    refused = api.get(f"/payments/{payment.id}/{form}")
    assert (refused.status, refused.body["code"]) == (409, "not_a_credit_memo")


def test_without_the_extra_factur_x_says_what_to_install_and_ubl_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = desk_with_tax_number()
    final(desk, taxed_order(desk))
    monkeypatch.setitem(sys.modules, "facturx", None)
    refused = desk.company.api().get("/invoices/INV-00001/factur-x")
    assert (refused.status, refused.body["code"]) == (409, "extra_missing")
    assert "orderwright[e-invoice]" in refused.body["message"]
    assert fetched(desk, "/invoices/INV-00001/ubl").status_code == 200


def test_the_pages_give_the_same_files(client: Client) -> None:
    desk = desk_with_tax_number()
    final(desk, taxed_order(desk))
    assert client.get("/invoices/INV-00001/ubl.xml").status_code == 302
    sign_in = {"email": desk.company.email, "password": "correct horse battery"}
    client.post("/sign-in", sign_in)
    page = client.get("/invoices/INV-00001/ubl.xml")
    assert page.content == fetched(desk, "/invoices/INV-00001/ubl").content
    pdf = client.get("/invoices/INV-00001/factur-x.pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")


def test_an_e_invoice_of_thirty_lines_takes_the_statements_of_one() -> None:
    desk = desk_with_tax_number()

    def statements(lines: int) -> int:
        gems = {desk.product(sku=f"G{lines}-{at}", base_price="1.00"): 1 for at in range(lines)}
        invoice = final(desk, desk.shipped(gems))
        with counted() as took:
            assert fetched(desk, f"/invoices/{invoice.id}/ubl").status_code == 200
        return len(took)

    assert statements(1) == statements(30)
