"""Whatever is done in whatever order, stored statuses equal the rules and the books balance."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.kernel.errors import Refusal
from orderwright.kernel.numbers import ZERO
from orderwright.purchasing import actions, queries, reversing
from orderwright.purchasing.receiving import Arrived
from orderwright.purchasing.reversing import Reversal
from orderwright.purchasing.rules import fulfillment_of, plan_automatic_move
from tests.inventory.books import contradictions
from tests.purchasing.buying import Buying, open_buying

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.integers(0, 1), st.integers(1, 7), st.integers(0, 2)),
        st.tuples(st.just("reverse"), st.integers(0, 3)),
        st.tuples(st.sampled_from(["cancel", "restore"]), st.integers(0, 1)),
        st.tuples(st.sampled_from(["unissue", "issue", "close", "open"])),
    ),
    min_size=1,
    max_size=9,
)


def do(desk: Buying, order_id: Any, step: tuple[Any, ...]) -> None:
    """One step, if the order allows it."""
    page = queries.order_page(desk.by, order_id)
    match step:
        case ("receive", index, quantity, rejected):
            row = Arrived(
                page.lines[index].id, quantity=quantity, rejected=rejected, keep_rejected=True
            )
            desk.receive(page, {1: row}, confirmed=frozenset({"over_receipt"}))
        case ("reverse", index):
            found = queries.receipts(desk.by, order_id)
            if index < len(found):
                reversing.reverse_receipt(
                    by=desk.by, order=order_id, reversal=Reversal(found[index].id)
                )
        case ("cancel" | "restore" as verb, index):
            act = actions.cancel_lines if verb == "cancel" else actions.restore_lines
            act(by=desk.by, order=order_id, line_ids=[page.lines[index].id])
        case (verb,):
            getattr(actions, f"{verb}_order")(by=desk.by, order=order_id)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_stored_statuses_are_the_rules_after_any_steps(steps: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        desk = open_buying()
        products = [desk.product(sku="GEM"), desk.product(sku="RING")]
        order = desk.ordered(dict.fromkeys(products, 8))
        for step in steps:
            try:
                with transaction.atomic():
                    do(desk, order.id, step)
            except Refusal:
                continue
            check(desk, order.id, products)
        transaction.set_rollback(True)


def check(desk: Buying, order_id: Any, products: list[Any]) -> None:
    """What is stored is what follows from the receipts that stand."""
    page = queries.order_page(desk.by, order_id)
    standing = [
        line
        for receipt in queries.receipts(desk.by, order_id)
        if receipt.reversed_at is None
        for line in receipt.lines
    ]
    for line, product in zip(page.lines, products, strict=True):
        mine = [one for one in standing if one.line_id == line.id]
        received = sum((one.quantity for one in mine), ZERO)
        assert (line.received, line.rejected) == (
            received,
            sum((one.rejected for one in mine), ZERO),
        )
        assert Decimal(desk.figures(product)[0]) == received
    assert page.head.fulfillment_status == fulfillment_of(page.facts()).status
    assert plan_automatic_move(page.facts()) is None
    assert page.head.subtotal == sum((line.line_total for line in page.lines), ZERO)
    assert contradictions() == {}
