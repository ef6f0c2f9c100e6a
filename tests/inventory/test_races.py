"""Many people at the same stock at the same time, over real connections."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection

from orderwright.identity.tenancy import entered
from orderwright.inventory import actions, lots
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict, Invalid, NotFound, TryAgain
from tests.inventory.books import contradictions
from tests.inventory.warehouse import Line, Warehouse, figures, open_warehouse, rows

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 64


@pytest.fixture
def warehouse() -> Warehouse:
    return open_warehouse()


def at_once(warehouse: Warehouse, acts: list[Callable[[], Any]]) -> Counter[str]:
    """Everybody acts at the same moment, each in a transaction of their own; how it went."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            start.wait()
            with entered(warehouse.company.id):
                act()
        except (Conflict, NotFound) as refusal:
            return refusal.code
        except TryAgain:
            return "try again"
        except OperationalError as error:
            return type(error.__cause__).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def the_last_unit(warehouse: Warehouse, clients: int) -> tuple[UUID, UUID, Counter[str]]:
    """One unit, and as many lines as clients who want it."""
    with entered(warehouse.company.id):
        gem = warehouse.product()
        lot = warehouse.lot(gem, 1)
        lines = [warehouse.promise(gem, 1) for _ in range(clients)]
        needs = [warehouse.need(line) for line in lines]

    def selecting(index: int) -> Callable[[], Any]:
        line = lines[index]
        return lambda: actions.select(
            warehouse.by,
            needs=[needs[index]],
            asked=[Asked(line.id, lot, quantity="1")],
            reservations={line.id: line.reservation},
            cause=actions.Cause(None, "a race"),
        )

    return gem, lot, at_once(warehouse, [selecting(index) for index in range(clients)])


def test_of_64_who_select_the_last_unit_exactly_one_gets_it(warehouse: Warehouse) -> None:
    gem, lot, went = the_last_unit(warehouse, CLIENTS)
    with entered(warehouse.company.id):
        assert went == {"done": 1, "insufficient_stock": CLIENTS - 1}
        assert warehouse.seen(lot).quantity == 0
        assert warehouse.figures(gem) == figures(on_hand=0, short=CLIENTS - 1)
        assert contradictions() == {}


@contextmanager
def without_guards(
    owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, clients: int
) -> Iterator[None]:
    """Selecting as it must not be: nobody locks, everybody reads before anybody writes, and the
    database lets a lot go below zero."""
    everybody_has_read = threading.Barrier(clients)
    read = actions._facts

    def read_and_wait(*arguments: Any) -> Any:
        found = read(*arguments)
        everybody_has_read.wait()
        return found

    definition = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'lot_never_negative'"
    ).fetchone()
    assert definition is not None
    owner.execute("ALTER TABLE inventory_lot DROP CONSTRAINT lot_never_negative")
    monkeypatch.setattr(actions, "lock_products", lambda by, products, lots=(): list(products))
    monkeypatch.setattr(actions, "_facts", read_and_wait)
    try:
        yield
    finally:
        monkeypatch.undo()
        owner.execute("UPDATE inventory_lot SET quantity = 0 WHERE quantity < 0")
        owner.execute(
            f"ALTER TABLE inventory_lot ADD CONSTRAINT lot_never_negative {definition[0]}"
        )


def test_without_lock_and_constraint_the_last_unit_is_sold_many_times(
    warehouse: Warehouse, as_owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = 8
    with without_guards(as_owner, monkeypatch, clients):
        _, lot, went = the_last_unit(warehouse, clients)
        with entered(warehouse.company.id):
            assert went == {"done": clients}
            assert warehouse.seen(lot).quantity == 1 - clients
            assert "a lot is below zero" in contradictions()


def test_the_constraint_alone_keeps_a_lot_from_going_below_zero(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(warehouse.company.id):
        gem = warehouse.product()
        lot = warehouse.lot(gem, 1)
        line = warehouse.promise(gem, 2)
        monkeypatch.setattr(actions, "plan_selection", _blind(actions.plan_selection))
        with pytest.raises(IntegrityError, match="lot_never_negative"):
            warehouse.select(line, {lot: 2})


def _blind(plan: Any) -> Any:
    def plan_blindly(asked: Any, needs: Any, found: Any, *, allow_negative: bool) -> Any:
        return plan(asked, needs, found, allow_negative=True)

    return plan_blindly


def test_tags_of_one_prefix_run_on_without_twin_or_gap_under_64_clients(
    warehouse: Warehouse,
) -> None:
    with entered(warehouse.company.id):
        products = [
            warehouse.product(sku=sku, name=sku, short_name="Stone") for sku in ("ONE", "TWO")
        ]
    went = at_once(
        warehouse,
        [lambda index=index: warehouse.lot(products[index % 2], 1) for index in range(CLIENTS)],
    )
    with entered(warehouse.company.id):
        tags = [tag for (tag,) in rows("SELECT tag_id FROM inventory_lot ORDER BY tag_id")]
    assert went == {"done": CLIENTS}
    assert tags == [f"STONE{number:04}" for number in range(1, CLIENTS + 1)]


def selected_by_one_line(warehouse: Warehouse, quantity: int) -> tuple[UUID, Line, Any]:
    with entered(warehouse.company.id):
        gem = warehouse.product()
        lot = warehouse.lot(gem, quantity)
        line = warehouse.promise(gem, quantity)
        (selected,) = warehouse.select(line, {lot: quantity})
        return lot, line, selected


def test_a_selection_that_several_release_comes_back_once(warehouse: Warehouse) -> None:
    lot, line, selected = selected_by_one_line(warehouse, 5)
    went = at_once(warehouse, [lambda: warehouse.release(line, selected)] * 16)
    with entered(warehouse.company.id):
        assert went == {"done": 1, "selection_not_open": 15}
        assert warehouse.seen(lot).quantity == 5
        assert contradictions() == {}


def test_a_selection_is_shipped_or_released_never_both(warehouse: Warehouse) -> None:
    _, line, selected = selected_by_one_line(warehouse, 5)

    def ship() -> None:
        actions.ship_selections(warehouse.by, whole=[selected.id], parts=[])

    def release() -> None:
        warehouse.release(line, selected)

    went = at_once(warehouse, [ship, release] * 8)
    with entered(warehouse.company.id):
        assert went == {"done": 1, "selection_not_open": 15}
        assert contradictions() == {}


def test_parts_of_a_selection_ship_as_long_as_it_lasts(warehouse: Warehouse) -> None:
    _, line, selected = selected_by_one_line(warehouse, 5)
    two = (selected.id, Decimal(2), Decimal(0))
    went = at_once(
        warehouse, [lambda: actions.ship_selections(warehouse.by, whole=[], parts=[two])] * 8
    )
    with entered(warehouse.company.id):
        assert went == {"done": 2, "selection_not_open": 6}
        left = rows(
            "SELECT status, sum(quantity)::int FROM inventory_selection"
            " WHERE reservation_id = %s GROUP BY status ORDER BY status",
            line.reservation,
        )
        assert left == [("retrieved", 1), ("shipped", 4)]


def test_promises_made_at_once_cover_what_is_there_and_no_more(warehouse: Warehouse) -> None:
    with entered(warehouse.company.id):
        gem = warehouse.product()
        warehouse.lot(gem, 100)
        lines = [warehouse.line(gem, 7) for _ in range(32)]
    went = at_once(warehouse, [lambda line=line: warehouse.reserve(line) for line in lines])
    with entered(warehouse.company.id):
        assert went == {"done": 32}
        assert warehouse.figures(gem) == figures(on_hand=100, reserved=100, short=124)
        assert contradictions() == {}


def test_requests_that_cross_over_two_products_do_not_block_each_other(
    warehouse: Warehouse,
) -> None:
    with entered(warehouse.company.id):
        products = [warehouse.product(sku=sku, name=sku) for sku in ("ONE", "TWO")]
        stock = [warehouse.lot(product, 100) for product in products]
        pairs = [[warehouse.promise(product, 1) for product in products] for _ in range(32)]
        for pair in pairs[::2]:
            pair.reverse()
    lot_of = dict(zip(products, stock, strict=True))

    def both(pair: list[Line]) -> None:
        warehouse.select_rows(
            pair, [Asked(line.id, lot_of[line.product], quantity="1") for line in pair]
        )

    went = at_once(warehouse, [lambda pair=pair: both(pair) for pair in pairs])
    with entered(warehouse.company.id):
        assert went == {"done": 32}
        assert [warehouse.seen(lot).quantity for lot in stock] == [68, 68]


def test_of_those_who_count_the_same_version_one_is_heard(warehouse: Warehouse) -> None:
    with entered(warehouse.company.id):
        lot = warehouse.lot(warehouse.product(), 10)

    def count(quantity: int) -> None:
        lots.adjust_lot(
            by=warehouse.by,
            ref=lot,
            sent={"quantity": str(quantity), "reason": "counted"},
            version=1,
        )

    went = at_once(warehouse, [lambda number=number: count(number) for number in range(16)])
    with entered(warehouse.company.id):
        assert went == {"done": 1, "stale_version": 15}
        assert warehouse.seen(lot).version == 2


def test_a_lot_is_deleted_or_selected_never_both(warehouse: Warehouse) -> None:
    with entered(warehouse.company.id):
        gem = warehouse.product()
        lot = warehouse.lot(gem, 5)
        line = warehouse.promise(gem, 5)

    def delete() -> None:
        lots.delete_lot(by=warehouse.by, ref=lot)

    def select() -> None:
        _select_if_there(warehouse, line, lot)

    went = at_once(warehouse, [delete, select] * 4)
    with entered(warehouse.company.id):
        assert went["done"] == 1
        assert set(went) <= {"done", "not_found", "in_use", "insufficient_stock", "over_selection"}
        assert contradictions() == {}


def _select_if_there(warehouse: Warehouse, line: Line, lot: UUID) -> None:
    try:
        warehouse.select(line, {lot: 5})
    except Invalid as refusal:
        raise NotFound("not_found", "deleted before it was selected") from refusal


def test_the_books_agree_after_a_busy_day(warehouse: Warehouse) -> None:
    """Eight people do random things to two products; the seed of each replays what they tried."""
    with entered(warehouse.company.id):
        products = [warehouse.product(sku=sku, name=sku) for sku in ("ONE", "TWO")]
        stock = {product: [warehouse.lot(product, 40) for _ in range(2)] for product in products}
        lines = [warehouse.promise(product, 30) for product in products * 4]

    def day(seed: int) -> None:
        chance = Random(seed)
        for _ in range(25):
            at_once_alone(warehouse, lambda: _something(warehouse, chance, stock, lines))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(day, range(8)))
    with entered(warehouse.company.id):
        counted = dict(rows("SELECT action, count(*) FROM inventory_movement GROUP BY action"))
        assert {"select", "release", "user_correction"} <= set(counted)
        assert contradictions() == {}


def at_once_alone(warehouse: Warehouse, act: Callable[[], Any]) -> None:
    try:
        with entered(warehouse.company.id):
            act()
    except Conflict:
        pass
    finally:
        connection.close()


def _something(
    warehouse: Warehouse, chance: Random, stock: dict[UUID, list[UUID]], lines: list[Line]
) -> None:
    line = chance.choice(lines)
    lot = chance.choice(stock[line.product])
    kind = chance.randrange(4)
    if kind == 0:
        warehouse.adjust(lot, quantity=str(chance.randint(20, 60)))
    elif kind == 1:
        warehouse.select(line, {lot: chance.randint(1, 5)}, allow_over=True)
    elif kind == 2:
        warehouse.reserve(warehouse.line(line.product, chance.randint(1, 9)))
    else:
        open_ones = rows(
            "SELECT id, quantity, weight FROM inventory_selection"
            " WHERE reservation_id = %s AND lot_id = %s AND status = 'retrieved'",
            line.reservation,
            lot,
        )
        if open_ones:
            id_, quantity, weight = chance.choice(open_ones)
            warehouse.release(
                line, actions.Selected(id_, line.id, line.reservation, lot, quantity, weight)
            )
