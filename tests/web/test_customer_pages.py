"""The pages of one customer and of one product, and merging, as the server writes them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orderwright.directory.models import Customer
from tests.company import Company
from tests.web.test_pricing_pages import errors, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(company: Company) -> dict[str, Any]:
    """A customer whose parent has a price, and a product with an item code."""
    api = company.api()
    line = company.product_line("Gems")
    parent = company.customer(name="Group")
    gem = company.product(sku="GEM", base_price="12.50", product_line_id=line)
    acme = company.customer(name="Acme", parent_id=parent, credit_limit="20")
    price = {"customer_id": str(parent), "product_line_id": str(line), "price": "9"}
    assert api.post("/customer-prices", price).status == 201
    codes = {"item_codes": [{"code": "A-1", "product_id": str(gem)}]}
    assert api.patch(f"/customers/{acme}", codes).status == 200
    return {"line": line, "parent": parent, "gem": gem, "acme": acme}


def order(company: Company, shop: dict[str, Any], quantity: str = "1") -> Any:
    """An order of Acme."""
    sent = {
        "customer_id": str(shop["acme"]),
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": str(shop["gem"]), "quantity": quantity}],
    }
    answer = company.api().post("/sales-orders", sent)
    assert answer.status == 201, answer.body
    return answer.body


def said(client: Client, path: str) -> str:
    """What a page says."""
    answer = client.get(path)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def test_a_customer_shows_its_open_orders_and_when_they_pass_its_credit(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    at, api = f"/customers/{shop['acme']}", company.api()
    first, second = order(company, shop, "2"), order(company, shop)
    assert "Orders 2 Worth, USD $27.00" in said(admin, at)
    assert api.post(f"/sales-orders/{first['id']}/actions/issue").status == 200
    assert "Beyond the credit limit" not in said(admin, at)
    assert api.post(f"/sales-orders/{second['id']}/actions/issue").status == 200
    assert (
        "Beyond the credit limit. What this customer owes and is still to be invoiced for comes to "
        "$27.00; the limit is $20.00." in said(admin, at)
    )


def test_a_customer_shows_the_prices_of_its_parent(admin: Client, shop: dict[str, Any]) -> None:
    page = said(admin, f"/customers/{shop['acme']}/prices")
    assert "Gems $9.00 price unit — Its parent, Group" in page


def test_a_customer_lists_its_orders_and_shipments(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    number = order(company, shop)["number"]
    assert number in said(admin, f"/customers/{shop['acme']}/orders")
    assert number not in said(admin, f"/customers/{shop['parent']}/orders")
    assert "No shipments yet" in said(admin, f"/customers/{shop['acme']}/shipments")


def test_the_activity_of_a_customer_says_what_changed(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    at = f"/customers/{shop['acme']}"
    api = company.api()
    assert api.patch(at, {"name": "Acme & Sons", "credit_limit": "50"}).status == 200
    assert admin.post(f"{at}/status", {"status": "hold_all", "reason": "Late"}).status_code == 302
    page = said(admin, f"{at}/activity")
    assert "Status changed Late Status Normal Hold All" in page
    assert "Name Acme Acme &amp; Sons" in page
    assert "Credit limit 20 50" in page


def test_others_see_no_amounts_in_the_activity(
    company: Company, shop: dict[str, Any], person: Callable[[str], Client]
) -> None:
    at = f"/customers/{shop['acme']}"
    assert company.api().patch(at, {"credit_limit": "50"}).status == 200
    assert "Credit limit" not in said(person("Viewer"), f"{at}/activity")


def test_merging_shows_what_moves_then_moves_it(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    twin = company.customer(name="Twin")
    at = f"/customers/{shop['acme']}"
    form = {
        "source_ids.0.customer_id": str(twin),
        "source_ids.0.customer_id_text": "Twin",
        "version": "2",
    }
    preview = admin.post(f"{at}/merge", form)
    assert preview.status_code == 200
    shown = text_of(preview.content.decode())
    assert "Twin (C-Twin) would become part of Acme . These move: Addresses 1" in shown
    company.enter()
    assert Customer.objects.of(company.id).filter(pk=twin).exists()
    done = admin.post(f"{at}/merge", {**form, "confirmed": "yes"})
    assert (done.status_code, done["Location"]) == (302, at)
    company.enter()
    assert not Customer.objects.of(company.id).filter(pk=twin).exists()
    assert "Merged with Twin (C-Twin)" in said(admin, f"{at}/activity")


@pytest.mark.parametrize("confirmed", ["", "yes"])
@pytest.mark.parametrize(
    "wrong",
    [
        ("", "Somebody", "Choose a customer of the list."),
        ("acme", "Acme", "A customer cannot be merged into itself."),
        ("parent", "Group", "It is the parent."),
    ],
)
def test_a_merge_that_makes_no_sense_says_so_beside_the_customer(
    admin: Client, shop: dict[str, Any], wrong: tuple[str, str, str], confirmed: str
) -> None:
    source, typed, error = wrong
    form = {
        "source_ids.0.customer_id": str(shop[source]) if source else "",
        "source_ids.0.customer_id_text": typed,
        "confirmed": confirmed,
    }
    html = admin.post(f"/customers/{shop['acme']}/merge", form).content.decode()
    assert errors(html) == {"source_ids.0.customer_id": error}
    assert f'value="{typed}"' in html


SOUND = {
    "name": "Acme",
    "nickname": "What I typed",
    "addresses.0.label": "Main",
    "addresses.0.country": "US",
}
BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": ""}, "name"),
    ({"email": "nobody"}, "email"),
    ({"number_of_employees": "many"}, "number_of_employees"),
    ({"customer_since": "long ago"}, "customer_since"),
    ({"credit_limit": "lots"}, "credit_limit"),
    ({"tax_rate": "2"}, "tax_rate"),
    ({"notes": "Card 4111 1111 1111 1111"}, "notes"),
    ({"carrier_billing_type": "recipient"}, "carrier_billing_account"),
    ({"addresses.0.label": "Dock", "addresses.0.country": ""}, "addresses.0.country"),
)


@pytest.mark.parametrize(("typed", "field"), BAD)
def test_a_customer_that_is_not_sound_is_refused_beside_the_field(
    admin: Client, typed: dict[str, str], field: str
) -> None:
    answer = admin.post("/customers/new", {**SOUND, **typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert field in errors(html)
    assert 'value="What I typed"' in html
    for text in typed.values():
        assert text in html


def test_a_product_shows_where_it_is_used(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    number = order(company, shop)["number"]
    page = said(admin, f"/products/{shop['gem']}")
    assert f"{number} Acme" in page
    assert "Customer prices of its line All prices Group $9.00" in page
    assert "What customers call it A-1 Acme" in page


def test_a_product_is_discontinued_and_sold_again(
    company: Company, admin: Client, shop: dict[str, Any]
) -> None:
    at = f"/products/{shop['gem']}"
    assert admin.post(f"{at}/discontinue", {"is_active": ""}).status_code == 302
    assert company.api().get(at).body["is_active"] is False
    assert "Sell it again" in said(admin, at)
    assert admin.post(f"{at}/discontinue", {"is_active": "on"}).status_code == 302
    assert company.api().get(at).body["is_active"] is True


@pytest.mark.parametrize("role", ["Viewer", "Warehouse", "Manager"])
def test_who_may_not_change_products_discontinues_none(
    shop: dict[str, Any], person: Callable[[str], Client], role: str
) -> None:
    client = person(role)
    assert client.post(f"/products/{shop['gem']}/discontinue").status_code == 403
    html = client.get(f"/products/{shop['gem']}").content.decode()
    assert "Discontinue" not in html
    assert bool(re.search("A-1", html)) is (role == "Viewer")


@pytest.mark.parametrize("kind", ["service", "shipping", "tax"])
def test_what_is_no_stock_shows_none(company: Company, admin: Client, kind: str) -> None:
    product = company.product(sku="X", type=kind)
    assert "On hand" not in said(admin, f"/products/{product}")
