"""Customer prices, volume discounts and discount codes over HTTP."""

import pytest

from tests.company import found_company

pytestmark = pytest.mark.django_db


def test_tiers_are_kept_in_the_order_of_their_thresholds() -> None:
    api = found_company().api()
    tiers = [{"threshold": "500", "percent": "0.10"}, {"threshold": 100, "percent": 0.05}]
    made = api.post("/volume-discounts", {"name": "Bulk", "tiers": tiers}).body
    assert made["tiers"] == [
        {"name": "", "threshold": "100", "percent": "0.05"},
        {"name": "", "threshold": "500", "percent": "0.1"},
    ]


@pytest.mark.parametrize(
    ("tiers", "place"),
    [
        ([], "tiers"),
        (None, "tiers"),
        ([{"threshold": 1, "percent": "1"}], "tiers.0.percent"),
        ([{"threshold": 1, "percent": "0"}], "tiers.0.percent"),
        ([{"threshold": -1, "percent": "0.1"}], "tiers.0.threshold"),
        ([{"percent": "0.1"}], "tiers.0.threshold"),
        ([{"threshold": 1, "percent": "0.1"}, {"threshold": "1.0", "percent": "0.2"}], "tiers"),
    ],
)
def test_tiers_that_make_no_sense_are_refused(tiers: object, place: str) -> None:
    answer = found_company().api().post("/volume-discounts", {"name": "Bulk", "tiers": tiers})
    assert (answer.status, list(answer.body["fields"])) == (422, [place])


def test_two_codes_cannot_differ_in_case_only() -> None:
    api = found_company().api()
    ten = {"code": " Ten ", "type": "percentage", "percentage": "0.1"}
    assert api.post("/discount-codes", ten).body["code"] == "Ten"
    answer = api.post("/discount-codes", ten | {"code": "TEN"})
    assert (answer.status, answer.body["code"], list(answer.body["fields"])) == (
        409,
        "duplicate",
        ["code"],
    )


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"type": "percentage"}, "percentage"),
        ({"type": "percentage", "percentage": "10"}, "percentage"),
        ({"type": "percentage", "percentage": "0.1", "amount": "5"}, "amount"),
        ({"type": "amount", "amount": "0"}, "amount"),
        ({"type": "amount", "percentage": "0.1"}, "amount"),
        ({"type": "gift"}, "type"),
        ({}, "type"),
        (
            {
                "type": "amount",
                "amount": "5",
                "starts_on": "2026-03-02",
                "ends_on": "2026-03-01",
            },
            "ends_on",
        ),
        ({"type": "amount", "amount": "5", "max_redemptions": 0}, "max_redemptions"),
        ({"type": "amount", "amount": "5", "starts_on": "02.03.2026"}, "starts_on"),
    ],
)
def test_a_code_that_gives_nothing_sensible_is_refused(
    wrong: dict[str, object], place: str
) -> None:
    answer = found_company().api().post("/discount-codes", {"code": "X"} | wrong)
    assert (answer.status, list(answer.body["fields"])) == (422, [place])


def test_an_amount_is_in_the_currency_of_the_organization_unless_said() -> None:
    api = found_company().api()
    api.patch("/organization", {"default_currency": "JPY"})
    made = api.post("/discount-codes", {"code": "A", "type": "amount", "amount": 500}).body
    assert (made["amount"], made["currency"]) == ("500", "JPY")
    sent = {"code": "B", "type": "amount", "amount": 5, "currency": "usd"}
    made = api.post("/discount-codes", sent).body
    assert (made["amount"], made["currency"]) == ("5.00", "USD")


def test_a_customer_price_belongs_to_its_customer_for_good() -> None:
    company = found_company()
    api = company.api()
    sent = {
        "customer_id": str(company.customer(name="Acme")),
        "product_line_id": str(company.product_line("Gems")),
        "price": 11,
        "attributes": {"color": ["red", "blue"], "size": "7"},
    }
    made = api.post("/customer-prices", sent).body
    assert (made["price"], made["currency"]) == ("11.00", "USD")
    assert made["attributes"] == {"color": ["red", "blue"], "size": ["7"]}
    assert made["customer"]["name"] == "Acme"
    assert made["product_line"]["name"] == "Gems"
    other = str(company.customer(name="Other"))
    answer = api.patch(f"/customer-prices/{made['id']}", {"customer_id": other})
    assert (answer.status, answer.body["code"]) == (409, "settled")
    assert api.get("/customer-prices", customer_id=other).body["data"] == []
    assert len(api.get("/customer-prices", customer_id=sent["customer_id"]).body["data"]) == 1


@pytest.mark.parametrize("path", ["/customer-prices", "/volume-discounts", "/discount-codes"])
def test_discounts_are_not_for_the_warehouse(path: str) -> None:
    company = found_company()
    assert company.api("Warehouse").get(path).status == 403
    assert company.api("Viewer").get(path).status == 200
    assert company.api("Viewer").post(path, {}).status == 403
