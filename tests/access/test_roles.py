"""Each role at each operation, each key, and what a role does not see.

`table.txt` is the matrix of domain 1.2 as the API keeps it: `x` may, `.` may not. A row that
differs is a decision: change the table by hand, and say why.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from orderwright.identity import actions as identity
from orderwright.identity.models import ApiKey
from orderwright.identity.permissions import ROLES
from tests.access.world import NOBODY, Operation, World, full_organization, operations
from tests.company import Api, found_company

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "table.txt"
COMMERCIAL = {
    "currency",
    "discount_code",
    "grand_total",
    "internal_budget",
    "line_total",
    "price_breakdown",
    "price_locked",
    "price_source",
    "pricing_flags",
    "totals",
    "unit_cost",
    "unit_price",
}
IDENTITY = {
    "acknowledgement_contacts",
    "bill_to",
    "customer",
    "customer_id",
    "customer_name",
    "invoice_contacts",
    "ship_to",
}


def asked(api: Api, operation: Operation) -> int:
    """The status for a record that nobody has: without the permission, 403 comes first."""
    path = operation.at(dict.fromkeys([operation.path.split("/")[1], "{line_id}"], NOBODY))
    return int(getattr(api, operation.method)(path).status)


def row(operation: Operation, statuses: list[int]) -> str:
    cells = "  ".join("." if status == 403 else "x" for status in statuses)
    return f"{operation!s:<75} {cells}"


def test_each_role_may_do_exactly_what_the_table_says() -> None:
    company = found_company()
    keys = [company.api(role) for role in ROLES]
    found = [
        row(operation, [asked(api, operation) for api in keys])
        for operation in operations()
        if not operation.is_public
    ]
    head = f"{'':<75} " + "  ".join(role[0] if role != "Manager" else "m" for role in ROLES)
    legend = "A Admin, m Manager, M Member, V Viewer, S Sales, W Warehouse, F Finance"
    assert TABLE.read_text().splitlines() == [legend, head, *sorted(found)]


def test_only_carriers_may_speak_without_a_key() -> None:
    assert [str(one) for one in operations() if one.is_public] == [
        "POST /carrier-webhooks/{carrier}"
    ]


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer ", "Basic YTpi", "Bearer é"])
def test_every_operation_asks_for_a_key(header: str | None) -> None:
    world = full_organization("Mine", "ada@mine.example")
    headers = {} if header is None else {"Authorization": header}
    answers = {
        str(operation): _bare(operation, world, headers)
        for operation in operations()
        if not operation.is_public
    }
    assert {name: status for name, status in answers.items() if status != 401} == {}


def _bare(operation: Operation, world: World, headers: dict[str, str]) -> int:
    """Ask for a record that is there, with a body that is no JSON."""
    path = operation.at(world.ids) if "{" in operation.path else operation.path
    send = getattr(Client(), operation.method)
    body = {} if operation.method == "get" else {"data": "{", "content_type": "application/json"}
    return int(send(f"/api/v1{path}", headers=headers, **body).status_code)


def test_a_key_that_expired_or_was_revoked_opens_nothing() -> None:
    company = found_company()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    key = company.api().post(
        "/api-keys", {"name": "Shop", "role": "Sales", "expires_at": tomorrow.isoformat()}
    )
    api = Api(key.body["key"])
    assert api.get("/sales-orders").status == 200
    ApiKey.objects.of(company.id).with_ids([key.body["id"]]).update(
        expires_at=datetime.now(UTC) - timedelta(seconds=1)
    )
    refused = api.get("/sales-orders")
    assert (refused.status, refused.body["code"]) == (401, "invalid_key")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    company.enter()
    other = Api(identity.create_api_key(by=company.by, name="Other", role="Sales"))
    assert other.get("/sales-orders").status == 200
    (made,) = company.api().get("/api-keys", q="Other").body["data"]
    assert company.api().delete(f"/api-keys/{made['id']}").status == 204
    assert other.get("/sales-orders").status == 401


def names_in(value: Any) -> set[str]:
    """Every name of a field, however deep."""
    if isinstance(value, dict):
        return set(value) | {name for held in value.values() for name in names_in(held)}
    if isinstance(value, list):
        return {name for held in value for name in names_in(held)}
    return set()


ORDER_PATHS = (
    "/sales-orders",
    "/sales-orders/{id}",
    "/sales-orders/{id}/selections",
    "/sales-orders/{id}/events",
)


@pytest.mark.parametrize("role", ["Manager", "Viewer", "Warehouse"])
def test_prices_and_budgets_are_absent_for_who_may_not_see_them(role: str) -> None:
    world = full_organization("Mine", "ada@mine.example")
    order = world.ids["sales-orders"]
    budget = world.api.post("/sales-orders", {**_order(world), "internal_budget": "900"}).body
    assert (
        world.api.patch(f"/sales-orders/{budget['id']}", {"internal_budget": "800"}).status == 200
    )
    api = world.company.api(role)
    for path in ORDER_PATHS:
        for order_id in (order, budget["id"]):
            answer = api.get(path.replace("{id}", order_id))
            assert answer.status == 200
            assert names_in(answer.body) & COMMERCIAL == set(), path
    assert api.post("/sales-orders/price-quote", {}).status == 403
    admins = world.api.get(f"/sales-orders/{order}").body
    assert names_in(admins) & COMMERCIAL == COMMERCIAL - {"unit_cost"}


def test_who_the_customer_is_stays_hidden_from_a_manager() -> None:
    world = full_organization("Mine", "ada@mine.example")
    order = world.ids["sales-orders"]
    changed = world.api.patch(
        f"/sales-orders/{order}",
        {
            "acknowledgement_contacts": [
                {"first_name": "Bo", "last_name": "Li", "email": "bo@acme.example"}
            ]
        },
    )
    assert changed.status == 200
    api = world.company.api("Manager")
    for path in ORDER_PATHS:
        answer = api.get(path.replace("{id}", order))
        assert answer.status == 200
        assert names_in(answer.body) & IDENTITY == set(), path
        assert "acme" not in str(answer.body).lower(), path
        assert world.refers["customer_id"] not in str(answer.body), path
    assert api.get("/sales-orders", q="acme").body["data"] == []
    assert api.get("/customers").status == 403


def test_a_price_from_who_may_not_set_one_is_ignored_at_creation_and_refused_later() -> None:
    world = full_organization("Mine", "ada@mine.example")
    role = world.api.post(
        "/roles",
        {"name": "Clerk", "permissions": [
            "sales_orders:create", "sales_orders:read", "sales_orders:update", "customers:read",
        ]},
    )  # fmt: skip
    assert role.status == 201
    clerk = world.company.api("Clerk")
    body = _order(world)
    body["lines"][0]["unit_price"] = "0.01"
    order = clerk.post("/sales-orders", {**body, "internal_budget": "5", "currency": "EUR"}).body
    seen = world.api.get(f"/sales-orders/{order['id']}").body
    assert (seen["lines"][0]["unit_price"], seen["internal_budget"], seen["currency"]) == (
        "12.50",
        None,
        "USD",
    )
    line = f"/sales-orders/{order['id']}/lines/{seen['lines'][0]['id']}"
    assert clerk.patch(line, {"unlock_price": True, "unit_price": "0.01"}).status == 403
    assert clerk.patch(line, {"quantity": "2"}).status == 200
    assert clerk.patch(f"/sales-orders/{order['id']}", {"internal_budget": "1"}).status == 403


def _order(world: World) -> dict[str, Any]:
    return {
        "customer_id": world.refers["customer_id"],
        "order_lead_id": world.refers["order_lead_id"],
        "accept_terms": True,
        "lines": [{"product_id": world.refers["product_id"], "quantity": "1"}],
    }
