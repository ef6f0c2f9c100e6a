"""Invoices and payments over HTTP: shapes, lists and clear refusals (api.md, ruling 10)."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.company import Answer
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def desk() -> Billing:
    return open_billing()


def shipped(desk: Billing) -> str:
    """The number of an order of ten gems at 10.00 of which all has shipped."""
    gem = desk.product(sku="GEM", base_price="10.00")
    return desk.shipped({gem: 10}).head.number


def drafted(desk: Billing, **body: Any) -> Any:
    answer = desk.company.api().post(f"/sales-orders/{shipped(desk)}/actions/create-invoice", body)
    assert answer.status == 201, answer.body
    return answer.body


def act(desk: Billing, invoice: Any, verb: str, **body: Any) -> Answer:
    return desk.company.api().post(f"/invoices/{invoice['id']}/actions/{verb}", body)


def pay(desk: Billing, **body: Any) -> Answer:
    sent = {"customer_id": str(desk.customer), "amount": "10.00", "method": "wire", **body}
    return desk.company.api().post("/payments", sent)


def test_an_invoice_says_what_it_bills_and_what_may_be_done(desk: Billing) -> None:
    draft = drafted(desk)
    (line,) = draft["lines"]
    assert (line["quantity"], line["unit"], line["unit_price"], line["amount"]) == (
        "10",
        "pcs",
        "10.00",
        "100.00",
    )
    assert draft["totals"] == {
        "subtotal": "100.00",
        "discount_total": "0.00",
        "freight": "0.00",
        "tax": "0.00",
        "total": "100.00",
        "allocated": "0.00",
        "balance": "100.00",
    }
    allowed = [one["action"] for one in draft["allowed_actions"] if one["allowed"]]
    assert allowed == ["edit", "finalise", "void"]


def test_lists_are_narrowed_by_status_order_and_text(desk: Billing) -> None:
    draft, api = drafted(desk), desk.company.api()

    def found(**filters: str) -> list[str]:
        return [one["id"] for one in api.get("/invoices", **filters).body["data"]]

    assert found(status="draft") == found(order_id=draft["order_id"]) == [draft["id"]]
    assert found(q="Acme") == found(q=draft["order"]["number"]) == [draft["id"]]
    assert found(status="paid") == found(q="nobody") == found(order_id=NOBODY) == []
    assert api.get("/invoices", status="gone").status == 422
    assert found(status="draft,paid") == found(status="overdue, draft") == [draft["id"]]
    assert found(status="paid,void,overdue") == []
    assert api.get("/invoices", status="draft,gone").status == 422
    day = date.fromisoformat(draft["invoice_date"])
    before, after = (str(day + timedelta(days=by)) for by in (-1, 1))
    due = draft["due_date"]
    assert found(invoiced_from=str(day), invoiced_to=str(day)) == [draft["id"]]
    assert found(due_from=due, due_to=due, status="draft,sent") == [draft["id"]]
    assert found(invoiced_from=after) == found(invoiced_to=before) == []
    assert found(due_from="2999-01-01") == found(due_to="2000-01-01") == []
    assert api.get("/invoices", due_from="soon").status == 422
    payment = pay(desk).body
    for filters, expected in (
        ({"open": "true"}, [payment["id"]]),
        ({"open": "false"}, []),
        ({"type": "payment", "q": payment["number"]}, [payment["id"]]),
        ({"invoice_id": draft["id"]}, []),
    ):
        rows = api.get("/payments", **filters).body["data"]
        assert [one["id"] for one in rows] == expected, filters


def test_a_stale_version_is_answered_with_the_current_invoice(desk: Billing) -> None:
    draft = drafted(desk)
    assert act(desk, draft, "finalise", version=1).status == 200
    stale = act(desk, draft, "void", version=1, reason="x")
    assert (stale.status, stale.body["code"]) == (409, "stale_version")
    assert stale.body["details"]["current"]["number"] == "INV-00001"


def test_bad_input_is_a_clear_error_and_nothing_is_written(desk: Billing) -> None:
    draft, api = drafted(desk), desk.company.api()
    path = f"/sales-orders/{draft['order']['number']}/actions/create-invoice"
    line = draft["lines"][0]["line_id"]
    over = api.post(path, {"lines": [{"line_id": line, "quantity": "1"}]})
    assert (over.status, over.body["code"]) == (409, "over_invoicing")
    assert (api.post(path).status, api.post(path).body["code"]) == (422, "nothing_to_bill")
    settling = [{"invoice_id": draft["id"], "amount": "10.00"}]
    unpaid = pay(desk, allocations=settling)
    assert (unpaid.status, unpaid.body["code"]) == (409, "invoice_not_open")
    act(desk, draft, "finalise")
    nobody = act(desk, draft, "send")
    assert (nobody.status, nobody.body["code"]) == (422, "no_recipient")
    more = pay(desk, allocations=[{"invoice_id": draft["id"], "amount": "10.01"}])
    assert (more.status, more.body["code"]) == (409, "insufficient_credit")
    unknown = pay(desk, allocations=[{"invoice_id": NOBODY, "amount": "1.00"}])
    assert (unknown.status, unknown.body["fields"].keys()) == (
        422,
        {"allocations.0.invoice_id"},
    )
    beyond = pay(desk, amount="101", allocations=[{"invoice_id": draft["id"], "amount": "101"}])
    assert beyond.body["details"]["confirm"] == "overpay"
    assert api.get("/payments").body["data"] == []
    assert api.get("/invoices/INV-00001").body["totals"]["allocated"] == "0.00"


def test_a_deposit_is_money_on_an_order(desk: Billing) -> None:
    gem = desk.product(sku="GEM", base_price="10.00")
    number, api = desk.order({gem: 1}).head.number, desk.company.api()
    path = f"/sales-orders/{number}/actions/record-deposit"
    made = api.post(path, {"amount": "4.00", "method": "cash"})
    assert (made.status, made.body["open_credit"], made.body["order"]["number"]) == (
        201,
        "4.00",
        number,
    )
    order = api.get(f"/sales-orders/{number}").body
    assert (order["payment_status"], order["totals"]["paid"]) == ("partially_paid", "4.00")
