"""What a role sees of customers, everywhere they show themselves (domain 1.2).

A warehouse sees whom it ships to: name, number and the addresses to ship to. A Manager's orders
name no customer at all.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.company import Company, found_company
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

SECRETS = (
    "boss@hidden.example",
    "+1 555 0100",
    "ann@hidden.example",
    "Secretgroup",
    "Parentcorp",
    "Nickacme",
    "Paper Street",
    "Notes on Acme",
    "98765",
    "Preferred",
    "hidden.example",
)


@pytest.fixture
def company() -> Company:
    return found_company()


@pytest.fixture
def acme(company: Company) -> UUID:
    """A customer with something in every field that is hidden."""
    api = company.api()

    def made(path: str, **body: Any) -> str:
        answer = api.post(path, body)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    place = {"street_1": "Dock Road", "city": "Springfield", "postal_code": "1", "country": "US"}
    return UUID(
        made(
            "/customers",
            name="Acme",
            number="C-77",
            email="boss@hidden.example",
            phone="+1 555 0100",
            website="hidden.example",
            nickname="Nickacme",
            notes="Notes on Acme",
            credit_limit="98765",
            status="preferred",
            type_group_id=made("/customer-groups", name="Secretgroup", type="type_group"),
            parent_id=made("/customers", name="Parentcorp"),
            contacts=[{"first_name": "Ann", "last_name": "Lee", "email": "ann@hidden.example"}],
            addresses=[
                place | {"label": "Dock", "is_ship_to": True},
                place | {"label": "Office", "street_1": "Paper Street", "is_bill_to": True},
            ],
        )
    )


@pytest.fixture
def person(company: Company) -> Callable[[str], Client]:
    """The browser of somebody with a role."""
    from orderwright.identity import actions as identity
    from tests.company import PASSWORD

    def of_role(role: str) -> Client:
        company.enter()
        email = f"{role.lower()}@works.example"
        identity.create_user(by=company.by, email=email, role=role, password=PASSWORD)
        return signed_in(email)

    return of_role


def told(answer: str) -> list[str]:
    """The secrets that an answer gives away."""
    return [secret for secret in SECRETS if secret.lower() in answer.lower()]


def test_an_admin_sees_all_of_it(company: Company, acme: UUID) -> None:
    shown = str(company.api().get(f"/customers/{acme}").body)
    hidden_words = ("Parentcorp", "Secretgroup", "Paper Street", "98765", "boss@hidden.example")
    assert [word for word in hidden_words if word not in shown] == []


def test_a_warehouse_reads_name_number_and_where_to_ship_over_the_api(
    company: Company, acme: UUID
) -> None:
    api = company.api("Warehouse")
    one = api.get(f"/customers/{acme}").body
    assert (sorted(one), one["name"], one["number"]) == (
        ["addresses", "id", "name", "number", "version"],
        "Acme",
        "C-77",
    )
    assert [place["label"] for place in one["addresses"]] == ["Dock"]
    assert told(str(one)) == []
    assert (
        told(str([row for row in api.get("/customers").body["data"] if row["name"] == "Acme"]))
        == []
    )


@pytest.mark.parametrize("q", ["boss@hidden.example", "ann@hidden.example", "hidden.example"])
def test_a_warehouse_finds_no_customer_by_what_is_hidden(
    company: Company, acme: UUID, person: Callable[[str], Client], q: str
) -> None:
    api, client = company.api("Warehouse"), person("Warehouse")
    assert api.get("/customers", q=q).body["data"] == []
    assert client.get("/lookup/customers", {"q": q}).json()["data"] == []
    assert f"/customers/{acme}" not in client.get("/customers", {"q": q}).content.decode()
    assert [row["name"] for row in api.get("/customers", q="acme").body["data"]] == ["Acme"]
    assert [row["name"] for row in api.get("/customers", q="C-77").body["data"]] == ["Acme"]


@pytest.mark.parametrize("name", ["status", "type_group_id", "parent_id", "sales_rep_id"])
def test_a_warehouse_narrows_by_nothing_that_is_hidden(
    company: Company, acme: UUID, name: str
) -> None:
    value = "preferred" if name == "status" else str(acme)
    refused = company.api("Warehouse").get("/customers", **{name: value})
    assert (refused.status, refused.body["code"]) == (403, "missing_permission")
    assert company.api("Warehouse").get("/customers", is_active="true").status == 200


def test_a_warehouse_sees_no_more_on_the_pages(acme: UUID, person: Callable[[str], Client]) -> None:
    client = person("Warehouse")
    page = client.get(f"/customers/{acme}").content.decode()
    assert told(page) == []
    assert "Dock Road" in page
    listed = client.get("/customers").content.decode()
    rows = [row for row in listed.split("<tr>") if f"/customers/{acme}" in row]
    assert told("".join(rows)) == []
    for part in ("prices", "activity"):
        assert client.get(f"/customers/{acme}/{part}").status_code == 403
    for part in ("orders", "shipments"):
        assert told(client.get(f"/customers/{acme}/{part}").content.decode()) == []
    for part in ("edit", "status", "merge", "contacts/new", "addresses/new", "item-codes"):
        assert client.get(f"/customers/{acme}/{part}").status_code == 403, part


@pytest.mark.parametrize("role", ["Manager", "Member"])
def test_who_may_not_read_customers_finds_none_anywhere(
    company: Company, acme: UUID, person: Callable[[str], Client], role: str
) -> None:
    gem = company.product()
    order = {
        "customer_id": str(acme),
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": str(gem), "quantity": "1"}],
    }
    placed = company.api().post("/sales-orders", order).body
    client = person(role)
    parts = ("", "/prices", "/orders", "/shipments", "/activity", "/merge", "/edit", "/status")
    for path in ("/customers", "/lookup/customers?q=a", *(f"/customers/{acme}{p}" for p in parts)):
        assert client.get(path).status_code == 403, path
    for path in ("/orders/sales", f"/orders/sales/{placed['number']}", f"/products/{gem}"):
        html = client.get(path).content.decode()
        assert [word for word in ("acme", "C-77", str(acme)) if word.lower() in html.lower()] == []
