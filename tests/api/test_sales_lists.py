"""The list of orders and runs of many over HTTP."""

from typing import Any

import pytest

from orderwright.kernel.ids import new_id
from tests.company import Api, Company, found_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return found_company()


@pytest.fixture
def api(company: Company) -> Api:
    return company.api()


@pytest.fixture
def orders(company: Company, api: Api) -> list[dict[str, Any]]:
    gem, customer = company.product(), company.customer()
    return [
        api.post(
            "/sales-orders",
            {
                "customer_id": customer,
                "order_lead_id": company.lead_id,
                "accept_terms": True,
                "lines": [{"product_id": gem, "quantity": quantity}],
            },
        ).body
        for quantity in ("5", "1", "3")
    ]


def numbers(api: Api, **asked: Any) -> list[str]:
    return [row["number"] for row in api.get("/sales-orders", **asked).body["data"]]


def test_orders_are_sorted_and_paged_in_their_sort(api: Api, orders: list[dict[str, Any]]) -> None:
    first = api.get("/sales-orders", sort="-total", limit=2).body
    second = api.get("/sales-orders", sort="-total", limit=2, cursor=first["next_cursor"]).body
    seen = [row["number"] for row in (*first["data"], *second["data"])]
    assert seen == ["SO-00001", "SO-00003", "SO-00002"]
    assert second["next_cursor"] is None


def test_a_filter_takes_several_values(api: Api, orders: list[dict[str, Any]]) -> None:
    api.post(f"/sales-orders/{orders[0]['id']}/actions/issue")
    assert numbers(api, status="issued") == ["SO-00001"]
    assert numbers(api, status="issued,estimate") == ["SO-00003", "SO-00002", "SO-00001"]
    assert numbers(api, status=["issued", "completed"]) == ["SO-00001"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "lost"),
        ("payment_status", "maybe"),
        ("customer_id", "nobody"),
        ("past_due", "sometimes"),
        ("required_to", "soon"),
        ("sort", "margin"),
        ("cursor", "???"),
    ],
)
def test_what_a_list_does_not_know_is_refused_with_its_name(
    api: Api, name: str, value: str
) -> None:
    answer = api.get("/sales-orders", **{name: value})
    assert (answer.status, list(answer.body["fields"])) == (422, [name])


def test_many_orders_are_held_and_each_has_its_result(
    api: Api, orders: list[dict[str, Any]]
) -> None:
    gone = str(new_id())
    sent = {"action": "hold", "ids": [orders[0]["id"], gone], "body": {"reason": "Credit"}}
    answer = api.post("/sales-orders/actions/bulk", sent)
    assert answer.status == 201
    assert {name: answer.body[name] for name in ("status", "total", "done", "skipped")} == {
        "status": "done",
        "total": 2,
        "done": 1,
        "skipped": 1,
    }
    run = f"/bulk-runs/{answer.body['id']}"
    assert api.get(run).body == answer.body
    rows = api.get(f"{run}/rows").body["data"]
    assert [(row["id"], row["status"], row["code"]) for row in rows] == [
        (orders[0]["id"], "done", None),
        (gone, "skipped", "not_found"),
    ]
    assert numbers(api, on_hold="true") == ["SO-00001"]
    assert api.post(f"{run}/actions/cancel").status == 409


def test_a_filter_names_all_that_match(api: Api, orders: list[dict[str, Any]]) -> None:
    sent = {"action": "set-priority", "filter": {"status": "estimate"}, "body": {"priority": "low"}}
    assert api.post("/sales-orders/actions/bulk", sent).body["done"] == 3
    assert len(numbers(api, priority="low")) == 3


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"action": "hold", "body": {"reason": "x"}}, "ids"),
        ({"action": "hold", "ids": [], "body": {"reason": "x"}}, "ids"),
        ({"action": "hold", "ids": [str(new_id())]}, "reason"),
        ({"action": "explode", "ids": [str(new_id())]}, "action"),
        ({"action": "hold", "filter": {"status": "lost"}, "body": {"reason": "x"}}, "status"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(api: Api, sent: dict[str, Any], field: str) -> None:
    answer = api.post("/sales-orders/actions/bulk", sent)
    assert (answer.status, list(answer.body["fields"])) == (422, [field])


def test_many_products_and_customers_leave_the_pickers(company: Company, api: Api) -> None:
    product, customer = str(company.product()), str(company.customer())
    for path, record in (("/products", product), ("/customers", customer)):
        sent = {"action": "deactivate", "ids": [record]}
        assert api.post(f"{path}/actions/bulk", sent).body["done"] == 1
        assert api.get(f"{path}/{record}").body["is_active"] is False
    sent = {"action": "set-status", "ids": [customer], "body": {"status": "hold_all"}}
    assert api.post("/customers/actions/bulk", sent).body["done"] == 1
    assert api.get(f"/customers/{customer}").body["status"] == "hold_all"
