"""Prices before any order exists, with what was considered for them."""

from typing import Any
from uuid import UUID

import pytest

from orderwright.sales import new_orders
from orderwright.sales.new_lines import NewLine
from tests.company import Api, Company, found_company

pytestmark = pytest.mark.django_db


def made(api: Api, path: str, **body: Any) -> str:
    """The id of a record that was created."""
    answer = api.post(path, body)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


@pytest.fixture
def company() -> Company:
    return found_company()


def asked(company: Company, **further: Any) -> dict[str, Any]:
    """A quote for 750 pieces of P2 (domain 5.8)."""
    api = company.api()
    line = str(company.product_line("Gems"))
    gem = str(company.product(sku="GEM", base_price="12.50", product_line_id=line))
    acme = str(company.customer(name="Acme"))
    made(api, "/customer-prices", customer_id=acme, product_line_id=line, price="11.00")
    made(api, "/customer-prices", customer_id=acme, product_line_id=line, price="9", currency="EUR")
    tiers = [{"threshold": "100", "percent": "0.05"}, {"threshold": "500", "percent": "0.10"}]
    made(api, "/volume-discounts", name="Bulk", tiers=tiers, product_line_ids=[line])
    rows = [{"product_id": gem, "quantity": "750"}]
    return {"customer_id": acme, "lines": rows, "explain": True, **further}


def test_a_quote_explains_every_candidate(company: Company) -> None:
    quoted = company.api().post("/sales-orders/price-quote", asked(company)).body
    (line,) = quoted["lines"]
    assert (line["unit_price"], line["line_total"]) == ("9.405", "7053.75")
    assert [step["step"] for step in line["price_breakdown"]] == ["base", "customer", "volume"]
    assert [(one["step"], one["name"], one["taken"], one["why"]) for one in line["candidates"]] == [
        (
            "customer",
            "11.00 USD per pcs",
            True,
            "This price is the customer's own; all filters fit.",
        ),
        ("customer", "9.00 EUR per pcs", False, "It is in EUR, the order is in USD."),
        (
            "volume",
            "Bulk",
            True,
            "Bulk: 5 % from 100, 10 % from 500; order quantity 750; × 0.855",
        ),
    ]


def test_a_quote_that_asks_for_no_reasons_gets_none(company: Company) -> None:
    body = asked(company, explain=False)
    (line,) = company.api().post("/sales-orders/price-quote", body).body["lines"]
    assert "candidates" not in line


def test_a_code_is_checked_on_the_day_that_is_asked_for(company: Company) -> None:
    api = company.api()
    made(
        api,
        "/discount-codes",
        code="MAY",
        type="percentage",
        percentage="0.1",
        starts_on="2030-05-01",
        ends_on="2030-05-31",
    )
    body = asked(company, discount_code="may")
    refused = api.post("/sales-orders/price-quote", body)
    assert (refused.status, refused.body["fields"]) == (
        422,
        {"discount_code": "This code can be used from 2030-05-01 on."},
    )
    in_may = api.post("/sales-orders/price-quote", {**body, "date": "2030-05-31"}).body
    assert in_may["totals"]["discount_total"] == "705.38"


def test_who_may_not_see_discounts_gets_the_price_without_the_reasons(company: Company) -> None:
    body = asked(company)
    permissions = ["sales_orders:read", "orders_commercial:read", "customers:read"]
    made(company.api(), "/roles", name="Clerk", permissions=permissions)
    quoted = company.api("Clerk").post("/sales-orders/price-quote", body).body
    assert quoted["lines"][0]["unit_price"] == "9.405"
    assert "candidates" not in quoted["lines"][0]


def test_a_quote_reads_in_two_statements_however_many_lines(
    company: Company, django_assert_num_queries: Any
) -> None:
    body = asked(company)
    company.enter()
    lines = [NewLine(UUID(body["lines"][0]["product_id"]), "750")] * 30
    with django_assert_num_queries(2):
        new_orders.quote(by=company.by, customer_id=UUID(body["customer_id"]), lines=lines)
