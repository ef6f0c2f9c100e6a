"""Receipts, inputs and output that make no sense: a clear error, and not one row of any table
changes (purchase orders and production jobs)."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.company import Answer, Api, found_company

pytestmark = pytest.mark.django_db

Body = dict[str, Any]
Case = tuple[Body, int, str, list[str]]
FUTURE = "2099-01-01"

_TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition
      AND has_table_privilege(oid, 'SELECT')
"""
# What a request may leave behind without having done anything: that it was made.
_OF_REQUESTS = {"django_session"}


def everything() -> dict[str, str]:
    """A digest of every table's rows."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = sorted({row[0] for row in cursor.fetchall()} - _OF_REQUESTS)
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) "
                f'FROM "{table}" t'
            )
            found[table] = cursor.fetchone()[0]
    return found


@dataclass(frozen=True, slots=True)
class Works:
    """A purchase order and a job that are under way, over the API."""

    api: Api
    ids: dict[str, str]

    def post(self, path: str, body: Body | None = None) -> Any:
        answer = self.api.post(path, body or {})
        assert answer.status in (200, 201), answer.body
        return answer.body

    def refused(self, path: str, body: Body) -> Answer:
        """The request is refused, and nothing at all was written."""
        before = everything()
        answer = self.api.post(path, body)
        assert everything() == before
        assert answer.body["message"]
        return answer


@pytest.fixture
def works() -> Works:
    company = found_company()
    works, ids = Works(company.api(), {}), {"lead": str(company.lead_id)}
    sold: Body = {"sku": "RING", "name": "Ring", "base_price": "40", "is_manufactured": True}
    ids["ring"] = works.post("/products", {**sold, "weight_per_unit": "3", "weight_unit": "g"})[
        "id"
    ]
    grain = {"sku": "AG", "name": "Grain", "default_unit": "g", "weight_unit": "g"}
    ids["grain"] = works.post("/products", grain)["id"]
    ids["lot"] = works.post("/lots", {"product_id": ids["grain"], "quantity": "100"})["id"]
    works.post("/stages", {"name": "Casting"})
    ids["supplier"] = works.post("/suppliers", {"name": "Rough & Sons"})["id"]
    common = {"order_lead_id": ids["lead"], "accept_terms": True}
    line = {"product_id": ids["ring"], "quantity": "10"}
    customer = str(company.customer())
    order = works.post("/sales-orders", {**common, "customer_id": customer, "lines": [line]})
    works.post(f"/sales-orders/{order['number']}/actions/issue")
    bought = works.post(
        "/purchase-orders", {**common, "supplier_id": ids["supplier"], "lines": [line]}
    )
    works.post(f"/purchase-orders/{bought['number']}/actions/issue")
    ids["line"] = bought["lines"][0]["id"]
    job = works.post(
        "/production-jobs",
        {
            "order_id": order["id"],
            "line_id": order["lines"][0]["id"],
            "inputs": [{"lot_id": ids["lot"], "weight": "30"}],
        },
    )
    assert (bought["number"], job["number"]) == ("PO-00001", "PJ-00001")
    ids["nobody"] = str(uuid4())
    return Works(works.api, ids)


def arrived(**fields: Any) -> Body:
    return {"lines": [{"line_id": "line", **fields}]}


def made(**fields: Any) -> Body:
    return {"rows": [{"product_id": "ring", **fields}]}


def taken(**fields: Any) -> Body:
    return {"inputs": [{"lot_id": "lot", **fields}]}


PURCHASE: dict[str, Case] = {
    "nothing": ({"lines": []}, 422, "no_lines", ["lines"]),
    "zero of everything": (
        arrived(quantity="0", rejected="0"), 422, "nothing_received", ["lines.0.quantity"],
    ),
    "no numbers": (arrived(), 422, "nothing_received", ["lines.0.quantity"]),
    "less than nothing": (
        arrived(quantity="-1"), 422, "invalid_quantity", ["lines.0.quantity"],
    ),
    "less than nothing rejected": (
        arrived(quantity="1", rejected="-1"), 422, "invalid_quantity", ["lines.0.rejected"],
    ),
    "a weight in no unit": (
        arrived(quantity="1", weight="5", weight_unit="stone"),
        422, "unknown_weight_unit", ["lines.0.weight_unit"],
    ),
    "a weight in pieces": (
        arrived(quantity="1", weight="5", weight_unit="pcs"),
        422, "unknown_weight_unit", ["lines.0.weight_unit"],
    ),
    "a weight below zero": (
        arrived(quantity="1", weight="-5"), 422, "invalid_weight", ["lines.0.weight"],
    ),
    "from the future": (
        {**arrived(quantity="1"), "received_date": FUTURE}, 422, "future_date", ["received_date"],
    ),
    "a line of another order": (
        {"lines": [{"line_id": "nobody", "quantity": "1"}]},
        422, "unknown_line", ["lines.0.line_id"],
    ),
    "more than was ordered": (
        arrived(quantity="11"), 409, "confirmation_required", ["lines.0.quantity"],
    ),
}  # fmt: skip
OUTPUT: dict[str, Case] = {
    "nothing": ({"rows": []}, 422, "nothing_received", ["rows"]),
    "zero of everything": (
        made(received="0", wasted="0"), 422, "nothing_received", ["rows.0.received"],
    ),
    "less than nothing": (made(received="-1"), 422, "invalid_weight", ["rows.0.received"]),
    "less than nothing wasted": (
        made(received="1", wasted="-1"), 422, "invalid_weight", ["rows.0.wasted"],
    ),
    "a unit that is no weight": (
        made(received="1", unit="pcs"), 422, "unknown_weight_unit", ["rows.0.unit"],
    ),
    "from the future": (
        {**made(received="1"), "received_date": FUTURE}, 422, "future_date", ["received_date"],
    ),
    "more than went in": (made(received="31"), 409, "confirmation_required", ["rows"]),
}  # fmt: skip
INPUTS: dict[str, Case] = {
    "nothing": ({"inputs": []}, 422, "no_inputs", ["inputs"]),
    "more than the lot holds": (
        taken(weight="70.000001"), 409, "insufficient_stock", ["inputs.0.quantity"],
    ),
    "twice what the lot holds": (
        {"inputs": [{"lot_id": "lot", "weight": "40"}, {"lot_id": "lot", "weight": "40"}]},
        409, "insufficient_stock", ["inputs.1.quantity"],
    ),
    "less than nothing": (taken(weight="-1"), 422, "invalid_weight", ["inputs.0.weight"]),
    "a lot that is not there": (
        {"inputs": [{"lot_id": "nobody", "weight": "1"}]}, 422, "unknown_lot", ["inputs.0.lot_id"],
    ),
}  # fmt: skip


def named(works: Works, held: Any) -> Any:
    """Ids in place of the names of things."""
    if isinstance(held, dict):
        return {name: named(works, value) for name, value in held.items()}
    if isinstance(held, list):
        return [named(works, value) for value in held]
    return works.ids.get(held, held) if isinstance(held, str) else held


def check(works: Works, path: str, case: Case) -> None:
    body, status, code, fields = case
    answer = works.refused(path, named(works, body))
    found = answer.status, answer.body["code"], sorted(answer.body.get("fields", {}))
    assert found == (status, code, fields), answer.body


@pytest.mark.parametrize("case", PURCHASE.values(), ids=PURCHASE)
def test_goods_that_cannot_have_arrived(works: Works, case: Any) -> None:
    check(works, "/purchase-orders/PO-00001/actions/receive", case)


@pytest.mark.parametrize("case", OUTPUT.values(), ids=OUTPUT)
def test_output_that_cannot_have_come(works: Works, case: Any) -> None:
    check(works, "/production-jobs/PJ-00001/actions/receive", case)


@pytest.mark.parametrize("case", INPUTS.values(), ids=INPUTS)
def test_material_that_cannot_be_issued(works: Works, case: Any) -> None:
    check(works, "/production-jobs/PJ-00001/actions/issue-material", case)


@pytest.mark.parametrize(("before", "code"), [("close", "order_closed"), ("unissue", "not_issued")])
def test_nothing_arrives_on_an_order_that_expects_nothing(
    works: Works, before: str, code: str
) -> None:
    works.post(f"/purchase-orders/PO-00001/actions/{before}")
    case: Case = arrived(quantity="1"), 409, code, []
    check(works, "/purchase-orders/PO-00001/actions/receive", case)


@pytest.mark.parametrize("before", ["cancel", "complete"])
def test_nothing_comes_of_a_job_that_is_over(works: Works, before: str) -> None:
    works.post(f"/production-jobs/PJ-00001/actions/{before}", {"reason": "wrong"})
    for action, body in (("receive", made(received="1")), ("issue-material", taken(weight="1"))):
        case: Case = body, 409, "invalid_transition", []
        check(works, f"/production-jobs/PJ-00001/actions/{action}", case)
