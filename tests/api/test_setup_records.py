"""Set-up records over HTTP: what all of them have in common."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.activity.models import Event
from tests.company import Company, found_company

pytestmark = pytest.mark.django_db


def bodies(company: Company) -> dict[str, dict[str, Any]]:
    """A sound body to create one record at each path."""
    return {
        "/staff": {"nickname": "Bo", "email": "bo@works.example"},
        "/locations": {"name": "Annex", "short_name": "ANX"},
        "/payment-terms": {"code": "NET7", "name": "Net 7", "net_days": 7},
        "/shipping-terms": {"name": "Flat", "type": "flat_rate_freight", "flat_rate": "25"},
        "/carriers": {"name": "Bike", "options": [{"code": "city", "name": "City"}]},
        "/customer-groups": {"name": "Retail", "type": "type_group"},
        "/product-lines": {"name": "Gems"},
        "/product-categories": {"name": "Loose"},
        "/products": {"sku": "GEM", "name": "Gem", "base_price": "12.50"},
        "/customers": {"name": "Acme"},
        "/suppliers": {"name": "Rough & Sons"},
        "/stages": {"name": "Setting"},
        "/customer-prices": {
            "customer_id": company.customer(name="Buyer"),
            "product_line_id": company.product_line("Rings"),
            "price": "11",
        },
        "/volume-discounts": {"name": "Bulk", "tiers": [{"threshold": 100, "percent": "0.05"}]},
        "/discount-codes": {"code": "TEN", "type": "percentage", "percentage": "0.1"},
        "/roles": {"name": "Reader", "permissions": ["products:read"]},
        "/users": {"email": "cy@works.example", "role": "Sales", "password": "long enough"},
    }


PATHS = (
    "/staff", "/locations", "/payment-terms", "/shipping-terms", "/carriers", "/customer-groups",
    "/product-lines", "/product-categories", "/products", "/customers", "/suppliers",
    "/stages", "/customer-prices",
    "/volume-discounts", "/discount-codes", "/roles", "/users",
)  # fmt: skip
RENAMED = {"/staff": "nickname", "/discount-codes": "name", "/users": "first_name"}


@pytest.mark.parametrize("path", PATHS)
def test_what_was_created_is_read_changed_and_removed_again(path: str) -> None:
    company = found_company()
    api = company.api()
    made = api.post(path, bodies(company)[path])
    assert made.status == 201, made.body
    record = made.body
    at = f"{path}/{record['id']}"
    assert api.get(at).body == record
    name = RENAMED.get(path, "name") if path != "/customer-prices" else "unit"
    changed = api.patch(at, {name: "Other", "version": 1})
    assert changed.status == 200, changed.body
    assert (changed.body[name], changed.body["version"]) == ("Other", 2)
    stale = api.patch(at, {name: "Third", "version": 1})
    assert (stale.status, stale.body["code"]) == (409, "stale_version")
    assert stale.body["details"]["current"] == api.get(at).body
    gone = api.delete(at)
    assert gone.status == 204
    assert api.get(at).status == 404


LIST_BUDGET = (
    5  # enter, savepoint and its end, and the rows; more where rows have rows of their own
)


@pytest.mark.parametrize("path", PATHS)
def test_a_list_costs_the_same_for_three_rows_as_for_one(path: str) -> None:
    company = found_company()
    api = company.api()
    body = bodies(company)[path]
    assert api.post(path, body).status == 201
    with CaptureQueriesContext(connection) as one:
        assert api.get(path, limit=200).status == 200
    for number in range(2):
        unique = {name: f"{body[name]}{number}" for name in UNIQUE.get(path, ("name",))}
        assert api.post(path, body | unique).status == 201
    with CaptureQueriesContext(connection) as three:
        assert api.get(path, limit=200).status == 200
    assert len(three) == len(one)
    assert len(one) <= LIST_BUDGET + ROWS_OF_THEIR_OWN.get(path, 0)


UNIQUE = {
    "/staff": ("nickname",),
    "/payment-terms": ("code",),
    "/products": ("sku",),
    "/discount-codes": ("code",),
    "/users": ("email",),
    "/customer-prices": ("price",),
}
ROWS_OF_THEIR_OWN = {"/customers": 3, "/suppliers": 2, "/carriers": 1, "/customer-groups": 1}


@pytest.mark.parametrize("path", PATHS)
def test_a_list_goes_on_after_its_cursor_newest_first(path: str) -> None:
    company = found_company()
    api = company.api()
    body = bodies(company)[path]
    made = []
    for number in range(3):
        unique = {name: f"{body[name]}{number}" for name in UNIQUE.get(path, ("name",))}
        made.append(api.post(path, body | unique).body["id"])
    first = api.get(path, limit=2).body
    assert [row["id"] for row in first["data"]] == [made[2], made[1]]
    second = api.get(path, limit=1, cursor=first["next_cursor"]).body
    assert [row["id"] for row in second["data"]] == [made[0]]


@pytest.mark.parametrize("path", PATHS)
def test_the_records_of_another_organization_are_not_there(path: str) -> None:
    stranger = found_company("Strangers", email="eve@strangers.example")
    owner = found_company()
    at = f"{path}/{owner.api().post(path, bodies(owner)[path]).body['id']}"
    api = stranger.api()
    assert [api.get(at).status, api.patch(at, {}).status, api.delete(at).status] == [404] * 3
    owner.enter()
    assert owner.api().get(at).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_each_write_is_one_event_that_tells_what_changed(path: str) -> None:
    company = found_company()
    api = company.api()
    body = bodies(company)[path]
    record = api.post(path, body).body
    name = RENAMED.get(path, "name") if path != "/customer-prices" else "unit"
    api.patch(f"{path}/{record['id']}", {name: "Other"})
    api.patch(f"{path}/{record['id']}", {name: "Other"})
    api.delete(f"{path}/{record['id']}")
    company.enter()
    events = list(Event.objects.of(company.id).filter(subject_id=record["id"]).order_by("pk"))
    assert [event.type.partition(".")[2] for event in events] == ["created", "updated", "deleted"]
    assert events[1].body == {"before": {name: record[name] or ""}, "after": {name: "Other"}}
    assert events[2].body["before"][name] == "Other"


def test_an_unknown_id_is_said_with_its_field() -> None:
    company = found_company()
    nobody = "00000000-0000-7000-8000-000000000000"
    answer = company.api().post(
        "/customer-prices", {"customer_id": nobody, "product_line_id": nobody, "price": 1}
    )
    assert (answer.status, answer.body["code"]) == (422, "invalid_input")
    assert set(answer.body["fields"]) == {"customer_id", "product_line_id"}


def test_everything_wrong_with_a_body_is_said_at_once() -> None:
    company = found_company()
    answer = company.api().post("/products", {"base_price": "-1", "units": [{"unit": "box"}]})
    assert answer.status == 422
    assert set(answer.body["fields"]) == {"sku", "name", "base_price", "units.0.ratio"}


def test_a_name_is_taken_in_any_case() -> None:
    api = found_company().api()
    api.post("/product-lines", {"name": "Gems"})
    answer = api.post("/product-lines", {"name": " gEMS "})
    assert (answer.status, answer.body["code"], list(answer.body["fields"])) == (
        409,
        "duplicate",
        ["name"],
    )


def test_what_others_refer_to_stays() -> None:
    company = found_company()
    api = company.api()
    line = company.product_line("Gems")
    company.product(sku="GEM", product_line_id=line)
    answer = api.delete(f"/product-lines/{line}")
    assert (answer.status, answer.body["code"]) == (409, "in_use")
    assert api.get(f"/product-lines/{line}").status == 200


def test_what_a_list_of_ids_names_stays() -> None:
    api = found_company().api()
    group = api.post("/customer-groups", {"name": "Web", "type": "pricing_group"}).body["id"]
    tiers = [{"threshold": "1", "percent": "0.1"}]
    discount = {"name": "Bulk", "tiers": tiers, "customer_group_ids": [group]}
    made = api.post("/volume-discounts", discount).body["id"]
    assert api.delete(f"/customer-groups/{group}").body["code"] == "in_use"
    api.delete(f"/volume-discounts/{made}")
    assert api.delete(f"/customer-groups/{group}").status == 204


def test_a_system_term_may_be_the_default_or_retire_but_not_change() -> None:
    company = found_company()
    api = company.api()
    net_15 = next(
        term for term in api.get("/payment-terms").body["data"] if term["code"] == "NET15"
    )
    at = f"/payment-terms/{net_15['id']}"
    assert api.patch(at, {"net_days": 16}).body["code"] == "system_record"
    assert api.delete(at).body["code"] == "system_record"
    assert api.patch(at, {"is_default": True}).body["is_default"] is True
    before = api.get(f"/payment-terms/{company.payment_term_id}").body
    assert before["is_default"] is False


def test_searching_looks_into_names_and_filters_narrow() -> None:
    api = found_company().api()
    api.post("/products", {"sku": "R-1", "name": "Silver ring"})
    api.post("/products", {"sku": "R-2", "name": "Gold ring", "is_active": False})
    api.post("/products", {"sku": "G-1", "name": "Gem"})
    found = api.get("/products", q="RING").body["data"]
    assert [row["sku"] for row in found] == ["R-2", "R-1"]
    found = api.get("/products", q="ring", is_active="true").body["data"]
    assert [row["sku"] for row in found] == ["R-1"]
    assert api.get("/products", is_active="maybe").status == 422


def test_creating_costs_the_same_for_three_addresses_as_for_one() -> None:
    api = found_company().api()
    address = {"label": "Home", "country": "US"}
    api.get("/customers")  # the first use of a key in an hour is noted
    counts = []
    for number in (1, 3):
        with CaptureQueriesContext(connection) as made:
            body = {
                "name": f"Acme {number}",
                "number": f"{number}",
                "addresses": [address] * number,
            }
            assert api.post("/customers", body).status == 201
        counts.append(len(made))
    assert counts[0] == counts[1]
    assert counts[0] <= 24


def test_creating_a_product_takes_few_statements() -> None:
    api = found_company().api()
    with CaptureQueriesContext(connection) as made:
        assert api.post("/products", {"sku": "GEM", "name": "Gem"}).status == 201
    assert len(made) <= 10
