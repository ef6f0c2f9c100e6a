"""Picks and packed shipments over HTTP: shapes, codes, who may."""

from typing import Any
from uuid import uuid4

import pytest

from tests.company import Api, Company, found_company

pytestmark = pytest.mark.django_db

WORKERS = ("Admin", "Warehouse")


@pytest.fixture
def company() -> Company:
    return found_company()


def issued(company: Company, quantity: str = "10", on_hand: str = "20") -> Any:
    api = company.api()
    product = company.product(sku=f"GEM-{uuid4().hex[:6]}")
    lot = api.post("/lots", {"product_id": product, "quantity": on_hand})
    assert lot.status == 201, lot.body
    order = api.post(
        "/sales-orders",
        {
            "customer_id": company.customer(name=f"Acme {uuid4().hex[:6]}"),
            "order_lead_id": company.lead_id,
            "accept_terms": True,
            "lines": [{"product_id": product, "quantity": quantity}],
        },
    )
    assert order.status == 201, order.body
    return api.post(f"/sales-orders/{order.body['number']}/actions/issue").body


def row_of(api: Api, number: str) -> Any:
    (row,) = [row for row in api.get(f"/picks/{number}").body["lines"] if row["packed_at"] is None]
    return row


def test_a_pick_is_recorded_packed_and_shipped(company: Company) -> None:
    order, api = issued(company), company.api()
    number, line_id = order["number"], order["lines"][0]["id"]
    row = row_of(api, number)
    assert {
        name: row[name] for name in ("line_id", "ordered_quantity", "quantity", "packed_at")
    } == {
        "line_id": line_id,
        "ordered_quantity": "10",
        "quantity": "0",
        "packed_at": None,
    }
    assert [lot["quantity"] for lot in row["suggested_lots"]] == ["20"]
    recorded = api.patch(f"/picks/{number}/lines/{row['id']}", {"quantity": "4"})
    assert (recorded.status, recorded.body["lines"][0]["quantity"]) == (200, "4")
    packed = api.post(f"/picks/{number}/actions/pack", {"cases": 2})
    assert packed.status == 200, packed.body
    assert [row["quantity"] for row in packed.body["lines"]] == ["4", "0"]
    parcel = packed.body["shipment"]
    assert (parcel["number"], parcel["stage"]) == (number, "packed")
    assert [case["number"] for case in parcel["cases"]] == [f"{number}/C1", f"{number}/C2"]
    assert parcel["lines"][0]["selections"][0]["status"] == "retrieved"
    line = api.get(f"/sales-orders/{number}").body["lines"][0]
    assert (line["picked_quantity"], line["packed_quantity"], line["status"]) == (
        "4",
        "4",
        "in_progress",
    )
    at = f"/shipments/{packed.body['shipment_id']}/actions"
    sent = {
        "tracking_number": "1Z",
        "cases": [{"id": f"{number}/C2", "tracking_number": "1ZC2", "weight": "1.25"}],
    }
    left = api.post(f"{at}/ship", sent)
    assert (left.status, left.body["stage"], left.body["tracking_status"]) == (
        200,
        "shipped",
        "pending",
    )
    assert (left.body["cases"][1]["tracking_number"], left.body["cases"][1]["weight"]) == (
        "1ZC2",
        "1.25",
    )
    again = api.post(f"{at}/ship", sent)
    assert (again.status, again.body["code"]) == (409, "invalid_transition")
    voided = api.post(f"{at}/void", {"reason": "wrong box"})
    assert (voided.status, voided.body["stage"]) == (200, "voided")
    assert row_of(api, number)["quantity"] == "4"


def test_the_queue_is_filtered_and_goes_on_from_a_cursor(company: Company) -> None:
    orders, api = [issued(company) for _ in range(3)], company.api()
    api.patch(f"/sales-orders/{orders[2]['id']}", {"priority": "high"})
    first = api.get("/picks", limit=2).body
    rest = api.get("/picks", limit=2, cursor=first["next_cursor"]).body
    found = [pick["number"] for pick in first["data"] + rest["data"]]
    assert found == [orders[2]["number"], orders[0]["number"], orders[1]["number"]]
    assert rest["next_cursor"] is None

    def only(**filters: Any) -> list[str]:
        return [pick["number"] for pick in api.get("/picks", **filters).body["data"]]

    assert only(priority="high") == [orders[2]["number"]]
    assert only(order_id=orders[1]["id"]) == [orders[1]["number"]]
    assert only(q=orders[1]["number"]) == [orders[1]["number"]]
    assert only(status="finished") == []
    assert api.get("/picks", cursor="nonsense").body["code"] == "invalid_cursor"


def test_a_standalone_shipment_is_made_and_linked(company: Company) -> None:
    order, api = issued(company), company.api()
    made = api.post("/shipments", {"carrier_id": company.carrier_id, "tracking_number": "1ZA"})
    assert (made.status, made.body["order_id"], made.body["stage"]) == (201, None, "shipped")
    at = f"/shipments/{made.body['id']}/actions/link"
    line = {"line_id": order["lines"][0]["id"], "quantity": "3"}
    unknown = api.post(at, {"order_id": uuid4(), "lines": [line]})
    assert (unknown.status, set(unknown.body["fields"])) == (422, {"order_id"})
    stray = api.post(at, {"order_id": order["id"], "lines": [{**line, "line_id": uuid4()}]})
    assert (stray.status, set(stray.body["fields"])) == (422, {"lines.0.line_id"})
    linked = api.post(at, {"order_id": order["id"], "lines": [line]})
    assert (linked.status, linked.body["order_id"]) == (200, order["id"])
    assert linked.body["lines"][0]["quantity"] == "3"
    assert api.post(at, {"order_id": order["id"]}).body["code"] == "already_linked"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"cases": 0}, 422, "invalid_cases"),
        ({"cases": "1.5"}, 422, "invalid_cases"),
        ({"cases": "many"}, 422, "invalid_number"),
        ({"line_ids": [str(uuid4())]}, 422, "unknown_line"),
        ({"line_ids": []}, 422, "nothing_picked"),
        ({"lots": [{"line_id": str(uuid4()), "lot_id": str(uuid4())}]}, 422, "unknown_line"),
        ({"version": 99}, 409, "stale_version"),
    ],
)
def test_what_makes_no_sense_is_not_packed(
    company: Company, body: dict[str, Any], status: int, code: str
) -> None:
    order, api = issued(company), company.api()
    at = f"/picks/{order['number']}/actions"
    assert api.post(f"{at}/pick-all").status == 200
    answer = api.post(f"{at}/pack", body)
    assert (answer.status, answer.body["code"]) == (status, code)


def test_a_lot_that_nobody_knows_is_named_in_the_refusal(company: Company) -> None:
    order, api = issued(company), company.api()
    at = f"/picks/{order['number']}/actions"
    api.post(f"{at}/pick-all")
    lot = {"line_id": order["lines"][0]["id"], "lot_id": str(uuid4()), "quantity": "1"}
    answer = api.post(f"{at}/pack", {"lots": [lot]})
    assert (answer.status, set(answer.body["fields"])) == (422, {"lots.0.lot_id"})


def test_a_stale_version_brings_the_pick_as_it_is(company: Company) -> None:
    order, api = issued(company), company.api()
    row = row_of(api, order["number"])
    answer = api.patch(
        f"/picks/{order['number']}/lines/{row['id']}", {"quantity": "1", "version": 99}
    )
    assert answer.body["details"]["current"]["lines"][0]["quantity"] == "0"


@pytest.mark.parametrize("role", ["Admin", "Viewer", "Sales", "Warehouse", "Finance", "Member"])
def test_only_the_warehouse_works_on_picks(company: Company, role: str) -> None:
    order = issued(company)
    api = company.api(role)
    at = f"/picks/{order['number']}"
    may_read = role != "Member"
    assert api.get("/picks").status == (200 if may_read else 403)
    assert api.get(at).status == (200 if may_read else 403)
    works = role in WORKERS
    assert api.post(f"{at}/actions/pick-all").status == (200 if works else 403)
    packed = api.post(f"{at}/actions/pack")
    assert packed.status == (200 if works else 403)
    shipment = packed.body["shipment_id"] if works else str(uuid4())
    for verb in ("ship", "void"):
        sent = {"tracking_number": "1Z"}
        answer = api.post(f"/shipments/{shipment}/actions/{verb}", sent)
        assert answer.status == (200 if works else 403)


def test_picks_of_others_are_not_there(company: Company) -> None:
    order = issued(company)
    others = found_company("Others", email="eve@others.example").api()
    row = str(uuid4())
    pick = company.api().get(f"/picks/{order['number']}").body["id"]
    assert others.get(f"/picks/{pick}").status == 404
    assert others.patch(f"/picks/{pick}/lines/{row}", {"quantity": "1"}).status == 404
    for verb in ("pick-all", "void", "pack"):
        assert others.post(f"/picks/{pick}/actions/{verb}").status == 404
