"""What follows from what has arrived of a purchase order (domain 1.14, 2.7, ruling 2)."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.purchasing import lifecycle
from orderwright.purchasing.rules import (
    LineFacts,
    OrderFacts,
    completion_of,
    completion_of_order,
    fulfillment_of,
    plan_automatic_move,
    plan_cancel,
    status_of_line,
)


def line(
    ordered: str = "10",
    received: str = "0",
    *,
    number: int = 1,
    cancelled: str = "0",
    rejected: str = "0",
) -> LineFacts:
    return LineFacts(
        id=UUID(int=number),
        position=number,
        ordered=Decimal(ordered),
        received=Decimal(received),
        rejected=Decimal(rejected),
        cancelled_quantity=Decimal(cancelled),
        cancelled=Decimal(cancelled) == Decimal(ordered),
    )


def order(*lines: LineFacts, status: str = "ordered", **facts: object) -> OrderFacts:
    return OrderFacts(number="PO-00001", status=status, lines=lines, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected", "text"),
    [
        (line(), "not_started", "0 of 10 pcs received"),
        (line("10", "4"), "partially_received", "4 of 10 pcs received"),
        (line("10", "10"), "received", "10 of 10 pcs received"),
        (line("10", "12"), "received", "12 of 10 pcs received"),
        (line("10", "4", cancelled="6"), "received", "4 of 4 pcs received"),
        (line("10", cancelled="10"), "cancelled", "10 pcs cancelled"),
    ],
)
def test_a_line_stands_where_its_receipts_put_it(
    facts: LineFacts, expected: str, text: str
) -> None:
    found = status_of_line(facts)
    assert (found.status, [reason.text for reason in found.reasons]) == (expected, [text])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (order(), "not_started"),
        (order(line()), "not_started"),
        (order(line("10", "4"), line(number=2)), "partially_received"),
        (order(line("10", "10"), line(number=2)), "partially_received"),
        (order(line("10", "10")), "received"),
        (order(line("10", "10"), status="fulfilled"), "completed"),
        (order(line("10", "10"), closed=True), "completed"),
        (order(line("10", "10"), line(number=2, cancelled="10"), status="fulfilled"), "completed"),
        (order(line(cancelled="10")), "cancelled"),
        (order(line(), manual_hold=True), "on_hold"),
        (order(line("10", "1"), manual_hold=True), "partially_received"),
        (order(line(), closed=True), "not_started"),
    ],
)
def test_an_order_stands_where_its_lines_put_it(facts: OrderFacts, expected: str) -> None:
    found = fulfillment_of(facts)
    assert found.status == expected
    assert found.reasons


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (order(line("10", "10")), "fulfilled"),
        (order(line("10", "9")), None),
        (order(line(cancelled="10")), None),
        (order(line("10", "9"), status="fulfilled"), "ordered"),
        (order(line("10", "10"), status="fulfilled"), None),
        (order(line("10", "10"), status="quoted"), None),
    ],
)
def test_an_order_is_fulfilled_by_itself_when_everything_has_arrived(
    facts: OrderFacts, expected: str | None
) -> None:
    assert plan_automatic_move(facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (line("10", "4"), "0.4"),
        (line("3", "1"), "0.3333"),
        (line("10", "12"), "1.2"),
        (line("10", "4", cancelled="2"), "0.5"),
        (line(cancelled="10"), None),
    ],
)
def test_completion_is_what_arrived_of_what_is_wanted(
    facts: LineFacts, expected: str | None
) -> None:
    assert completion_of(facts) == (None if expected is None else Decimal(expected))


def test_too_much_of_one_line_does_not_make_up_for_another() -> None:
    assert completion_of_order([line("10", "15"), line("10", number=2)]) == Decimal("0.5")
    assert completion_of_order([line(cancelled="10")]) is None


def test_more_than_ordered_is_fully_received_and_over() -> None:
    flags = [
        (facts.is_fully_received, facts.is_over_received)
        for facts in (line("10", "9"), line("10", "10"), line("10", "11"), line(cancelled="10"))
    ]
    assert flags == [(False, False), (True, False), (True, True), (False, False)]


def test_cancelling_keeps_what_has_arrived() -> None:
    first, second, third = line("10", "4"), line("5", number=2), line("5", "5", number=3)
    plan = plan_cancel(order(first, second, third), [first.id, second.id, third.id])
    assert plan.cancelled == {first.id: Decimal(6), second.id: Decimal(5)}
    assert plan.flagged == {second.id}
    assert plan.skipped == (3,)


def test_there_must_be_something_to_cancel() -> None:
    with pytest.raises(Conflict) as refused:
        plan_cancel(order(line("5", "5")), [UUID(int=1)])
    assert refused.value.code == "nothing_to_cancel"
    with pytest.raises(Invalid) as unknown:
        plan_cancel(order(line()), [UUID(int=7)])
    assert unknown.value.code == "unknown_line"


ACTIONS = [move.action for move in lifecycle.LIFECYCLE.moves]

# What may be done when, and with which code it is refused: the whole table.
STATES = {
    "quoted": order(line(), status="quoted"),
    "ordered": order(line()),
    "partly received": order(line("10", "4")),
    "fulfilled": order(line("10", "10"), status="fulfilled"),
    "closed": order(line("10", "4"), closed=True),
    "held": order(line(), status="quoted", manual_hold=True),
    "cancelled": order(line(cancelled="10"), status="quoted"),
}
IT = "invalid_transition"
TABLE = {
    "issue": [None, IT, IT, IT, "order_closed", "order_on_hold", "no_lines"],
    "unissue": [IT, None, "already_received", IT, "order_closed", IT, IT],
    "receive": ["not_issued", None, None, IT, "order_closed", "not_issued", "not_issued"],
    "reverse-receipt": [IT, "nothing_received", None, None, "order_closed", IT, IT],
    "cancel-lines": [None, None, None, IT, "order_closed", None, "nothing_to_cancel"],
    "restore-lines": [
        "nothing_to_restore",
        "nothing_to_restore",
        "nothing_to_restore",
        IT,
        "order_closed",
        "nothing_to_restore",
        None,
    ],
    "hold": [None, None, None, IT, "order_closed", "already_on_hold", None],
    "release-hold": ["not_on_hold"] * 4 + ["order_closed", None, "not_on_hold"],
    "close": [None, None, None, None, "order_closed", None, None],
    "open": ["not_closed"] * 4 + [None, "not_closed", "not_closed"],
    "edit": [None, None, None, IT, "order_closed", None, None],
    "remove": [None, None, "already_received", IT, "order_closed", None, None],
}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_is_possible_where_the_table_says(action: str) -> None:
    refusals = [lifecycle.why_refused(action, facts) for facts in STATES.values()]
    assert [refusal and refusal.code for refusal in refusals] == TABLE[action]


def test_a_supplier_that_is_retired_gets_no_order() -> None:
    facts = replace(STATES["quoted"], supplier_active=False)
    refusal = lifecycle.why_refused("issue", facts)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "supplier_inactive"


quantities = st.integers(0, 50).map(Decimal)


@given(
    st.lists(st.tuples(st.integers(1, 50).map(Decimal), quantities), min_size=1, max_size=6),
    st.sampled_from(["quoted", "ordered", "fulfilled"]),
)
def test_the_statuses_of_an_order_never_contradict_its_lines(
    amounts: list[tuple[Decimal, Decimal]], status: str
) -> None:
    lines = [
        LineFacts(id=UUID(int=index), position=index, ordered=ordered, received=received)
        for index, (ordered, received) in enumerate(amounts, start=1)
    ]
    facts = order(*lines, status=status)
    moved = replace(facts, status=plan_automatic_move(facts) or status)
    assert plan_automatic_move(moved) is None
    done = all(received >= ordered for ordered, received in amounts)
    assert (moved.status == "fulfilled") == (done and status != "quoted")
    assert (fulfillment_of(moved).status == "completed") == (moved.status == "fulfilled")
    completion = completion_of_order(lines)
    assert completion is not None
    assert (completion == 1) >= done
