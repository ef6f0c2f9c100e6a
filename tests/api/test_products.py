"""Products over HTTP: units, prices, and who sees them."""

import pytest

from tests.company import found_company

pytestmark = pytest.mark.django_db


def test_a_product_is_sold_in_its_default_unit_and_further_ones() -> None:
    api = found_company().api()
    sent = {
        "sku": "BOLT",
        "name": "Bolt",
        "units": [{"unit": "box", "ratio": 12}, {"unit": "pallet", "ratio": "1440.5"}],
        "price_unit": "box",
        "base_price": "1.2345",
        "weight_per_unit": "3.50",
        "attributes": {"color": "red", "size": 7},
        "aliases": ["screw", "screw", " "],
    }
    made = api.post("/products", sent).body
    assert made["units"] == [
        {"unit": "box", "ratio": "12", "fixed_discount": None, "percent_discount": None},
        {"unit": "pallet", "ratio": "1440.5", "fixed_discount": None, "percent_discount": None},
    ]
    assert (made["default_unit"], made["price_unit"]) == ("pcs", "box")
    assert (made["base_price"], made["currency"]) == ("1.2345", "USD")
    assert (made["weight_per_unit"], made["weight_unit"]) == ("3.5", "g")
    assert (made["attributes"], made["aliases"]) == ({"color": "red", "size": "7"}, ["screw"])


@pytest.mark.parametrize(
    ("field", "wrong", "place"),
    [
        ("units", [{"unit": "pcs", "ratio": 1}], "units"),
        ("units", [{"unit": "box", "ratio": 0}], "units.0.ratio"),
        ("units", [{"unit": "box", "ratio": 2}, {"unit": "box", "ratio": 3}], "units.1.unit"),
        ("price_unit", "dozen", "price_unit"),
        ("base_price", "1e3", "base_price"),
        ("base_price", "0.00001", "base_price"),
        ("base_price", 10**20, "base_price"),
        ("base_price", True, "base_price"),
        ("currency", "ABC", "currency"),
        ("weight_unit", "stone", "weight_unit"),
        ("weight_per_unit", "0", "weight_per_unit"),
        ("tax_rate", "1.5", "tax_rate"),
        ("is_manufactured", "yes", "is_manufactured"),
        ("type", "gift", "type"),
        ("product_line_id", "00000000-0000-7000-8000-000000000000", "product_line_id"),
        ("attributes", {"color": True}, "attributes.color"),
        ("description", "card 4111111111111111", "description"),
        ("name", "", "name"),
        ("name", "x" * 201, "name"),
        ("reorder_threshold", -1, "reorder_threshold"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(
    field: str, wrong: object, place: str
) -> None:
    answer = found_company().api().post("/products", {"sku": "A", "name": "A"} | {field: wrong})
    assert (answer.status, list(answer.body["fields"])) == (422, [place])


@pytest.mark.parametrize(
    ("role", "sees_price", "sees_cost"),
    [
        ("Admin", True, True),
        ("Sales", True, True),
        ("Finance", True, True),
        ("Viewer", True, False),
        ("Manager", False, False),
        ("Member", False, False),
        ("Warehouse", False, False),
    ],
)
def test_prices_and_costs_are_absent_for_those_who_may_not_see_them(
    role: str, sees_price: bool, sees_cost: bool
) -> None:
    company = found_company()
    sent = {"sku": "GEM", "name": "Gem", "base_price": "12.50", "unit_cost": "7"}
    made = company.api().post("/products", sent).body
    seen = company.api(role).get(f"/products/{made['id']}").body
    prices = ("base_price", "currency", "price_unit")
    assert [name in seen for name in prices] == [sees_price] * 3
    assert ("unit_cost" in seen) is sees_cost
    assert company.api(role).get("/products").body["data"] == [seen]


def test_a_price_is_not_written_by_those_who_may_not_see_it() -> None:
    company = found_company()
    company.api().post(
        "/roles", {"name": "Cataloguer", "permissions": ["products:create", "products:read"]}
    )
    api = company.api("Cataloguer")
    assert api.post("/products", {"sku": "A", "name": "A"}).status == 201
    answer = api.post("/products", {"sku": "B", "name": "B", "base_price": "1"})
    assert (answer.status, answer.body["details"]["permission"]) == (
        403,
        "orders_commercial:update",
    )


def test_the_default_unit_is_settled_once_something_refers_to_the_product() -> None:
    company = found_company()
    api = company.api()
    made = api.post("/products", {"sku": "GEM", "name": "Gem"}).body
    at = f"/products/{made['id']}"
    assert api.patch(at, {"default_unit": "g"}).body["default_unit"] == "g"
    price = {"code": "G", "product_id": made["id"]}
    assert api.post("/customers", {"name": "Acme", "item_codes": [price]}).status == 201
    assert api.patch(at, {"default_unit": "pcs"}).status == 200  # codes go with the product
    from orderwright.inventory.models import Lot

    company.enter()
    Lot.objects.create(
        organization_id=company.id,
        tag_id="T1",
        product_id=made["id"],
        location_id=company.location_id,
        weight_unit="g",
    )
    answer = api.patch(at, {"default_unit": "g"})
    assert (answer.status, answer.body["code"]) == (409, "settled")
    assert api.patch(at, {"default_unit": "pcs", "name": "Gem 2"}).body["name"] == "Gem 2"
    assert api.delete(at).body["code"] == "in_use"
