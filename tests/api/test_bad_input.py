"""What makes no sense is refused with the right status, code and field, and nothing is written."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from tests.access.world import NOBODY, World, full_organization
from tests.company import Answer

pytestmark = pytest.mark.django_db

LONG = "x" * 20_001
NUMBERS_THAT_ARE_NONE: tuple[Any, ...] = (
    "1e30", "NaN", float("nan"), "Infinity", float("inf"), "-Infinity", "1e-9", "1,5",
    "", "ten", "٣", [], {}, True, "9" * 40,
)  # fmt: skip
Case = tuple[dict[str, Any], int, str, list[str]]


def line(**fields: Any) -> dict[str, Any]:
    return {"lines": [{"product_id": "product_id", "quantity": "1", **fields}]}


# Changes of a sound order; a text that names a reference stands for its id.
NEW_ORDERS: dict[str, Case] = {
    "no customer": ({"customer_id": None}, 422, "invalid_input", ["customer_id"]),
    "unknown customer": ({"customer_id": NOBODY}, 422, "unknown_customer", ["customer_id"]),
    "customer of the wrong kind": (
        {"customer_id": "product_id"}, 422, "unknown_customer", ["customer_id"],
    ),
    "customer that is no id": ({"customer_id": "x"}, 422, "invalid_input", ["customer_id"]),
    "customer as a number": ({"customer_id": 5}, 422, "invalid_input", ["customer_id"]),
    "no lead": ({"order_lead_id": None}, 422, "order_lead_missing", ["order_lead_id"]),
    "unknown lead": ({"order_lead_id": NOBODY}, 422, "unknown_order_lead", ["order_lead_id"]),
    "terms refused": ({"accept_terms": False}, 422, "terms_not_accepted", ["accept_terms"]),
    "terms as a word": ({"accept_terms": "yes"}, 422, "invalid_input", ["accept_terms"]),
    "no lines": ({"lines": []}, 422, "no_lines", ["lines"]),
    "lines of the wrong type": ({"lines": {}}, 422, "invalid_input", ["lines"]),
    "5,001 lines": (
        {"lines": [{"product_id": "product_id", "quantity": "1"}] * 5_001},
        422, "too_many_lines", ["lines"],
    ),
    "notes too long": ({"notes": LONG}, 422, "invalid_text", ["notes"]),
    "internal note too long": ({"internal_note": LONG}, 422, "invalid_text", ["internal_note"]),
    "notes as a list": ({"notes": ["x"]}, 422, "invalid_input", ["notes"]),
    "notes with a card number": (
        {"notes": "pay with 4111 1111 1111 1111"}, 422, "card_number", ["notes"],
    ),
    "notes with U+0000": ({"notes": "a\0b"}, 422, "invalid_input", ["notes"]),
    "notes with half a pair": ({"notes": "a\ud800b"}, 422, "invalid_input", ["notes"]),
    "deep in an address": (
        {"ship_to": {"city": "\udfff"}}, 422, "invalid_input", ["ship_to.city"],
    ),
    "PO number too long": (
        {"customer_po_number": "x" * 81}, 422, "invalid_text", ["customer_po_number"],
    ),
    "unknown priority": ({"priority": "asap"}, 422, "invalid_priority", ["priority"]),
    "no such day": ({"date_required": "2026-02-30"}, 422, "invalid_input", ["date_required"]),
    "a day as a number": ({"promised_at": 20300101}, 422, "invalid_input", ["promised_at"]),
    "a day that has passed": (
        {"date_required": "2001-01-01"}, 409, "confirmation_required", ["date_required"],
    ),
    "unknown currency": ({"currency": "XYZ"}, 422, "unknown_currency", ["currency"]),
    "budget below zero": ({"internal_budget": "-1"}, 422, "invalid_amount", ["internal_budget"]),
    "unknown discount code": (
        {"discount_code": "NOPE"}, 422, "discount_code_not_usable", ["discount_code"],
    ),
    "endless discount code": (
        {"discount_code": LONG}, 422, "discount_code_not_usable", ["discount_code"],
    ),
    "unknown carrier": ({"carrier_id": NOBODY}, 422, "unknown_carrier", ["carrier_id"]),
    "unknown payment term": (
        {"payment_term_id": NOBODY}, 422, "unknown_payment_term", ["payment_term_id"],
    ),
    "address without a country": (
        {"bill_to": {"city": "X"}}, 422, "invalid_country", ["bill_to.country"],
    ),
    "address of the wrong type": ({"ship_to": "Rome"}, 422, "invalid_input", ["ship_to"]),
    "address with a list in it": (
        {"ship_to": {"country": "US", "city": ["x"]}}, 422, "invalid_text", ["ship_to.city"],
    ),
    "unknown product": (line(product_id=NOBODY), 422, "unknown_product", ["lines.0.product_id"]),
    "no quantity": (line(quantity=None), 422, "missing_quantity", ["lines.0.quantity"]),
    "nothing": (line(quantity="0"), 422, "invalid_quantity", ["lines.0.quantity"]),
    "less than nothing": (line(quantity=-1), 422, "invalid_quantity", ["lines.0.quantity"]),
    "a part of a piece": (line(quantity="1.5"), 422, "invalid_quantity", ["lines.0.quantity"]),
    "more than there is in the world": (
        line(quantity="9" * 13), 422, "invalid_quantity", ["lines.0.quantity"],
    ),
    "unknown unit": (line(unit="barrel"), 422, "unit_not_sold", ["lines.0.unit"]),
    "price below zero": (line(unit_price="-1"), 422, "invalid_price", ["lines.0.unit_price"]),
    "price too fine": (line(unit_price="1.00001"), 422, "invalid_price", ["lines.0.unit_price"]),
    "weight in no unit": (
        line(quantity=None, requested_weight="5", weight_unit="stone"),
        422, "unknown_weight_unit", ["lines.0.weight_unit"],
    ),
    "weight of nothing": (
        line(quantity=None, requested_weight="0", weight_unit="g"),
        422, "invalid_quantity", ["lines.0.requested_weight"],
    ),
    "basis of weight": (
        line(weight_basis="half"), 422, "invalid_line", ["lines.0.weight_basis"],
    ),
    "endless size": (line(size="x" * 81), 422, "invalid_text", ["lines.0.size"]),
    "endless description": (
        line(description="x" * 2_001), 422, "invalid_text", ["lines.0.description"],
    ),
    "a number beyond all stock": (
        line(quantity=1e30), 422, "invalid_quantity", ["lines.0.quantity"],
    ),
    "a number finer than a piece": (
        line(quantity=1e-9), 422, "invalid_quantity", ["lines.0.quantity"],
    ),
    **{
        f"quantity {number!r}": (
            line(quantity=number), 422, "invalid_number", ["lines.0.quantity"],
        )
        for number in NUMBERS_THAT_ARE_NONE
    },
}  # fmt: skip

# Under the order of the full organization: 10 ordered, 4 selected, 1 of them shipped.
ACTIONS: dict[str, tuple[str, str, Any, int, str, list[str]]] = {
    "issue again": ("post", "actions/issue", {}, 409, "invalid_transition", []),
    "hold without a reason": ("post", "actions/hold", {}, 422, "reason_missing", ["reason"]),
    "hold for too long a reason": (
        "post", "actions/hold", {"reason": "x" * 501}, 422, "invalid_text", ["reason"],
    ),
    "release no hold": ("post", "actions/release-hold", {}, 409, "not_on_hold", []),
    "unissue what was shipped": ("post", "actions/unissue", {}, 409, "shipment_sent", []),
    "cancel nothing": (
        "post", "actions/cancel-lines", {"line_ids": []}, 422, "no_lines", ["line_ids"],
    ),
    "cancel without saying what": (
        "post", "actions/cancel-lines", {}, 422, "invalid_input", ["line_ids"],
    ),
    "cancel what is no line": (
        "post", "actions/cancel-lines", {"line_ids": ["product_id"]},
        422, "unknown_line", ["line_ids.0"],
    ),
    "restore what is not cancelled": (
        "post", "actions/restore-lines", {"line_ids": ["line_id"]}, 409, "nothing_to_restore", [],
    ),
    "select nothing": ("post", "actions/select-inventory", {"lines": []}, 422,
                       "nothing_selected", ["lines"]),
    "select without a lot": (
        "post", "actions/select-inventory", {"lines": [{"line_id": "line_id"}]},
        422, "nothing_selected", ["lines.0.selections"],
    ),
    "select for one line twice": (
        "post", "actions/select-inventory",
        {"lines": [{"line_id": "line_id", "mark_ready": True}] * 2},
        422, "line_twice", ["lines.1.line_id"],
    ),
    "select an unknown lot": (
        "post", "actions/select-inventory", "lot:nobody",
        422, "unknown_lot", ["lines.0.selections.0.lot_id"],
    ),
    "select a part of a piece": (
        "post", "actions/select-inventory", "quantity:0.5",
        422, "invalid_quantity", ["lines.0.selections.0.quantity"],
    ),
    "select no number": (
        "post", "actions/select-inventory", "quantity:NaN",
        422, "invalid_number", ["lines.0.selections.0.quantity"],
    ),
    "select more than is outstanding": (
        "post", "actions/select-inventory", "quantity:7", 409, "over_selection", [],
    ),
    "select more than is on hand": (
        "post", "actions/select-inventory", "over:5000", 409, "insufficient_stock", [],
    ),
    "mark ready with too little": (
        "post", "actions/select-inventory",
        {"lines": [{"line_id": "line_id", "mark_ready": True}]}, 409, "not_enough_selected", [],
    ),
    "release nothing": (
        "post", "actions/release-inventory", {"selection_ids": []},
        422, "no_selections", ["selection_ids"],
    ),
    "release the unknown": (
        "post", "actions/release-inventory", {"selection_ids": ["lot_id"]},
        422, "unknown_selection", ["selection_ids.0"],
    ),
    "auto-select for nothing": (
        "post", "actions/auto-select", {"line_ids": []}, 422, "no_lines", ["line_ids"],
    ),
    "ship without a carrier": (
        "post", "actions/create-shipment", {}, 422, "carrier_missing", ["carrier_id"],
    ),
    "ship no lines": (
        "post", "actions/create-shipment",
        {"carrier_id": "carrier_id", "tracking_number": "2Z", "lines": []},
        422, "nothing_to_ship", ["lines"],
    ),
    "ship more than is selected": (
        "post", "actions/create-shipment",
        {"carrier_id": "carrier_id", "tracking_number": "2Z", "lines": [
            {"line_id": "line_id",
             "selections": [{"selection_id": "selection_id", "quantity": "9"}]}]},
        409, "over_selection", [],
    ),
    "ship on an old version": (
        "post", "actions/create-shipment", {"carrier_id": "carrier_id", "version": 1},
        409, "stale_version", [],
    ),
    "change on an old version": (
        "patch", "", {"internal_note": "x", "version": 1}, 409, "stale_version", [],
    ),
    "a version that is none": (
        "patch", "", {"internal_note": "x", "version": "two"}, 422, "invalid_input", ["version"],
    ),
    "change a shipped order's lines": (
        "patch", "lines/line_id", {"quantity": "9"}, 409, "order_locked", [],
    ),
    "add to a shipped order": (
        "post", "lines", {"product_id": "product_id", "quantity": "1"}, 409, "order_locked", [],
    ),
    "another customer after issue": (
        "patch", "", {"customer_id": "customer_id"}, 409, "order_locked", ["customer_id"],
    ),
    "a day as text": ("patch", "", {"promised_at": "soon"}, 422, "invalid_input", ["promised_at"]),
    "a note as a list": ("patch", "", {"internal_note": []}, 422, "invalid_text",
                         ["internal_note"]),
    "remove without the number": (
        "delete", "", {"confirm_number": "SO-9"}, 422, "wrong_confirm_number", ["confirm_number"],
    ),
    "remove with a number as a number": (
        "delete", "", {"confirm_number": 1}, 422, "invalid_input", ["confirm_number"],
    ),
}  # fmt: skip


def world() -> World:
    return full_organization("Mine", "ada@mine.example")


def filled(value: Any, refers: dict[str, str]) -> Any:
    """The value with the names of references replaced by ids."""
    if isinstance(value, dict):
        return {name: filled(held, refers) for name, held in value.items()}
    if isinstance(value, list):
        return [filled(held, refers) for held in value]
    return refers.get(value, value) if isinstance(value, str) else value


def row_counts() -> dict[str, int]:
    """How many rows of the organization each table holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
        )
        return dict(cursor.fetchall())


def told(answer: Answer) -> tuple[int, str, list[str]]:
    return answer.status, answer.body["code"], list(answer.body["fields"])


def sound(mine: World) -> dict[str, Any]:
    return {
        "customer_id": mine.refers["customer_id"],
        "order_lead_id": mine.refers["order_lead_id"],
        "accept_terms": True,
        "lines": [{"product_id": mine.refers["product_id"], "quantity": "1"}],
    }


def test_a_new_order_that_makes_no_sense_is_refused_and_nothing_is_written() -> None:
    mine = world()
    assert mine.api.post("/sales-orders", sound(mine)).status == 201
    before = row_counts()
    found = {}
    for name, (change, *_) in NEW_ORDERS.items():
        body = {**sound(mine), **filled(change, mine.refers)}
        found[name] = told(mine.api.post("/sales-orders", body))
    assert found == {name: tuple(case[1:]) for name, case in NEW_ORDERS.items()}
    assert row_counts() == before


def test_an_action_that_makes_no_sense_is_refused_and_nothing_is_written() -> None:
    mine = world()
    before = row_counts()
    found = {}
    for name, (method, under, body, *_) in ACTIONS.items():
        path = f"/sales-orders/{mine.ids['sales-orders']}/{filled_path(under, mine)}".rstrip("/")
        found[name] = told(getattr(mine.api, method)(path, filled(shorthand(body), mine.refers)))
    expected = {name: tuple(case[3:]) for name, case in ACTIONS.items()}
    assert found == expected
    assert row_counts() == before


def filled_path(under: str, mine: World) -> str:
    return "/".join(mine.refers.get(part, part) for part in under.split("/"))


def shorthand(body: Any) -> Any:
    """`quantity:7` selects seven of the lot; `lot:nobody` one of an unknown lot."""
    if not isinstance(body, str):
        return body
    what, _, value = body.partition(":")
    lot = NOBODY if what == "lot" else "lot_id"
    chosen = {"lot_id": lot, "quantity": "1" if what == "lot" else value}
    asked = {"line_id": "line_id", "selections": [chosen], "allow_over": what == "over"}
    return {"lines": [asked]}


def test_a_lot_of_another_product_needs_a_yes() -> None:
    mine = world()
    other = mine.api.post("/products", {"sku": "OTHER", "name": "Other"}).body["id"]
    lot = mine.api.post("/lots", {"product_id": other, "quantity": "5"}).body["id"]
    asked = {"line_id": mine.refers["line_id"], "selections": [{"lot_id": lot, "quantity": "1"}]}
    at = f"/sales-orders/{mine.ids['sales-orders']}/actions/select-inventory"
    before = row_counts()
    assert told(mine.api.post(at, {"lines": [asked]})) == (409, "wrong_product", [])
    assert row_counts() == before
    assert mine.api.post(at, {"lines": [{**asked, "substitute": True}]}).status == 200


@pytest.mark.parametrize(("status", "code"), [("hold_all", "customer_hold_all"), ("normal", None)])
def test_an_order_of_a_held_customer_is_written_and_not_issued(
    status: str, code: str | None
) -> None:
    mine = world()
    held = mine.api.patch(f"/customers/{mine.refers['customer_id']}", {"status": status})
    assert held.status == 200
    order = mine.api.post("/sales-orders", sound(mine))
    assert order.status == 201
    answer = mine.api.post(f"/sales-orders/{order.body['id']}/actions/issue")
    assert (answer.status, answer.body.get("code")) == ((409, code) if code else (200, None))


def test_a_second_click_changes_nothing() -> None:
    mine = world()
    order = mine.api.post("/sales-orders", sound(mine)).body["id"]
    assert mine.api.post(f"/sales-orders/{order}/actions/issue").status == 200
    before = row_counts()
    again = mine.api.post(f"/sales-orders/{order}/actions/issue")
    assert told(again) == (409, "invalid_transition", [])
    assert row_counts() == before


RAW = {
    "no JSON": (b"{", 400, "malformed_json"),
    "not UTF-8": (b'{"notes": "\xff"}', 400, "malformed_json"),
    "a raw U+0000": (b'{"notes": "\0"}', 400, "malformed_json"),
    "a list": (b"[]", 422, "invalid_input"),
    "a text": (b'"x"', 422, "invalid_input"),
    "a number": (b"1e400", 422, "invalid_input"),
    "null": (b"null", 422, "invalid_input"),
    "very deep": (b"[" * 100_000 + b"]" * 100_000, 400, "malformed_json"),
    "deep and with a surrogate": (b'{"a":' * 5_000 + b'"\\ud800"' + b"}" * 5_000, 400,
                                  "malformed_json"),
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_a_body_that_is_no_object_of_json_is_refused(name: str) -> None:
    mine = world()
    before = row_counts()
    body, status, code = RAW[name]
    answer = raw(mine, "/sales-orders", body)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)
    assert row_counts() == before


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10_000)
def test_a_huge_body_is_not_read() -> None:
    mine = world()
    answer = raw(mine, "/sales-orders", json.dumps({"notes": "x" * 20_000}).encode())
    assert (answer.status_code, json.loads(answer.content)["code"]) == (413, "body_too_large")


def raw(mine: World, path: str, body: bytes) -> Any:
    return Client().post(
        f"/api/v1{path}",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {mine.api.key}"},
    )


def test_package_with_deep_content_is_not_kept() -> None:
    mine = world()
    deep: Any = "x"
    for _ in range(300):
        deep = {"weight_unit": deep}
    body = {"carrier_id": mine.refers["carrier_id"], "tracking_number": "9Z", "package": deep}
    at = f"/sales-orders/{mine.ids['sales-orders']}/actions/create-shipment"
    assert told(mine.api.post(at, body)) == (422, "invalid_text", ["package.weight_unit"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sales-orders/%00", 404),
        ("/sales-orders/" + "9" * 5_000, 404),
        ("/sales-orders/%ED%A0%80", 404),
        ("/sales-orders?cursor=%C3%A9", 422),
        ("/sales-orders?cursor=AAAA", 422),
        ("/sales-orders?limit=0", 422),
        ("/sales-orders?limit=201", 422),
        ("/sales-orders?limit=many", 422),
        ("/sales-orders?q=%00", 422),
        ("/sales-orders?required_from=soon", 422),
        ("/sales-orders?customer_id=x", 422),
        ("/sales-orders?on_hold=perhaps", 422),
        ("/shipments?q=%00", 422),
        ("/events?cursor=%C3%A9", 422),
        ("/nothing", 404),
    ],
)
def test_a_path_or_a_query_that_makes_no_sense_is_refused(path: str, status: int) -> None:
    mine = world()
    answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {mine.api.key}"})
    assert answer.status_code == status
    assert set(json.loads(answer.content)) == {"code", "message", "fields", "details"}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"notes": LONG}, "invalid_text", "notes"),
        ({"notes": None}, "invalid_input", "notes"),
        ({"notes": "5 gem", "direction": "up"}, "unknown_choice", "direction"),
        ({"notes": "5 gem", "customer_id": NOBODY}, "unknown_customer", "customer_id"),
        ({"notes": "5 gem", "reference_date": 5}, "invalid_input", "reference_date"),
    ],
)
def test_notes_that_cannot_be_read_are_refused(body: Any, code: str, field: str) -> None:
    mine = world()
    before = row_counts()
    assert told(mine.api.post("/extractions", body)) == (422, code, [field])
    assert row_counts() == before
    assert mine.api.post("/extractions", {"notes": ""}).body["rows"] == []


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ([], "no_rows", "rows"),
        ([{"quantity": 1}], "missing_product", "rows.0.product"),
        ([{"product_id": NOBODY, "quantity": 1}], "unknown_product", "rows.0.product"),
        ([{"product_id": "product_id"}], "missing_quantity", "rows.0.quantity"),
        ([{"product_id": "product_id", "quantity": {}}], "invalid_number", "rows.0.quantity"),
        ([{"product_id": "product_id", "weight": "NaN"}], "invalid_number", "rows.0.weight"),
        ([{"product_id": "product_id", "quantity": 1, "size": []}], "invalid_text", "rows.0.size"),
        (["x"], "invalid_input", "rows.0"),
    ],
)
def test_rows_that_cannot_be_accepted_are_refused(rows: Any, code: str, field: str) -> None:
    mine = world()
    at = f"/extractions/{mine.ids['extractions']}/actions/accept"
    before = row_counts()
    assert told(mine.api.post(at, {"rows": filled(rows, mine.refers)})) == (422, code, [field])
    assert row_counts() == before
