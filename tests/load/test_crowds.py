"""Crowds over real HTTP: the last unit, one key, one order, many numbers.

Each race also runs without what protects it, to show that the test would notice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest

from tests.company import found_company
from tests.plugins.database import Addresses
from tests.plugins.server import Server, serving
from tests.stories.shop import ADDRESS, Shop, open_shop

ROUNDS = 3
Answer = TypeVar("Answer")


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


@pytest.fixture(scope="module")
def unguarded_process(
    database_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The app without what protects it."""
    data = tmp_path_factory.mktemp("unguarded")
    with serving(database_addresses, data, "tests.load.unguarded:application") as server:
        yield server


@pytest.fixture
def unguarded(
    unguarded_process: Server, transactional_db: None, as_owner: psycopg.Connection
) -> Iterator[Shop]:
    """A shop behind it; the database lets lots go below zero meanwhile."""
    (definition,) = as_owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'lot_never_negative'"
    ).fetchone() or ("",)
    as_owner.execute("ALTER TABLE inventory_lot DROP CONSTRAINT lot_never_negative")
    yield open_shop(unguarded_process)
    as_owner.execute("UPDATE inventory_lot SET quantity = 0 WHERE quantity < 0")
    as_owner.execute(f"ALTER TABLE inventory_lot ADD CONSTRAINT lot_never_negative {definition}")


def all_at_once(count: int, send: Callable[[int], Answer]) -> list[Answer]:
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


def waiting_for(shop: Shop, product: str, count: int) -> list[tuple[str, str]]:
    """So many issued orders of one piece: their numbers and lines."""
    buyer, waiting = customer(shop), []
    for _ in range(count):
        made = shop.post("/sales-orders", order_of(shop, buyer, product))
        issued = shop.act(made["number"], "issue")
        waiting.append((made["number"], issued["lines"][0]["id"]))
    return waiting


def select_at_once(shop: Shop, waiting: list[tuple[str, str]], lot: str) -> list[tuple[int, Any]]:
    """Every order selects one piece of the lot."""

    def select(index: int) -> tuple[int, Any]:
        number, line = waiting[index]
        asked = {"line_id": line, "selections": [{"lot_id": lot, "quantity": "1"}]}
        path = f"/sales-orders/{number}/actions/select-inventory"
        return shop.send("post", path, {"lines": [asked]})

    return all_at_once(len(waiting), select)


def test_of_64_who_select_the_last_unit_one_gets_it(shop: Shop) -> None:
    product = ring(shop)
    waiting = waiting_for(shop, product, 64)
    for _ in range(ROUNDS):
        lot = shop.post("/lots", {"product_id": product, "quantity": "1"})["id"]
        answers = select_at_once(shop, waiting, lot)
        assert Counter(status for status, _ in answers) == {200: 1, 409: len(waiting) - 1}
        codes = {told["code"] for status, told in answers if status == 409}
        assert codes == {"insufficient_stock"}
        assert shop.get(f"/lots/{lot}")["quantity"] == "0"
        assert shop.stock(product)["on_hand"] == "0"
        winner = next(index for index, (status, _) in enumerate(answers) if status == 200)
        del waiting[winner]


def test_without_locks_and_constraint_the_last_unit_is_sold_more_than_once(
    unguarded: Shop,
) -> None:
    product = ring(unguarded)
    waiting = waiting_for(unguarded, product, 8)
    lot = unguarded.post("/lots", {"product_id": product, "quantity": "1"})["id"]
    answers = select_at_once(unguarded, waiting, lot)
    assert Counter(status for status, _ in answers)[200] > 1
    assert unguarded.get(f"/lots/{lot}")["quantity"].startswith("-")


def with_key(shop: Shop, body: Any, key: str) -> tuple[int, bytes, bool]:
    """Order under a key: status, the answer to the byte, and whether it was given before."""
    request = Request(
        f"{shop.url}/api/v1/sales-orders",
        method="POST",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {shop.company.api_key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    try:
        with urlopen(request, timeout=30) as answer:
            replayed = answer.headers.get("Idempotent-Replayed") == "true"
            return answer.status, answer.read(), replayed
    except HTTPError as error:
        return error.code, error.read(), False


def test_one_key_sent_50_times_at_once_makes_one_order(shop: Shop) -> None:
    body = order_of(shop, customer(shop), ring(shop))
    answers = all_at_once(50, lambda _: with_key(shop, body, "the same for all"))
    assert {status for status, _, _ in answers} == {201}
    assert len({told for _, told, _ in answers}) == 1
    assert Counter(replayed for _, _, replayed in answers) == {True: 49, False: 1}
    assert len(shop.get("/sales-orders?limit=200")["data"]) == 1
    status, told, _ = with_key(shop, {**body, "notes": "another request"}, "the same for all")
    assert (status, json.loads(told)["code"]) == (422, "idempotency_key_reused")


def test_a_key_means_nothing_to_another_organization(shop: Shop) -> None:
    other = Shop(shop.url, found_company("Others", email="ola@others.example"))
    status, told, _ = with_key(shop, order_of(shop, customer(shop), ring(shop)), "a key")
    assert status == 201
    theirs = order_of(other, customer(other), ring(other))
    status, found, replayed = with_key(other, theirs, "a key")
    assert (status, replayed) == (201, False)
    assert json.loads(found)["id"] != json.loads(told)["id"]


def test_without_the_claim_on_a_key_there_is_more_than_one_order(unguarded: Shop) -> None:
    body = order_of(unguarded, customer(unguarded), ring(unguarded))
    answers = all_at_once(8, lambda _: with_key(unguarded, body, "the same for all"))
    assert len({told for _, told, _ in answers}) > 1


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


def test_without_a_lock_editors_overwrite_each_other(unguarded: Shop) -> None:
    made = unguarded.post(
        "/sales-orders", order_of(unguarded, customer(unguarded), ring(unguarded))
    )
    path = f"/sales-orders/{made['number']}"

    def edit(index: int) -> tuple[int, Any]:
        return unguarded.send("patch", path, {"internal_note": f"{index}", "version": 1})

    assert Counter(status for status, _ in all_at_once(8, edit))[200] > 1


def test_without_a_version_the_last_of_32_editors_wins(shop: Shop) -> None:
    made = shop.post("/sales-orders", order_of(shop, customer(shop), ring(shop)))
    path = f"/sales-orders/{made['number']}"
    answers = all_at_once(
        32, lambda index: shop.send("patch", path, {"internal_note": f"note {index}"})
    )
    assert Counter(status for status, _ in answers) == {200: 32}
    assert shop.get(path)["version"] == made["version"] + 32
