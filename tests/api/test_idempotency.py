"""One effect for one key: a repeat gets the first answer, whatever happened since."""

from importlib import import_module
from typing import Any

import orjson
import pytest
from django.db import connection

from orderwright.activity.models import RememberedAnswer
from tests.access.world import World, full_organization
from tests.company import Answer

pytestmark = pytest.mark.django_db
KEY = "0b7c6b5e-click-1"


def sound(mine: World) -> dict[str, Any]:
    return {
        "customer_id": mine.refers["customer_id"],
        "order_lead_id": mine.refers["order_lead_id"],
        "accept_terms": True,
        "lines": [{"product_id": mine.refers["product_id"], "quantity": "1"}],
    }


def post(mine: World, path: str, body: Any = None, key: str = KEY) -> Answer:
    return mine.api.post(path, body, **{"Idempotency-Key": key})


def orders(mine: World) -> int:
    return len(mine.api.get("/sales-orders").body["data"])


def test_a_repeat_gets_the_first_answer_and_makes_no_second_order() -> None:
    mine = full_organization("Mine", "ada@mine.example")
    first = post(mine, "/sales-orders", sound(mine))
    assert (first.status, first.headers.get("Idempotent-Replayed")) == (201, None)
    mine.api.post(f"/sales-orders/{first.body['id']}/actions/hold", {"reason": "wait"})
    known = orders(mine)
    again = post(mine, "/sales-orders", sound(mine))
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.body == first.body
    assert orders(mine) == known


def test_a_repeated_action_and_a_repeated_removal_are_the_same_answer() -> None:
    mine = full_organization("Mine", "ada@mine.example")
    order = mine.api.post("/sales-orders", sound(mine)).body
    at = f"/sales-orders/{order['id']}"
    first, second = (post(mine, f"{at}/actions/issue", {}, "issue") for _ in range(2))
    assert (first.status, second.status, second.body) == (200, 200, first.body)
    gone = [
        mine.api.delete(at, {"confirm_number": order["number"]}, **{"Idempotency-Key": "remove"})
        for _ in range(2)
    ]
    assert [answer.status for answer in gone] == [204, 204]
    assert gone[1].headers["Idempotent-Replayed"] == "true"
    assert mine.api.get(at).status == 404


def test_one_key_is_for_one_request() -> None:
    mine = full_organization("Mine", "ada@mine.example")
    first = post(mine, "/sales-orders", sound(mine))
    known = orders(mine)
    for path, body in (
        ("/sales-orders", {**sound(mine), "notes": "other"}),
        (f"/sales-orders/{first.body['id']}/actions/issue", sound(mine)),
    ):
        refused = post(mine, path, body)
        assert (refused.status, refused.body["code"]) == (422, "idempotency_key_reused")
    assert orders(mine) == known
    assert mine.api.get(f"/sales-orders/{first.body['id']}").body["status"] == "estimate"


def test_another_organization_may_use_the_same_key() -> None:
    theirs = full_organization("Theirs", "bo@theirs.example")
    mine = full_organization("Mine", "ada@mine.example")
    answers = [post(world, "/sales-orders", sound(world)) for world in (theirs, mine)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body["id"] != answers[1].body["id"]
    assert answers[1].headers.get("Idempotent-Replayed") is None


def test_a_request_that_was_refused_is_not_remembered() -> None:
    mine = full_organization("Mine", "ada@mine.example")
    refused = post(mine, "/sales-orders", {**sound(mine), "accept_terms": False})
    assert refused.status == 422
    assert RememberedAnswer.objects.of(mine.company.id).count() == 0
    assert post(mine, "/sales-orders", sound(mine)).status == 201


@pytest.mark.parametrize(("key", "status"), [("", 422), ("k" * 256, 422), ("k" * 255, 201)])
def test_a_key_has_1_to_255_characters(key: str, status: int) -> None:
    mine = full_organization("Mine", "ada@mine.example")
    assert post(mine, "/sales-orders", sound(mine), key).status == status


def test_reading_needs_no_key_and_ignores_one() -> None:
    mine = full_organization("Mine", "ada@mine.example")
    assert RememberedAnswer.objects.of(mine.company.id).count() == 0
    assert mine.api.get("/sales-orders").status == 200
    assert RememberedAnswer.objects.of(mine.company.id).count() == 0


SECRETS: dict[str, tuple[str, dict[str, Any]]] = {
    "/api-keys": ("key", {"name": "Shop", "role": "Sales"}),
    "/webhook-endpoints": (
        "secret",
        {"name": "Shop", "url": "https://hooks.example.com/in", "event_types": ["invoice.paid"]},
    ),
    "/carriers/{carrier}/actions/new-webhook-secret": ("secret", {}),
    "/webhook-endpoints/{endpoint}/actions/rotate-secret": ("secret", {}),
}


@pytest.mark.parametrize("path", SECRETS)
def test_a_secret_that_is_shown_once_is_not_readable_in_what_is_remembered(path: str) -> None:
    mine = full_organization("Mine", "ada@mine.example")
    named, body = SECRETS[path]
    endpoint = ""
    if "{endpoint}" in path:
        endpoint = mine.api.post("/webhook-endpoints", SECRETS["/webhook-endpoints"][1]).body["id"]
    at = path.format(carrier=mine.company.carrier_id, endpoint=endpoint)
    first, again = post(mine, at, body), post(mine, at, body)
    assert first.status in (200, 201), first.body
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    row = RememberedAnswer.objects.of(mine.company.id).get(key=KEY)
    kept = bytes(row.content or b"")
    assert len(kept) > 100
    assert first.body[named].encode() not in kept
    assert first.body[named][-12:].encode() not in kept


def test_a_repeat_under_another_secret_key_does_nothing_twice(settings: Any) -> None:
    mine = full_organization("Mine", "ada@mine.example")
    first = post(mine, "/sales-orders", sound(mine))
    known = orders(mine)
    settings.SECRET_KEY = "another"
    again = post(mine, "/sales-orders", sound(mine))
    assert (first.status, again.status, again.body["code"]) == (201, 409, "answer_lost")
    assert orders(mine) == known


def test_what_was_remembered_in_plain_is_sealed() -> None:
    worlds = [
        full_organization("Mine", "ada@mine.example"),
        full_organization("Theirs", "bo@theirs.example"),
    ]
    first = [post(world, "/sales-orders", sound(world)) for world in worlds]
    migration = import_module("orderwright.activity.migrations.0005_seal_remembered_answers")
    for world, answer in zip(worlds, first, strict=True):
        world.company.enter()
        rows = RememberedAnswer.objects.of(world.company.id).filter(key=KEY)
        assert rows.update(content=orjson.dumps(answer.body)) == 1
        with connection.cursor() as cursor:
            migration.seal_one(cursor)
    again = [post(world, "/sales-orders", sound(world)) for world in worlds]
    assert [one.body for one in again] == [one.body for one in first]
