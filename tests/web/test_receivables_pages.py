"""Receivables as of a day, their files, and the statement of a customer."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orderwright.identity import actions as identity
from orderwright.invoicing.models import Invoice, Payment
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.rules import BUCKETS, bucket_of
from orderwright.web.receivables import invoices_url
from tests.company import PASSWORD
from tests.invoicing.billing_desk import Billing, open_billing
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Billing:
    """A company that bills."""
    return open_billing()


@pytest.fixture
def web(desk: Billing) -> Client:
    """The founder's browser."""
    return signed_in(desk.company.email)


def words(response: Any, status: int = 200) -> str:
    """What a page says, without its markup."""
    assert response.status_code == status, response.content.decode()[:3000]
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(text).split())


def today() -> date:
    return timezone.now().date()


def invoiced(desk: Billing, quantity: int, *, days: int, sku: str) -> InvoicePage:
    """A final invoice of so many things of 10, so many days old."""
    desk.company.enter()
    made = desk.final(desk.shipped({desk.product(sku=sku, base_price="10.00"): quantity}))
    day = today() - timedelta(days=days)
    rows = Invoice.objects.of(desk.by.organization_id).with_ids([made.id])
    rows.update(invoice_date=day, due_date=day + timedelta(days=30))
    return made


def aged(desk: Billing) -> None:
    """Five invoices, one in each bucket, and 25 on account."""
    for at, days in enumerate((0, 31, 90, 91, 400)):
        invoiced(desk, at + 1, days=days, sku=f"GEM-{at}")
    payment = desk.pay(None, "25.00")
    rows = Payment.objects.of(desk.by.organization_id).with_ids([payment.id])
    rows.update(payment_date=today())


def test_what_is_owed_stands_under_its_age_and_leads_to_its_invoices(
    desk: Billing, web: Client
) -> None:
    aged(desk)
    page = web.get("/receivables")
    told = words(page)
    assert "Acme $10.00 $20.00 $30.00 $40.00 $50.00 $150.00 $25.00 $125.00" in told
    assert "Total $10.00 $20.00 $30.00 $40.00 $50.00 $150.00 $25.00 $125.00" in told
    assert "Older than 30 days $140.00" in told
    links = re.findall(r'href="(/invoices\?[^"]+)"', unescape(page.content.decode()))
    found = [
        re.findall(r'href="/invoices/(INV-\d+)"', web.get(at).content.decode()) for at in links
    ]
    assert found == [
        ["INV-00001"],
        ["INV-00002"],
        ["INV-00003"],
        ["INV-00004"],
        ["INV-00005"],
        ["INV-00005", "INV-00004", "INV-00003", "INV-00002", "INV-00001"],
    ]


@pytest.mark.parametrize("age", [0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 4000])
def test_the_days_of_a_cell_are_those_of_its_bucket(desk: Billing, age: int) -> None:
    day = date(2026, 11, 22)
    invoice_date = day - timedelta(days=age)
    fitting = []
    for name, _ in BUCKETS:
        query = dict(
            part.split("=")
            for part in invoices_url(desk.customer, bucket=name, day=day)[10:].split("&")
        )
        first, last = query.get("invoiced_from", "0001-01-01"), query["invoiced_to"]
        if first <= invoice_date.isoformat() <= last:
            fitting.append(name)
    assert fitting == [bucket_of(invoice_date, day)]


def test_as_of_an_earlier_day_later_invoices_and_payments_are_not_there(
    desk: Billing, web: Client
) -> None:
    aged(desk)
    before = today() - timedelta(days=50)
    told = words(web.get(f"/receivables?as_of={before.isoformat()}"))
    assert "Acme — $70.00 — — $50.00 $120.00 — $120.00" in told
    assert "INV" not in told
    words(web.get("/receivables?as_of=yesterday"), 422)
    assert "Nobody owes anything" in words(web.get("/receivables?as_of=2001-01-01"))


def test_the_aging_is_exported_as_csv_and_xlsx(desk: Billing, web: Client) -> None:
    aged(desk)
    answer = web.get("/receivables.csv")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(io.StringIO(content, newline=""))
    told = dict(zip(head, row, strict=True))
    assert (told["Customer"], told["Currency"], told["Total"]) == ("Acme", "USD", "150")
    assert (told["Open credit"], told["Net"]) == ("25", "125")
    book = web.get("/receivables.xlsx")
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_a_statement_starts_with_what_was_owed_and_ends_with_what_is(
    desk: Billing, web: Client
) -> None:
    aged(desk)
    first = today() - timedelta(days=60)
    at = f"/customers/{desk.customer}/statement?from={first.isoformat()}&to={today().isoformat()}"
    told = words(web.get(at))
    assert "Opening balance $120.00 Charged $30.00 Paid and credited $25.00" in told
    assert "Balance due $125.00" in told
    assert "Open invoices by age 0–30 days $10.00 31–60 days $20.00" in told
    words(web.get(f"/customers/{desk.customer}/statement?from=2026-05-01&to=2026-04-01"), 422)
    words(web.get("/customers/01930000-0000-7000-8000-000000000000/statement"), 404)
    words(web.get(f"/customers/{desk.customer}/statement?to=0001-01-01"))


@pytest.mark.parametrize(
    ("role", "status"), [("Finance", 200), ("Viewer", 200), ("Warehouse", 403), ("Member", 403)]
)
def test_who_may_see_money_sees_receivables(desk: Billing, role: str, status: int) -> None:
    aged(desk)
    email = f"{role.lower()}@works.example"
    identity.create_user(by=desk.by, email=email, role=role, password=PASSWORD)
    browser = signed_in(email)
    for at in ("/receivables", "/receivables.csv", f"/customers/{desk.customer}/balance"):
        assert browser.get(at).status_code == status


def test_another_organization_owes_us_nothing(desk: Billing) -> None:
    aged(desk)
    other = open_billing(name="Other Works", email="other@works.example")
    assert "Nobody owes anything" in words(signed_in(other.company.email).get("/receivables"))
