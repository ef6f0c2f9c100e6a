"""The pick of an order is a function of the order: what a plan writes is what stands afterwards."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Conflict
from orderwright.shipping.pick_rules import (
    NO_DAY,
    LineToPick,
    OpenRow,
    OrderToPick,
    PickPlan,
    check_issued,
    check_may_be_voided,
    number_after,
    plan_pick,
)

STATUSES = ["estimate", "issued", "fulfilled", "completed"]
amounts = st.integers(0, 12).map(Decimal)


@st.composite
def orders(draw: st.DrawFn) -> OrderToPick:
    ids = draw(st.lists(st.integers(1, 4), unique=True, max_size=4))
    status = draw(st.sampled_from(STATUSES))
    lines = []
    for id_ in ids:
        packed = Decimal(0) if status == "estimate" else draw(amounts)
        waiting = Decimal(0) if status == "estimate" else draw(amounts)
        line = LineToPick(UUID(int=id_), draw(amounts), packed + waiting, packed)
        lines.append(line if line.outstanding else replace(line, picked=packed))
    return OrderToPick(
        status,
        draw(st.sampled_from(["low", "normal", "high"])),
        draw(st.sampled_from([None, date(2026, 5, 1), date(2026, 6, 1)])),
        tuple(lines),
    )


def standing(order: OrderToPick) -> PickPlan | None:
    """The whole pick of an order; None without one."""
    plan = plan_pick(replace(order, status="estimate"), order)
    return plan if plan.verb == "create" else None


def open_rows(order: OrderToPick) -> dict[UUID, OpenRow]:
    found = standing(order)
    return {row.line_id: row for row in found.rows} if found else {}


def after_packing(before: OrderToPick, after: OrderToPick) -> dict[UUID, OpenRow]:
    """The open rows once shipping has packed what is packed more than before."""
    packed = {line.id: line.packed for line in before.lines}
    kept = {line.id for line in after.lines}
    more = {line.id for line in after.lines if line.packed > packed.get(line.id, line.packed)}
    return {id_: row for id_, row in open_rows(before).items() if id_ in kept - more}


@given(orders(), orders())
def test_what_the_plan_writes_is_the_pick_of_the_order(
    before: OrderToPick, after: OrderToPick
) -> None:
    plan = plan_pick(before, after)
    settled = replace(
        after,
        lines=tuple(
            replace(line, picked=plan.picked.get(line.id, line.picked)) for line in after.lines
        ),
    )
    rows = {} if plan.verb in ("delete", "create") else after_packing(before, after)
    rows = {id_: row for id_, row in rows.items() if id_ not in plan.closed}
    rows |= {row.line_id: row for row in plan.rows}
    assert rows == open_rows(settled)
    assert (standing(settled) is not None) == (
        plan.verb in ("create", "change") or (plan.verb == "keep" and standing(before) is not None)
    )


@given(orders())
def test_nothing_is_written_when_nothing_changes(order: OrderToPick) -> None:
    assert plan_pick(order, order).verb == "keep"


@given(orders())
def test_a_finished_pick_has_no_open_row(order: OrderToPick) -> None:
    plan = standing(order)
    if plan is not None:
        assert plan.is_finished == (not plan.rows)


def one_line(effective: int, picked: int = 0, packed: int = 0) -> OrderToPick:
    line = LineToPick(UUID(int=1), Decimal(effective), Decimal(picked), Decimal(packed))
    return OrderToPick("issued", "normal", None, (line,))


def test_a_line_packed_in_full_drops_what_was_picked_beside() -> None:
    plan = plan_pick(one_line(10, picked=7, packed=4), one_line(4, picked=7, packed=4))
    assert (plan.closed, plan.picked) == ((UUID(int=1),), {UUID(int=1): 4})
    assert plan.is_finished


def test_an_order_required_on_no_day_is_last_in_the_queue() -> None:
    assert plan_pick(replace(one_line(1), status="estimate"), one_line(1)).due_on == NO_DAY


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ((), "SO-1"),
        (("SO-1",), "SO-1-2"),
        (("SO-1", "SO-1-2", "SH-00001"), "SO-1-3"),
        (("SH-00001",), "SO-1"),
        (("SO-1-2",), "SO-1-3"),
        (("SO-1-x", "SO-10"), "SO-1"),
    ],
)
def test_the_next_shipment_counts_on_from_the_orders_own_numbers(
    taken: tuple[str, ...], number: str
) -> None:
    assert number_after("SO-1", taken) == number


@pytest.mark.parametrize(
    ("status", "code"),
    [("estimate", "not_issued"), ("fulfilled", "invalid_transition")],
)
def test_goods_are_picked_for_an_issued_order_only(status: str, code: str) -> None:
    with pytest.raises(Conflict) as caught:
        check_issued(status)
    assert caught.value.code == code
    check_issued("issued")


def test_a_pick_with_a_live_shipment_does_not_start_again() -> None:
    check_may_be_voided([])
    with pytest.raises(Conflict) as caught:
        check_may_be_voided(["SO-1"])
    assert caught.value.details == {"shipments": ["SO-1"]}
