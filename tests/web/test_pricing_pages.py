"""Customer prices, volume discounts, discount codes and the price checker, as the server writes
them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orderwright.pricing.models import CustomerPrice, DiscountCode, VolumeDiscount
from tests.company import Company

pytestmark = pytest.mark.django_db

LISTS = ("customer-prices", "volume-discounts", "discount-codes")


def text_of(html: str) -> str:
    """What a page says, its spaces made single."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def errors(html: str) -> dict[str, str]:
    """The errors beside the fields, by field."""
    found = re.findall(r'<p class="error" id="e-([^"]+)">.*?<span>([^<]*)</span>', html)
    return dict(found)


@pytest.fixture
def shop(company: Company) -> dict[str, Any]:
    """A customer, a product line and a product in it."""
    line = company.product_line("Gems")
    return {
        "line": line,
        "gem": company.product(sku="GEM", base_price="12.50", product_line_id=line),
        "acme": company.customer(name="Acme"),
    }


def test_a_customer_price_is_added_changed_and_removed(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    form = {
        "customer_id": str(shop["acme"]),
        "customer_id_text": "Acme",
        "product_line_id": str(shop["line"]),
        "price": "9,50",
        "unit": "",
        "currency": "",
        "category_ids?": "",
        "attributes.0.name": "color",
        "attributes.0.values": "red, blue",
        "is_active?": "",
        "is_active": "on",
    }
    answer = admin.post("/pricing/customer-prices/new", form)
    assert (answer.status_code, answer["Location"]) == (302, "/pricing/customer-prices")
    company.enter()
    made = CustomerPrice.objects.of(company.id).get()
    assert (str(made.price), made.currency, made.attributes) == (
        "9.5000",
        "USD",
        {"color": ["red", "blue"]},
    )
    url = f"/pricing/customer-prices/{made.pk}"
    shown = admin.get(url).content.decode()
    assert 'value="red, blue"' in shown
    changed = admin.post(url, {**form, "price": "8", "version": "1"})
    assert changed.status_code == 302
    company.enter()
    assert str(CustomerPrice.objects.of(company.id).get().price) == "8.0000"
    assert admin.post(f"{url}/remove").status_code == 302
    company.enter()
    assert CustomerPrice.objects.of(company.id).count() == 0


def test_percents_are_typed_and_fractions_are_kept(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    form = {
        "name": "Bulk",
        "tiers.0.threshold": "100",
        "tiers.0.percent": "5",
        "tiers.0.name": "",
        "tiers.7.threshold": "500",
        "tiers.7.percent": "12,5",
        "tiers.7.name": "Large",
        "product_line_ids?": "",
        "product_line_ids": str(shop["line"]),
        "acceptable_units": "pcs\r\npair",
        "is_active?": "",
        "is_active": "on",
    }
    assert admin.post("/pricing/volume-discounts/new", form).status_code == 302
    company.enter()
    made = VolumeDiscount.objects.of(company.id).get()
    assert made.tiers == [
        {"name": "", "threshold": "100", "percent": "0.05"},
        {"name": "Large", "threshold": "500", "percent": "0.125"},
    ]
    assert (made.product_line_ids, made.acceptable_units) == ([shop["line"]], ["pcs", "pair"])
    shown = admin.get(f"/pricing/volume-discounts/{made.pk}").content.decode()
    assert 'name="tiers.1.percent" type="text" value="12.5"' in shown


def test_a_code_says_how_often_it_was_used(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    form = {
        "code": "TEN",
        "name": "Ten percent",
        "type": "percentage",
        "percentage": "10",
        "max_redemptions": "3",
        "once_per_customer?": "",
        "is_active?": "",
        "is_active": "on",
        "customer_ids.0.customer_id": str(shop["acme"]),
        "customer_ids.0.customer_id_text": "Acme",
    }
    assert admin.post("/pricing/discount-codes/new", form).status_code == 302
    company.enter()
    made = DiscountCode.objects.of(company.id).get()
    assert (str(made.percentage), made.customer_ids) == ("0.100000", [shop["acme"]])
    order = {
        "customer_id": str(shop["acme"]),
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "discount_code": "ten",
        "lines": [{"product_id": str(shop["gem"]), "quantity": "1"}],
    }
    api = company.api()
    assert api.post("/sales-orders", order).status == 201
    said = text_of(admin.get("/pricing/discount-codes").content.decode())
    assert "TEN Ten percent 10 %" in said
    assert "1 of 3 1 customer" in said
    assert api.get(f"/discount-codes/{made.pk}").body["times_used"] == 1
    edit = admin.get(f"/pricing/discount-codes/{made.pk}").content.decode()
    assert 'name="customer_ids.0.customer_id_text" value="Acme"' in edit


BAD: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    (
        "customer-prices",
        {"customer_id_text": "Nobody", "price": "cheap"},
        {"customer_id": "Nobody", "price": "cheap", "product_line_id": ""},
    ),
    ("customer-prices", {"price": "-1"}, {"price": "-1"}),
    ("customer-prices", {"price": "1", "currency": "DOLLARS"}, {"currency": "DOLLARS"}),
    (
        "volume-discounts",
        {"name": "", "tiers.0.threshold": "many", "tiers.0.percent": "5"},
        {"name": "", "tiers.0.threshold": "many"},
    ),
    (
        "volume-discounts",
        {"name": "Bulk", "tiers.0.threshold": "1", "tiers.0.percent": "150"},
        {"tiers.0.percent": "150"},
    ),
    (
        "volume-discounts",
        {"name": "Bulk", "tiers.0.threshold": "1", "tiers.0.percent": "lots"},
        {"tiers.0.percent": "lots"},
    ),
    ("discount-codes", {"code": "", "type": "percentage", "percentage": "10"}, {"code": ""}),
    (
        "discount-codes",
        {"code": "TEN", "type": "percentage", "percentage": "ten"},
        {"percentage": "ten"},
    ),
    ("discount-codes", {"code": "TEN", "type": "amount", "amount": "much"}, {"amount": "much"}),
    (
        "discount-codes",
        {"code": "T", "type": "percentage", "percentage": "1", "starts_on": "soon"},
        {"starts_on": "soon"},
    ),
    (
        "discount-codes",
        {
            "code": "T",
            "type": "percentage",
            "percentage": "1",
            "customer_ids.0.customer_id": "",
            "customer_ids.0.customer_id_text": "Nobody",
        },
        {"customer_ids.0.customer_id": "Nobody"},
    ),
)


@pytest.mark.parametrize(("path", "typed", "wrong"), BAD)
def test_an_error_stands_beside_its_field_and_what_was_typed_stays(
    admin: Client,
    shop: dict[str, Any],
    path: str,
    typed: dict[str, str],
    wrong: dict[str, str],
) -> None:
    filled = {"attributes.0.name": "color", "attributes.0.values": "red"}
    if path == "discount-codes":
        filled = {"name": "What I typed"}
    answer = admin.post(f"/pricing/{path}/new", {**filled, **typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert set(wrong) <= set(errors(html))
    for value in [*filled.values(), *(text for text in wrong.values() if text)]:
        assert f'value="{value}"' in html


def test_two_tiers_of_the_same_quantity_are_refused_beside_the_tiers(admin: Client) -> None:
    twice = {f"tiers.{n}.{name}": "5" for n in (0, 1) for name in ("threshold", "percent")}
    answer = admin.post("/pricing/volume-discounts/new", {"name": "Bulk", **twice})
    assert errors(answer.content.decode()) == {"tiers": "Two tiers start at the same quantity."}


def example(client: Client, **asked: str) -> str:
    """What the example says for these tiers."""
    return text_of(client.get("/pricing/volume-discounts/example", asked).content.decode())


TIERS = {
    "tiers.0.threshold": "100",
    "tiers.0.percent": "5",
    "tiers.1.threshold": "500",
    "tiers.1.percent": "10",
    "tiers.2.threshold": "1000",
    "tiers.2.percent": "15",
}


def test_the_example_compounds_the_tiers_that_are_met(admin: Client) -> None:
    said = example(admin, **TIERS, example_price="12.50", example_quantity="750")
    assert said.startswith(
        "From 100 5 % taken off From 500 10 % taken off From 1,000 15 % not met "
        "Factor × 0.855 Unit price $10.6875 "
        "All tiers that are met are taken off, one after the other."
    )


def test_the_example_takes_the_highest_where_the_organization_says_so(
    company: Company, admin: Client
) -> None:
    sent = {"settings": {"pricing.tier_mode": "highest"}}
    assert company.api().patch("/organization", sent).status == 200
    said = example(admin, **TIERS, example_price="12.50", example_quantity="750")
    assert said.startswith(
        "From 100 5 % met, a higher one counts From 500 10 % taken off From 1,000 15 % not met "
        "Factor × 0.9 Unit price $11.25 Only the highest percent"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"example_price": "x", "example_quantity": "1"}, "Give a base price and a quantity"),
        ({"example_price": "1e99", "example_quantity": "1"}, "Give a base price and a quantity"),
        ({}, "Give a tier a quantity and a percent"),
        (
            {"tiers.0.threshold": "-1", "tiers.0.percent": "5"},
            "Give a tier a quantity and a percent",
        ),
        (
            {"tiers.0.threshold": "1", "tiers.0.percent": "100"},
            "Give a tier a quantity and a percent",
        ),
    ],
)
def test_an_example_that_makes_no_sense_asks_for_numbers(
    admin: Client, asked: dict[str, str], said: str
) -> None:
    assert example(admin, **asked).startswith(said)


def check(client: Client, shop: dict[str, Any], **asked: str) -> str:
    """The price checker's page."""
    wanted = {"customer_id": str(shop["acme"]), "product_id": str(shop["gem"]), "quantity": "750"}
    return client.get("/pricing/checker", {**wanted, **asked}).content.decode()


def test_the_price_checker_shows_each_step_and_what_lost(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    api = company.api()
    line = str(shop["line"])
    sent = {"customer_id": str(shop["acme"]), "product_line_id": line, "price": "11.00"}
    assert api.post("/customer-prices", sent).status == 201
    assert api.post("/customer-prices", {**sent, "price": "7", "currency": "EUR"}).status == 201
    tiers = [{"threshold": "100", "percent": "0.05"}, {"threshold": "500", "percent": "0.10"}]
    assert api.post("/volume-discounts", {"name": "Bulk", "tiers": tiers}).status == 201
    code = {"code": "TEN", "type": "percentage", "percentage": "0.1"}
    assert api.post("/discount-codes", code).status == 201
    said = text_of(check(admin, shop, discount_code="ten"))
    for words in (
        "750 pcs of Gem at $9.405 each: $7,053.75",
        "Base price The product’s own price is 12.50 USD per pcs. $12.50 per pcs",
        "Customer price A customer price replaces it: 11.00 USD per pcs. $11.00 per pcs",
        "Volume discount Bulk: 5 % from 100, 10 % from 500; order quantity 750; × 0.855. $9.405",
        "Code TEN 10 % of the merchandise. −$705.38",
        "7.00 EUR per pcs No It is in EUR, the order is in USD.",
        "Bulk Yes",
    ):
        assert words in said


def test_the_price_checker_says_when_there_is_no_price(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    shop["gem"] = company.product(sku="NEW", base_price=None)
    said = text_of(check(admin, shop))
    assert "This product has no price in this currency." in said
    assert "No price There is no price in USD. $0.00 per pcs" in said


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"quantity": "lots"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"unit": "furlong"}, "unit"),
        ({"currency": "NONE"}, "currency"),
        ({"date": "soon"}, "date"),
        ({"discount_code": "NOPE"}, "discount_code"),
        ({"product_id": "", "product_id_text": "Typed"}, "product_id"),
    ],
)
def test_the_price_checker_says_beside_the_field_what_is_wrong(
    admin: Client, shop: dict[str, Any], asked: dict[str, str], field: str
) -> None:
    html = check(admin, shop, **asked)
    assert list(errors(html)) == [field]
    for value in asked.values():
        assert f'value="{value}"' in html


@pytest.mark.parametrize("role", ["Manager", "Member", "Warehouse"])
def test_who_may_not_see_discounts_finds_no_pricing(
    person: Callable[[str], Client], role: str
) -> None:
    client = person(role)
    for path in (*LISTS, "checker", "volume-discounts/example"):
        assert client.get(f"/pricing/{path}").status_code == 403
    assert "/pricing/" not in client.get("/products").content.decode()


def test_a_viewer_reads_prices_and_changes_none(
    company: Company, person: Callable[[str], Client], shop: dict[str, Any]
) -> None:
    sent = {"customer_id": str(shop["acme"]), "product_line_id": str(shop["line"]), "price": "1"}
    made = company.api().post("/customer-prices", sent).body["id"]
    client = person("Viewer")
    html = client.get(f"/pricing/customer-prices/{made}").content.decode()
    assert ">Save<" not in html
    assert client.get("/pricing/customer-prices/new").status_code == 403
    assert client.get("/pricing/checker").status_code == 403
    assert "/pricing/checker" not in html


def test_the_list_of_prices_narrows_by_customer_and_line(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    other = company.customer(name="Other")
    rings = company.product_line("Rings")
    api = company.api()
    for customer, line in ((shop["acme"], shop["line"]), (other, rings)):
        sent = {"customer_id": str(customer), "product_line_id": str(line), "price": "1"}
        assert api.post("/customer-prices", sent).status == 201
    for query in (f"customer_id={other}", f"product_line_id={rings}", "q=other"):
        html = admin.get(f"/pricing/customer-prices?{query}").content.decode()
        assert re.findall(r'<td class="primary"[^>]*><a [^>]*>([^<]+)</a>', html) == ["Other"]
