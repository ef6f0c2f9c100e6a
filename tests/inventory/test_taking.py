"""Stock that leaves for jobs: what follows from what was said, and what the books say then."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from orderwright.inventory.rules import LotFacts
from orderwright.inventory.taking import Wanted, plan_taking
from orderwright.inventory.withdrawals import withdraw
from orderwright.kernel.errors import Conflict, Invalid
from tests.inventory.books import contradictions
from tests.inventory.warehouse import NOBODY, figures, open_warehouse

LOT = UUID(int=1)
PRODUCT = UUID(int=9)


def lot(quantity: str, weight: str = "0", *, unit: str = "pcs", status: str = "available") -> Any:
    return LotFacts(
        id=LOT,
        product_id=PRODUCT,
        tag_id="GEM0001",
        quantity=Decimal(quantity),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        unit=unit,
        weight=Decimal(weight),
        weight_unit="g",
        status=status,
    )


def taken(found: LotFacts, **said: object) -> tuple[Decimal, Decimal]:
    plan = plan_taking([Wanted(LOT, **said)], {LOT: found})  # type: ignore[arg-type]
    (row,) = plan.rows
    return row.quantity, row.weight


@pytest.mark.parametrize(
    ("found", "said", "expected"),
    [
        (lot("100", "50"), {"quantity": "20"}, ("20", "10")),
        (lot("100", "50"), {"quantity": "20", "weight": "9"}, ("20", "9")),
        (lot("100", "50"), {"weight": "9"}, ("18", "9")),
        (lot("100", "50"), {"weight": "0.009", "weight_unit": "kg"}, ("18", "9")),
        (lot("100", "50"), {"weight": "50"}, ("100", "50")),
        (lot("100", "50"), {"full": True}, ("100", "50")),
        (lot("100", "50"), {}, ("100", "50")),
        (lot("100", "100", unit="g"), {"weight": "32"}, ("32", "32")),
        (lot("100", "100", unit="g"), {"quantity": "32"}, ("32", "32")),
        (lot("0", "100"), {"weight": "32"}, ("0", "32")),
        (lot("7"), {"quantity": "3"}, ("3", "0")),
    ],
)
def test_what_was_not_said_follows_from_the_lot(
    found: LotFacts, said: dict[str, object], expected: tuple[str, str]
) -> None:
    assert taken(found, **said) == tuple(Decimal(text) for text in expected)


@pytest.mark.parametrize(
    ("found", "said", "code"),
    [
        (lot("10", "5"), {"quantity": "11"}, "insufficient_stock"),
        (lot("10", "5"), {"weight": "5.1"}, "insufficient_stock"),
        (lot("0", "0"), {}, "insufficient_stock"),
        (lot("10", status="archived"), {"quantity": "1"}, "lot_unavailable"),
        (lot("10"), {"quantity": "1.5"}, "invalid_quantity"),
        (lot("10"), {"quantity": "0"}, "invalid_quantity"),
        (lot("10", "5"), {"weight": "0"}, "invalid_weight"),
        (lot("10", "5"), {"weight": "-1"}, "invalid_weight"),
        (lot("10", "5"), {"weight": "1", "weight_unit": "stone"}, "unknown_weight_unit"),
    ],
)
def test_what_a_lot_cannot_give_is_refused(
    found: LotFacts, said: dict[str, object], code: str
) -> None:
    with pytest.raises((Conflict, Invalid)) as refused:
        taken(found, **said)
    assert refused.value.code == code


def test_a_lot_that_does_not_exist_is_named_with_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        plan_taking([Wanted(UUID(int=5), quantity=1, field="inputs.0.")], {})
    assert refused.value.fields == {"inputs.0.lot_id": "There is no such inventory."}


def test_two_rows_of_one_lot_are_counted_together() -> None:
    with pytest.raises(Conflict) as refused:
        plan_taking([Wanted(LOT, quantity=6), Wanted(LOT, quantity=6)], {LOT: lot("10")})
    assert refused.value.details["lots"] == [
        {
            "lot_id": str(LOT),
            "tag_id": "GEM0001",
            "asked": "12",
            "available": "10",
            "unit": "pcs",
        }
    ]


amounts = st.integers(1, 1000)


@given(
    quantity=amounts,
    weight=st.integers(0, 1000),
    parts=st.lists(st.integers(1, 1000), min_size=1, max_size=6),
)
def test_what_is_taken_and_what_is_left_are_what_was_there(
    quantity: int, weight: int, parts: list[int]
) -> None:
    found = lot(str(quantity), str(weight))
    asked = [Wanted(LOT, quantity=part) for part in parts if part <= quantity]
    if not asked or sum(int(str(row.quantity)) for row in asked) > quantity:
        return
    plan = plan_taking(asked, {LOT: found})
    (after,) = plan.lots
    assert after.quantity + sum(row.quantity for row in plan.rows) == quantity
    assert after.weight + sum(row.weight for row in plan.rows) == weight
    assert min(row.weight for row in plan.rows) >= 0
    assert after.weight == 0 or after.quantity > 0


@pytest.mark.django_db
def test_material_for_a_job_leaves_its_lot_and_uncovers_who_was_served_last() -> None:
    warehouse = open_warehouse()
    gem = warehouse.product(sku="GEM")
    first = warehouse.lot(gem, 10, weight="5")
    warehouse.promise(gem, 6)
    warehouse.promise(gem, 4)
    withdraw(warehouse.by, [Wanted(first, quantity=3)], action="issue_to_job", cause=NOBODY)
    assert warehouse.figures(gem) == figures(on_hand=7, reserved=7, short=3)
    assert warehouse.seen(first).weight == Decimal("3.5")
    assert contradictions() == {}


@pytest.mark.django_db
def test_taking_from_thirty_lots_costs_as_many_statements_as_from_one() -> None:
    warehouse = open_warehouse()
    gem = warehouse.product(sku="GEM")
    lots = [warehouse.lot(gem, 10) for _ in range(31)]
    counts = []
    for chosen in (lots[:1], lots[1:]):
        with CaptureQueriesContext(connection) as found:
            rows = [Wanted(one, quantity=1) for one in chosen]
            withdraw(warehouse.by, rows, action="issue_to_job", cause=NOBODY)
        counts.append(len(found))
    assert counts == [4, 4]
    assert contradictions() == {}
