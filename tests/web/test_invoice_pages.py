"""The pages of invoices: list, page, drafts, dialogs, payments; each refusal is a clear error."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.invoicing import actions, payments, queries
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.queries import InvoiceFilter, PaymentFilter
from orderwright.kernel.numbers import trim
from tests.company import PASSWORD
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db

ORDER = "/orders/sales/SO-00001"
AT = "/invoices/INV-00001"


@pytest.fixture
def desk() -> Billing:
    """A company that bills."""
    return open_billing()


@pytest.fixture
def web(desk: Billing, client: Client) -> Client:
    """The founder's browser."""
    client.post("/sign-in", {"email": desk.company.email, "password": PASSWORD})
    return client


@pytest.fixture
def gem(desk: Billing) -> UUID:
    """A product for 10.00."""
    return desk.product(sku="GEM", name="Round Gem")


def all_invoices(desk: Billing) -> list[InvoicePage]:
    """Every invoice, newest first."""
    desk.company.enter()
    return queries.invoices(desk.by, InvoiceFilter())


def first(desk: Billing) -> InvoicePage:
    """The only invoice as it stands."""
    (found,) = all_invoices(desk)
    return found


def paid(desk: Billing) -> list[tuple[str, str, str]]:
    """Every payment: its amount, what of it settled invoices, what is left."""
    desk.company.enter()
    heads = [page.head for page in queries.payments(desk.by, PaymentFilter())]
    return [(trim(one.amount), trim(one.allocated), trim(one.open_credit)) for one in heads]


def text(response: Any, status: int = 200) -> str:
    """What a page says, one space between its words."""
    assert response.status_code == status, response.content.decode()[:3000]
    return " ".join(response.content.decode().split())


def post(web: Client, url: str, sent: Mapping[str, Any], status: int = 302) -> Any:
    """A form that was sent."""
    response = web.post(url, sent)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def draft_url(desk: Billing) -> str:
    """Where the only draft is."""
    return f"/invoices/{first(desk).id}"


def rows(invoice: InvoicePage, **quantities: str) -> dict[str, str]:
    """The fields of the lines of a draft, as its form sends them."""
    sent: dict[str, str] = {}
    for at, line in enumerate(invoice.lines):
        sent |= {
            f"lines.{at}.line_id": str(line.line_id),
            f"lines.{at}.quantity": quantities.get(f"q{at}", trim(line.quantity)),
            f"lines.{at}.description": line.description,
        }
    return sent


def test_every_page_of_invoices_opens(desk: Billing, web: Client, gem: UUID) -> None:
    order = desk.shipped({gem: 10})
    draft = desk.draft(order)
    other = desk.final(desk.shipped({gem: 4}))
    third = desk.issued({gem: 1})
    for page in (
        "/invoices",
        "/invoices?status=draft",
        "/invoices?status=overdue,sent&sort=-balance&q=inv",
        "/invoices?due_to=2026-12-01&open=yes&sort=due",
        "/invoices/new",
        f"/invoices/{draft.id}",
        *(f"/invoices/{draft.id}/{name}" for name in ("edit", "finalise", "void")),
        f"/invoices/{draft.id}/edit/preview?lines.0.quantity=3",
        f"/invoices/{other.head.number}",
        *(f"/invoices/INV-00001/{name}" for name in ("edit", "send", "remind", "void", "pay")),
        f"{ORDER}?tab=invoices",
        f"{ORDER}/invoice",
        f"{ORDER}/deposit",
        f"/orders/sales/{third.head.number}/invoice",
        f"/orders/sales/{third.head.number}/invoice?kind=deposit",
    ):
        text(web.get(page))


def test_a_draft_becomes_final_is_sent_and_paid(desk: Billing, web: Client, gem: UUID) -> None:
    line = str(desk.line(desk.shipped({gem: 10}), 1).id)
    told = text(web.get(ORDER))
    assert "Invoice what has shipped." in told
    form = text(web.get(f"{ORDER}/invoice"))
    assert 'value="10"' in form
    assert "$100.00" in form
    post(web, f"{ORDER}/invoice", {"lines.0.line_id": line, "lines.0.quantity": "10"})
    at = draft_url(desk)
    told = text(web.get(at))
    assert "Check the lines and finalise it." in told
    post(web, f"{at}/finalise", {"version": "1"})
    assert first(desk).head.number == "INV-00001"
    assert "Nobody is marked to get invoices" in text(web.get(AT))
    post(web, f"{AT}/send", {"recipients": "bea@acme.example", "message": "Thanks", "version": "2"})
    assert first(desk).head.sent_to == ["bea@acme.example"]
    assert "Waiting for payment." in text(web.get(AT))
    assert 'value="100"' in text(web.get(f"{AT}/pay"))
    typed = {"amount": "100", "date": "2026-03-02", "method": "wire", "reference": "T-1"}
    post(web, f"{AT}/pay", typed)
    told = text(web.get(AT))
    assert "Paid in full." in told
    assert "PAY-" in told
    assert paid(desk) == [("100", "100", "0")]
    assert "Paid in full" in text(web.get(f"{ORDER}?tab=invoices"))
