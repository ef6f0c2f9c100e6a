"""The pages of payments: list, page, recording, settling, giving back; a customer's balance."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orderwright.directory.models import Customer
from orderwright.identity import actions as identity
from orderwright.invoicing.page import InvoicePage, PaymentPage
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


def of_role(desk: Billing, role: str) -> Client:
    """The browser of somebody with a role."""
    desk.company.enter()
    email = f"{role.lower()}@works.example"
    identity.create_user(by=desk.by, email=email, role=role, password=PASSWORD)
    return signed_in(email)


def invoiced(desk: Billing, quantity: int, *, sku: str = "GEM", **fields: Any) -> InvoicePage:
    """A final invoice of so many things of 10."""
    desk.company.enter()
    product = desk.product(sku=sku, base_price="10.00")
    return desk.final(desk.shipped({product: quantity}, **fields))


def text(response: Any, status: int = 200) -> str:
    """What a page says."""
    assert response.status_code == status, response.content.decode()[:3000]
    return str(response.content.decode())


def words(response: Any, status: int = 200) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(response, status)).split())


def post(web: Client, url: str, sent: Mapping[str, Any], status: int = 302) -> Any:
    """A form that was sent."""
    response = web.post(url, sent)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def balance(desk: Billing, invoice: InvoicePage) -> Decimal:
    """What is left to pay."""
    desk.company.enter()
    return desk.invoice(invoice).head.balance


def credit(desk: Billing, payment: PaymentPage) -> Decimal:
    """What is left to settle with."""
    desk.company.enter()
    return desk.payment(payment).head.open_credit


def test_every_page_of_payments_opens(desk: Billing, web: Client) -> None:
    invoice = invoiced(desk, 10)
    paid, part = desk.pay(invoice, "40.00"), desk.pay(None, "30.00", reference="CHK 77")
    (row,) = paid.allocations
    customer = desk.customer
    for at in (
        "/payments",
        "/payments?open=yes",
        "/payments?type=adjustment,rebate&sort=-amount",
        f"/payments?customer_id={customer}&paid_from=2020-01-01&method=wire&q=chk&sort=date",
        "/payments/new",
        f"/payments/new?customer={customer}&type=refund",
        "/payments/settle",
        f"/payments/settle?customer={customer}",
        f"/payments/{paid.head.number}",
        f"/payments/{part.head.number}/allocate",
        f"/payments/{part.head.number}/refund",
        f"/payments/{paid.head.number}/allocations/{row.id}/remove",
        "/receivables",
        "/receivables?as_of=2025-12-31",
        f"/customers/{customer}/balance",
        f"/customers/{customer}/statement",
        f"/customers/{customer}/statement?from=2026-01-01&to=2026-02-01",
    ):
        text(web.get(at))


def test_the_tabs_of_the_list_split_payments_by_what_they_are(desk: Billing, web: Client) -> None:
    open_payment = desk.pay(None, "30.00")
    desk.pay(None, "2.00", type="credit_memo")
    desk.pay(None, "1.00", type="adjustment", adjustment_type="write_off")
    desk.pay(None, "10.00", type="refund", refund_of=open_payment.id)

    def listed(query: str) -> list[str]:
        return re.findall(r'href="/payments/(PAY-\d+)"', text(web.get(f"/payments{query}")))

    assert listed("") == ["PAY-00004", "PAY-00003", "PAY-00002", "PAY-00001"]
    assert listed("?open=yes") == ["PAY-00003", "PAY-00002", "PAY-00001"]
    assert listed("?type=payment") == ["PAY-00001"]
    assert listed("?type=credit_memo") == ["PAY-00002"]
    assert listed("?type=adjustment,rebate") == ["PAY-00003"]
    assert listed("?type=refund") == ["PAY-00004"]
    assert listed("?sort=amount") == ["PAY-00003", "PAY-00002", "PAY-00004", "PAY-00001"]
    assert listed("?sort=-amount&open=yes") == ["PAY-00001", "PAY-00002", "PAY-00003"]
    counts = re.findall(r'<span class="count">(\d+)</span>', text(web.get("/payments")))
    assert counts == ["4", "3", "1", "1", "1", "1"]


def test_the_list_of_payments_is_exported_with_numbers(desk: Billing, web: Client) -> None:
    desk.pay(None, "30.50", reference="=1+1")
    answer = web.get("/lists/payments/export.csv")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(io.StringIO(content, newline=""))
    told = dict(zip(head, row, strict=True))
    assert (told["Number"], told["Amount"], told["Amount unit"]) == ("PAY-00001", "30.5", "USD")
    assert told["Reference"] == "'=1+1"


def test_a_payment_is_recorded_and_settles_invoices_at_once(desk: Billing, web: Client) -> None:
    child = desk.company.customer(name="Branch", parent_id=desk.customer)
    mine, theirs = invoiced(desk, 10), invoiced(desk, 4, sku="RING", customer_id=child)
    page = text(web.get(f"/payments/new?customer={desk.customer}"))
    assert f'name="amount-{mine.id}"' in page
    assert f'name="amount-{theirs.id}"' in page
    sent = {
        "customer_id": str(desk.customer),
        "type": "payment",
        "method": "check",
        "amount": "150",
        "date": str(desk.by.today),
        "reference": "CHK 1",
        f"amount-{mine.id}": "100.00",
        f"amount-{theirs.id}": "25,50",
    }
    answer = post(web, "/payments/new", sent)
    assert answer["Location"] == "/payments/PAY-00001"
    assert (balance(desk, mine), balance(desk, theirs)) == (0, Decimal("14.50"))
    told = words(web.get("/payments/PAY-00001"))
    assert "PAY-00001 over $150.00 is recorded and settles 2 invoices; $24.50 is left." in told
    assert "Open credit $24.50" in told


WRONG: list[tuple[dict[str, str], int, str]] = [
    ({"amount": ""}, 422, 'id="e-amount"'),
    ({"amount": "-5"}, 422, 'id="e-amount"'),
    ({"amount": "much"}, 422, 'id="e-amount"'),
    ({"customer_id": ""}, 422, 'id="e-customer_id"'),
    ({"method": ""}, 422, 'id="e-method"'),
    ({"type": "adjustment"}, 422, 'id="e-adjustment_type"'),
    ({"type": "refund"}, 422, 'id="e-refund_of_id"'),
    ({"currency": "XXY"}, 422, 'id="e-currency"'),
]


@pytest.mark.parametrize(("changed", "status", "expected"), WRONG)
def test_what_is_wrong_with_a_payment_stands_at_its_field_and_what_was_typed_stays(
    desk: Billing, web: Client, changed: dict[str, str], status: int, expected: str
) -> None:
    sent = {
        "customer_id": str(desk.customer),
        "type": "payment",
        "method": "wire",
        "amount": "10",
        "reference": "A reference that stays",
    }
    page = text(post(web, "/payments/new", sent | changed, status), status)
    assert expected in page
    assert "A reference that stays" in page
    desk.company.enter()
    assert "No payments yet" in text(web.get("/payments"))


def test_more_than_an_invoice_has_left_and_a_day_ahead_are_asked_for_first(
    desk: Billing, web: Client
) -> None:
    invoice = invoiced(desk, 10)
    sent: dict[str, Any] = {
        "customer_id": str(desk.customer),
        "type": "payment",
        "method": "wire",
        "amount": "120",
        f"amount-{invoice.id}": "120",
    }
    page = text(post(web, "/payments/new", sent, 409), 409)
    assert "has only 100.00 left" in page
    assert 'name="confirm" value="overpay"' in page
    ahead = sent | {"date": str(timezone.now().date() + timedelta(days=3)), "confirm": ["overpay"]}
    page = text(post(web, "/payments/new", ahead, 409), 409)
    assert 'value="past_date"' in page
    post(web, "/payments/new", ahead | {"confirm": ["overpay", "past_date"]})
    assert balance(desk, invoice) == 0
    assert "Open credit $20.00" in words(web.get("/payments/PAY-00001"))


def test_open_credit_is_allocated_and_too_much_is_refused_at_its_row(
    desk: Billing, web: Client
) -> None:
    first, second = invoiced(desk, 10), invoiced(desk, 5, sku="RING")
    payment = desk.pay(None, "120.00")
    at = "/payments/PAY-00001/allocate"
    too_much = {f"amount-{first.id}": "100", f"amount-{second.id}": "20.01"}
    page = text(post(web, at, too_much, 409), 409)
    assert f'id="e-amount-{second.id}"' in page
    assert 'value="20.01"' in page
    assert credit(desk, payment) == Decimal("120.00")
    assert "Name an invoice and an amount" in text(post(web, at, {}, 422), 422)
    stale = {f"amount-{first.id}": "1", "version": "99"}
    assert "Somebody changed this payment" in text(post(web, at, stale, 409), 409)
    post(web, at, {f"amount-{first.id}": "100", f"amount-{second.id}": "20"})
    assert (balance(desk, first), balance(desk, second)) == (0, Decimal("30.00"))
    assert "no open credit" in text(web.get(at), 409)


def test_an_allocation_is_taken_back_after_it_is_said_what_follows(
    desk: Billing, web: Client
) -> None:
    invoice = invoiced(desk, 10)
    payment = desk.pay(invoice, "40.00")
    (row,) = payment.allocations
    at = f"/payments/PAY-00001/allocations/{row.id}/remove"
    told = words(web.get(at))
    assert "has $100.00 left to pay instead of $60.00" in told
    assert "PAY-00001 has $40.00 of open credit" in told
    post(web, at, {})
    assert balance(desk, invoice) == Decimal("100.00")
    assert credit(desk, payment) == Decimal("40.00")
    text(web.get(at), 404)
    finance = of_role(desk, "Finance")
    paid = desk.pay(invoice, "40.00")
    (row,) = paid.allocations
    assert "Take back" not in text(finance.get(f"/payments/{paid.head.number}"))
    at = f"/payments/{paid.head.number}/allocations/{row.id}/remove"
    post(finance, at, {}, 403)
    assert balance(desk, invoice) == Decimal("60.00")


def test_credit_is_given_back_and_never_more_than_there_is(desk: Billing, web: Client) -> None:
    payment = desk.pay(None, "80.00")
    at = "/payments/PAY-00001/refund"
    assert 'value="80"' in text(web.get(at))
    page = text(post(web, at, {"amount": "80.01", "method": "wire"}, 409), 409)
    assert "Only 80.00 can be given back." in page
    assert credit(desk, payment) == Decimal("80.00")
    post(web, at, {"amount": "30", "method": "wire"})
    assert credit(desk, payment) == Decimal("50.00")
    told = words(web.get("/payments/PAY-00001"))
    assert "Given back $30.00" in told
    assert "PAY-00002" in told
    assert "Given back of PAY-00001" in words(web.get("/payments/PAY-00002"))


def test_payments_and_invoices_are_settled_on_one_page_all_or_nothing(
    desk: Billing, web: Client
) -> None:
    first, second = invoiced(desk, 10), invoiced(desk, 5, sku="RING")
    one, two = desk.pay(None, "90.00"), desk.pay(None, "60.00")
    at = f"/payments/settle?customer={desk.customer}"
    assert "Acme $150.00 $150.00 Settle Acme" in words(web.get("/payments/settle"))
    sent = {
        f"use-{one.id}": "90",
        f"use-{two.id}": "60.01",
        f"amount-{first.id}": "100",
        f"amount-{second.id}": "50.01",
    }
    page = text(post(web, at, sent, 409), 409)
    assert f'id="e-use-{two.id}"' in page
    assert 'value="50.01"' in page
    uneven = sent | {f"use-{two.id}": "20", f"amount-{second.id}": ""}
    page = text(post(web, at, uneven, 422), 422)
    assert "You use 110.00 of payments and settle 100.00 of invoices" in page
    assert (credit(desk, one), credit(desk, two)) == (90, 60)
    answer = post(web, at, sent | {f"use-{two.id}": "55", f"amount-{second.id}": "45"})
    assert answer["Location"] == f"/customers/{desk.customer}/balance"
    assert (balance(desk, first), balance(desk, second)) == (0, 5)
    assert (credit(desk, one), credit(desk, two)) == (0, 5)


def test_a_payment_is_found_by_its_number_its_digits_and_its_reference(
    desk: Billing, web: Client
) -> None:
    desk.pay(None, "80.00", reference="CHK 7741")
    for typed in ("PAY-00001", "pay 1", "chk7741"):
        assert 'href="/payments/PAY-00001"' in text(web.get(f"/search?q={typed}")), typed
    warehouse = of_role(desk, "Warehouse")
    assert "PAY-00001" not in text(warehouse.get("/search?q=CHK 7741"))


def test_the_balance_of_a_customer_says_what_it_owes_and_what_credit_it_takes(
    desk: Billing, web: Client
) -> None:
    Customer.objects.of(desk.by.organization_id).update(credit_limit="200.00")
    invoiced(desk, 10)
    desk.pay(None, "30.00")
    desk.issued({desk.product(sku="RING", base_price="10.00"): 3})
    told = words(web.get(f"/customers/{desk.customer}/balance"))
    assert "Owed $100.00 1 open invoice" in told
    assert "Open credit $30.00" in told
    assert "$100.00 of $200.00 credit used $100.00 left" in told
    assert "$70.00 owed less open credit, and $30.00 still to invoice on issued orders." in told


def test_who_may_only_read_payments_is_offered_nothing_to_do(desk: Billing) -> None:
    payment = desk.pay(None, "80.00")
    viewer = of_role(desk, "Viewer")
    page = text(viewer.get(f"/payments/{payment.head.number}"))
    for offered in ("Allocate<", "Give back<", "Take back"):
        assert offered not in page
    for at in ("/payments/new", "/payments/settle", "/payments/PAY-00001/allocate"):
        text(viewer.get(at), 403)
    text(of_role(desk, "Warehouse").get("/payments"), 403)


def test_a_page_of_payments_costs_the_same_for_many(desk: Billing, web: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            text(web.get(path))
        return len(caught)

    paths: Callable[[], list[int]] = lambda: [  # noqa: E731
        cost(at)
        for at in (
            "/payments",
            f"/payments/settle?customer={desk.customer}",
            f"/payments/new?customer={desk.customer}",
            f"/customers/{desk.customer}/balance",
            f"/customers/{desk.customer}/statement",
            "/receivables",
        )
    ]
    invoiced(desk, 1)
    desk.pay(None, "1.00")
    few = paths()
    for at in range(4):
        invoiced(desk, 2, sku=f"MORE-{at}")
        desk.pay(None, "2.00")
    assert paths() == few
    assert max(few) <= 14


def test_a_credit_memo_is_printed_from_its_page_and_a_payment_is_not(
    desk: Billing, web: Client
) -> None:
    memo, paid = desk.pay(None, "2.00", type="credit_memo"), desk.pay(None, "3.00")
    at = f"/payments/{memo.head.number}/credit-memo.pdf"
    assert f'href="{at}"' in text(web.get(f"/payments/{memo.head.number}"))
    assert web.get(at)["Content-Type"] == "application/pdf"
    assert "credit-memo.pdf" not in text(web.get(f"/payments/{paid.head.number}"))
