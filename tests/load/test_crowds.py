"""Crowds over real HTTP: the last unit, one key, one order, many numbers.

Each race also runs without what protects it, to show that the test would notice.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.plugins.server import Server
from tests.stories.shop import ADDRESS, Shop, open_shop

ROUNDS = 3


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def all_at_once(count: int, send: Callable[[int], tuple[int, Any]]) -> list[tuple[int, Any]]:
    """So many requests, each from a thread of its own."""
    with ThreadPoolExecutor(count) as crowd:
        return list(crowd.map(send, range(count)))


def customer(shop: Shop) -> str:
    found: str = shop.post("/customers", {"name": "Acme", "addresses": [ADDRESS]})["id"]
    return found


def ring(shop: Shop, sku: str = "RING") -> str:
    sent = {"sku": sku, "name": sku.title(), "base_price": "40"}
    found: str = shop.post("/products", sent)["id"]
    return found


def order_of(shop: Shop, buyer: str, product: str) -> dict[str, Any]:
    """What one more order of one piece says."""
    return {
        "customer_id": buyer,
        "order_lead_id": str(shop.company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": product, "quantity": "1"}],
    }


def test_of_64_who_select_the_last_unit_one_gets_it(shop: Shop) -> None:
    buyer, product = customer(shop), ring(shop)
    waiting = []
    for _ in range(64):
        made = shop.post("/sales-orders", order_of(shop, buyer, product))
        issued = shop.act(made["number"], "issue")
        waiting.append((made["number"], issued["lines"][0]["id"]))
    for _ in range(ROUNDS):
        lot = shop.post("/lots", {"product_id": product, "quantity": "1"})["id"]

        def select(index: int, lot: str = lot) -> tuple[int, Any]:
            number, line = waiting[index]
            asked = {"line_id": line, "selections": [{"lot_id": lot, "quantity": "1"}]}
            path = f"/sales-orders/{number}/actions/select-inventory"
            return shop.send("post", path, {"lines": [asked]})

        answers = all_at_once(len(waiting), select)
        assert Counter(status for status, _ in answers) == {200: 1, 409: len(waiting) - 1}
        codes = {told["code"] for status, told in answers if status == 409}
        assert codes == {"insufficient_stock"}
        assert shop.get(f"/lots/{lot}")["quantity"] == "0"
        assert shop.stock(product)["on_hand"] == "0"
        winner = next(index for index, (status, _) in enumerate(answers) if status == 200)
        del waiting[winner]


def test_one_key_sent_50_times_at_once_makes_one_order(shop: Shop) -> None:
    body = order_of(shop, customer(shop), ring(shop))
    key = {"Idempotency-Key": "the same for all"}
    answers = all_at_once(50, lambda _: shop.send("post", "/sales-orders", body, key))
    assert {status for status, _ in answers} == {201}
    assert {told["id"] for _, told in answers} == {answers[0][1]["id"]}
    assert len(shop.get("/sales-orders?limit=200")["data"]) == 1
    other = {**body, "notes": "another request"}
    status, told = shop.send("post", "/sales-orders", other, key)
    assert (status, told["code"]) == (422, "idempotency_key_reused")


def test_without_a_key_50_posts_are_50_orders_with_50_numbers(shop: Shop) -> None:
    body = order_of(shop, customer(shop), ring(shop))
    answers = all_at_once(50, lambda _: shop.send("post", "/sales-orders", body))
    assert {status for status, _ in answers} == {201}
    assert len({told["number"] for _, told in answers}) == 50
    assert len(shop.get("/sales-orders?limit=200")["data"]) == 50


def test_of_32_editors_with_one_version_one_is_accepted(shop: Shop) -> None:
    made = shop.post("/sales-orders", order_of(shop, customer(shop), ring(shop)))
    path = f"/sales-orders/{made['number']}"
    for _ in range(ROUNDS):
        version = shop.get(path)["version"]

        def edit(index: int, version: int = version) -> tuple[int, Any]:
            return shop.send("patch", path, {"internal_note": f"{index}", "version": version})

        answers = all_at_once(32, edit)
        assert Counter(status for status, _ in answers) == {200: 1, 409: 31}
        accepted = next(told for status, told in answers if status == 200)
        now = shop.get(path)
        assert (now["version"], now["internal_note"]) == (version + 1, accepted["internal_note"])


def test_without_a_version_the_last_of_32_editors_wins(shop: Shop) -> None:
    made = shop.post("/sales-orders", order_of(shop, customer(shop), ring(shop)))
    path = f"/sales-orders/{made['number']}"
    answers = all_at_once(
        32, lambda index: shop.send("patch", path, {"internal_note": f"note {index}"})
    )
    assert Counter(status for status, _ in answers) == {200: 32}
    assert shop.get(path)["version"] == made["version"] + 32
