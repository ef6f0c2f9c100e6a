"""Settlements and statements over HTTP."""

from typing import Any

import pytest

from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Billing:
    """A desk that bills."""
    return open_billing()


def owed(desk: Billing) -> tuple[str, str, str]:
    """An invoice of 100, and two payments of 70 and 50."""
    invoice = desk.final(desk.shipped({desk.product(sku="GEM", base_price="10.00"): 10}))
    one, two = desk.pay(None, "70.00"), desk.pay(None, "50.00")
    return str(invoice.id), str(one.id), str(two.id)


def test_payments_settle_an_invoice_together(desk: Billing) -> None:
    invoice, one, two = owed(desk)
    sent = {
        "payments": [{"payment_id": one, "amount": "70"}, {"payment_id": two, "amount": "30.00"}],
        "allocations": [{"invoice_id": invoice, "amount": "100.00", "note": "Both checks"}],
    }
    answer = desk.company.api().post("/settlements", sent)
    assert answer.status == 200, answer.body
    assert [row["open_credit"] for row in answer.body["data"]] == ["0.00", "20.00"]
    assert desk.company.api().get(f"/invoices/{invoice}").body["status"] == "paid"


WRONG: list[tuple[dict[str, Any], int, str, str]] = [
    ({"payments": []}, 422, "nothing_to_allocate", "payments"),
    ({"allocations": []}, 422, "nothing_to_allocate", "allocations"),
]


@pytest.mark.parametrize(("changed", "status", "code", "field"), WRONG)
def test_half_a_settlement_is_refused(
    desk: Billing, changed: dict[str, Any], status: int, code: str, field: str
) -> None:
    invoice, one, _ = owed(desk)
    sent = {
        "payments": [{"payment_id": one, "amount": "70"}],
        "allocations": [{"invoice_id": invoice, "amount": "70"}],
    }
    answer = desk.company.api().post("/settlements", sent | changed)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert list(answer.body["fields"]) == [field]


def test_what_is_used_and_what_is_settled_come_to_the_same(desk: Billing) -> None:
    invoice, one, _ = owed(desk)
    sent = {
        "payments": [{"payment_id": one, "amount": "70"}],
        "allocations": [{"invoice_id": invoice, "amount": "60"}],
    }
    answer = desk.company.api().post("/settlements", sent)
    assert (answer.status, answer.body["code"]) == (422, "unbalanced_settlement")
    assert desk.company.api().get(f"/invoices/{invoice}").body["totals"]["allocated"] == "0.00"


def test_a_statement_names_each_movement_with_the_balance_after_it(desk: Billing) -> None:
    owed(desk)
    api = desk.company.api()
    day = desk.by.today.isoformat()
    answer = api.get(f"/customers/{desk.customer}/statement", **{"from": day, "to": day})
    assert answer.status == 200, answer.body
    (told,) = answer.body["data"]
    assert (told["opening"], told["charged"], told["credited"], told["closing"]) == (
        "0.00",
        "100.00",
        "120.00",
        "-20.00",
    )
    assert [(row["kind"], row["amount"], row["balance"]) for row in told["movements"]] == [
        ("invoice", "100.00", "100.00"),
        ("payment", "-70.00", "30.00"),
        ("payment", "-50.00", "-20.00"),
    ]
    assert told["open_by_age"]["0-30"] == "100.00"
    nobody = "00000000-0000-7000-8000-000000000000"
    assert api.get(f"/customers/{nobody}/statement").status == 404


def test_a_statement_may_end_on_the_first_day_that_there_is(desk: Billing) -> None:
    api = desk.company.api()
    answer = api.get(f"/customers/{desk.customer}/statement", to="0001-01-01")
    assert answer.body == {"from": "0001-01-01", "to": "0001-01-01", "data": []}
